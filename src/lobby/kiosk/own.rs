//! What the kiosk keeps as its own, apart from whatever a visitor leaves: who it is, its queue, and how far the visit is.

use super::held::Held;
use super::steps::{CARD_MS, IDLE_MS, Step};
use crate::db::{Db, Fault};
use crate::json::{Value, map, milli, text, whole};
use crate::wire::{FromJson, ToJson, list, record};
use heritage::{Bilingual, Lang};
use uuid::Uuid;

/// How long a visit can be claimed at least, milliseconds; the service counts from when it has it.
pub const CLAIM_MS: f64 = 86_400_000.0;

/// How often it is written down that somebody is there, milliseconds.
pub const WRITTEN_MS: f64 = 10_000.0;
/// A clock may be set back so far without anything ending, milliseconds.
const SET_BACK_MS: f64 = 60_000.0;

const OWN: &str = "own";
const QUEUE: &str = "queue";
const STORES: &[&str] = &[OWN, QUEUE];

/// Who the kiosk is, and how it is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrolment {
    /// Its number.
    pub kiosk: String,
    /// Its key.
    pub key: String,
    /// As written on the device.
    pub name: String,
    /// What tells it from others of the same name.
    pub mark: String,
    /// Name of its hall's site.
    pub site: String,
    /// What the hall is called.
    pub hall: Bilingual,
}

record!(Enrolment { kiosk, key, name, mark, site, hall });

/// What the staff see and set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Care {
    /// Salt and hash of the PIN.
    pub salt: String,
    /// Likewise.
    pub hash: String,
    /// Wrong tries in a row.
    pub failures: u32,
    /// No try before this time, milliseconds since 1970 UTC.
    pub locked_until_ms: f64,
    /// Loudness of every visit as it begins, hundredths.
    pub volume: u32,
    /// When the service was last reached, milliseconds since 1970 UTC; 0 for never.
    pub synced_ms: f64,
    /// The service does not know the kiosk any more.
    pub withdrawn: bool,
    /// Files kept for days without a network, and how many there are.
    pub kept: u32,
    /// Likewise.
    pub files: u32,
}

record!(Care { salt, hash, failures, locked_until_ms, volume, synced_ms, withdrawn, kept, files });

/// What the end of a visit shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The code, where there is anything to claim.
    pub code: Option<String>,
    /// What the completed stations are called.
    pub completed: Vec<Bilingual>,
    /// Questions answered.
    pub answered: usize,
    /// Records that are in the record of whoever was paired already.
    pub sent: usize,
    /// The kiosk's clock when the visit ended, milliseconds since 1970 UTC.
    pub ended_ms: f64,
}

record!(Card { code, completed, answered, sent, ended_ms });

/// The visit that is under way, or whose card is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// Names the visit for ever.
    pub id: Uuid,
    /// What it can be claimed by.
    pub code: String,
    /// In which language.
    pub lang: Lang,
    /// Opens the record of whoever is paired with the kiosk, while somebody is.
    pub token: Option<String>,
    /// Records that were sent as theirs.
    pub sent: usize,
    /// When somebody was last there, as it is written down now and then, milliseconds since 1970 UTC.
    pub seen_ms: f64,
    /// Once it is over.
    pub card: Option<Card>,
}

record!(Current { id, code, lang, token, sent, seen_ms, card });

impl Care {
    fn or_new(kept: &Value) -> Self {
        Self::from_json(kept).unwrap_or_else(|| Self { volume: 100, ..Self::default() })
    }
}

impl Current {
    /// Whether its visitor has long gone: the device was switched off meanwhile, and whoever comes next is somebody else.
    pub fn is_stale(&self, now_ms: f64) -> bool {
        // Kept longer than its time by a visitor who asked for it, a card goes on a little while.
        let (since_ms, most_ms) = match &self.card {
            Some(card) => (card.ended_ms, 4.0 * CARD_MS),
            None => (self.seen_ms, IDLE_MS + WRITTEN_MS),
        };
        !(-SET_BACK_MS..most_ms).contains(&(now_ms - since_ms))
    }

