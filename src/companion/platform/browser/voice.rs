//! Voice in the browser: buffers, panners and gains of one audio graph, with the graph's own clock.

use super::recording::{Fetched, fetched};
use super::sound::{AudioContext, GainNode, PannerNode, SourceNode};
use crate::platform::voice::{Bed, Clip, Clock, Fault};
use bevy::math::Vec3;
use js_sys::{Function, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Changes of loudness and place take this long, so that none is heard as a click, seconds.
const GLIDE_SECS: f64 = 0.08;

/// The voice and the beds.
#[derive(Default)]
pub(crate) struct Voice {
    graph: Option<Graph>,
    tale: Option<Tale>,
    /// A narration was asked for and there is no graph to play it in.
    mute: bool,
    beds: Vec<(Bed, Laid)>,
}

/// The part of the graph that is always there.
struct Graph {
    context: Rc<AudioContext>,
    voice: GainNode,
    ambience: GainNode,
    loudness: (f32, f32),
}

struct Tale {
    fetched: Rc<RefCell<Fetched>>,
    place: PannerNode,
    source: Option<SourceNode>,
    /// Seconds into the clip at which the source was, or will be, begun.
    offset_secs: f64,
    /// The graph's time at which the source was begun.
    since_secs: f64,
    held: bool,
    ended: bool,
}

struct Laid {
    fetched: Rc<RefCell<Fetched>>,
    address: String,
    /// Somebody has been told that it cannot be had.
    lost: bool,
    place: PannerNode,
    level: GainNode,
    begun: bool,
    gain: f32,
}

impl Graph {
    fn new() -> Option<Self> {
        let context = Rc::new(AudioContext::new().ok()?);
        let (voice, ambience) = (context.gain(), context.gain());
        voice.connect(&context.destination());
        ambience.connect(&context.destination());
        ambience.level().set_value(0.0);
        wake_on_gesture(&context);
        Some(Self { context, voice, ambience, loudness: (1.0, 0.0) })
    }

    fn place(&self, at: Vec3, full_m: f64, rolloff: f64) -> PannerNode {
        let place = self.context.panner();
        place.set_panning_model("equalpower");
        place.set_ref_distance(full_m);
        place.set_rolloff(rolloff);
        place.x().set_value(at.x);
        place.y().set_value(at.y);
        place.z().set_value(at.z);
        place
    }
}

/// Browsers let nothing sound before the visitor has touched the page; the first touch or key lets it.
fn wake_on_gesture(context: &Rc<AudioContext>) {
    let Some(window) = web_sys::window() else { return };
    for kind in ["pointerup", "keydown", "touchend"] {
        let context = Rc::clone(context);
        let wake = Closure::<dyn Fn()>::new(move || {
            if context.state() == "suspended" {
                let _ = context.resume();
            }
        });
        let _ = window.add_event_listener_with_callback_and_bool(kind, wake.as_ref().unchecked_ref(), true);
        wake.forget();
    }
}

impl Voice {
    fn graph(&mut self) -> Option<&mut Graph> {
        if self.graph.is_none() {
            self.graph = Graph::new();
        }
        self.graph.as_mut()
    }

    pub(crate) fn begin(&mut self, clip: &Clip, from_secs: f64) {
        self.stop();
        let Some(graph) = self.graph() else {
            self.mute = true;
            return;
        };
        // The voice is near and plain: its place pans it, and distance hardly lowers it.
        let place = graph.place(clip.at, 10.0, 0.05);
        place.connect(&graph.voice);
        let _ = graph.context.resume();
        let fetched = fetched(&graph.context, clip.addresses.to_vec());
        self.tale = Some(Tale {
            fetched,
            place,
            source: None,
            offset_secs: from_secs,
            since_secs: 0.0,
            held: false,
            ended: false,
        });
    }

    pub(crate) fn pause(&mut self) {
        if let (Some(graph), Some(tale)) = (&self.graph, &mut self.tale) {
            tale.offset_secs = tale.at_secs(&graph.context);
            tale.silence();
            tale.held = true;
        }
    }

    pub(crate) fn resume(&mut self) {
        if let Some(tale) = &mut self.tale {
            tale.held = false;
        }
        if let Some(graph) = &self.graph {
            let _ = graph.context.resume();
        }
    }

    pub(crate) fn stop(&mut self) {
        self.mute = false;
        if let Some(mut tale) = self.tale.take() {
            tale.silence();
            tale.place.disconnect();
        }
    }

    pub(crate) fn clock(&self) -> Option<Clock> {
        if self.mute {
            return Some(Clock { failed: Some(Fault::NoSound), ..Clock::default() });
        }
        let (graph, tale) = (self.graph.as_ref()?, self.tale.as_ref()?);
        let fetched = tale.fetched.borrow();
        Some(Clock {
            at_secs: tale.at_secs(&graph.context),
            playing: tale.source.is_some() && !tale.ended && graph.context.state() == "running",
            ended: tale.ended,
            awaited: matches!(*fetched, Fetched::Awaited),
            failed: matches!(*fetched, Fetched::Missing).then_some(Fault::Missing),
        })
    }

    /// Addresses of beds that could not be fetched, each told once.
    pub(crate) fn lost(&mut self) -> Vec<String> {
        let fresh = |laid: &&mut Laid| !laid.lost && matches!(*laid.fetched.borrow(), Fetched::Missing);
        let lost = self.beds.iter_mut().map(|(_, laid)| laid).filter(fresh);
        lost.map(|laid| {
            laid.lost = true;
            laid.address.clone()
        })
        .collect()
    }

    /// Begins what has come in meanwhile; the time that passes is the audio's own.
    pub(crate) fn tick(&mut self, _secs: f64) {
        let Some(graph) = &self.graph else { return };
        if let Some(tale) = &mut self.tale {
            tale.go_on(graph);
        }
        for (_, bed) in &mut self.beds {
            bed.go_on(graph);
        }
    }

    pub(crate) fn hear_from(&mut self, at: Vec3, ahead: Vec3, up: Vec3) {
        let Some(graph) = &self.graph else { return };
        let ears = graph.context.listener();
        let now = graph.context.current_time();
        let pairs = [
            ("positionX", at.x),
            ("positionY", at.y),
            ("positionZ", at.z),
            ("forwardX", ahead.x),
            ("forwardY", ahead.y),
            ("forwardZ", ahead.z),
            ("upX", up.x),
            ("upY", up.y),
            ("upZ", up.z),
        ];
        let param = |name: &str| Reflect::get(&ears, &name.into()).ok().filter(|value| !value.is_undefined());
        if param("positionX").is_some() {
            for (name, value) in pairs {
                if let Some(param) = param(name) {
                    let _ = param.unchecked_into::<super::sound::AudioParam>().glide(value, now, GLIDE_SECS);
                }
            }
        } else {
            // Older Firefox has only the older calls.
            let call = |name: &str, values: &[f32]| {
                let arguments = values.iter().map(|value| JsValue::from(*value)).collect::<js_sys::Array>();
                if let Some(function) = param(name).and_then(|value| value.dyn_into::<Function>().ok()) {
                    let _ = function.apply(&ears, &arguments);
                }
            };
            call("setPosition", &at.to_array());
            call("setOrientation", &[ahead.x, ahead.y, ahead.z, up.x, up.y, up.z]);
        }
    }

    pub(crate) fn volumes(&mut self, voice: f32, ambience: f32) {
        let Some(graph) = &mut self.graph else { return };
        if graph.loudness == (voice, ambience) {
            return;
        }
        graph.loudness = (voice, ambience);
        let now = graph.context.current_time();
        let _ = graph.voice.level().glide(voice, now, GLIDE_SECS);
        // The beds give way and come back slowly.
        let _ = graph.ambience.level().glide(ambience, now, 0.5);
    }

    pub(crate) fn bed(&mut self, bed: Bed, address: &str, at: Vec3, gain: f32) {
        let known = self.beds.iter().position(|(laid, _)| *laid == bed);
        let Some(graph) = self.graph() else { return };
        let Some(index) = known else {
            let (place, level) = (graph.place(at, 12.0, 0.3), graph.context.gain());
            level.level().set_value(0.0);
            place.connect(&level);
            level.connect(&graph.ambience);
            let fetched = fetched(&graph.context, vec![address.to_owned()]);
            let laid =
                Laid { fetched, address: address.to_owned(), lost: false, place, level, begun: false, gain: 0.0 };
            self.beds.push((bed, laid));
            return;
        };
        let now = graph.context.current_time();
        let laid = &mut self.beds[index].1;
        if (laid.gain - gain).abs() > 0.01 {
            laid.gain = gain;
            let _ = laid.level.level().glide(gain, now, 0.25);
        }
        for (param, value) in [(laid.place.x(), at.x), (laid.place.y(), at.y), (laid.place.z(), at.z)] {
            let _ = param.glide(value, now, GLIDE_SECS);
        }
    }
}

impl Tale {
    fn at_secs(&self, context: &AudioContext) -> f64 {
        match &self.source {
            Some(_) if !self.ended => self.offset_secs + (context.current_time() - self.since_secs).max(0.0),
            _ => self.offset_secs,
        }
    }

    fn go_on(&mut self, graph: &Graph) {
        let Fetched::There(buffer) = self.fetched.borrow().clone() else { return };
        if self.source.is_some() {
            if self.at_secs(&graph.context) >= buffer.duration() {
                self.silence();
                self.offset_secs = buffer.duration();
                self.ended = true;
            }
            return;
        }
        if self.held || self.ended {
            return;
        }
        let source = graph.context.source();
        source.set_buffer(&buffer);
        source.connect(&self.place);
        self.since_secs = graph.context.current_time();
        if source.start(0.0, self.offset_secs.min(buffer.duration())).is_ok() {
            self.source = Some(source);
        }
    }

    fn silence(&mut self) {
        if let Some(source) = self.source.take() {
            let _ = source.stop();
            source.disconnect();
        }
    }
}

impl Laid {
    fn go_on(&mut self, graph: &Graph) {
        let Fetched::There(buffer) = self.fetched.borrow().clone() else { return };
        if self.begun {
            return;
        }
        self.begun = true;
        let source = graph.context.source();
        source.set_buffer(&buffer);
        source.set_loop(true);
        source.connect(&self.place);
        let _ = source.start(0.0, 0.0);
    }
}
