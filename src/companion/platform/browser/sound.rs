//! Sound: the few interfaces of Web Audio that the voice uses, bound by hand.
//!
//! Every added feature of `web-sys` has the whole engine compiled again; these fifty lines do not.

use js_sys::{ArrayBuffer, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    pub(super) type AudioContext;
    #[wasm_bindgen(constructor, catch)]
    pub(super) fn new() -> Result<AudioContext, JsValue>;
    #[wasm_bindgen(method, getter, js_name = currentTime)]
    pub(super) fn current_time(this: &AudioContext) -> f64;
    #[wasm_bindgen(method, getter)]
    pub(super) fn state(this: &AudioContext) -> String;
    #[wasm_bindgen(method, getter)]
    pub(super) fn destination(this: &AudioContext) -> AudioNode;
    #[wasm_bindgen(method, getter)]
    pub(super) fn listener(this: &AudioContext) -> JsValue;
    #[wasm_bindgen(method, catch)]
    pub(super) fn resume(this: &AudioContext) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = decodeAudioData)]
    pub(super) fn decode(this: &AudioContext, bytes: &ArrayBuffer) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, js_name = createGain)]
    pub(super) fn gain(this: &AudioContext) -> GainNode;
    #[wasm_bindgen(method, js_name = createPanner)]
    pub(super) fn panner(this: &AudioContext) -> PannerNode;
    #[wasm_bindgen(method, js_name = createBufferSource)]
    pub(super) fn source(this: &AudioContext) -> SourceNode;

    #[derive(Clone)]
    pub(super) type AudioNode;
    #[wasm_bindgen(method)]
    pub(super) fn connect(this: &AudioNode, to: &AudioNode);
    #[wasm_bindgen(method)]
    pub(super) fn disconnect(this: &AudioNode);

    #[derive(Clone)]
    #[wasm_bindgen(extends = AudioNode)]
    pub(super) type GainNode;
    #[wasm_bindgen(method, getter, js_name = gain)]
    pub(super) fn level(this: &GainNode) -> AudioParam;

    #[derive(Clone)]
    #[wasm_bindgen(extends = AudioNode)]
    pub(super) type PannerNode;
    #[wasm_bindgen(method, setter, js_name = panningModel)]
    pub(super) fn set_panning_model(this: &PannerNode, model: &str);
    #[wasm_bindgen(method, setter, js_name = refDistance)]
    pub(super) fn set_ref_distance(this: &PannerNode, metres: f64);
    #[wasm_bindgen(method, setter, js_name = rolloffFactor)]
    pub(super) fn set_rolloff(this: &PannerNode, factor: f64);
    #[wasm_bindgen(method, getter, js_name = positionX)]
    pub(super) fn x(this: &PannerNode) -> AudioParam;
    #[wasm_bindgen(method, getter, js_name = positionY)]
    pub(super) fn y(this: &PannerNode) -> AudioParam;
    #[wasm_bindgen(method, getter, js_name = positionZ)]
    pub(super) fn z(this: &PannerNode) -> AudioParam;

    #[derive(Clone)]
    #[wasm_bindgen(extends = AudioNode)]
    pub(super) type SourceNode;
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_buffer(this: &SourceNode, buffer: &AudioBuffer);
    #[wasm_bindgen(method, setter, js_name = loop)]
    pub(super) fn set_loop(this: &SourceNode, again: bool);
    #[wasm_bindgen(method, catch)]
    pub(super) fn start(this: &SourceNode, when: f64, offset: f64) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn stop(this: &SourceNode) -> Result<(), JsValue>;

    pub(super) type AudioParam;
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_value(this: &AudioParam, value: f32);
    #[wasm_bindgen(method, catch, js_name = setTargetAtTime)]
    pub(super) fn glide(this: &AudioParam, value: f32, from_secs: f64, over_secs: f64) -> Result<AudioParam, JsValue>;

    #[derive(Clone)]
    pub(super) type AudioBuffer;
    #[wasm_bindgen(method, getter)]
    pub(super) fn duration(this: &AudioBuffer) -> f64;

    #[wasm_bindgen(catch)]
    pub(super) fn fetch(address: &str) -> Result<Promise, JsValue>;
}
