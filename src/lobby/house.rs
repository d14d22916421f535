//! What all parts of the page share: what is kept, who is signed in, and the news that something has changed.

use crate::db::Fault;
use crate::json::Value;
use crate::network;
use crate::page::{self, Page};
use crate::queue::Entry;
use crate::store::Store;
use crate::wire::{FromJson, Names, ToJson};
use crate::{dom, words};
use heritage::Outline;
use protocol::api::{Progress, Session, WalkState};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, CustomEvent};

/// News within this page: what is kept has changed.
const KEPT: &str = "retrace:kept";

/// How the session stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has signed in on this device.
    #[default]
    Out,
    /// Signed in, as far as is known.
    In,
    /// Was signed in; the service no longer knows the session.
    Expired,
}

/// What all parts of the page share.
pub struct House {
    /// Which page this is.
    pub page: Page,
    /// What this device keeps.
    pub store: Store,
    /// Whose device this is, signed in or expired.
    pub session: RefCell<Option<Session>>,
    /// How the session stands.
    pub standing: Cell<Standing>,
    /// What the service last told of credit.
    pub progress: RefCell<Option<Progress>>,
    /// The device has changed hands: nothing that was counted for the one before may be kept any more.
    pub handed_on: Cell<bool>,
    names: RefCell<Names>,
    channel: Option<BroadcastChannel>,
}

/// Shared by all parts.
pub type Shared = Rc<House>;

impl House {
    /// Opens the house: storage, and who was here last.
    ///
    /// # Errors
    /// When the browser refuses storage.
    pub async fn open(page: Page) -> Result<Shared, Fault> {
        let store = Store::open().await?;
        store.recover().await?;
        let session = Session::from_json(&store.meta("session").await?);
        let expired = store.meta("expired").await? == Value::Flag(true);
        let progress = Progress::from_json(&store.meta("progress").await?);
        let names = Names::from_json(&store.meta("names").await?).unwrap_or_default();
        let standing = match (&session, expired) {
            (None, _) => Standing::Out,
            (Some(_), false) => Standing::In,
            (Some(_), true) => Standing::Expired,
        };
        let house = Rc::new(Self {
            page,
            store,
            session: RefCell::new(session),
            standing: Cell::new(standing),
            progress: RefCell::new(progress),
            handed_on: Cell::new(false),
            names: RefCell::new(names),
            channel: BroadcastChannel::new("retrace").ok(),
        });
        if let Some(channel) = &house.channel {
            let told = Rc::downgrade(&house);
            dom::on(channel, "message", move |message| {
                let data =
                    message.dyn_into::<web_sys::MessageEvent>().ok().and_then(|message| message.data().as_string());
                match data.as_deref() {
                    // Whoever signs in or out elsewhere changes whose page this is.
                    Some("person") => {
                        told.upgrade().inspect(|house| house.handed_on.set(true));
                        dom::window().location().reload().unwrap_or_default();
                    }
                    _ => announce_here(),
                }
            });
        }
        Ok(house)
    }

    /// Whose record is written, if anybody's.
    pub fn person(&self) -> Option<Uuid> {
        self.session.borrow().as_ref().map(|session| session.person)
    }

    /// Signed in, as far as is known.
    pub fn is_signed_in(&self) -> bool {
        self.standing.get() == Standing::In
    }

    /// Tells all parts of this page and of other tabs that what is kept has changed.
    pub fn announce(&self) {
        announce_here();
        self.tell_tabs("kept");
    }

    /// Tells other tabs alone.
    pub fn tell_tabs(&self, word: &str) {
        if let Some(channel) = &self.channel {
            channel.post_message(&JsValue::from_str(word)).ok();
        }
    }

    /// The session has ended at the service: everything is kept and the way back is said.
    pub async fn expire(&self) {
        if self.standing.get() == Standing::In {
            self.standing.set(Standing::Expired);
            self.store.set_meta("expired", Value::Flag(true)).await.ok();
            page::notice(words::EXPIRED.get(self.page.lang));
            self.announce();
        }
    }

