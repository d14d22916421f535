//! Pages that belong to no one site: the catalogue, sources, help, progress, sign-in, sites in preparation.

use super::{House, Page, Preparation};
use crate::rights::Right;
use askama::Template;
use heritage::{Certainty, Lang};
use std::ops::Deref;

macro_rules! leaf {
    ($name:ident, $file:literal $(, $field:ident: $kind:ty)*) => {
        #[derive(Template)]
        #[template(path = $file)]
        struct $name<'a> {
            page: Page<'a>,
            $($field: $kind,)*
        }

        impl<'a> Deref for $name<'a> {
            type Target = Page<'a>;
            fn deref(&self) -> &Page<'a> {
                &self.page
            }
        }
    };
}

leaf!(Home, "home.html");
leaf!(About, "about.html", rights: &'a [Right], certainties: [Certainty; 4], version: &'static str);
leaf!(Help, "help.html");
leaf!(Me, "me.html");
leaf!(Verify, "verify.html");
leaf!(SignIn, "sign-in.html");
leaf!(InPreparation, "preparation.html", site: &'a Preparation);
leaf!(NotFound, "not-found.html");
leaf!(Door, "door.html");
leaf!(Kiosk, "kiosk.html");

/// `/`: the choice of language, for whoever is not led on by the service.
pub(super) fn render_door(house: House<'_>) -> askama::Result<String> {
    let page = Page::new(house, Lang::Zh, "door", "").titled("选择语言 · Choose a language", "重走 · Retrace");
    Door { page }.render()
}

/// `/kiosk/`: a hall's shared device, in both languages at once; made live by the lobby's kiosk.
pub(super) fn render_kiosk(house: House<'_>) -> askama::Result<String> {
    let page = Page::new(house, Lang::Zh, "kiosk", "").titled("展厅终端 · Kiosk", "重走 · Retrace");
    Kiosk { page }.render()
}

/// What stands where nothing is, in both languages at once: the address does not tell which one is read.
pub(super) fn render_not_found(house: House<'_>) -> askama::Result<String> {
    let page = Page::new(house, Lang::Zh, "not-found", "").titled("没有这一页 · No such page", "重走 · Retrace");
    NotFound { page }.render()
}

/// `/<lang>/`: the catalogue.
pub(super) fn render_home(house: House<'_>, lang: Lang) -> askama::Result<String> {
    let page = Page::new(house, lang, "home", "");
    let title = page.t("遗址", "Sites");
    let description = page.t(
        "走访革命旧址：读史料，进场景，到实地。每一处都写明依据。",
        "Visit the sites of China's revolution: read, enter the scene, stand on the ground. Every statement names its source.",
    );
    let page = page.clone().titled(title, description);
    Home { page }.render()
}

/// `/<lang>/about/`: sources, method, licences.
pub(super) fn render_about(house: House<'_>, lang: Lang) -> askama::Result<String> {
    let page = Page::new(house, lang, "about", "about/");
    let title = page.t("依据", "Sources");
    let description = page.t(
        "引用的来源、可信度的分级、重建的方法、尚不清楚的事，以及许可。",
        "What is cited, how certainty is graded, how the reconstruction was made, what is not known, and licences.",
    );
    let page = page.clone().titled(title, description);
    About { page, rights: house.rights, certainties: Certainty::ALL, version: env!("CARGO_PKG_VERSION") }.render()
}

/// `/<lang>/verify/`: whether a certificate holds.
pub(super) fn render_verify(house: House<'_>, lang: Lang) -> askama::Result<String> {
    let page = Page::new(house, lang, "verify", "verify/");
    let title = page.t("核验学时证明", "Check a certificate");
    let description = page.t(
        "在这里核验证书或证明文件是否由本服务签发、是否仍然有效。打开过本页的设备，没有网络也能核验。",
        "Check here whether a certificate or its file was issued by this service, and still holds. A device that has opened this page can check without a network.",
    );
    Verify { page: page.clone().titled(title, description) }.render()
}

/// `/<lang>/help/`: how everything is done.
pub(super) fn render_help(house: House<'_>, lang: Lang) -> askama::Result<String> {
    let page = Page::new(house, lang, "help", "help/");
    let title = page.t("帮助", "Help");
    let description = page.t(
        "怎样走访、怎样操作场景、怎样在实地使用，以及哪些计入学时。",
        "How to visit, how to move in the scene, how to use it on the ground, and what counts.",
    );
    let page = page.clone().titled(title, description);
    Help { page }.render()
}

/// `/<lang>/me/`: progress; made live by the lobby.
pub(super) fn render_me(house: House<'_>, lang: Lang) -> askama::Result<String> {
    let page = Page::new(house, lang, "me", "me/");
    let title = page.t("我的走访", "My walks");
    let description = page.t(
        "走到了哪里，还差什么，已确认多少学时。",
        "How far you have come, what is missing, and what has been confirmed.",
    );
    let page = page.clone().titled(title, description);
    Me { page }.render()
}

/// `/<lang>/sign-in/`: sign-in; made live by the lobby.
pub(super) fn render_sign_in(house: House<'_>, lang: Lang) -> askama::Result<String> {
    let page = Page::new(house, lang, "sign-in", "sign-in/");
    let title = page.t("登录", "Sign in");
    let description = page.t("用邀请码和六位数字 PIN 登录。", "Sign in with an invitation code and a six-digit PIN.");
    let page = page.clone().titled(title, description);
    SignIn { page }.render()
}

/// `/<lang>/<site>/` of a site in preparation.
pub(super) fn render_preparation(house: House<'_>, lang: Lang, site: &Preparation) -> askama::Result<String> {
    let page = Page::new(house, lang, "preparation", format!("{}/", site.id))
        .titled(site.title.get(lang), site.summary.get(lang));
    InPreparation { page, site }.render()
}
