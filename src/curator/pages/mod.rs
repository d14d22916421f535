//! Pages: what every page knows, and the table of pages that the build renders.
//!
//! # For writers of templates
//! Templates live in `web/pages` and extend `base.html`, filling `{% block head %}`, `{% block main %}` and, rarely,
//! `{% block after %}` (after the footer, for dialogs). Every template sees, without a prefix:
//!
//! | name | type | what |
//! |---|---|---|
//! | `lang` | [`Lang`] | `{{ lang.code() }}` is `zh` or `en` |
//! | `name` | `&str` | the page's name, as in `data-page` |
//! | `app` | `&str` | address of the app folder, with a closing slash: `<link rel="stylesheet" href="{{ app }}scene.css">` |
//! | `title`, `description` | `String` | set in Rust |
//! | `entries` | `&[Entry]` | every published site: `entry.site`, `entry.route`, `entry.root` |
//! | `preparing` | `&[Preparation]` | sites in preparation |
//!
//! and the methods
//!
//! - `{{ self.t("进入场景", "Enter the scene") }}`: the text of the page's language;
//! - `{{ self.say(site.title) }}`: the same for a [`Bilingual`];
//! - `{{ self.at("luding/scene/") }}`: address of a page in the page's language;
//! - `{{ self.within(site.id, "scene/") }}`: address of a page of a site;
//! - `{{ self.other() }}`: address of this page in the other language;
//! - `{{ self.graded(claim.grade) }}`, `{{ self.metres(x) }}`, `{{ self.hours(&route.rule.hours()) }}` and the like: see `words`.
//!
//! `scene.html`, `foot.html`, `site.html` and `station.html` see besides: `site` (`&Site`), `route` (`&Route`), `root`
//! (address of the site's files with a closing slash), `plan` (inline SVG in metres: `x` = east, `y` = −north; print it
//! with `{{ plan|safe }}`), `poster` (its addresses, if there is one) and `stops` (the route's stations in order, each with
//! `stop.number`, `stop.station`, `stop.href`). `base.html` writes all `data-…` of `<body>` itself.
//!
//! Styles: `web/style/style.css` imports what every page needs; another file there, such as `scene.css`, becomes
//! `{{ app }}scene.css` and is linked from `{% block head %}`. Scripts of `web/` but `sw.js` land in the app folder;
//! `boot.js`, where it exists, is loaded by every page as a module and starts the lobby. `theme.js` is the whole of the
//! `theme` hook. In `sw.js` the build replaces `__APP__` with the address of the app folder, and `__SHELL__` with a JSON
//! list of the addresses of all that is in it.

mod reading;
mod render;
mod walk;
mod words;

use crate::plan;
use heritage::{Bilingual, Lang, Route, Site};

pub use render::{Paper, Unrendered, render_all};

/// A published site as pages see it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The site, narration lengths filled in.
    pub site: Site,
    /// The route its pages follow: the first.
    pub route: Route,
    /// Somebody has written the course on that route, so that the service has a page of it.
    pub has_course: bool,
    /// Stations with a question that only the place answers: the service has a page of each.
    pub asks_there: std::collections::BTreeSet<heritage::StationId>,
    /// Address of its files, with a closing slash.
    pub root: String,
    /// Its poster, if it has one.
    pub poster: Option<Poster>,
    /// Files there are of the site, relative to its root.
    pub files: std::collections::BTreeSet<String>,
    /// Addresses of what the scene asks for before it can be seen, in its order.
    pub first: Vec<String>,
    /// Who speaks.
    pub voices: crate::voices::Voices,
}

/// The picture of the view that a visitor enters, in one or two sizes; addresses.
#[derive(Clone, Debug)]
pub struct Poster {
    /// 1280 × 720.
    pub large: String,
    /// 640 × 360, for narrow screens.
    pub small: Option<String>,
}

impl Poster {
    /// The sizes to choose from, as `srcset` of an image lists them.
    pub fn sizes(&self) -> String {
        let small = self.small.iter().map(|small| format!("{small} 640w, "));
        small.chain([format!("{} 1280w", self.large)]).collect()
    }
}

/// What every page is rendered from.
#[derive(Clone, Copy, Debug)]
pub struct House<'a> {
    /// Published sites, in order of their names.
    pub entries: &'a [Entry],
    /// Sites in preparation.
    pub preparing: &'a [Preparation],
    /// Address of the app folder, with a closing slash.
    pub app: &'a str,
    /// Whether there is a lobby to start.
    pub live: bool,
    /// Size of the scene's program, unpacked, bytes; 0 where there is none.
    pub program_bytes: usize,
    /// Makers and licences.
    pub rights: &'a [crate::rights::Right],
}

