//! A walk as it stands: derived from the log alone, so that it can be worked out again at any time.

mod appeal;
mod attest;
mod chain;
mod clocks;
mod decision;
mod on_site;
mod reassess;
mod rebuild;
mod recheck;
mod record;
mod summary;
mod vouch;

pub use appeal::{Appeal, Appealed, appeal, may_answer};
pub use attest::{Attestation, Basis, attest};
pub use clocks::{Reading, reading};
pub use decision::{Became, Decision, Graded, MOST_NOTE, Seen, decide};
pub use on_site::{Answered, AskedThere, MOST_ANSWER, SiteAnswer, answer_there};
pub use reassess::{Reassessed, reassess};
pub use rebuild::{Rebuilt, rebuild};
pub use recheck::{Recheck, Rechecked, Share, recheck};
pub use record::{Attested, StationFinding};
pub use summary::{Summaries, Summary};
pub use vouch::{MOST_A_DAY, MOST_FOR_ONE, Stood, Together, Vouched, Vouching, nowhere, together, vouch};

use crate::clock::year_in_china;
use crate::courses::Courses;
use crate::secrets::Secrets;
use crate::store::{Entry, Kind};
use heritage::credit::{Delivery, Flag, Presence, assess_walk, burst, grade_walk, passage_flags};
use heritage::geofence::Stop;
use heritage::{Hours, Route, Site, SiteId, StationRecord, Verdict, Way};
use protocol::api::{AppealState, Progress, StationProgress, WalkProgress, WalkState};
use protocol::event::{Event, EventKind};
use uuid::Uuid;

/// One person's passage of one route.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Whose.
    pub person: Uuid,
    /// Where.
    pub site: SiteId,
    /// Which route, with its rule.
    pub route: Route,
    /// How far it has come.
    pub state: WalkState,
    /// What it earns, or has earned.
    pub hours: Hours,
    /// What was last decided, if anything.
    pub decided: Option<Decided>,
    /// Every station of the route, in order.
    pub stations: Vec<StationFinding>,
    /// The verdict on the whole.
    pub verdict: Verdict,
    /// What a trainer should look at twice in the walk as a whole; each station has its own besides.
    pub flags: Vec<Flag>,
    /// How well presence is shown, and why.
    pub presence: Presence,
    /// How the confirmation that stands was last graded, if it was.
    pub recorded: Option<Graded>,
    /// What the learner says against a decision, if anything.
    pub appeal: Option<Appealed>,
    /// What other trainers found who looked at the confirmation that stands, the latest last.
    pub rechecks: Vec<Rechecked>,
    /// Where this person's log at this site ends: a decision made on sight of this walk names it.
    pub last_seq: i64,
    /// When the last record came in, milliseconds since 1970 UTC; `None` while nothing has.
    pub last_received_ms: Option<i64>,
}

/// The latest decision on a walk.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The entry.
    pub id: Uuid,
    /// Confirmed, returned or reopened.
    pub kind: Kind,
    /// By whom.
    pub by: Uuid,
    /// When, by the service's clock.
    pub at_ms: i64,
    /// Place in the log.
    pub seq: i64,
    /// What was decided.
    pub decision: Decision,
}

/// A device's event with what the log knows of it.
struct Heard<'a> {
    entry: &'a Entry,
    event: Event,
    /// How far the device's clock was behind when it sent, seconds; `None` where it was near enough, or did not say.
    skew_secs: Option<f64>,
}

impl Walk {
    /// Flags of the walk and of its stations, in this order.
    pub fn all_flags(&self) -> impl Iterator<Item = &Flag> {
        self.flags.iter().chain(self.stations.iter().flat_map(|found| &found.flags))
    }

    /// A trainer has confirmed it, and nobody has taken that back.
    pub fn is_confirmed(&self) -> bool {
        self.state == WalkState::Confirmed
    }

    /// An appeal waits for somebody's decision.
    pub fn is_appealed(&self) -> bool {
        self.appeal.as_ref().is_some_and(|appeal| !appeal.is_answered)
    }

