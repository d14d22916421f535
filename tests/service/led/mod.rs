//! Led visits: thirty follow over real HTTP and are of one mind within two seconds, whoever comes late, whatever breaks.

mod described;
mod healing;
mod hostile;
pub mod kept;
mod matrix;

use super::client::Client;
use super::desk::token;
use super::house::{Base, Service};
use checkpoint::store::led::MOST_FOLLOWERS;
pub use described::led;
pub use matrix::prepare;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Within which everybody has heard of a change.
pub const SOON: Duration = Duration::from_secs(2);
/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_mins(1);

/// Whoever leads, at the desk.
pub struct Leader {
    client: Client,
    /// Address of the visit at the desk.
    pub at: String,
    pub code: String,
    token: String,
}

impl Leader {
    /// Begins a visit on the fixture's route.
    pub fn begun(client: Client) -> Self {
        let token = token(&client.get("/desk/lead").text()).expect("a form");
        let begun = client.form("/desk/lead", &[("token", &token), ("route", "hill.path")]);
        assert_eq!(begun.status, 303, "{}", begun.text());
        let at = begun.header("location").expect("the visit").to_owned();
        let page = client.get(&at).text();
        let code = page.split("data-lead-code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a code");
        Self { code: code.to_owned(), token, client, at }
    }

    /// Asks something of everybody.
    pub fn ask(&self, what: &str) {
        let answer = self.client.form(&self.at, &[("token", &self.token), ("do", what)]);
        assert_eq!(answer.status, 303, "{what}: {}", answer.text());
    }

    /// Likewise, one after another.
    pub fn ask_all(&self, all: &[&str]) {
        for what in all {
            self.ask(what);
        }
    }

    /// The same person at another service.
    pub fn at(&self, address: SocketAddr) -> Self {
        let (at, code, token) = (self.at.clone(), self.code.clone(), self.token.clone());
        Self { client: self.client.clone().at(address), at, code, token }
    }

    /// What the page of whoever leads is told.
    pub fn hears(&self) -> Ear {
        let headers = [("cookie", self.client.cookie().expect("signed in"))];
        Ear::open(self.client.address(), &format!("{}/events", self.at), &headers).expect("it is told")
    }
}

/// One open connection, and what comes by it.
pub struct Ear {
    stream: TcpStream,
    heard: Receiver<(Instant, Value)>,
}