/// A site in preparation: real text, no scene yet.
pub type Preparation = heritage::reader::Preparation;

/// What every template sees.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The page's language.
    pub lang: Lang,
    /// The page's name, as in `data-page`.
    pub name: &'static str,
    /// Address below the language, such as `luding/scene/`; empty for the catalogue.
    pub path: String,
    /// Heading in the browser's tab, without the name of the house.
    pub title: String,
    /// One sentence for search and sharing.
    pub description: String,
    /// Further `data-…` attributes of `<body>`.
    pub data: Vec<(&'static str, String)>,
    /// Address of the app folder, with a closing slash.
    pub app: &'a str,
    /// Whether there is a lobby to start.
    pub live: bool,
    /// Size of the scene's program, unpacked, bytes; 0 where there is none.
    pub program_bytes: usize,
    /// Published sites.
    pub entries: &'a [Entry],
    /// Sites in preparation.
    pub preparing: &'a [Preparation],
}

impl<'a> Page<'a> {
    /// A page named `name` at `path` below its language.
    pub fn new(house: House<'a>, lang: Lang, name: &'static str, path: impl Into<String>) -> Self {
        Self {
            lang,
            name,
            path: path.into(),
            title: String::new(),
            description: String::new(),
            data: Vec::new(),
            app: house.app,
            live: house.live,
            program_bytes: house.program_bytes,
            entries: house.entries,
            preparing: house.preparing,
        }
    }

    /// The same page with its heading and its sentence.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>, description: impl Into<String>) -> Self {
        self.title = title.into();
        self.description = description.into();
        self
    }

    /// The text of the page's language.
    pub fn t<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The text of the page's language.
    pub fn say<'t>(&self, both: &'t Bilingual) -> &'t str {
        both.get(self.lang)
    }

    /// Address of a page in the page's language.
    pub fn at(&self, path: &str) -> String {
        format!("/{}/{path}", self.lang.code())
    }

    /// Address of this page in the other language.
    pub fn other(&self) -> String {
        format!("/{}/{}", self.lang.other().code(), self.path)
    }

    /// `page` where the entry `name` of the navigation is this page, for `aria-current`; empty elsewhere.
    pub fn here(&self, name: &str) -> bool {
        self.name == name
    }
}

/// One station on its route.
#[derive(Clone, Debug)]
pub struct Stop<'a> {
    /// Counts from 1.
    pub number: usize,
    /// The station.
    pub station: &'a heritage::Station,
    /// Address of its page.
    pub href: String,
}

/// What pages about one site see besides.
#[derive(Clone, Debug)]
pub struct Visit<'a> {
    /// What every page sees.
    pub page: Page<'a>,
    /// The site.
    pub site: &'a Site,
    /// Its route.
    pub route: &'a Route,
    /// Address of the site's files, with a closing slash.
    pub root: &'a str,
    /// The plan, inline SVG in metres.
    pub plan: String,
    /// The poster, if there is one.
    pub poster: Option<&'a Poster>,
    /// The route's stations in order.
    pub stops: Vec<Stop<'a>>,
    /// The entry itself.
    pub entry: &'a Entry,
}

impl<'a> std::ops::Deref for Visit<'a> {
    type Target = Page<'a>;
    fn deref(&self) -> &Page<'a> {
        &self.page
    }
}

impl<'a> Visit<'a> {
    /// The page `name` at `tail` below the site's own address; `here` is the station whose page it is.
    pub fn new(
        house: House<'a>,
        entry: &'a Entry,
        lang: Lang,
        name: &'static str,
        tail: &str,
        here: Option<&heritage::StationId>,
    ) -> Self {
        let site = &entry.site;
        let mut page = Page::new(house, lang, name, format!("{}/{tail}", site.id));
        page.data.push(("site", site.id.to_string()));
        page.data.push(("route", entry.route.id.to_string()));
        if let Some(station) = here {
            page.data.push(("station", station.to_string()));
        }
        page.data.push(("root", entry.root.clone()));
        let stops: Vec<Stop<'a>> = entry
            .route
            .stations
            .iter()
            .filter_map(|id| site.station(id))
            .enumerate()
            .map(|(index, station)| Stop {
                number: index + 1,
                station,
                href: page.at(&format!("{}/{}/", site.id, station.id)),
            })
            .collect();
        let plan = plan::draw(site, &stops, lang, here);
        Self { page, site, route: &entry.route, root: &entry.root, plan, poster: entry.poster.as_ref(), stops, entry }
    }
}