    /// Where the kiosk stands with it.
    pub const fn step(&self) -> Step {
        if self.card.is_some() { Step::Card } else { Step::Visit }
    }
}

impl ToJson for Enrolment {
    fn to_json(&self) -> Value {
        map(vec![
            ("kiosk", text(&self.kiosk)),
            ("key", text(&self.key)),
            ("name", text(&self.name)),
            ("mark", text(&self.mark)),
            ("site", text(&self.site)),
            ("hall", self.hall.to_json()),
        ])
    }
}

impl ToJson for Care {
    fn to_json(&self) -> Value {
        map(vec![
            ("salt", text(&self.salt)),
            ("hash", text(&self.hash)),
            ("failures", whole(self.failures)),
            ("locked_until_ms", milli(self.locked_until_ms)),
            ("volume", whole(self.volume)),
            ("synced_ms", milli(self.synced_ms)),
            ("withdrawn", Value::Flag(self.withdrawn)),
            ("kept", whole(self.kept)),
            ("files", whole(self.files)),
        ])
    }
}

impl ToJson for Card {
    fn to_json(&self) -> Value {
        map(vec![
            ("code", self.code.as_deref().map_or(Value::Null, text)),
            ("completed", list(&self.completed)),
            ("answered", whole(self.answered)),
            ("sent", whole(self.sent)),
            ("ended_ms", milli(self.ended_ms)),
        ])
    }
}

impl ToJson for Current {
    fn to_json(&self) -> Value {
        map(vec![
            ("id", self.id.to_json()),
            ("code", text(&self.code)),
            ("lang", self.lang.to_json()),
            ("token", self.token.as_deref().map_or(Value::Null, text)),
            ("sent", whole(self.sent)),
            ("seen_ms", milli(self.seen_ms)),
            ("card", self.card.to_json()),
        ])
    }
}

/// What the kiosk keeps.
#[derive(Clone, Debug)]
pub struct Own {
    db: Db,
}

impl Own {
    /// Opens it.
    ///
    /// # Errors
    /// When the browser refuses storage; so with all that follow.
    pub async fn open() -> Result<Self, Fault> {
        Ok(Self { db: Db::open_as("retrace-kiosk", STORES).await? })
    }

    async fn get<T: FromJson>(&self, name: &str) -> Result<Option<T>, Fault> {
        Ok(T::from_json(&self.db.read()?.get(OWN, name).await?))
    }

    async fn set(&self, name: &str, value: &Value) -> Result<(), Fault> {
        let tx = self.db.write()?;
        tx.put(OWN, name, value)?;
        tx.over().await
    }

    /// Who the kiosk is, once it is enrolled.
    pub async fn enrolment(&self) -> Result<Option<Enrolment>, Fault> {
        self.get("enrolment").await
    }

    /// What the staff see and set.
    pub async fn care(&self) -> Result<Care, Fault> {
        Ok(Care::or_new(&self.db.read()?.get(OWN, "care").await?))
    }

    /// Changes what the staff see and set.
    pub async fn change_care(&self, change: impl FnOnce(&mut Care)) -> Result<Care, Fault> {
        let tx = self.db.write()?;
        let mut care = Care::or_new(&tx.get(OWN, "care").await?);
        change(&mut care);
        tx.put(OWN, "care", &care.to_json())?;
        tx.over().await?;
        Ok(care)
    }

    /// The kiosk is enrolled from now on.
    pub async fn enrol(&self, enrolment: &Enrolment) -> Result<(), Fault> {
        self.set("enrolment", &enrolment.to_json()).await
    }

    /// The kiosk forgets who it is, and all else.
    pub async fn withdraw(&self) -> Result<(), Fault> {
        let tx = self.db.write()?;
        tx.clear(OWN)?;
        tx.clear(QUEUE)?;
        tx.over().await
    }

    /// The visit that is under way, or whose card is shown.
    pub async fn current(&self) -> Result<Option<Current>, Fault> {
        self.get("current").await
    }

