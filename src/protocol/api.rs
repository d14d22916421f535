//! Bodies of the checkpoint API, JSON over HTTP. Faults come as RFC 9457 `application/problem+json`.

use crate::event::{Event, Grade, Receipt};
use heritage::{Bilingual, Hours, Question, Reason, Route, RouteId, SiteId, StationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /v1/session`. The answer sets the cookie `retrace` (`HttpOnly`, `SameSite=Strict`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignIn {
    /// Invitation code; case and hyphens do not matter.
    pub code: String,
    /// Six digits. The first sign-in with a fresh code sets it.
    pub pin: String,
}

/// What a signed-in person is to the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 学员.
    Learner,
    /// 带训人: confirms walks.
    Trainer,
    /// 导师: reads walks.
    Mentor,
    /// 审计员: reads everything of the unit and changes nothing of it.
    Auditor,
    /// 管理员: keeps the unit's people.
    Admin,
}

impl Role {
    /// All roles, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Learner, Self::Trainer, Self::Mentor, Self::Auditor, Self::Admin];
}

/// Answer of `POST /v1/session` and of `GET /v1/session`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Stable random id of the person.
    pub person: Uuid,
    /// As entered by the unit.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Name of the unit.
    pub unit: String,
}

/// `POST /v1/events`: 1 to 500 items. An item that cannot be read is rejected alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// In any order.
    pub events: Vec<Event>,
    /// The device's clock when the batch was sent, milliseconds since 1970 UTC; by it the service tells a wrong clock from a
    /// late delivery. Absent from older pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at_ms: Option<i64>,
}

/// Answer of `POST /v1/events`: one receipt per item, in the order sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipts {
    /// In the order sent.
    pub receipts: Vec<Receipt>,
}

/// `POST /v1/quizzes/{site}.{station}/attempts`: the body is an [`Event`] whose kind is `answered`; this is the answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// What became of the event.
    pub receipt: Receipt,
    /// How the answer was judged.
    pub grade: Grade,
}

/// `GET /v1/me/progress`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Credit confirmed in this calendar year.
    pub confirmed: Hours,
    /// What the year asks for.
    pub target: Hours,
    /// One per route that has been begun.
    pub walks: Vec<WalkProgress>,
}

/// One learner's passage of one route, as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WalkProgress {
    /// Where.
    pub site: SiteId,
    /// Which route.
    pub route: RouteId,
    /// How far it has come.
    pub state: WalkState,
    /// What it earns when confirmed.
    pub hours: Hours,
    /// What the trainer wrote, if anything.
    pub note: Option<String>,
    /// Whether the learner may have another trainer look at a decision, or has; `None` where there is nothing to appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealState>,
    /// Every station of the route.
    pub stations: Vec<StationProgress>,
}

/// `POST /v1/walks/{site}.{route}/appeal`: once for each walk, against its return or the taking back of its confirmation. The
/// answer is the [`WalkProgress`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// `UUIDv7` made by the page; the same id always means the same appeal.
    pub id: Uuid,
    /// Why, in the learner's words: 1 to 500 characters.
    pub reason: String,
}

/// How an appeal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppealState {
    /// There may be one.
    Possible,
    /// Another trainer looks at it next.
    Open,
    /// Somebody has decided on it.
    Answered,
}

/// How far a walk has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WalkState {
    /// Stations are still open.
    Underway,
    /// Every requirement is met; a trainer looks at it next.
    Waiting,
    /// A trainer has confirmed it; the credit counts.
    Confirmed,
    /// A trainer has returned it with a reason; new events bring it back to waiting.
    Returned,
}

/// One station of a walk, as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationProgress {
    /// Which station.
    pub station: StationId,
    /// Every requirement is met.
    pub met: bool,
    /// Requirement by requirement.
    pub reasons: Vec<Reason>,
    /// Whether the recall question was answered rightly, if answered.
    pub recall: Option<bool>,
}

/// `GET /v1/events/{id}/proof`: what proves that the log holds an entry. Binary values are base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventProof {
    /// Which entry.
    pub id: Uuid,
    /// Place in the log.
    pub seq: i64,
    /// Which leaf of the tree, from 0.
    pub place: u64,
    /// By which version of the rules `entry` was written.
    pub version: i64,
    /// The 32 bytes that hide the entry in its leaf.
    pub salt: String,
    /// The canonical bytes. The leaf's hash is SHA-256 over a zero byte, the salt and these.
    pub entry: String,
    /// Audit path of RFC 6962, from the leaf upwards.
    pub path: Vec<String>,
    /// The signed checkpoint whose root the path leads to.
    pub checkpoint: String,
    /// The public key that signed it.
    pub key: String,
}

/// `GET /v1/log/consistency/{from}`: what proves that the log begins with the `from` entries of an earlier checkpoint, in
/// their order. Binary values are base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsistencyProof {
    /// Entries of the earlier checkpoint.
    pub from: u64,
    /// Hashes of RFC 6962, section 2.1.2. Empty where nothing has come since, or nothing was there.
    pub path: Vec<String>,
    /// The signed checkpoint of today.
    pub checkpoint: String,
    /// The public key that signed it.
    pub key: String,
}

/// `GET /v1/courses/{site}.{route}`: what can be learned, without answer keys. Its entity tag changes with its content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Where.
    pub site: SiteId,
    /// What the site is called.
    pub title: Bilingual,
    /// Stations in order, and the rule with its version.
    pub route: Route,
    /// The recall question of each station, in the route's order.
    pub questions: Vec<Question>,
}

/// RFC 9457 problem details. Title and detail come in the language of `Accept-Language`, Chinese by default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Address of a page that explains this kind of problem, relative to the service.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short, the same for every problem of this kind.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened, what is safe, what to do.
    pub detail: String,
    /// The detail in both languages: an extension member, for pages that have a language of their own.
    pub words: Bilingual,
}
