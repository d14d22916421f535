//! Bodies of the checkpoint API, as far as the lobby uses them.

use super::{FromJson, ToJson, field};
use crate::json::{Value, map, text};
use crate::wire::{record, words};
use heritage::{Bilingual, Reason, Requirement};
use protocol::api::{AppealState, Progress, Receipts, Role, Session, SignIn, StationProgress, WalkProgress, WalkState};
use protocol::event::{Grade, Outcome, Receipt};

words!(Role {
    "learner" => Learner,
    "trainer" => Trainer,
    "mentor" => Mentor,
    "auditor" => Auditor,
    "admin" => Admin,
});
words!(WalkState { "underway" => Underway, "waiting" => Waiting, "confirmed" => Confirmed, "returned" => Returned });
words!(Requirement {
    "attended" => Attended,
    "recall" => Recall,
    "dwell" => Dwell,
    "completed" => Completed,
    "stations" => Stations,
});
record!(Session { person, name, role, unit });
record!(Progress { confirmed, target, walks });
words!(AppealState { "possible" => Possible, "open" => Open, "answered" => Answered });
record!(WalkProgress { site, route, state, hours, note, appeal, stations });
record!(StationProgress { station, met, reasons, recall });
record!(Reason { requirement, met, text });
record!(Grade { right, explanation, source });
record!(Receipts { receipts });

impl ToJson for Grade {
    fn to_json(&self) -> Value {
        map(vec![
            ("right", Value::Flag(self.right)),
            ("explanation", self.explanation.to_json()),
            ("source", self.source.to_json()),
        ])
    }
}

impl FromJson for Receipt {
    fn from_json(value: &Value) -> Option<Self> {
        let outcome = match value.get("result").text()? {
            "stored" => Outcome::Stored { seq: field(value, "seq")?, grade: field(value, "grade")? },
            "duplicate" => Outcome::Duplicate { seq: field(value, "seq")?, grade: field(value, "grade")? },
            "conflict" => Outcome::Conflict { reason: field(value, "reason")? },
            "rejected" => Outcome::Rejected { code: field(value, "code")?, reason: field(value, "reason")? },
            _ => return None,
        };
        Some(Self { id: field(value, "id")?, outcome })
    }
}

/// The answer to an attempt, [`protocol::api::Attempt`].
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// What became of the event.
    pub receipt: Receipt,
    /// How the answer was judged.
    pub grade: Grade,
}

record!(Answered { receipt, grade });

/// What the lobby reads of a problem report, [`protocol::api::Problem`].
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// What happened, what is safe, what to do.
    pub words: Bilingual,
}

record!(Refusal { words });

/// The body of a sign-in.
pub fn sign_in(asked: &SignIn) -> Value {
    map(vec![("code", text(&asked.code)), ("pin", text(&asked.pin))])
}