    /// Changes the visit that is under way, if one is.
    pub async fn change_current(&self, change: impl FnOnce(&mut Current)) -> Result<(), Fault> {
        let tx = self.db.write()?;
        if let Some(mut current) = Current::from_json(&tx.get(OWN, "current").await?) {
            change(&mut current);
            tx.put(OWN, "current", &current.to_json())?;
        }
        tx.over().await
    }

    /// A visit begins.
    pub async fn begin(&self, current: &Current) -> Result<(), Fault> {
        self.set("current", &current.to_json()).await
    }

    /// The visit is over: what it holds waits to be delivered, and its card is shown. Both or neither.
    pub async fn end(&self, over: &Current, held: Option<&Held>) -> Result<(), Fault> {
        let tx = self.db.write()?;
        if let Some(held) = held {
            tx.put(QUEUE, &held.key(), &held.to_json())?;
        }
        tx.put(OWN, "current", &over.to_json())?;
        tx.over().await
    }

    /// Nobody is there any more.
    pub async fn forget(&self) -> Result<(), Fault> {
        let tx = self.db.write()?;
        tx.delete(OWN, "current")?;
        tx.over().await
    }

    /// What waits to be delivered, in the order in which the visits ended.
    pub async fn held(&self) -> Result<Vec<Held>, Fault> {
        let values = self.db.read()?.values(QUEUE).await?;
        Ok(values.iter().filter_map(Held::from_json).collect())
    }

    /// Applies what became of visits that were delivered.
    pub async fn settle(&self, sent: &[Held], gone: &[Uuid], refused: &[Uuid]) -> Result<(), Fault> {
        let tx = self.db.write()?;
        for one in sent {
            if gone.contains(&one.id) {
                tx.delete(QUEUE, &one.key())?;
            } else if refused.contains(&one.id) {
                tx.put(QUEUE, &one.key(), &Held { refused: true, ..one.clone() }.to_json())?;
            }
        }
        tx.over().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_kept_is_read_back() {
        let hall = Bilingual::new("泸定桥", "Luding Bridge");
        let enrolment = Enrolment {
            kiosk: "1".to_owned(),
            key: "2".to_owned(),
            name: "头显 3".to_owned(),
            mark: "4".to_owned(),
            site: "luding".to_owned(),
            hall: hall.clone(),
        };
        assert_eq!(Enrolment::from_json(&enrolment.to_json()), Some(enrolment));
        let care = Care { salt: "s".to_owned(), failures: 3, volume: 40, synced_ms: 5.0, kept: 7, ..Care::default() };
        assert_eq!(Care::from_json(&care.to_json()), Some(care));
        let shown = Card { code: None, completed: vec![hall], answered: 2, sent: 4, ended_ms: 9.0 };
        let (id, code, token) = (Uuid::from_u128(1), "BCDF-GHJK".to_owned(), Some("ab".to_owned()));
        let visit = Current { id, code, lang: Lang::En, token, sent: 3, seen_ms: 7.0, card: None };
        let over = Current { card: Some(shown), ..visit.clone() };
        for (current, step) in [(visit, Step::Visit), (over, Step::Card)] {
            assert_eq!(current.step(), step);
            assert_eq!(Current::from_json(&current.to_json()), Some(current));
        }
    }

    #[test]
    fn a_visit_outlasts_a_reload_and_not_a_night() {
        let code = "BCDF-GHJK".to_owned();
        let (id, lang) = (Uuid::nil(), Lang::Zh);
        let visit = Current { id, code, lang, token: None, sent: 0, seen_ms: 0.0, card: None };
        let card = Card { code: None, completed: Vec::new(), answered: 0, sent: 0, ended_ms: 0.0 };
        let over = Current { card: Some(card), ..visit.clone() };
        for (current, now_ms, stale) in [
            (&visit, 0.0, false),
            (&visit, IDLE_MS, false),
            (&visit, IDLE_MS + WRITTEN_MS, true),
            (&visit, -SET_BACK_MS, false),
            (&visit, -SET_BACK_MS - 1.0, true),
            (&over, CARD_MS, false),
            (&over, 4.0 * CARD_MS, true),
        ] {
            assert_eq!(current.is_stale(now_ms), stale, "{now_ms}");
        }
    }
}
