//! What hangs before a headset's wearer, put together from the page's own cards: the same words, sources and grades.

use super::Scene;
use crate::{dom, words};
use heritage::{StationId, Way};
use protocol::bridge::{Button, Line, Panel, Stop};
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// Which panel hangs there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Leaf {
    /// None: the place itself.
    #[default]
    None,
    /// How one moves, and the way on.
    Welcome,
    /// What can be done.
    Menu,
    /// The route and all its stations.
    Stations,
    /// What can be set.
    Settings,
    /// What is told at a station.
    Card(StationId),
    /// Its question.
    Question(StationId),
    /// That the voice has waited.
    Held,
    /// What was done in this visit.
    End,
}

impl Leaf {
    /// The station that it is about.
    pub fn station(&self) -> Option<StationId> {
        match self {
            Self::Card(id) | Self::Question(id) => Some(id.clone()),
            _ => None,
        }
    }

    /// Whether a station's text is being read.
    pub const fn is_reading(&self) -> bool {
        matches!(self, Self::Card(_))
    }
}

/// The station after the one where the wearer is; the first where there is none.
pub fn next(scene: &Scene) -> Option<StationId> {
    let heres = &scene.cards.heres;
    let arrived = scene.arrived.borrow();
    let at = heres.iter().position(|here| Some(&here.station.id) == arrived.as_ref());
    heres.get(at.map_or(0, |at| at + 1)).map(|here| here.station.id.clone())
}

/// Presses a button of a station's card.
pub fn click(scene: &Scene, station: Option<&StationId>, hook: &str) {
    let button = station.and_then(|id| dom::hook_in(&scene.here(id)?.place, hook));
    if let Some(button) = button {
        button.unchecked_into::<web_sys::HtmlElement>().click();
    }
}