    /// Asks the service who is signed in and what counts; keeps the answers for times without a network.
    pub async fn catch_up(&self) {
        if !self.is_signed_in() {
            return;
        }
        let Some(reply) = network::ask_for(self.person(), "GET", "/v1/me/progress", None).await else { return };
        if reply.status == 401 {
            self.expire().await;
            return;
        }
        let Some(told) = Value::parse(&reply.body).filter(|_| reply.is_ok()) else { return };
        let Some(progress) = Progress::from_json(&told) else { return };
        let reopened = self.reopen_returned(&progress).await.unwrap_or(false);
        if self.progress.borrow().as_ref() != Some(&progress) {
            self.store.set_meta("progress", told).await.ok();
            self.progress.replace(Some(progress));
            self.announce();
        } else if reopened {
            self.announce();
        }
    }

    /// A walk that is returned while nothing of ours waits was returned after all we sent: its stations may be completed again.
    /// Tells whether any had been closed.
    async fn reopen_returned(&self, progress: &Progress) -> Result<bool, Fault> {
        if !own(&self.store.entries().await?, self.person()).is_empty() {
            return Ok(false);
        }
        let mut reopened = false;
        for walk in progress.walks.iter().filter(|walk| walk.state == WalkState::Returned) {
            let stations: Vec<&str> = walk.stations.iter().map(|station| station.station.as_str()).collect();
            reopened |= self.store.reopen(walk.site.as_str(), &stations).await?;
        }
        Ok(reopened)
    }

    /// Reads the site's own data, and remembers what its stations are called for pages that do not know it.
    pub async fn site(&self) -> Option<Outline> {
        let told = network::file(&format!("{}outline.json", self.page.root)).await?;
        let site = Outline::from_json(&Value::parse(&told)?)?;
        let of_site = |station: &str| format!("{}/{station}", site.id);
        let mut names = self.names.borrow().clone();
        names.insert(of_site(""), site.title.clone());
        names.extend(site.stations.iter().map(|station| (of_site(station.id.as_str()), station.title.clone())));
        if *self.names.borrow() != names {
            self.store.set_meta("names", names.to_json()).await.ok();
            self.names.replace(names);
        }
        Some(site)
    }

    /// What a station is called, as far as this device has heard; its plain name otherwise. Without a station, the site.
    pub fn station_title(&self, site: &str, station: &str) -> String {
        let names = self.names.borrow();
        let known = names.get(&format!("{site}/{station}")).map(|title| title.get(self.page.lang).to_owned());
        known.unwrap_or_else(|| if station.is_empty() { site.to_owned() } else { station.to_owned() })
    }

    /// The same in both languages.
    #[cfg(feature = "kiosk")]
    pub fn title(&self, site: &str, station: &str) -> heritage::Bilingual {
        let known = self.names.borrow().get(&format!("{site}/{station}")).cloned();
        known.unwrap_or_else(|| heritage::Bilingual::new(station, station))
    }

    /// Runs `task` to its end beside everything else.
    pub fn spawn(self: &Rc<Self>, task: impl AsyncFnOnce(Shared) + 'static) {
        let house = Rc::clone(self);
        spawn_local(async move { task(house).await });
    }
}

/// The entries that are `person`'s.
pub fn own(entries: &[Entry], person: Option<Uuid>) -> Vec<&Entry> {
    entries.iter().filter(|entry| person.is_some() && entry.owner == person).collect()
}

/// Calls back whenever what is kept has changed, in this tab or another.
pub fn on_kept<F: Future<Output = ()> + 'static>(house: &Shared, changed: impl Fn(Shared) -> F + 'static) {
    let house = Rc::clone(house);
    dom::on(&dom::window(), KEPT, move |_| spawn_local(changed(Rc::clone(&house))));
}

fn announce_here() {
    if let Ok(news) = CustomEvent::new(KEPT) {
        dom::window().dispatch_event(&news).ok();
    }
}
