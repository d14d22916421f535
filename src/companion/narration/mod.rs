//! Narration: the voice at the place, and the river under it.
//!
//! Hears [`Play`], [`Pause`], [`Resume`], [`Opened`], [`Arrived`] and [`GoTo`](crate::visit::GoTo); says [`Said::Narrating`] by the audio clock and
//! [`Said::Heard`]; keeps [`Telling`]. Knows nothing of captions or credit: the page does.

use crate::Step;
use crate::content::{Content, Entry, engine_from_site};
use crate::platform::voice::{Clip, Clock, Voice};
use crate::settings::Settings;
use crate::visit::{
    Arrived, Here, Opened, Pause, Play, Resume, Say, Speaking, Spoken, Standing, Telling, ToldToTheEnd,
};
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use heard::Ranges;
use heritage::{Lang, PointId, Site, StationId};
use protocol::bridge::{Mode, Said};
use std::collections::BTreeSet;

mod beds;
mod heard;
mod hold;
mod unheard;

/// How often the page hears the clock, seconds.
const CLOCK_SECS: f32 = 0.25;
/// How often the page hears what has been heard, seconds.
const HEARD_SECS: f32 = 5.0;

pub(super) fn plugin(app: &mut App) {
    app.world_mut().init_non_send::<Voice>();
    app.init_resource::<Recital>()
        .add_plugins(beds::plugin)
        .add_plugins((hold::plugin, unheard::plugin))
        .add_observer(play)
        .add_observer(resume)
        .add_observer(open)
        .add_observer(begin_on_arrival)
        .add_systems(Update, (tell, keep_spoken, change_tongue).chain().in_set(Step::Show).in_set(Speaking));
}

/// What is being told, and what has been.
#[derive(Resource, Default)]
struct Recital {
    now: Option<Tale>,
    clock_secs: f32,
    heard_secs: f32,
}

/// One narration under way.
struct Tale {
    point: PointId,
    station: StationId,
    lang: Lang,
    held: bool,
    /// Where the clock stood when last looked at.
    last_secs: f64,
    was_playing: bool,
    heard: Ranges,
    /// Heard since the page was last told.
    fresh: bool,
    /// Where its recording lies, for whoever is told that it cannot be had.
    address: String,
    /// For how long that has been awaited.
    awaited_secs: f32,
    /// It cannot be heard: the time that is still given to reading it.
    reading_secs: Option<f32>,
}

impl Recital {
    fn narrating(&self, clock: &Clock) -> Option<Say> {
        let point = self.now.as_ref()?.point.clone();
        Some(Say(Said::Narrating { point, at_secs: clock.at_secs, playing: clock.playing, ended: clock.ended }))
    }

    /// What has been heard, if the page does not know it yet.
    fn heard(&mut self) -> Option<Say> {
        self.heard_secs = 0.0;
        let tale = self.now.as_mut().filter(|tale| tale.fresh)?;
        tale.fresh = false;
        Some(Say(Said::Heard { point: tale.point.clone(), ranges: tale.heard.list() }))
    }
}

fn begin(
    recital: &mut Recital,
    voice: &mut Voice,
    site: &Site,
    root: &str,
    lang: Lang,
    point: &PointId,
    from_secs: f64,
) -> Result {
    let (station, told) =
        site.point(point).ok_or_else(|| format!("nothing is told under {point}")).with_severity(Severity::Warning)?;
    let stem = format!("{root}narration/{}/{point}", lang.code());
    let clip = Clip {
        addresses: [format!("{stem}.ogg"), format!("{stem}.mp3")],
        secs: told.narration_secs(lang),
        at: engine_from_site(told.position),
    };
    let [address, _] = clip.addresses.clone();
    voice.begin(&clip, from_secs);
    recital.now = Some(Tale {
        point: point.clone(),
        station: station.id.clone(),
        lang,
        held: false,
        last_secs: from_secs,
        was_playing: false,
        heard: Ranges::default(),
        fresh: false,
        address,
        awaited_secs: 0.0,
        reading_secs: None,
    });
    Ok(())
}

fn play(
    asked: On<Play>,
    content: If<Res<Content>>,
    entry: Res<Entry>,
    settings: Res<Settings>,
    mut recital: ResMut<Recital>,
    mut voice: NonSendMut<Voice>,
    mut telling: ResMut<Telling>,
    mut say: MessageWriter<Say>,
) -> Result {
    let same = recital.now.as_ref().is_some_and(|tale| tale.point == asked.point && tale.reading_secs.is_none());
    match (same, asked.from_secs) {
        (true, None) => {
            voice.resume();
            if let Some(tale) = &mut recital.now {
                tale.held = false;
            }
        }
        (_, from_secs) => {
            say.write_batch(recital.heard());
            let from_secs = from_secs.unwrap_or(0.0);
            begin(&mut recital, &mut voice, &content.0.0, &entry.root, settings.lang, &asked.point, from_secs)?;
        }
    }
    telling.set_if_neq(Telling(Some(asked.point.clone())));
    Ok(())
}

fn resume(
    _: On<Resume>,
    settings: Res<Settings>,
    standing: Res<Standing>,
    here: Res<Here>,
    telling: Res<Telling>,
    told: Res<ToldToTheEnd>,
    content: If<Res<Content>>,
    recital: Res<Recital>,
    mut commands: Commands,
) {
    // On the way, what was told at the last station stays behind.
    let goes_on = standing.settled || telling.0.is_some();
    let again = settings.mode != Mode::Guided;
    if let Some(tale) = recital.now.as_ref().filter(|_| goes_on) {
        commands.trigger(Play { point: tale.point.clone(), from_secs: None });
    } else if let Some(station) = here.0.as_ref().filter(|_| standing.settled)
        && let Some(point) = first_told(&content.0.0, station, &told.0, again)
    {
        commands.trigger(Play { point, from_secs: None });
    }
}

