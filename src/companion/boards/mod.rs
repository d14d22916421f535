//! Boards: what a headset's wearer reads and presses: the page's panel, captions by the voice's own clock, and the name of
//! the mark that is pointed at; and the ray with which they point.
//!
//! Hears [`HangPanel`] and [`KeepCues`]; says [`Said::Pressed`]. Knows nothing of what a panel is for: the page does.

mod layout;
mod notice;
mod place;
mod pointer;

use crate::Step;
use crate::afloat::{Afloat, Board};
use crate::content::Content;
use crate::headset::{Headset, Pointer, Rig, Target, feel};
use crate::platform::gl::Format;
use crate::platform::lettering::{letter, width_px};
use crate::platform::probe;
use crate::settings::Settings;
use crate::sight::Sight;
use crate::surface::{Picture, Texels};
use crate::visit::{HangPanel, Hanging, KeepCues, Pointed, Say, Speaking, Spoken};
use bevy::platform::collections::HashMap;
use bevy::prelude::*;
use heritage::vtt::Cue;
use heritage::{Lang, PointId};
use layout::Laid;
use notice::Notice;
use place::{Manners, Place};
use protocol::bridge::{Panel, Said};

const PANEL: Manners = Manners { down_rad: 0.09, slack_rad: 0.70 };
/// Where whoever looks down finds the way to everything else.
const MENU: Manners = Manners { down_rad: 0.85, slack_rad: 0.6 };
const CAPTION: Manners = Manners { down_rad: 0.40, slack_rad: 0.35 };

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Shelf>()
        .add_observer(hang)
        .add_observer(keep)
        .add_systems(Update, claim.in_set(Step::Point))
        .add_systems(Update, (press, ask).in_set(Step::Decide))
        .add_systems(
            Update,
            (letter_panel, letter_caption, letter_label, letter_menu, notice::letter, show, pointer::draw, tell)
                .chain()
                .after(Speaking)
                .in_set(Step::Show),
        );
}

/// A lettered board and where it hangs.
#[derive(Default)]
struct Lettered {
    laid: Laid,
    picture: Option<Handle<Picture>>,
    place: Place,
}

/// All that may hang before the wearer.
#[derive(Resource, Default)]
struct Shelf {
    /// Somebody has worn the headset since it was emptied.
    is_used: bool,
    panel: Option<Panel>,
    leaf: usize,
    /// What the panel's board was lettered of.
    lettered: Option<(Panel, usize)>,
    panel_board: Lettered,
    cues: HashMap<PointId, Vec<Cue>>,
    caption: String,
    caption_board: Lettered,
    /// Of which story point the label is, and how many metres off that was.
    label: Option<(PointId, u32)>,
    label_board: Lettered,
    menu_board: Lettered,
    /// In which language the menu's board is lettered.
    menu_lang: Option<Lang>,
    notice: Notice,
    /// A button of a controller that asks for the menu was down in the frame before.
    asked: bool,
}

/// Number of the menu's own button.
const MENU_BUTTON: u32 = 1000;
/// What the page knows it by.
const MENU_ID: &str = "menu";
/// Buttons of the `xr-standard` layout that ask for it: A or X, B or Y, one bit each.
const ASKS: u32 = 1 << 4 | 1 << 5;

fn hang(asked: On<HangPanel>, mut shelf: ResMut<Shelf>) {
    let fresh = match (&shelf.panel, &asked.0) {
        (Some(before), Some(now)) => before.title != now.title,
        (None, Some(_)) => true,
        (_, None) => false,
    };
    // Another text begins at its first leaf, before the wearer; the same one, changed, stays where it is read.
    if fresh {
        shelf.leaf = 0;
        shelf.panel_board.place.forget();
    }
    shelf.panel.clone_from(&asked.0);
}

fn keep(told: On<KeepCues>, mut shelf: ResMut<Shelf>) {
    shelf.cues.insert(told.point.clone(), told.cues.clone());
}

