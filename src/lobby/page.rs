//! Which page this is, as its `<body>` says, and the clocks of the browser.

use crate::dom;
use heritage::Lang;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

/// What the page says of itself.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// `home`, `site`, `station`, `scene`, `foot`, `me`, `sign-in`, `about` or `help`.
    pub name: String,
    /// Its language.
    pub lang: Lang,
    /// Name of the site, or empty.
    pub site: String,
    /// Name of the route, or empty.
    pub route: String,
    /// Name of the station, or empty.
    pub station: String,
    /// Address of the site's files, with a closing slash, or empty.
    pub root: String,
    /// Address of the app folder, with a closing slash.
    pub app: String,
}

impl Page {
    /// The page that is open.
    pub fn read() -> Self {
        let body: Option<HtmlElement> = dom::document().body();
        let data = |name: &str| body.as_ref().and_then(|body| body.dataset().get(name)).unwrap_or_default();
        Self {
            name: data("page"),
            lang: if data("lang") == "en" { Lang::En } else { Lang::Zh },
            site: data("site"),
            route: data("route"),
            station: data("station"),
            root: data("root"),
            app: data("app"),
        }
    }

    /// Address of another page in the same language.
    pub fn at(&self, path: &str) -> String {
        format!("/{}/{path}", self.lang.code())
    }

    /// Address of the trainer's desk, which is thereby told the page's language.
    pub fn desk(&self) -> String {
        format!("/desk/language/{}?to=/desk/", self.lang.code())
    }
}

/// The device's clock, milliseconds since 1970 UTC.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds since the page was opened, by a clock that only rises.
pub fn since_open_ms() -> f64 {
    dom::window().performance().map_or(0.0, |clock| clock.now())
}

/// A fresh name for an event, rising with time.
pub fn fresh_id() -> Uuid {
    let mut chance = [0; 10];
    if let Ok(crypto) = dom::window().crypto() {
        // Fails only for a longer array than this.
        crypto.get_random_values_with_u8_array(&mut chance).ok();
    }
    uuid::Builder::from_unix_timestamp_millis(now_ms() as u64, &chance).into_uuid()
}

/// Lets time pass.
#[cfg(feature = "kiosk")]
pub async fn pause(ms: f64) {
    let waited = js_sys::Promise::new(&mut |resolve, _| {
        dom::window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms as i32).ok();
    });
    wasm_bindgen_futures::JsFuture::from(waited).await.ok();
}

/// The network is there, as far as the browser knows.
pub fn is_online() -> bool {
    dom::window().navigator().on_line()
}

/// The page can be seen.
pub fn is_visible() -> bool {
    dom::document().visibility_state() == web_sys::VisibilityState::Visible
}

/// A moment as the visitor writes dates.
pub fn moment(lang: Lang, at_ms: f64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(at_ms));
    date.to_locale_string(if lang == Lang::Zh { "zh-CN" } else { "en-GB" }, &JsValue::UNDEFINED).into()
}

/// Says one line in words to everybody, screen readers included.
pub fn notice(text: &str) {
    dom::say_at("notice", text);
}