    /// A decision went against the learner, who has not appealed yet.
    pub fn may_appeal(&self) -> bool {
        let is_against = |decided: &Decided| matches!(decided.kind, Kind::Returned | Kind::Reopened);
        self.appeal.is_none() && self.decided.as_ref().is_some_and(is_against)
    }
}

/// Every walk that one person has begun, by site and route.
pub fn walks_of(courses: &Courses, secrets: &Secrets, person: Uuid, log: &[Entry]) -> Vec<Walk> {
    let mut walks = Vec::new();
    for site in courses.sites() {
        let begun = site.routes.iter().map(|route| walk(courses, secrets, person, (site, route), log));
        walks.extend(begun.filter(|walk| walk.last_received_ms.is_some()));
    }
    walks
}

/// One person's walk on one route of a site, begun or not.
pub fn walk(courses: &Courses, secrets: &Secrets, person: Uuid, (site, route): (&Site, &Route), log: &[Entry]) -> Walk {
    let log: Vec<&Entry> =
        log.iter().filter(|entry| entry.said.subject == person && entry.said.site.as_ref() == Some(&site.id)).collect();
    let clocks = clocks::readings(&log);
    let heard: Vec<Heard<'_>> = log.iter().filter_map(|entry| heard(entry, route, &clocks)).collect();
    let attested: Vec<Attested> = log.iter().flat_map(|entry| attest::read(entry, route)).collect();
    let vouched: Vec<Vouched> = log.iter().flat_map(|entry| vouch::read(entry, route)).collect();
    let answered: Vec<Answered> = log.iter().filter_map(|entry| on_site::read(entry, route)).collect();
    let own = |entry: &&&Entry| {
        heard.iter().any(|heard| heard.entry.seq == entry.seq)
            || attested.iter().any(|each| each.seq == entry.seq)
            || vouched.iter().any(|each| each.seq == entry.seq)
            || answered.iter().any(|each| each.seq == entry.seq)
    };
    let said = record::Said { heard: &heard, attested: &attested, vouched: &vouched, answered: &answered };
    let stops: Vec<Stop> = heard.iter().filter_map(|heard| stop(site, &heard.event)).collect();
    let last = log.iter().filter(own).max_by_key(|entry| entry.seq);
    let stations: Vec<StationFinding> = route
        .stations
        .iter()
        .filter_map(|id| Some(record::find(courses, secrets, (site, &route.rule), site.station(id)?, &said)))
        .collect();
    let records: Vec<StationRecord> = stations.iter().map(|finding| finding.record.clone()).collect();
    let verdict = assess_walk(&route.rule, route, &records);
    let decided = log.iter().filter_map(|entry| decided(entry, route)).max_by_key(|decided| decided.seq);
    let came_since = |seq: i64| last.is_some_and(|last| last.seq > seq);
    let appeal = appeal::read(&log, route, decided.as_ref());
    let is_appealed = appeal.as_ref().is_some_and(|appeal| !appeal.is_answered);
    let state = match &decided {
        Some(Decided { kind: Kind::Confirmed, .. }) => WalkState::Confirmed,
        Some(Decided { kind: Kind::Returned, seq, .. }) if !came_since(*seq) && !is_appealed => WalkState::Returned,
        _ if verdict.met => WalkState::Waiting,
        _ => WalkState::Underway,
    };
    let hours = match (&decided, state) {
        (Some(decided), WalkState::Confirmed) => decided.decision.hours,
        _ => route.rule.hours(),
    };
    let mut flags = passage_flags(route, &stops);
    flags.extend(burst(&deliveries(&heard)));
    flags.extend(chain::broken(&log));
    let graded: Vec<Presence> = stations.iter().map(|found| found.presence.clone()).collect();
    Walk {
        person,
        site: site.id.clone(),
        route: route.clone(),
        state,
        hours,
        stations,
        verdict,
        presence: grade_walk(&graded, &flags),
        flags,
        appeal,
        recorded: reassess::read(&log, route, decided.as_ref()),
        rechecks: recheck::read(&log, route, decided.as_ref()),
        last_seq: log.iter().map(|entry| entry.seq).max().unwrap_or_default(),
        last_received_ms: last.map(|last| last.said.received_at_ms),
        decided,
    }
}