/// A picture of what was laid out; nothing where there is nothing to draw with.
fn lettered(laid: &Laid, pictures: &mut Assets<Picture>) -> Option<Handle<Picture>> {
    let size_px = laid.size_px.map(|px| px.ceil() as u32);
    let held = letter(size_px, &laid.fills, &laid.words)?;
    Some(pictures.add(Picture { format: Some(Format::Colour), texels: Some(Texels::Held(held)) }))
}

fn letter_panel(
    headset: Res<Headset>,
    mut pointer: ResMut<Pointer>,
    mut shelf: ResMut<Shelf>,
    mut pictures: ResMut<Assets<Picture>>,
) {
    if !headset.is_on() {
        // Whoever puts the headset on next finds nothing of the last one.
        if shelf.is_used {
            *shelf = Shelf::default();
        }
        return;
    }
    let shelf = &mut *shelf;
    shelf.is_used = true;
    let Some(panel) = &shelf.panel else {
        shelf.lettered = None;
        shelf.panel_board = Lettered::default();
        return;
    };
    if shelf.lettered.as_ref().is_some_and(|(of, leaf)| of == panel && *leaf == shelf.leaf) {
        return;
    }
    let same = shelf.lettered.as_ref().filter(|(of, _)| of.title == panel.title);
    let least_px = same.map_or(0.0, |_| shelf.panel_board.laid.size_px[1]);
    let laid = layout::panel(panel, shelf.leaf, least_px, &width_px);
    shelf.leaf = shelf.leaf.min(laid.leaves.saturating_sub(1));
    shelf.lettered = Some((panel.clone(), shelf.leaf));
    shelf.panel_board.picture = lettered(&laid, &mut pictures);
    if let Some((Target::Button(index), _)) = pointer.target
        && is_another(&shelf.panel_board.laid, &laid, index as usize)
    {
        // Who has looked at a button for a while has not chosen the one that comes to lie there.
        pointer.look_away_first();
    }
    shelf.panel_board.laid = laid;
}

/// Whether another button comes to lie where this one lay.
fn is_another(before: &Laid, after: &Laid, index: usize) -> bool {
    let Some((id, [x, y, w, h])) = before.buttons.get(index) else { return false };
    let (across, down) = (x + w / 2.0, y + h / 2.0);
    let lies_there = |[x, y, w, h]: [f32; 4]| (x..x + w).contains(&across) && (y..y + h).contains(&down);
    after.buttons.iter().any(|(other, place)| other != id && lies_there(*place))
}

fn letter_caption(
    headset: Res<Headset>,
    spoken: Res<Spoken>,
    mut shelf: ResMut<Shelf>,
    mut pictures: ResMut<Assets<Picture>>,
) {
    if !headset.is_on() {
        return;
    }
    let shelf = &mut *shelf;
    let cues = spoken.point.as_ref().and_then(|point| shelf.cues.get(point));
    let said = |cue: &&Cue| cue.from_secs <= spoken.at_secs && spoken.at_secs < cue.to_secs;
    let now = cues.and_then(|cues| cues.iter().rev().find(said)).map_or("", |cue| cue.text.as_str());
    if shelf.caption != now {
        now.clone_into(&mut shelf.caption);
        let laid = layout::caption(now, &width_px);
        shelf.caption_board.picture = if now.is_empty() { None } else { lettered(&laid, &mut pictures) };
        shelf.caption_board.laid = laid;
    }
}

