//! A running service with its own database, clock and people.

use super::ailing::Ailing;
use super::client::Client;
use super::fixture::{NOW_MS, built, lay_out};
use super::server::Server;
use checkpoint::courses::Courses;
use checkpoint::identity::code::Code;
use checkpoint::identity::pin::Pin;
use checkpoint::identity::provider::Providers;
use checkpoint::outside::{self, Outside};
use checkpoint::secrets::{Secrets, digest};
use checkpoint::store::{NewPerson, Place};
use checkpoint::walk::Share;
use checkpoint::{App, House, Settings, demo};
use heritage::Hours;
use protocol::api::Role;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use uuid::Uuid;

/// In what the service keeps its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// A file of its own.
    File,
    /// A database of its own on the tests' server.
    Server,
}

impl Base {
    pub const ALL: [Self; 2] = [Self::File, Self::Server];

    /// As the tests' counts call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Server => "server",
        }
    }

    /// An empty place, as the command line names it.
    pub fn place(self, folder: &Path) -> String {
        match self {
            Self::File => format!("sqlite:{}", folder.join("retrace.db").display()),
            Self::Server => Server::shared().database(),
        }
    }
}

/// The service; it stops when dropped.
pub struct Service {
    pub folder: TempDir,
    /// Its database, as the command line names it.
    pub place: String,
    pub app: App,
    pub store: Arc<Ailing>,
    pub runtime: Runtime,
    pub address: SocketAddr,
    now_ms: Arc<AtomicI64>,
    stop: Option<oneshot::Sender<()>>,
}

impl Service {
    /// With the demo people: a trainer and three learners of one unit.
    pub fn with_demo() -> Self {
        Self::with_demo_on(Base::File)
    }

    /// As with the demo people, its record kept in `base`.
    pub fn with_demo_on(base: Base) -> Self {
        let service = Self::empty_on(base);
        service.runtime.block_on(demo::seed(&service.app)).expect("the demo people are made");
        service
    }

    /// As with the demo people, and the route's rule lets a trainer's attestation count.
    pub fn lenient() -> Self {
        let folder = tempfile::tempdir().expect("a folder is made");
        lay_out(folder.path());
        let file = folder.path().join("private/hill.json");
        let strict = std::fs::read_to_string(&file).expect("the site is read");
        let lenient = strict.replace("\"recall\":true", "\"recall\":true,\"attestation\":true");
        assert_ne!(strict, lenient);
        std::fs::write(&file, lenient).expect("the site is written");
        let service = Self::in_folder(folder, Base::File, |_| {});
        service.runtime.block_on(demo::seed(&service.app)).expect("the demo people are made");
        service
    }

    /// As with the demo people, and this is the course on the fixture's route.
    pub fn with_course(course: &serde_json::Value) -> Self {
        let folder = tempfile::tempdir().expect("a folder is made");
        lay_out(folder.path());
        let mut built = built();
        built["courses"] = serde_json::json!([course]);
        std::fs::write(folder.path().join("private/hill.json"), built.to_string()).expect("the site is written");
        let service = Self::in_folder(folder, Base::File, |_| {});
        service.runtime.block_on(demo::seed(&service.app)).expect("the demo people are made");
        service
    }

    /// Without anybody.
    pub fn empty() -> Self {
        Self::settled(|_| {})
    }

    /// Without anybody, its record kept in `base`.
    pub fn empty_on(base: Base) -> Self {
        Self::settled_on(base, |_| {})
    }

    /// With the demo people, who may write as much as they like, its record kept at this place.
    pub fn with_demo_at(place: String) -> Self {
        let folder = tempfile::tempdir().expect("a folder is made");
        lay_out(folder.path());
        let service = Self::at(folder, place, |settings| settings.writes_a_minute = 1_000_000);
        service.runtime.block_on(demo::seed(&service.app)).expect("the demo people are made");
        service
    }

    /// Without anybody and with settings of its own, its record kept at this place.
    pub fn settled_at(place: String, settle: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().expect("a folder is made");
        lay_out(folder.path());
        Self::at(folder, place, settle)
    }

    /// Without anybody, waiting no longer than this for a request.
    pub fn patient_for(patience: Duration) -> Self {
        Self::settled(|settings| settings.patience = patience)
    }

    /// Without anybody, and with settings of its own.
    pub fn settled(settle: impl FnOnce(&mut Settings)) -> Self {
        Self::settled_on(Base::File, settle)
    }

    /// The same, its record kept in `base`.
    pub fn settled_on(base: Base, settle: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().expect("a folder is made");
        lay_out(folder.path());
        Self::in_folder(folder, base, settle)
    }

    fn in_folder(folder: TempDir, base: Base, settle: impl FnOnce(&mut Settings)) -> Self {
        let place = base.place(folder.path());
        Self::at(folder, place, settle)
    }

