//! The line that says how a led visit stands, and offers the ways on that fit.

use super::{Party, WAY_MS};
use crate::words::Text;
use crate::{dom, page, words};

impl Party {
    /// The way back is offered to whoever is elsewhere than everybody.
    pub(super) fn show_strayed(&self) {
        let led = self.led.borrow();
        let going = led.as_ref().and_then(|(led, _)| led.going.as_ref());
        let Some(going) = going.filter(|_| self.scene.ready.get()) else { return };
        let is_there = self.scene.arrived.borrow().as_ref() == Some(&going.station);
        if is_there {
            self.was_there.set(true);
        }
        let had_time = page::since_open_ms() - self.called_ms.get() > WAY_MS;
        dom::show_at("led-back", !is_there && (self.was_there.get() || had_time));
    }

    pub(super) fn say(&self, text: Text) {
        self.say_text(text.get(self.scene.house.page.lang));
    }

    /// Says one line, with the ways on that fit: leaving while something is followed, joining again what was left.
    pub(super) fn say_text(&self, text: &str) {
        dom::say_at("led-said", text);
        dom::show_at("led", true);
        let follows = self.code.borrow().is_some();
        dom::show_at("led-leave", follows);
        dom::show_at("led-rejoin", !follows && self.left.borrow().is_some());
        dom::show_at("led-dismiss", !follows);
        dom::show_at("led-door", !follows);
        if self.led.borrow().is_none() {
            for hook in ["led-back", "led-station", "led-look"] {
                dom::show_at(hook, false);
            }
        }
    }

    /// Shows how the visit stands.
    pub(super) fn show(&self) {
        self.left.take();
        self.say(if self.scene.ready.get() { words::LED } else { words::LED_WAITS });
        let lang = self.scene.house.page.lang;
        let led = self.led.borrow();
        let Some((led, _)) = led.as_ref() else { return };
        let station = led.going.as_ref().and_then(|going| self.scene.site.station(&going.station));
        if let Some(link) = dom::hook("led-station") {
            if let Some(station) = station {
                dom::say(&link, station.title.get(lang));
                let place = format!("{}/{}/", self.scene.site.id, station.id);
                dom::set(&link, "href", &self.scene.house.page.at(&place));
            }
            dom::show(&link, station.is_some());
        }
        let look = led.look.as_ref().and_then(|look| {
            let heading = format!("article[data-point=\"{}\"] h3", look.point);
            dom::document().query_selector(&heading).ok().flatten()?.text_content()
        });
        dom::say_at("led-look", &look.as_deref().map_or_else(String::new, |title| words::look_at(lang, title)));
        dom::show_at("led-look", look.is_some());
        self.show_strayed();
    }
}
