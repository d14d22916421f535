//! The code on a station's plaque, typed or read by the camera. Judged by the service alone.

use crate::here::Here;
use crate::house::Shared;
use crate::sign_in::half_width;
use crate::{dom, page, platform, words};
use heritage::{Proof, StationId};
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// The letters of plaque codes and their count, as the service makes them.
const LETTERS: &str = "BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;

/// The code within what was typed or scanned: a plaque's square code may hold an address that ends in it. Any other square
/// code that hangs in a hall is none.
pub fn code(text: &str) -> Option<String> {
    let last = text.trim().rsplit(['/', '=', '#']).next()?;
    let plain = last.chars().map(half_width).filter(|c| !c.is_whitespace() && !matches!(c, '-' | '—'));
    let code: String = plain.map(|c| c.to_ascii_uppercase()).collect();
    (code.chars().count() == LENGTH && code.chars().all(|c| LETTERS.contains(c))).then_some(code)
}

/// What a text shows: the plaque's code, or the six digits that a device at the station shows at the moment.
fn shown(text: &str, now_ms: i64) -> Option<Proof> {
    let digits: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    if digits.len() == 6 && digits.chars().all(|c| c.is_ascii_digit()) {
        return Some(Proof::Rotating { code: digits, read_at_ms: now_ms });
    }
    code(text).map(|code| Proof::Code { code })
}

/// What a tap on the station's tag has opened the page with: the query of its address.
pub fn tapped(search: &str, now_ms: i64) -> Option<Proof> {
    let of = |name: &str| {
        let value = search.strip_prefix('?')?.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        value.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| value.to_owned())
    };
    let (picc_data, cmac) = (of("picc_data")?, of("cmac")?);
    (picc_data.len() == 32 && cmac.len() == 16).then_some(Proof::Tag { picc_data, cmac, read_at_ms: now_ms })
}

/// Makes every plaque form of the page live. A form proves the station it lets the visitor choose, or its `data-station`;
/// `proved` hears which.
pub fn begin(house: &Shared, stations: &[Rc<Here>], proved: impl Fn(&StationId) + 'static) {
    let proved = Rc::new(proved);
    for form in dom::hooks("plaque") {
        let (house, stations, sent, proved) = (house.clone(), stations.to_vec(), form.clone(), Rc::clone(&proved));
        scanning(&house, &form);
        dom::on(&form, "submit", move |submitted| {
            submitted.prevent_default();
            let lang = house.page.lang;
            let chosen = dom::hook_in(&sent, "plaque-station").and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
            let station =
                chosen.map(|it| it.value()).or_else(|| sent.get_attribute("data-station")).unwrap_or_default();
            let here = stations.iter().find(|here| here.station.id.as_str() == station);
            let now_ms = page::now_ms() as i64;
            let typed = dom::value(&sent, "code").and_then(|typed| shown(&typed, now_ms));
            let said = match (typed, here) {
                (Some(proof), Some(here)) => {
                    here.prove(proof);
                    dom::set(&sent, "data-kept", "true");
                    proved(&here.station.id);
                    words::PLAQUE_KEPT
                }
                _ => words::PLAQUE_EMPTY,
            };
            if let Some(place) = dom::hook_in(&sent, "plaque-said") {
                dom::say(&place, said.get(lang));
            }
        });
    }
}

/// Shows the camera button where the browser can read codes, and fills in what it reads.
fn scanning(house: &Shared, form: &Element) {
    let button = dom::hook_in(form, "scan");
    let video = dom::hook_in(form, "scan-view").and_then(|video| video.dyn_into::<HtmlElement>().ok());
    let input = form.query_selector("input[name=\"code\"]").ok().flatten();
    let input = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    let (Some(button), Some(video), Some(input)) = (button, video, input) else { return };
    if !platform::can_scan() {
        return;
    }
    dom::show(&button, true);
    let said = dom::hook_in(form, "plaque-said");
    let lang = house.page.lang;
    let camera: Rc<RefCell<Option<Function>>> = Rc::default();
    let pressed = button.clone();
    dom::on(&pressed, "click", move |_| {
        if let Some(stop) = camera.take() {
            stop.call0(&JsValue::NULL).ok();
            dom::say(&button, words::SCAN.get(lang));
            return;
        }
        let (video, input, said) = (video.clone(), input.clone(), said.clone());
        let (button, camera) = (button.clone(), Rc::clone(&camera));
        let over = Rc::new(Cell::new(false));
        let (shown, ending, ended) = (button.clone(), Rc::clone(&camera), Rc::clone(&over));
        let read = Closure::<dyn FnMut(String) -> bool>::new(move |text: String| {
            let found = code(&text);
            if let Some(code) = &found {
                input.set_value(code);
                input.focus().ok();
                over.set(true);
                ending.replace(None);
                dom::say(&shown, words::SCAN.get(lang));
            }
            found.is_some()
        });
        wasm_bindgen_futures::spawn_local(async move {
            let read = read.into_js_value();
            match JsFuture::from(platform::scan(&video, read.unchecked_ref())).await {
                // A code may have been read before the camera was said to run.
                Ok(stop) if !ended.get() => {
                    camera.replace(stop.dyn_into().ok());
                    dom::say(&button, words::SCAN_STOP.get(lang));
                }
                Ok(_) => {}
                Err(_) => {
                    if let Some(said) = said {
                        dom::say(&said, words::SCAN_REFUSED.get(lang));
                    }
                }
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_as_typed_and_as_scanned() {
        for text in [
            "BCDF-GHJK",
            " bcdf ghjk ",
            "ｂｃｄｆ－ｇｈｊｋ",
            "https://museum.example/p/BCDFGHJK",
            "https://museum.example/?code=bcdfghjk",
        ] {
            assert_eq!(code(text).as_deref(), Some("BCDFGHJK"), "{text}");
        }
    }

    #[test]
    fn six_digits_are_the_code_of_the_moment() {
        let moment = Proof::Rotating { code: "042917".to_owned(), read_at_ms: 7 };
        for text in ["042917", " 042 917 ", "０４２９１７"] {
            assert_eq!(shown(text, 7), Some(moment.clone()), "{text}");
        }
        assert_eq!(shown("bcdf-ghjk", 7), Some(Proof::Code { code: "BCDFGHJK".to_owned() }));
        for text in ["", "04291", "0429170", "04291a", "٠٤٢٩١٧"] {
            assert_eq!(shown(text, 7), None, "{text}");
        }
    }

    #[test]
    fn a_tap_is_read_from_the_address_it_opened() {
        let (data, code) = ("EF963FF7828658A599F3041510671E88", "94EED9EE65337086");
        let tag = Proof::Tag { picc_data: data.to_owned(), cmac: code.to_owned(), read_at_ms: 7 };
        assert_eq!(tapped(&format!("?picc_data={data}&cmac={code}"), 7), Some(tag.clone()));
        assert_eq!(tapped(&format!("?a=b&cmac={code}&picc_data={data}&c"), 7), Some(tag));
        for search in [
            "",
            "?",
            "?picc_data=&cmac=",
            &format!("?picc_data={data}"),
            &format!("?picc_data={data}&cmac=94EED9EE6533708<"),
        ] {
            assert_eq!(tapped(search, 7), None, "{search}");
        }
    }

    #[test]
    fn what_is_no_code_is_not_taken() {
        for text in ["", "   ", "BCDF", "泸定桥", "<script>alert(1)</script>", &"X".repeat(33)] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