impl Ear {
    /// Opens a connection and listens; `None` where it is refused or answered otherwise than with events.
    pub fn open(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Option<Self> {
        let mut stream = TcpStream::connect(address).ok()?;
        let more: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
        let asked = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/event-stream\r\nconnection: close\r\n{more}\r\n"
        );
        stream.write_all(asked.as_bytes()).ok()?;
        let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
        let head: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let is = |wanted: &str| head.iter().any(|line| line.to_ascii_lowercase().starts_with(wanted));
        if !is("http/1.1 200") {
            return None;
        }
        assert!(is("content-type: text/event-stream") && is("cache-control: no-store") && is("x-accel-buffering: no"));
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let state = line.strip_prefix("data: ").and_then(|data| serde_json::from_str::<Value>(data).ok());
                if let Some(state) = state
                    && tell.send((Instant::now(), state)).is_err()
                {
                    return;
                }
            }
        });
        Some(Self { stream, heard: told })
    }

    /// The next state.
    pub fn next(&self) -> (Instant, Value) {
        self.heard.recv_timeout(PATIENCE).expect("a state comes")
    }

    /// States up to the one with this revision, and when that came.
    pub fn until(&self, revision: u64) -> (Instant, Value) {
        loop {
            let (at, state) = self.next();
            assert!(state["revision"].as_u64().is_some_and(|heard| heard <= revision), "{state}");
            if state["revision"] == revision {
                return (at, state);
            }
        }
    }

    /// Whether the service has ended the connection, once all that came by it was heard.
    pub fn has_ended(&self) -> bool {
        loop {
            match self.heard.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(error) => return error == std::sync::mpsc::RecvTimeoutError::Disconnected,
            }
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        // It may have been closed by the other end.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// Somebody who follows.
pub struct Device {
    pub id: Uuid,
    pub code: String,
    pub client: Client,
    pub ear: Ear,
}

impl Device {
    pub fn joins(client: &Client, code: &str) -> Option<Self> {
        Self::comes_back(client, code, Uuid::now_v7(), None)
    }

    /// The same once more, as a browser does by itself.
    pub fn comes_back(client: &Client, code: &str, id: Uuid, last_seen: Option<u64>) -> Option<Self> {
        let last_seen = last_seen.map(|revision| revision.to_string());
        let headers: Vec<(&str, &str)> = last_seen.iter().map(|seen| ("last-event-id", &**seen)).collect();
        let ear = Ear::open(client.address(), &format!("/v1/led/{code}/events?as={id}"), &headers)?;
        Some(Self { id, code: code.to_owned(), client: client.clone(), ear })
    }

    /// Confirms what has come.
    pub fn confirms(&self, revision: u64) {
        let body = serde_json::json!({ "follower": self.id, "revision": revision });
        assert_eq!(self.client.post(&format!("/v1/led/{}/seen", self.code), &body).status, 204);
    }
}

/// As many as may follow, half of them at each of these services.
fn hall(clients: &[Client], code: &str) -> Vec<Device> {
    let join = |at: usize| Device::joins(&clients[at % clients.len()], code).expect("there is room");
    (0..MOST_FOLLOWERS).map(join).collect()
}

/// All of them confirm what has come.
fn confirm(devices: &[Device], revision: u64) {
    for device in devices {
        device.confirms(revision);
    }
}

/// Everything that is asked in a visit, in the order in which it is.
const VISIT: [&str; 8] =
    ["go gate", "play gate-told", "look gate-told", "pause", "resume", "go well", "look well-told", "play well-told"];

/// Leads a whole visit; after each command everybody is of one mind. Gives the longest that it took.
fn leads_all(leader: &Leader, devices: &[Device]) -> Duration {
    let mut longest = Duration::ZERO;
    for device in devices {
        assert_eq!(device.ear.until(0).1["going"], Value::Null);
    }
    for (revision, what) in (1..).zip(VISIT) {
        let asked = Instant::now();
        leader.ask(what);
        let heard: Vec<(Instant, Value)> = devices.iter().map(|device| device.ear.until(revision)).collect();
        let mut states: Vec<Value> = heard.iter().map(|(_, state)| state.clone()).collect();
        // How far it has come is told as of when it was sent; all else is the same to the letter.
        states
            .iter_mut()
            .filter(|state| state["telling"].is_object())
            .for_each(|state| state["telling"]["at_secs"] = 0.into());
        assert!(states.iter().all(|state| *state == states[0]), "{what}: {states:?}");
        longest = heard.iter().map(|(at, _)| at.duration_since(asked)).max().expect("they follow").max(longest);
    }
    longest
}

#[test]
fn thirty_follow_and_are_of_one_mind_within_two_seconds() {
    for base in Base::ALL {
        let service = Service::with_demo_on(base);
        let leader = Leader::begun(service.trainer());
        let devices = hall(&[service.stranger()], &leader.code);
        let longest = leads_all(&leader, &devices);
        assert!(longest < SOON, "{base:?}: {longest:?}");
        println!("led: {MOST_FOLLOWERS} followers, {} commands, {base:?}: slowest {longest:?}", VISIT.len());
        let state = service.stranger().get(&format!("/v1/led/{}", leader.code)).json();
        assert_eq!((&state["going"]["station"], &state["look"]["point"]), (&"well".into(), &"well-told".into()));
        assert_eq!(state["telling"]["since"], 8);
        leader.ask("finish");
        for device in &devices {
            assert_eq!(device.ear.until(9).1["finished"], true);
            assert!(device.ear.has_ended());
        }
    }
}

#[test]
fn services_of_one_record_hear_of_each_others_changes_within_two_seconds() {
    let place = Base::Server.place(std::path::Path::new("unused"));
    let services = [(); 2].map(|()| Service::with_demo_at(place.clone()));
    let leader = Leader::begun(services[0].trainer());
    let clients = services.each_ref().map(Service::stranger);
    let devices = hall(&clients, &leader.code);
    let longest = leads_all(&leader, &devices);
    assert!(longest < SOON, "{longest:?}");
    println!("led: {MOST_FOLLOWERS} followers at two services, {} commands: slowest {longest:?}", VISIT.len());
    // Whoever leads may stand at either, is told of everybody, and there is no more room at the one than at the other.
    confirm(&devices, 8);
    for service in &services {
        let overseen = leader.at(service.address).hears();
        while overseen.next().1["reached"] != MOST_FOLLOWERS {}
        assert_eq!(full(&service.stranger(), &leader.code), 409);
    }
    leader.at(services[1].address).ask("go gate");
    for device in &devices {
        assert_eq!(device.ear.until(9).1["going"]["station"], "gate");
    }
}

/// What somebody more is answered.
fn full(client: &Client, code: &str) -> u16 {
    let one = Uuid::now_v7();
    let answers = ["", "/events"].map(|of| client.get(&format!("/v1/led/{code}{of}?as={one}")).status);
    assert_eq!(answers[0], answers[1]);
    answers[0]
}

#[test]
fn who_comes_late_stands_where_everybody_stands() {
    let service = Service::with_demo();
    let leader = Leader::begun(service.trainer());
    leader.ask_all(&["go gate", "play gate-told"]);
    service.pass_ms(12_500);
    leader.ask("look gate-told");
    let late = Device::joins(&service.stranger(), &leader.code).expect("there is room");
    let (_, state) = late.ear.next();
    assert_eq!((state["revision"].as_u64(), &state["going"]["station"]), (Some(3), &"gate".into()));
    assert_eq!((&state["telling"]["at_secs"], &state["telling"]["playing"]), (&12.5.into(), &true.into()));
    leader.ask("pause");
    late.ear.until(4);
    service.pass_ms(60_000);
    let later = Device::joins(&service.learner(1), &leader.code).expect("signed in or not");
    assert_eq!(later.ear.next().1["telling"]["at_secs"], 12.5, "held, it comes no further");
    leader.ask("resume");
    assert_eq!(later.ear.until(5).1["telling"]["at_secs"], 12.5);
}

#[test]
fn the_thirty_first_is_told_that_there_is_no_room_and_comes_in_when_somebody_goes() {
    let service = Service::with_demo();
    let leader = Leader::begun(service.trainer());
    let mut devices = hall(&[service.stranger()], &leader.code);
    let more = Uuid::now_v7();
    let refused = service.stranger().get(&format!("/v1/led/{}?as={more}", leader.code));
    assert_eq!((refused.status, refused.header("retry-after")), (409, Some("5")));
    assert!(refused.json()["detail"].as_str().is_some_and(|said| said.contains("30")), "{}", refused.text());
    assert_eq!(full(&service.stranger(), &leader.code), 409);
    // Whoever follows already comes back at any time, and takes the place of nobody but their own earlier connection.
    let first = devices.remove(0);
    let again = Device::comes_back(&first.client, &leader.code, first.id, None).expect("it is theirs");
    assert!(first.ear.has_ended(), "one connection each");
    assert_eq!(full(&service.stranger(), &leader.code), 409);
    drop(again);
    let late = std::iter::repeat_with(|| Device::joins(&service.stranger(), &leader.code)).flatten().next();
    assert!(late.is_some());
}

#[test]
fn whoever_leads_sees_who_follows_and_how_far_they_are() {
    let service = Service::with_demo();
    let leader = Leader::begun(service.trainer());
    let overseen = leader.hears();
    let counts = |here: usize, reached: usize| loop {
        let (_, state) = overseen.next();
        if state["here"] == here && state["reached"] == reached {
            return state;
        }
    };
    counts(0, 0);
    let devices: Vec<Device> =
        (0..3).map(|_| Device::joins(&service.stranger(), &leader.code).expect("there is room")).collect();
    counts(3, 0);
    confirm(&devices, 0);
    counts(3, 3);
    leader.ask("go well");
    let state = counts(3, 0);
    assert_eq!(state["going"]["station"], "well");
    confirm(&devices[..2], 1);
    counts(3, 2);
    let page = leader.client.get(&leader.at).text();
    assert!(page.contains("3 台在跟随，2 台已到最新一步"), "{page}");
    drop(devices);
    counts(0, 0);
    // Nobody follows any more by a connection whose end was never told, either: it gives no sign of life.
    let visit = Uuid::parse_str(leader.at.rsplit('/').next().expect("an id")).expect("an id");
    let lost = checkpoint::store::Follower { visit, id: visit, stream: visit, revision: 1 };
    let now_ms = service.app.now_ms();
    assert!(service.runtime.block_on(service.app.store.follow_led(lost, now_ms)).expect("kept"));
    counts(1, 1);
    service.pass_ms(checkpoint::store::led::AWAY_MS + 1);
    counts(0, 0);
}

#[test]
fn a_visit_ends_by_itself_and_is_forgotten_after_a_day() {
    let service = Service::with_demo();
    let leader = Leader::begun(service.trainer());
    let device = Device::joins(&service.stranger(), &leader.code).expect("there is room");
    device.ear.until(0);
    service.pass_ms(checkpoint::store::led::LED_MS);
    let (_, state) = device.ear.next();
    assert_eq!((state["finished"].as_bool(), state["revision"].as_u64()), (Some(true), Some(0)));
    assert!(device.ear.has_ended());
    leader.ask("go gate");
    let late = Device::joins(&service.stranger(), &leader.code).expect("it is said to be over");
    let (_, state) = late.ear.next();
    assert!(state["finished"] == true && state["going"] == Value::Null, "nothing comes after the end: {state}");
    assert!(leader.client.get(&leader.at).text().contains("已结束"));
    // Another may be led now, and the first is forgotten once it is long over.
    let next = Leader::begun(service.trainer());
    assert_ne!(next.code, leader.code);
    assert_eq!(service.stranger().get(&format!("/v1/led/{}", leader.code)).status, 200);
    service.pass_ms(checkpoint::store::led::REMEMBERED_MS);
    let third = Leader::begun(service.trainer());
    assert_ne!(third.code, next.code);
    assert_eq!(service.stranger().get(&format!("/v1/led/{}", leader.code)).status, 404);
}