fn open(opened: On<Opened>, recital: Res<Recital>, mut commands: Commands) {
    let running = recital.now.as_ref().is_some_and(|tale| tale.point == opened.point && !tale.held);
    if !running {
        commands.trigger(Play { point: opened.point.clone(), from_secs: None });
    }
}

fn begin_on_arrival(
    arrived: On<Arrived>,
    content: If<Res<Content>>,
    settings: Res<Settings>,
    told: Res<ToldToTheEnd>,
    recital: Res<Recital>,
    mut commands: Commands,
) {
    if recital.now.as_ref().is_some_and(|tale| tale.station == arrived.station) {
        return;
    }
    // Whoever is led hears every station; whoever walks back to one is not told it again unasked.
    let again = settings.mode == Mode::Guided;
    if let Some(point) = first_told(&content.0.0, &arrived.station, &told.0, again) {
        commands.trigger(Play { point, from_secs: None });
    }
}

/// The first story point of a station that has not been told; where all have been, the first if `again`.
fn first_told(site: &Site, station: &StationId, told: &BTreeSet<PointId>, again: bool) -> Option<PointId> {
    let points = &site.station(station)?.points;
    let fresh = points.iter().find(|point| !told.contains(&point.id));
    fresh.or_else(|| points.first().filter(|_| again)).map(|point| point.id.clone())
}

/// Counts what has been heard since the clock was last looked at, however long ago: sound does not wait for frames,
/// and a seek begins a tale of its own.
fn note(tale: &mut Tale, clock: &Clock) {
    if clock.at_secs > tale.last_secs {
        tale.heard.add(tale.last_secs, clock.at_secs);
        tale.fresh = true;
    }
    tale.last_secs = clock.at_secs;
}

fn tell(
    time: Res<Time>,
    mut recital: ResMut<Recital>,
    mut voice: NonSendMut<Voice>,
    mut told: ResMut<ToldToTheEnd>,
    mut after: After,
) {
    voice.tick(time.delta_secs_f64());
    let Some(clock) = voice.clock().filter(|_| recital.now.is_some()) else { return };
    let recital = recital.as_mut();
    recital.clock_secs += time.delta_secs();
    recital.heard_secs += time.delta_secs();
    let Some(tale) = &mut recital.now else { return };
    note(tale, &clock);
    let turned = tale.was_playing != clock.playing;
    tale.was_playing = clock.playing;
    if clock.ended || turned || clock.playing && recital.clock_secs >= CLOCK_SECS {
        recital.clock_secs = 0.0;
        after.say.write_batch(recital.narrating(&clock));
    }
    if clock.ended || recital.heard_secs >= HEARD_SECS {
        after.say.write_batch(recital.heard());
    }
    if clock.ended
        && let Some(tale) = recital.now.take()
    {
        voice.stop();
        told.0.insert(tale.point.clone());
        after.follow(&tale, &told);
    }
}

/// Where the voice is, for captions that follow it by its own clock.
fn keep_spoken(recital: Res<Recital>, mut spoken: ResMut<Spoken>) {
    let now = recital.now.as_ref();
    let (point, at_secs) = (now.map(|tale| &tale.point), now.map_or(0.0, |tale| tale.last_secs));
    if spoken.point.as_ref() != point {
        spoken.point = point.cloned();
    }
    spoken.at_secs = at_secs;
}

/// What follows when a narration is over.
#[derive(SystemParam)]
struct After<'w, 's> {
    content: If<Res<'w, Content>>,
    here: Res<'w, Here>,
    telling: ResMut<'w, Telling>,
    say: MessageWriter<'w, Say>,
    commands: Commands<'w, 's>,
}

impl After<'_, '_> {
    /// The next story point of the same station, its card opened with it, unless that has been told.
    fn follow(&mut self, tale: &Tale, told: &ToldToTheEnd) {
        self.telling.0 = None;
        // A voice that finished its sentence from afar does not call the visitor back.
        if self.here.0.as_ref().is_some_and(|here| *here != tale.station) {
            return;
        }
        let points = self.content.0.0.station(&tale.station).map_or(&[][..], |station| &station.points);
        let index = points.iter().position(|point| point.id == tale.point);
        let next = index.and_then(|index| points.get(index + 1)).filter(|point| !told.0.contains(&point.id));
        if let Some(next) = next.map(|next| next.id.clone()) {
            self.telling.0 = Some(next.clone());
            self.say.write(Say(Said::Opened { point: next.clone() }));
            self.commands.trigger(Play { point: next, from_secs: None });
        }
    }
}

/// A narration under way begins again in the other language when that is asked for.
fn change_tongue(
    settings: Res<Settings>,
    mut recital: ResMut<Recital>,
    mut say: MessageWriter<Say>,
    mut commands: Commands,
) {
    if let Some(tale) = recital.now.as_ref().filter(|tale| tale.lang != settings.lang) {
        let (point, held) = (tale.point.clone(), tale.held);
        say.write_batch(recital.heard());
        commands.trigger(Play { point, from_secs: Some(0.0) });
        if held {
            commands.trigger(Pause);
        }
    }
}

#[cfg(test)]
mod tests;