    fn at(folder: TempDir, place: String, settle: impl FnOnce(&mut Settings)) -> Self {
        let outside = Outside::new(None, outside::PATIENCE).expect("it trusts");
        Self::prepared(folder, place, outside, async |settings, _| settle(settings))
    }

    /// With what was prepared in its store, settings that depend on it, and its own way to ask other servers.
    pub fn prepared(
        folder: TempDir,
        place: String,
        outside: Outside,
        prepare: impl AsyncFnOnce(&mut Settings, &Ailing),
    ) -> Self {
        let now_ms = Arc::new(AtomicI64::new(NOW_MS));
        let clock = {
            let now_ms = Arc::clone(&now_ms);
            Arc::new(move || now_ms.load(Ordering::SeqCst))
        };
        let courses = Courses::read(&folder.path().join("private")).expect("the content is read");
        let runtime = Runtime::new().expect("a runtime starts");
        let opened = runtime.block_on(Place::read(&place).expect("a place").open());
        let store = Arc::new(Ailing::new(opened.expect("the database opens").0));
        let mut settings = Settings {
            web: folder.path().join("web"),
            annual_target: Hours::from_tenths(320),
            origin: None,
            providers: Providers::default(),
            behind_proxy: false,
            rechecked: Share::NONE,
            writes_a_minute: 100,
            forward: Vec::new(),
            patience: Duration::from_mins(1),
        };
        runtime.block_on(prepare(&mut settings, &store));
        let secrets = Secrets::known([7; 32]);
        let app = House::new(settings, Arc::<Ailing>::clone(&store), courses, secrets, outside, clock);
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port is free");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = checkpoint::serve::serve(listener, Arc::clone(&app), async {
            let _ = stopped.await;
        });
        runtime.spawn(serving);
        Self { folder, place, app, store, runtime, address, now_ms, stop: Some(stop) }
    }

    /// Lets time pass for the service.
    pub fn pass_ms(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Someone who is not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(self.address)
    }

    pub fn trainer(&self) -> Client {
        self.demo_person(0)
    }

    /// One of the three demo learners, from 1.
    pub fn learner(&self, number: usize) -> Client {
        self.demo_person(number)
    }

    /// The admin of the demo people.
    pub fn demo_admin(&self) -> Client {
        self.demo_person(4)
    }

    fn demo_person(&self, index: usize) -> Client {
        let person = &demo::PEOPLE[index];
        self.stranger().signed_in(person.code, person.pin)
    }

    /// Someone more, in a unit of their own unless one is given; with PIN 258047.
    pub fn person(&self, role: Role, name: &str, unit: Option<Uuid>) -> (Client, Uuid) {
        let code = Code::fresh();
        let id = Uuid::now_v7();
        self.runtime.block_on(async {
            let own_unit = Uuid::now_v7();
            let unit = unit.unwrap_or(own_unit);
            self.app.store.add_unit(unit, format!("unit of {name}")).await.expect("a unit is made");
            let pin = Pin::read("258047").expect("a PIN");
            let made = NewPerson {
                id,
                unit,
                role,
                name: name.to_owned(),
                cohort: String::new(),
                code_key: code.key(&self.app.secrets),
                code_ends_ms: NOW_MS,
                pin_hash: Some(self.app.pins.hash(&pin).await.expect("a hash")),
            };
            assert!(self.app.store.add_person(made).await.expect("a person is made"));
        });
        (self.stranger().signed_in(&code.written(), "258047"), id)
    }

    /// A learner whose session was begun without asking for a PIN, which takes its time.
    pub fn signed_in_beforehand(&self) -> Client {
        let id = Uuid::now_v7();
        let token = "5".repeat(64);
        self.runtime.block_on(async {
            self.app.store.add_unit(id, "unit".to_owned()).await.expect("a unit is made");
            let made = NewPerson {
                id,
                unit: id,
                role: Role::Learner,
                name: "one".to_owned(),
                cohort: String::new(),
                code_key: [5; 32],
                code_ends_ms: NOW_MS,
                pin_hash: None,
            };
            assert!(self.app.store.add_person(made).await.expect("a person is made"));
            let opened = self.app.store.open_session(digest(token.as_bytes()), id, NOW_MS, NOW_MS + 60_000).await;
            opened.expect("a session is begun");
        });
        self.stranger().with_cookie(&format!("retrace={token}"))
    }

    /// The unit of someone who is signed in.
    pub fn unit_of(&self, client: &Client) -> Uuid {
        let id = client.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        self.runtime.block_on(self.app.store.person(id)).expect("the store answers").expect("there").unit
    }

    /// The unit of the demo people.
    pub fn demo_unit(&self) -> Uuid {
        let code = Code::read(demo::PEOPLE[0].code).expect("a code").key(&self.app.secrets);
        let trainer = self.runtime.block_on(self.app.store.person_by_code(code)).expect("the store answers");
        trainer.expect("the trainer is there").unit
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The service may have ended by itself.
            let _ = stop.send(());
        }
    }
}
