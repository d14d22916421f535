//! Lists that were checked and wait to be confirmed. They are kept in memory alone: after a restart a file is uploaded again.

use super::Listed;
use crate::clock::MINUTE_MS;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// How long a list waits.
const LASTS_MS: i64 = 30 * MINUTE_MS;
/// Admins whose lists wait at once; past it the oldest goes.
const MOST_KEPT: usize = 32;

struct Draft {
    id: Uuid,
    made_ms: i64,
    people: Arc<[Listed]>,
}

/// One list for each admin, the latest.
#[derive(Default)]
pub struct Drafts(Mutex<HashMap<Uuid, Draft>>);

impl Drafts {
    /// Keeps an admin's list in place of an earlier one; the name by which it is confirmed.
    pub fn keep(&self, admin: Uuid, people: Vec<Listed>, now_ms: i64) -> Uuid {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, draft| now_ms < draft.made_ms.saturating_add(LASTS_MS));
        if kept.len() >= MOST_KEPT
            && let Some(oldest) = kept.iter().min_by_key(|(_, draft)| draft.made_ms).map(|(admin, _)| *admin)
        {
            kept.remove(&oldest);
        }
        let id = Uuid::now_v7();
        kept.insert(admin, Draft { id, made_ms: now_ms, people: people.into() });
        id
    }

    /// The list of this admin under this name, while it waits.
    pub fn get(&self, admin: Uuid, id: Uuid, now_ms: i64) -> Option<Arc<[Listed]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let draft =
            kept.get(&admin).filter(|draft| draft.id == id && now_ms < draft.made_ms.saturating_add(LASTS_MS))?;
        Some(Arc::clone(&draft.people))
    }

    /// Forgets it, once it has been carried out.
    pub fn forget(&self, admin: Uuid, id: Uuid) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.get(&admin).is_some_and(|draft| draft.id == id) {
            kept.remove(&admin);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_waits_for_its_own_admin_and_not_for_ever() {
        let (drafts, one, two) = (Drafts::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        let first = drafts.keep(one, Vec::new(), 0);
        assert!(drafts.get(one, first, 1).is_some());
        assert!(drafts.get(two, first, 1).is_none(), "another admin");
        assert!(drafts.get(one, first, LASTS_MS).is_none(), "too late");
        let second = drafts.keep(one, Vec::new(), 1);
        assert!(drafts.get(one, first, 1).is_none() && drafts.get(one, second, 1).is_some());
        drafts.forget(one, first);
        assert!(drafts.get(one, second, 1).is_some());
        drafts.forget(one, second);
        assert!(drafts.get(one, second, 1).is_none());
        for number in 0..100 {
            drafts.keep(Uuid::from_u128(number), Vec::new(), 1);
        }
        assert_eq!(drafts.0.lock().map(|kept| kept.len()).unwrap_or_default(), MOST_KEPT);
    }
}