/// The station and the story point of the mark that is pointed at, and how far off it is.
fn letter_label(
    headset: Res<Headset>,
    pointed: Res<Pointed>,
    content: If<Res<Content>>,
    settings: Res<Settings>,
    mut shelf: ResMut<Shelf>,
    mut pictures: ResMut<Assets<Picture>>,
) {
    if !headset.is_on() {
        return;
    }
    let shelf = &mut *shelf;
    let now = pointed.0.as_ref().map(|(point, _, away_m)| (point, away_m.round() as u32));
    if shelf.label.as_ref().map(|(point, away_m)| (point, *away_m)) == now {
        return;
    }
    shelf.label = now.map(|(point, away_m)| (point.clone(), away_m));
    let text = now.and_then(|(point, away_m)| {
        let (station, told) = content.0.0.point(point)?;
        let (station, told) = (station.title.get(settings.lang), told.title.get(settings.lang));
        let title = if station == told { station.to_owned() } else { format!("{station} · {told}") };
        Some(format!("{title}  {away_m} m"))
    });
    shelf.label_board.picture = text.and_then(|text| {
        shelf.label_board.laid = layout::label(&text, &width_px);
        lettered(&shelf.label_board.laid, &mut pictures)
    });
}

fn letter_menu(
    headset: Res<Headset>,
    settings: Res<Settings>,
    mut shelf: ResMut<Shelf>,
    mut pictures: ResMut<Assets<Picture>>,
) {
    if headset.is_on() && shelf.menu_lang != Some(settings.lang) {
        shelf.menu_lang = Some(settings.lang);
        let laid = layout::menu(if settings.lang == Lang::Zh { "菜单" } else { "Menu" }, &width_px);
        shelf.menu_board.picture = lettered(&laid, &mut pictures);
        shelf.menu_board.laid = laid;
    }
}

/// Hangs them where they are read.
fn show(
    time: Res<Time<Real>>,
    headset: Res<Headset>,
    rig: Res<Rig>,
    sight: Sight,
    pointed: Res<Pointed>,
    mut shelf: ResMut<Shelf>,
    mut afloat: ResMut<Afloat>,
) {
    if !headset.is_on() {
        if !afloat.boards.is_empty() || afloat.notice.is_some() {
            afloat.boards.clear();
            afloat.notice = None;
        }
        return;
    }
    let head = rig.place(&headset.frame.head);
    let secs = time.delta_secs();
    let shelf = &mut *shelf;
    let boards = &mut afloat.boards;
    boards.clear();
    if let (Some(picture), Some((_, at, _))) = (&shelf.label_board.picture, pointed.0.as_ref()) {
        let toward = (*at - head.translation).normalize_or(Vec3::NEG_Z);
        let right = toward.cross(Vec3::Y).normalize_or(Vec3::X);
        let up = right.cross(toward);
        let px_m = at.distance(head.translation) * 1_f32.to_radians().tan() / layout::PX_PER_DEGREE;
        let [wide, high] = shelf.label_board.laid.size_px.map(|px| px * px_m);
        let middle = *at + up * (high / 2.0 + 1.2 * px_m * layout::PX_PER_DEGREE);
        boards.push(Board {
            picture: picture.clone(),
            corners: place::board(middle, right, up, [wide, high]),
            opacity: 1.0,
        });
    }
    let is_read = shelf.panel.is_some();
    for (lettered, manners, is_wanted) in [
        (&mut shelf.menu_board, MENU, !is_read),
        (&mut shelf.panel_board, PANEL, true),
        (&mut shelf.caption_board, CAPTION, true),
    ] {
        let Some(picture) = lettered.picture.as_ref().filter(|_| is_wanted) else {
            lettered.place.forget();
            continue;
        };
        lettered
            .place
            .follow(&head, manners, rig.scale, secs, |from, toward| place::reach_m(&sight, from, toward, rig.scale));
        let corners = lettered.place.corners(manners, lettered.laid.size_px);
        boards.push(Board { picture: picture.clone(), corners, opacity: 1.0 });
    }
    afloat.notice = shelf.notice.hang(&head, &rig, secs, &sight);
}