/// When each completion was captured and received.
fn deliveries(heard: &[Heard<'_>]) -> Vec<Delivery> {
    let completed = heard.iter().filter(|heard| matches!(heard.event.kind, EventKind::Completed { .. }));
    let delivery = |heard: &Heard<'_>| Delivery {
        captured_at_ms: heard.event.captured_at_ms,
        received_at_ms: heard.entry.said.received_at_ms,
    };
    completed.map(delivery).collect()
}

fn heard<'a>(entry: &'a Entry, on: &Route, clocks: &[clocks::Read]) -> Option<Heard<'a>> {
    let event = heard_at(entry, on)?;
    let skew_secs = clocks::skew_secs(clocks, event.device, entry.said.received_at_ms);
    Some(Heard { entry, event, skew_secs })
}

/// The device's event that an entry is, if it belongs to a route.
fn heard_at(entry: &Entry, on: &Route) -> Option<Event> {
    // What a later version wrote and this one cannot read is left out rather than guessed at.
    let event: Event = serde_json::from_str(&entry.said.body).ok()?;
    let belongs = match &event.kind {
        EventKind::Completed { route, station, .. } => *route == on.id && on.stations.contains(station),
        EventKind::Answered { station, .. } => on.stations.contains(station),
    };
    belongs.then_some(event)
}

/// Where and when a station was completed on the ground, if that is what the event says.
fn stop(site: &Site, event: &Event) -> Option<Stop> {
    let EventKind::Completed { station, way: Way::Foot, .. } = &event.kind else { return None };
    let position = site.station(station)?.position;
    Some(Stop { station: station.clone(), position, at_ms: event.captured_at_ms })
}

fn decided(entry: &Entry, on: &Route) -> Option<Decided> {
    let said = &entry.said;
    if !matches!(said.kind, Kind::Confirmed | Kind::Returned | Kind::Reopened) || said.route.as_ref() != Some(&on.id) {
        return None;
    }
    let decision = serde_json::from_str(&said.body).ok()?;
    Some(Decided {
        id: said.id,
        kind: said.kind,
        by: said.author,
        at_ms: said.received_at_ms,
        seq: entry.seq,
        decision,
    })
}

/// What a learner is shown of their walks.
pub fn progress(walks: &[Walk], now_ms: i64, target: Hours) -> Progress {
    let year = year_in_china(now_ms);
    let this_year = |walk: &&Walk| {
        let at_ms = walk.decided.as_ref().map(|decided| decided.at_ms);
        walk.state == WalkState::Confirmed && at_ms.is_some_and(|at_ms| year_in_china(at_ms) == year)
    };
    let confirmed = walks.iter().filter(this_year).map(|walk| walk.hours).sum();
    Progress { confirmed, target, walks: walks.iter().map(shown).collect() }
}

/// What a learner is shown of one walk.
pub fn shown(walk: &Walk) -> WalkProgress {
    let note = walk.decided.as_ref().map(|decided| decided.decision.note.clone()).filter(|note| !note.is_empty());
    let station = |finding: &StationFinding| StationProgress {
        station: finding.record.station.clone(),
        met: finding.verdict.met,
        reasons: finding.verdict.reasons.clone(),
        recall: finding.record.recall,
    };
    WalkProgress {
        site: walk.site.clone(),
        route: walk.route.id.clone(),
        state: walk.state,
        hours: walk.hours,
        note,
        appeal: match &walk.appeal {
            Some(appeal) if appeal.is_answered => Some(AppealState::Answered),
            Some(_) => Some(AppealState::Open),
            None => walk.may_appeal().then_some(AppealState::Possible),
        },
        stations: walk.stations.iter().map(station).collect(),
    }
}
