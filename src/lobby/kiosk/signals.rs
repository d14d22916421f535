//! How the kiosk's step is told, and moved on, beyond its own buttons: by events of the window, so that the scene's headset
//! or a controller need know nothing of it.
//!
//! Hears `retrace:kiosk-press` with one word as its detail: `go`, `zh`, `en`, `finish`, `finish-here` (the card is to be shown
//! where the visitor is, as a headset does, and no page opens before they leave), `off` (the headset was taken off) or
//! `alive`. Says `retrace:kiosk-step` with [`told`] as its detail.

use super::own::{CLAIM_MS, Current};
use super::steps::{Pressed, Step};
use super::{card, qr};
use crate::dom;
use crate::json::{Value, map, milli, text, whole};
use crate::wire::{ToJson, list};
use heritage::Lang;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit};

/// What was pressed, and whether the card is to be shown where the visitor is.
fn pressed(word: &str) -> Option<(Pressed, bool)> {
    Some(match word {
        "go" => (Pressed::Go, false),
        "zh" => (Pressed::Lang(Lang::Zh), false),
        "en" => (Pressed::Lang(Lang::En), false),
        "finish" => (Pressed::Finish, false),
        "finish-here" => (Pressed::Finish, true),
        "off" => (Pressed::Off, false),
        _ => return None,
    })
}

/// Hears presses from elsewhere for as long as the page lives.
pub fn hear(heard: impl Fn(Pressed, bool) + 'static) {
    dom::on(&dom::window(), "retrace:kiosk-press", move |event| {
        let word = event.dyn_into::<CustomEvent>().ok().and_then(|event| event.detail().as_string());
        super::sign_of_life();
        if let Some((pressed, here)) = word.as_deref().and_then(pressed) {
            heard(pressed, here);
        }
    });
}

/// The step, and what its card shows: `step`, `lang`, and with a card `code`, `address`, `until_ms`, `completed`, `answered`,
/// `sent` and `square` (`side`, and `dark` as one letter a field, row by row, `1` for dark).
fn told(step: Step, current: Option<&Current>, origin: &str) -> Value {
    let mut pairs = vec![("step", text(step.code()))];
    pairs.extend(current.map(|current| ("lang", current.lang.to_json())));
    if let Some(shown) = current.and_then(|current| current.card.as_ref()) {
        pairs.push(("completed", list(&shown.completed)));
        pairs.push(("answered", whole(shown.answered)));
        pairs.push(("sent", whole(shown.sent)));
        if let Some(code) = &shown.code {
            let address = card::address(origin, code);
            pairs.push(("code", text(code)));
            pairs.push(("until_ms", milli(shown.ended_ms + CLAIM_MS)));
            pairs.extend(qr::square(&address).map(|square| {
                let dark: String = square.dark.iter().map(|dark| if *dark { '1' } else { '0' }).collect();
                ("square", map(vec![("side", whole(square.side)), ("dark", text(&dark))]))
            }));
            pairs.push(("address", text(&address)));
        }
    }
    map(pairs)
}

/// Says where the kiosk stands.
pub fn tell(step: Step, current: Option<&Current>) {
    let origin = dom::window().location().origin().unwrap_or_default();
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(&told(step, current, &origin).to_line()));
    if let Ok(event) = CustomEvent::new_with_event_init_dict("retrace:kiosk-step", &init) {
        dom::window().dispatch_event(&event).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::super::own::Card;
    use super::*;
    use heritage::Bilingual;
    use uuid::Uuid;

    #[test]
    fn a_headset_is_told_all_that_the_card_shows() {
        let card = Card {
            code: Some("BCDF-GHJK".to_owned()),
            completed: vec![Bilingual::new("桥面", "Deck")],
            answered: 2,
            sent: 0,
            ended_ms: 1000.0,
        };
        let code = "BCDF-GHJK".to_owned();
        let visit = Current { id: Uuid::nil(), code, lang: Lang::En, token: None, sent: 0, seen_ms: 0.0, card: None };
        let under_way = told(Step::Visit, Some(&visit), "https://hall.example").to_line();
        assert_eq!(under_way, "{\"step\":\"visit\",\"lang\":\"en\"}", "the code is told once the visit is over");
        let over = Current { card: Some(card), ..visit };
        let told = told(Step::Card, Some(&over), "https://hall.example");
        assert_eq!(told.get("address").text(), Some("https://hall.example/claim?code=BCDF-GHJK"));
        assert_eq!(told.get("until_ms").number(), Some(86_401_000.0));
        let side = told.get("square").get("side").whole().expect("a side") as usize;
        assert_eq!(told.get("square").get("dark").text().map(str::len), Some(side * side));
        assert_eq!(super::told(Step::Attract, None, "").to_line(), "{\"step\":\"attract\"}");
    }

    #[test]
    fn words_from_elsewhere_are_presses_or_nothing() {
        assert_eq!(pressed("finish-here"), Some((Pressed::Finish, true)));
        assert_eq!(pressed("off"), Some((Pressed::Off, false)));
        for word in ["alive", "", "FINISH"] {
            assert_eq!(pressed(word), None, "{word}");
        }
    }
}
