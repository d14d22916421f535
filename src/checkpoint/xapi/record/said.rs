//! What each kind of entry says as a statement.

use super::activity::{category, choice_id};
use super::{ANSWERED, COMPLETED, CONFIRM, DENY, EVALUATED, Record, own, registration, verb, voided};
use crate::store::{Entry, Kind};
use crate::walk::{Appeal, Attestation, Decision, Graded, Recheck, SiteAnswer, Vouching};
use heritage::{Proof, Route, Site};
use protocol::event::{Event, EventKind, Heard};
use serde_json::{Value, json};

/// Names the observer of a visit (Tin Can registry).
pub const OBSERVER: &str = "http://id.tincanapi.com/extension/observer";

/// Where an entry lies: its site, and the route that it is of.
pub(super) struct Place<'a> {
    pub record: &'a Record<'a>,
    pub entry: &'a Entry,
    pub site: &'a Site,
    pub route: &'a Route,
}

/// What an entry says, without what all statements have.
pub fn said(record: &Record<'_>, entry: &Entry, log: &[Entry]) -> Option<Value> {
    let said = &entry.said;
    let site = record.courses.site(said.site.as_ref()?)?;
    let holds = |route: &&Route| match (&said.route, &said.station) {
        (Some(named), _) => route.id == *named,
        (None, Some(station)) => route.stations.contains(station),
        (None, None) => true,
    };
    let route = site.routes.iter().find(holds)?;
    let at = Place { record, entry, site, route };
    match said.kind {
        Kind::Completed | Kind::Answered => at.device(),
        Kind::Confirmed => at.decided(&verb(CONFIRM, "确认了", "confirmed"), log),
        Kind::Returned => at.decided(&verb(DENY, "退回了", "returned"), log),
        Kind::Reopened => at.reopened(log),
        Kind::Attested => at.attested(),
        Kind::Vouched => at.vouched(log),
        Kind::Appealed => at.appealed(log),
        Kind::Rechecked => at.rechecked(log),
        Kind::Assessed => at.assessed(log),
        Kind::AnsweredThere => at.answered_there(),
        Kind::Reflected => Some(at.reflected()),
        Kind::Rated => at.rated(log),
        Kind::FollowedUp => Some(at.followed_up()),
        // What is no learning; and what those say who were drawn, of whom nobody is told who they are.
        Kind::ClockRead
        | Kind::PinRenewed
        | Kind::CodeRenewed
        | Kind::Erased
        | Kind::ReportClosed
        | Kind::Drafted
        | Kind::PeerChecked
        | Kind::Seconded
        | Kind::ListingChosen => None,
    }
}

