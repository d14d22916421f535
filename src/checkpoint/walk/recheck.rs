//! Second looks: a fixed share of clean confirmed walks is drawn, and another trainer says whether they agree. Both stay.

use super::{Became, Decided, Walk};
use crate::api::Fault;
use crate::house::House;
use crate::secrets::{Purpose, Secrets};
use crate::store::{Appended, Entry, Kind, NewEntry, Person};
use heritage::Route;
use protocol::api::WalkState;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use uuid::Uuid;

/// The share of clean confirmed walks that is drawn, in hundredths of a per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(u16);

/// Why a text is no share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no share: write per cent from 0 to 100 with at most two decimals, as in 5 or 2.5")]
pub struct BadShare(String);

impl Share {
    /// No walk, or every walk.
    pub const NONE: Self = Self(0);
    /// Every walk.
    pub const ALL: Self = Self(10_000);

    fn takes(self, drawn: u64) -> bool {
        u128::from(drawn) * 10_000 < u128::from(self.0) << 64
    }
}

impl FromStr for Share {
    type Err = BadShare;
    fn from_str(text: &str) -> Result<Self, BadShare> {
        let bad = || BadShare(text.to_owned());
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let is_plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !is_plain(whole) || !is_plain(part) {
            return Err(bad());
        }
        let hundredths = format!("{whole}{part:0<2}").parse().map_err(|_| bad())?;
        if hundredths <= 10_000 { Ok(Self(hundredths)) } else { Err(bad()) }
    }
}

/// The body of a second look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recheck {
    /// The second trainer would have confirmed it too.
    pub agrees: bool,
    /// In the trainer's words; a disagreement must have some.
    pub note: String,
    /// Place of the confirmation that was looked at.
    pub of_seq: i64,
    /// Where the learner's log at the site ended when the trainer looked.
    pub seen_seq: i64,
}

/// A second look that was taken at the confirmation that stands.
#[derive(Clone, Debug)]
pub struct Rechecked {
    /// By whom.
    pub by: Uuid,
    /// When, by the service's clock.
    pub at_ms: i64,
    /// The second trainer would have confirmed it too.
    pub agrees: bool,
    /// In the trainer's words.
    pub note: String,
}

impl Walk {
    /// Whether the confirmation that stands was drawn: by the service's secret, so that nobody at the desk can foresee it,
    /// and the same whenever it is asked.
    pub fn is_drawn(&self, secrets: &Secrets, share: Share) -> bool {
        let Some(decided) = self.decided.as_ref().filter(|_| self.state == WalkState::Confirmed) else { return false };
        let what = format!("{}/{}/{}/{}", self.person, self.site, self.route.id, decided.seq);
        let mut first = [0; 8];
        first.copy_from_slice(&secrets.derive(Purpose::Draw, what.as_bytes())[..8]);
        share.takes(u64::from_be_bytes(first)) && self.all_flags().next().is_none()
    }

    /// A second look is still to be taken, or the latest disagrees with a confirmation that nobody has taken back.
    pub fn wants_recheck(&self, secrets: &Secrets, share: Share) -> bool {
        self.is_drawn(secrets, share) && self.rechecks.last().is_none_or(|last| !last.agrees)
    }

    /// Whether this trainer may take the second look: neither the learner, nor who confirmed, nor who has looked already.
    pub fn may_recheck(&self, trainer: Uuid) -> bool {
        let confirmed_by = self.decided.as_ref().map(|decided| decided.by);
        self.person != trainer && confirmed_by != Some(trainer) && self.rechecks.iter().all(|each| each.by != trainer)
    }
}

/// Writes down what the second trainer found. `id` comes from the form, so that sending it twice writes once.
///
/// # Errors
/// A [`Fault`] where the store cannot keep it.
pub async fn recheck(
    house: &House,
    trainer: &Person,
    walk: &Walk,
    (agrees, note): (bool, &str),
    (id, seen_seq): (Uuid, i64),
) -> Result<Became, Fault> {
    let is_same = |each: &Rechecked| each.by == trainer.id && each.agrees == agrees && each.note == note;
    if walk.rechecks.iter().any(is_same) {
        return Ok(Became::Stands);
    }
    let Some(confirmed) =
        walk.decided.as_ref().filter(|_| walk.wants_recheck(&house.secrets, house.settings.rechecked))
    else {
        return Ok(Became::Changed);
    };
    if !walk.may_recheck(trainer.id) {
        return Ok(Became::Own);
    }
    let body = Recheck { agrees, note: note.to_owned(), of_seq: confirmed.seq, seen_seq };
    let entry = NewEntry {
        site: Some(walk.site.clone()),
        route: Some(walk.route.id.clone()),
        ..NewEntry::about(
            id,
            Kind::Rechecked,
            (walk.person, trainer.id),
            house.now_ms(),
            serde_json::to_string(&body).map_err(|_| Fault::malformed())?,
        )
    };
    Ok(match house.store.append_if_unchanged(entry, seen_seq).await? {
        Some(Appended::Stored(_) | Appended::Duplicate(_)) => Became::Stands,
        Some(Appended::Conflict) | None => Became::Changed,
    })
}

/// The second looks at the confirmation that stands, by rising place.
pub(super) fn read(log: &[&Entry], on: &Route, decided: Option<&Decided>) -> Vec<Rechecked> {
    let confirmed = decided.filter(|decided| decided.kind == Kind::Confirmed);
    let read = |entry: &&Entry| {
        let said = &entry.said;
        let own = said.kind == Kind::Rechecked && said.route.as_ref() == Some(&on.id);
        let Recheck { agrees, note, of_seq, .. } = own.then(|| serde_json::from_str(&said.body).ok()).flatten()?;
        let of_this = confirmed.is_some_and(|confirmed| confirmed.seq == of_seq);
        of_this.then_some(Rechecked { by: said.author, at_ms: said.received_at_ms, agrees, note })
    };
    log.iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_written_in_per_cent() {
        for (text, share) in [("0", 0), ("5", 500), ("2.5", 250), ("0.05", 5), ("100", 10_000), ("100.00", 10_000)] {
            assert_eq!(text.parse::<Share>(), Ok(Share(share)), "{text}");
        }
        for text in ["", "-1", "+5", "101", "100.01", "5.125", "5%", ".5", "five", "1e1", "9999"] {
            assert_eq!(text.parse::<Share>(), Err(BadShare(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn the_draw_takes_its_share_of_all_numbers() {
        assert!(!Share::NONE.takes(0) && Share::ALL.takes(u64::MAX));
        let twentieth = Share(500);
        assert!(twentieth.takes(u64::MAX / 20 - 1) && !twentieth.takes(u64::MAX / 20 + 1));
        let secrets = Secrets::known([7; 32]);
        let number = |seq: u32| {
            let bytes = secrets.derive(Purpose::Draw, &seq.to_be_bytes());
            bytes.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte))
        };
        let taken = (0..2_000).filter(|seq| twentieth.takes(number(*seq))).count();
        assert!((60..140).contains(&taken), "about a hundred of two thousand: {taken}");
    }
}