fn read(element: &Element) -> String {
    let text = element.text_content().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A paragraph.
pub fn line(text: String) -> Line {
    Line { text, aside: false }
}

/// What belongs beside another.
pub fn aside(text: String) -> Line {
    Line { text, aside: true }
}

/// Something to press.
pub fn button(id: &str, label: &str, on: bool) -> Button {
    Button { id: id.to_owned(), label: label.to_owned(), on, ..Button::default() }
}

/// The panel of a leaf; none where nothing hangs.
pub fn of(scene: &Scene, leaf: &Leaf) -> Option<Panel> {
    let lang = scene.house.page.lang;
    let say = |text: words::Text| text.get(lang);
    match leaf {
        Leaf::None => None,
        Leaf::Welcome => Some(Panel {
            title: scene.site.title.get(lang).to_owned(),
            lines: vec![
                line(say(words::HEADSET_POINT).to_owned()),
                line(say(if scene.headset.is_steady() { words::HEADSET_STEP } else { words::HEADSET_WALK }).to_owned()),
                line(say(words::HEADSET_LOOK).to_owned()),
                aside(say(words::HEADSET_MENU).to_owned()),
            ],
            buttons: vec![
                button(
                    "begin",
                    say(if scene.arrived.borrow().is_some() {
                        words::HEADSET_BEGIN_HERE
                    } else {
                        words::HEADSET_BEGIN
                    }),
                    true,
                ),
                button("leave", say(words::HEADSET_LEAVE), false),
            ],
            ..Panel::default()
        }),
        Leaf::Menu => Some(menu(scene)),
        Leaf::Stations => Some(stations(scene)),
        Leaf::Settings => Some(settings(scene)),
        Leaf::Card(id) => card(scene, id),
        Leaf::Question(id) => question(scene, id),
        Leaf::Held => Some(Panel {
            title: say(words::HEADSET_HELD).to_owned(),
            lines: vec![line(say(words::HEADSET_HELD_WHY).to_owned())],
            buttons: vec![
                button("go-on", say(words::HEADSET_GO_ON), true),
                button("close", say(words::HEADSET_CLOSE), false),
            ],
            ..Panel::default()
        }),
        Leaf::End => {
            if let Some(card) = scene.headset.card() {
                return Some(card);
            }
            let done = scene.cards.heres.iter().filter(|here| here.visit().is_done(Way::Headset)).count();
            Some(Panel {
                title: say(words::HEADSET_END).to_owned(),
                lines: vec![
                    line(words::headset_done(lang, done, scene.cards.heres.len())),
                    line(say(words::HEADSET_KEPT).to_owned()),
                ],
                buttons: vec![
                    button("leave", say(words::HEADSET_LEAVE), true),
                    button("close", say(words::HEADSET_BACK), false),
                ],
                ..Panel::default()
            })
        }
    }
}

fn menu(scene: &Scene) -> Panel {
    let lang = scene.house.page.lang;
    let say = |text: words::Text| text.get(lang);
    let done = scene.cards.heres.iter().filter(|here| here.visit().is_done(Way::Headset)).count();
    let mut buttons = Vec::new();
    if scene.arrived.borrow().is_some() {
        buttons.push(button("card", say(words::HEADSET_CARD), true));
    }
    if next(scene).is_some() {
        buttons.push(button("next", say(words::HEADSET_NEXT), buttons.is_empty()));
    }
    buttons.extend([
        button("stations", say(words::HEADSET_STATIONS), false),
        button(
            "era",
            say(if scene.era.get() == heritage::scene::Era::Today { words::HEADSET_THEN } else { words::HEADSET_NOW }),
            false,
        ),
        button("lens", say(words::HEADSET_LENS), scene.lens.get()),
        button("settings", say(words::HEADSET_SETTINGS), false),
        button("finish", say(words::HEADSET_FINISH), false),
        button("close", say(words::HEADSET_CLOSE), false),
    ]);
    if let Some(model) = scene.headset.is_model() {
        buttons
            .insert(0, button("model", say(if model { words::HEADSET_OWN_SIZE } else { words::HEADSET_MODEL }), false));
    }
    let mut lines = vec![line(words::headset_done(lang, done, scene.cards.heres.len()))];
    if scene.lens.get() {
        let legend = dom::hook("lens-panel").map(|panel| dom::all(&panel, ".lens-legend li")).unwrap_or_default();
        lines.extend(legend.iter().map(|item| aside(read(item))));
    }
    Panel { title: scene.site.title.get(lang).to_owned(), lines, buttons, ..Panel::default() }
}

fn stations(scene: &Scene) -> Panel {
    let lang = scene.house.page.lang;
    let say = |text: words::Text| text.get(lang);
    let mut panel = Panel {
        title: say(words::HEADSET_STATIONS).to_owned(),
        lines: vec![aside(say(words::HEADSET_PLAN).to_owned())],
        ..Panel::default()
    };
    for (index, here) in scene.cards.heres.iter().enumerate() {
        let station = &here.station;
        let done = here.visit().is_done(Way::Headset);
        let is_here = scene.arrived.borrow().as_ref() == Some(&station.id);
        let (east_m, north_m) = (station.position.east_m, station.position.north_m);
        panel.plan.push(Stop { east_m, north_m, done, here: is_here });
        let mark = if done { " ✓" } else { "" };
        let label = format!("{} {}{mark}", index + 1, station.title.get(lang));
        panel.buttons.push(button(&format!("go:{}", station.id), &label, is_here));
    }
    panel.buttons.push(button("close", say(words::HEADSET_CLOSE), false));
    panel
}

fn settings(scene: &Scene) -> Panel {
    let lang = scene.house.page.lang;
    let say = |text: words::Text| text.get(lang);
    let kept = scene.settings.get();
    let steady = if scene.headset.is_steady() { words::HEADSET_TO_WALK } else { words::HEADSET_TO_STEP };
    Panel {
        title: say(words::HEADSET_SETTINGS).to_owned(),
        lines: vec![line(words::headset_volumes(lang, kept.voice, kept.ambience))],
        buttons: [
            ("volume-voice:less", words::VOICE_LESS),
            ("volume-voice:more", words::VOICE_MORE),
            ("volume-ambience:less", words::AMBIENCE_LESS),
            ("volume-ambience:more", words::AMBIENCE_MORE),
            ("steady", steady),
            ("menu-back", words::HEADSET_BACK_TO_MENU),
            ("close", words::HEADSET_CLOSE),
        ]
        .into_iter()
        .map(|(id, text)| button(id, say(text), false))
        .collect(),
        ..Panel::default()
    }
}

fn card(scene: &Scene, id: &StationId) -> Option<Panel> {
    let lang = scene.house.page.lang;
    let say = |text: words::Text| text.get(lang);
    let here = scene.here(id)?;
    let mut lines = Vec::new();
    for telling in dom::all(&here.place, "article.telling") {
        lines.extend(dom::all(&telling, "h3").iter().map(|head| aside(read(head))));
        for claim in dom::all(&telling, ".claim") {
            let cite = dom::all(&claim, ".cite").first().map(read).unwrap_or_default();
            let whole = read(&claim);
            let told = whole.strip_suffix(&cite).unwrap_or(&whole).trim().to_owned();
            lines.extend([line(told), aside(cite)]);
        }
    }
    for wanted in dom::all(&here.place, "[data-hook=\"requirements\"] [data-met=\"false\"]") {
        lines.push(aside(read(&wanted)));
    }
    let playing = scene.is_playing();
    let mut buttons: Vec<Button> = completing(scene, id).into_iter().collect();
    buttons.push(button("play", say(if playing { words::PAUSE } else { words::PLAY }), false));
    buttons.push(button("question", say(words::HEADSET_QUESTION), false));
    if next(scene).is_some() {
        buttons.push(button("next", say(words::HEADSET_NEXT), here.visit().is_done(Way::Headset)));
    }
    buttons.push(button("close", say(words::HEADSET_CLOSE), false));
    Some(Panel { title: here.station.title.get(lang).to_owned(), lines, buttons, ..Panel::default() })
}

/// The button that completes the station, as it stands on the page.
fn completing(scene: &Scene, id: &StationId) -> Option<Button> {
    let complete = dom::hook_in(&scene.here(id)?.place, "complete")?;
    let off = complete.has_attribute("disabled");
    Some(Button { off, alone: true, ..button("complete", &read(&complete), !off) })
}

fn question(scene: &Scene, id: &StationId) -> Option<Panel> {
    let lang = scene.house.page.lang;
    let here = scene.here(id)?;
    let form = dom::hook_in(&here.place, "question")?;
    let mut lines: Vec<Line> = dom::all(&form, "legend").iter().map(|legend| line(read(legend))).collect();
    let grade = dom::hook_in(&form, "grade").map(|grade| read(&grade)).unwrap_or_default();
    if !grade.is_empty() {
        lines.push(line(grade));
    }
    let mut buttons: Vec<Button> = Vec::new();
    for choice in dom::all(&form, ".choice") {
        let input = choice.query_selector("input").ok().flatten();
        let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()) else { continue };
        if input.disabled() && !input.checked() {
            continue;
        }
        buttons.push(button(&format!("choice:{}", input.value()), &read(&choice), input.checked()));
    }
    buttons.extend(completing(scene, id));
    buttons.push(button("card", words::HEADSET_CARD.get(lang), false));
    buttons.push(button("close", words::HEADSET_CLOSE.get(lang), false));
    Some(Panel { title: here.station.title.get(lang).to_owned(), lines, buttons, ..Panel::default() })
}