/// What can be pressed and where it hangs, as it was shown last: the panel, or without one the way to the menu.
fn pressable(shelf: &Shelf) -> Option<(Board, &Laid, u32)> {
    let (lettered, manners, first) =
        if shelf.panel.is_some() { (&shelf.panel_board, PANEL, 0) } else { (&shelf.menu_board, MENU, MENU_BUTTON) };
    let picture = lettered.picture.clone()?;
    let corners = lettered.place.corners(manners, lettered.laid.size_px);
    Some((Board { picture, corners, opacity: 1.0 }, &lettered.laid, first))
}

/// The panel is pointed at before whatever lies behind it.
fn claim(headset: Res<Headset>, shelf: Res<Shelf>, mut pointer: ResMut<Pointer>) {
    let (Some((board, laid, first)), Some((from, toward)), true) = (pressable(&shelf), pointer.ray, headset.is_on())
    else {
        return;
    };
    let Some((along_m, share)) = board.met(from, toward) else { return };
    let at = [share.x * laid.size_px[0], share.y * laid.size_px[1]];
    // A finger's breadth around a button still means the button.
    let slack = 8.0;
    let within = |[x, y, w, h]: [f32; 4]| {
        (x - slack..=x + w + slack).contains(&at[0]) && (y - slack..=y + h + slack).contains(&at[1])
    };
    let button = laid.buttons.iter().position(|(_, place)| within(*place));
    pointer.claim(button.map_or(Target::Board, |index| Target::Button(first + index as u32)), along_m);
}

fn press(mut pointer: ResMut<Pointer>, mut shelf: ResMut<Shelf>, mut say: MessageWriter<Say>) {
    let Some((Target::Button(index), _)) = pointer.target.filter(|_| pointer.pressed) else { return };
    let Some((_, laid, first)) = pressable(&shelf) else { return };
    let named = index.checked_sub(first).and_then(|index| laid.buttons.get(index as usize));
    let Some((id, _)) = named.cloned() else { return };
    feel(&pointer, 0.5, 25.0);
    pointer.pressed = false;
    match id.as_str() {
        layout::ON => shelf.leaf += 1,
        layout::BACK => shelf.leaf = shelf.leaf.saturating_sub(1),
        _ => {
            say.write(Say(Said::Pressed { id }));
        }
    }
}

/// A or X, B or Y: the menu, or away with what hangs there.
fn ask(headset: Res<Headset>, mut shelf: ResMut<Shelf>, mut say: MessageWriter<Say>) {
    let asks = headset.is_on() && headset.frame.hands.iter().any(|hand| hand.buttons & ASKS != 0);
    if asks && !shelf.asked {
        let id = if shelf.panel.is_some() { "close" } else { MENU_ID };
        say.write(Say(Said::Pressed { id: id.to_owned() }));
    }
    if shelf.asked != asks {
        shelf.asked = asks;
    }
}

/// Says what hangs there to whoever asks.
fn tell(headset: Res<Headset>, shelf: Res<Shelf>, mut hanging: ResMut<Hanging>) {
    if !(headset.is_on() && probe::is_asked()) {
        hanging.set_if_neq(Hanging::default());
        return;
    }
    let buttons = pressable(&shelf).map(|(board, laid, _)| {
        let [top_left, top_right, _, bottom_left] = board.corners;
        let [wide, high] = laid.size_px;
        let middle = |[x, y, w, h]: [f32; 4]| {
            top_left
                + (top_right - top_left) * ((x + w / 2.0) / wide)
                + (bottom_left - top_left) * ((y + h / 2.0) / high)
        };
        laid.buttons.iter().map(|(id, place)| (id.clone(), middle(*place))).collect()
    });
    let panel = shelf.panel.as_ref().map(|panel| (panel.title.clone(), shelf.leaf, shelf.panel_board.laid.leaves));
    hanging.set_if_neq(Hanging {
        panel,
        caption: shelf.caption.clone(),
        notice: shelf.notice.said(),
        buttons: buttons.unwrap_or_default(),
    });
}

#[cfg(test)]
mod tests;