impl Place<'_> {
    pub fn learner(&self) -> Value {
        self.record.agent(&self.entry.said.subject.to_string())
    }

    pub fn author(&self) -> Value {
        self.record.agent(&self.entry.said.author.to_string())
    }

    /// What surrounds it: the walk, the route and the site.
    pub fn context(&self) -> Value {
        let course = format!("{}.{}", self.site.id, self.route.id);
        json!({
            "registration": registration(self.entry.said.subject, &course),
            "contextActivities": {
                "parent": [self.record.route(self.site, self.route)], "grouping": [self.record.site(self.site)],
                "category": [category()],
            },
            "extensions": {
                own("captured-at"): self.entry.said.captured_at_ms, own("received-at"): self.entry.said.received_at_ms,
            },
        })
    }

    /// What a trainer says of a walk.
    pub fn overseen(&self) -> Value {
        let mut context = self.context();
        context["instructor"] = self.author();
        context["extensions"][OBSERVER] = self.author();
        context
    }

    fn device(&self) -> Option<Value> {
        let event: Event = serde_json::from_str(&self.entry.said.body).ok()?;
        let mut context = self.context();
        context["platform"] = json!("Retrace");
        match &event.kind {
            EventKind::Completed { station, way, lang, heard, read_secs, dwell_secs, proof, further, .. } => {
                context["language"] = json!(lang.tag());
                let evidence: Vec<Value> = std::iter::once(proof).chain(further).map(evidence).collect();
                let extensions = context["extensions"].as_object_mut()?;
                extensions.insert(own("evidence"), Value::Array(evidence));
                extensions.insert(own("way"), json!(way));
                extensions.insert(own("heard"), heard.iter().map(heard_secs).collect());
                extensions.insert(own("read-seconds"), json!(read_secs));
                Some(json!({
                    "actor": self.learner(), "verb": verb(COMPLETED, "完成了", "completed"),
                    "object": self.record.station(self.site, self.site.station(station)?),
                    "result": { "completion": true, "duration": format!("PT{:.2}S", dwell_secs.max(0.0)) },
                    "context": context,
                }))
            }
            EventKind::Answered { station, choice, .. } => {
                let mut result = json!({ "response": choice_id(usize::from(*choice)) });
                if let Some(grade) = self.record.courses.grade(&self.site.id, station, *choice) {
                    result["success"] = json!(grade.right);
                }
                Some(json!({
                    "actor": self.learner(), "verb": verb(ANSWERED, "回答了", "answered"),
                    "object": self.record.question(self.site, self.site.station(station)?),
                    "result": result, "context": context,
                }))
            }
        }
    }

    /// Whether the question that only the place answers was answered rightly; the answer stays here.
    fn answered_there(&self) -> Option<Value> {
        let station = self.entry.said.station.as_ref()?;
        let SiteAnswer { answer } = serde_json::from_str(&self.entry.said.body).ok()?;
        let mut said = json!({
            "actor": self.learner(), "verb": verb(ANSWERED, "回答了", "answered"),
            "object": self.record.on_site(self.site, self.site.station(station)?), "context": self.context(),
        });
        if let Some(asked) = self.record.courses.on_site(&self.site.id, station) {
            said["result"] = json!({ "success": asked.is_right(&answer) });
        }
        Some(said)
    }

    fn decided(&self, verb: &Value, log: &[Entry]) -> Option<Value> {
        let decision: Decision = serde_json::from_str(&self.entry.said.body).ok()?;
        let seen = |entry: &&Entry| {
            entry.said.kind == Kind::Completed
                && entry.said.route.as_ref() == Some(&self.route.id)
                && entry.seq <= decision.seen_seq
        };
        let last = log.iter().filter(seen).max_by_key(|entry| entry.seq);
        // A walk that a trainer attested throughout has no completion of the learner's own.
        let object = last.map_or_else(|| self.record.route(self.site, self.route), reference);
        let body: Value = serde_json::from_str(&self.entry.said.body).ok()?;
        let mut extensions = json!({ own("rule"): decision.rule_version });
        if let Some(tenths) = body["hours"].as_f64() {
            extensions[own("hours")] = json!(tenths / 10.0);
        }
        if let Some(graded) = decision.presence {
            extensions[own("presence")] = json!(graded);
        }
        let mut result = json!({ "extensions": extensions });
        if !decision.note.is_empty() {
            result["response"] = json!(decision.note);
        }
        Some(json!({
            "actor": self.author(), "verb": verb, "object": object, "result": result, "context": self.overseen(),
        }))
    }

    /// The latest confirmation of the walk before a place.
    fn confirmation<'b>(&self, log: &'b [Entry], before: i64) -> Option<&'b Entry> {
        let own = |entry: &&Entry| {
            entry.said.kind == Kind::Confirmed
                && entry.said.route.as_ref() == Some(&self.route.id)
                && entry.seq < before
        };
        log.iter().filter(own).max_by_key(|entry| entry.seq)
    }

    fn reopened(&self, log: &[Entry]) -> Option<Value> {
        let decision: Decision = serde_json::from_str(&self.entry.said.body).ok()?;
        let confirmed = self.confirmation(log, self.entry.seq)?;
        Some(json!({
            "actor": self.author(), "verb": voided(), "object": reference(confirmed),
            "result": { "response": decision.note }, "context": self.overseen(),
        }))
    }

    /// The learner completed it, a trainer says: a statement within a statement.
    fn attested(&self) -> Option<Value> {
        let Attestation { basis, stations, reason } = serde_json::from_str(&self.entry.said.body).ok()?;
        let object = match stations.as_slice() {
            [one] => self.record.station(self.site, self.site.station(one)?),
            _ => self.record.route(self.site, self.route),
        };
        let mut context = self.overseen();
        context["extensions"][own("stations")] = json!(stations);
        context["extensions"][own("basis")] = json!(basis);
        let told = json!({
            "objectType": "SubStatement", "actor": self.learner(), "verb": verb(COMPLETED, "完成了", "completed"),
            "object": object,
        });
        Some(json!({
            "actor": self.author(), "verb": verb(&own("attested"), "证明", "attested"), "object": told,
            "result": { "response": reason }, "context": context,
        }))
    }

    /// A companion says that the learner was there when it was completed.
    fn vouched(&self, log: &[Entry]) -> Option<Value> {
        let Vouching { stations } = serde_json::from_str(&self.entry.said.body).ok()?;
        let of = log.iter().find(|entry| stations.iter().any(|stood| stood.of == entry.said.id))?;
        let named: Vec<_> = stations.iter().map(|stood| &stood.station).collect();
        let mut context = self.context();
        context["extensions"][OBSERVER] = self.author();
        context["extensions"][own("stations")] = json!(named);
        Some(json!({
            "actor": self.author(), "verb": verb(&own("vouched"), "同行证明", "vouched for"),
            "object": reference(of), "context": context,
        }))
    }

    fn appealed(&self, log: &[Entry]) -> Option<Value> {
        let Appeal { against_seq, .. } = serde_json::from_str(&self.entry.said.body).ok()?;
        let against = log.iter().find(|entry| entry.seq == against_seq)?;
        Some(json!({
            "actor": self.learner(), "verb": verb(&own("appealed"), "申诉", "appealed"),
            "object": reference(against), "context": self.context(),
        }))
    }

    fn rechecked(&self, log: &[Entry]) -> Option<Value> {
        let Recheck { agrees, note, of_seq, .. } = serde_json::from_str(&self.entry.said.body).ok()?;
        let of = log.iter().find(|entry| entry.seq == of_seq)?;
        let mut result = json!({ "success": agrees });
        if !note.is_empty() {
            result["response"] = json!(note);
        }
        Some(json!({
            "actor": self.author(), "verb": verb(EVALUATED, "复核了", "evaluated"), "object": reference(of),
            "result": result, "context": self.overseen(),
        }))
    }

    fn assessed(&self, log: &[Entry]) -> Option<Value> {
        let graded: Graded = serde_json::from_str(&self.entry.said.body).ok()?;
        let confirmed = self.confirmation(log, self.entry.seq)?;
        Some(json!({
            "actor": self.record.service(), "verb": verb(&own("graded"), "重新评级", "graded anew"),
            "object": reference(confirmed), "result": { "extensions": { own("presence"): graded } },
            "context": self.context(),
        }))
    }
}

pub(super) fn reference(entry: &Entry) -> Value {
    json!({ "objectType": "StatementRef", "id": entry.said.id })
}

fn heard_secs(heard: &Heard) -> Value {
    let secs: f64 = heard.ranges.iter().map(|[from, to]| to - from).sum();
    json!({ "point": heard.point, "seconds": secs })
}

/// How presence was shown: by which method, and of a position how good it was. Codes, tags and answers stay here.
fn evidence(proof: &Proof) -> Value {
    let method = serde_json::to_value(proof).map(|proof| proof["method"].clone()).unwrap_or_default();
    let mut told = json!({ "method": method });
    if let Proof::Fix { accuracy_m, dwell_secs, fixes, datum, .. } = proof {
        told["accuracy_m"] = json!(accuracy_m);
        told["dwell_s"] = json!(dwell_secs);
        told["fixes"] = json!(fixes);
        told["datum"] = json!(datum);
    }
    told
}
