//! The credential of one confirmed walk, in the data model of Open Badges 3.0.

use super::{Issuer, PLACES};
use crate::clock::{written_in_china, written_in_utc};
use crate::store::Person;
use crate::walk::Walk;
use heritage::{Bilingual, Hours, Site};
use serde_json::{Value, json};
use uuid::Uuid;

const CONTEXTS: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];

const DESCRIPTION: &str = "遗址走访课程 | A course walked at a heritage site";

/// Credit that was conferred: what a credential says, and a certificate prints.
#[derive(Clone, Debug)]
pub struct Conferred {
    /// The entry that confirms the walk; the credential bears its id.
    pub id: Uuid,
    /// That entry's place in the log.
    pub seq: i64,
    /// Who earned it.
    pub name: String,
    /// The unit that conferred it, and its name.
    pub unit: (Uuid, String),
    /// `site.route`.
    pub course: String,
    /// Site and route, in words.
    pub title: Bilingual,
    /// Stations of the route.
    pub stations: usize,
    /// What it is worth.
    pub hours: Hours,
    /// Version of the rule that was applied.
    pub rule_version: u32,
    /// How well presence was shown, `E0` to `E4`, and what that means; older confirmations say nothing of it.
    pub presence: Option<(&'static str, Bilingual)>,
    /// When, by the service's clock.
    pub at_ms: i64,
}

impl Conferred {
    /// What a walk has earned; `None` while nobody has confirmed it, or once that was taken back.
    pub fn of(person: &Person, site: &Site, walk: &Walk) -> Option<Self> {
        let decided = walk.decided.as_ref().filter(|_| walk.is_confirmed())?;
        let title = Bilingual {
            zh: format!("{} · {}", site.title.zh, walk.route.title.zh),
            en: format!("{} · {}", site.title.en, walk.route.title.en),
        };
        let graded = walk.recorded.or(decided.decision.presence);
        Some(Self {
            id: decided.id,
            seq: decided.seq,
            name: person.name.clone(),
            unit: (person.unit, person.unit_name.clone()),
            course: format!("{}.{}", walk.site, walk.route.id),
            title,
            stations: walk.route.stations.len(),
            hours: decided.decision.hours,
            rule_version: decided.decision.rule_version,
            presence: graded.map(|graded| (graded.level.code(), graded.level.label())),
            at_ms: decided.at_ms,
        })
    }

    /// The day on which it was conferred, by China's calendar.
    pub fn day(&self) -> String {
        written_in_china(self.at_ms).chars().take(10).collect()
    }

    /// What had to be done for it.
    pub fn criteria(&self) -> Bilingual {
        let (stations, rule) = (self.stations, self.rule_version);
        Bilingual {
            zh: format!("按规则第 {rule} 版完成全部 {stations} 站，并经带训人确认"),
            en: format!("All {stations} stations completed by version {rule} of the rule, and confirmed by a trainer"),
        }
    }

    /// The credential, signed.
    pub fn credential(&self, issuer: &Issuer) -> String {
        issuer.sign(&self.document(issuer))
    }

    fn document(&self, issuer: &Issuer) -> Value {
        let (from, id) = (written_in_utc(self.at_ms), format!("urn:uuid:{}", self.id));
        let both = |text: &Bilingual| format!("{} | {}", text.zh, text.en);
        let title = both(&self.title);
        let (list, place) = (self.seq / PLACES, self.seq % PLACES);
        let list = issuer.at(&format!("/v1/credentials/status/{list}"));
        let mut subject = json!({
            "type": ["AchievementSubject"],
            "identifier": [issuer.hashed_name(self.id, &self.name)],
            "creditsEarned": f64::from(self.hours.tenths) / 10.0,
            "source": { "id": format!("urn:uuid:{}", self.unit.0), "type": ["Profile"], "name": self.unit.1 },
            "achievement": {
                "id": issuer.at(&format!("/v1/courses/{}", self.course)),
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": title,
                "description": DESCRIPTION,
                "criteria": { "narrative": both(&self.criteria()) },
            },
        });
        if let Some((code, label)) = &self.presence {
            subject["narrative"] = format!("{code}: {}", both(label)).into();
        }
        json!({
            "@context": CONTEXTS,
            "id": id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": issuer.profile(),
            "validFrom": from,
            "credentialSubject": subject,
            "credentialStatus": {
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": place.to_string(),
                "statusListCredential": list,
            },
            "iss": issuer.did(),
            "jti": id,
            "nbf": self.at_ms.div_euclid(1000),
        })
    }
}
