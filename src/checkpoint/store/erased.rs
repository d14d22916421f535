//! What erasing a person comes to, whichever database keeps them.

use serde::{Deserialize, Serialize};

/// The body of the entry that says what was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// Who had it done, in words.
    pub by: String,
    /// Why, in words.
    pub reason: String,
    /// Places in the log, each `[first, last]`.
    pub erased: Vec<[i64; 2]>,
}

impl Deed {
    /// Says that the entries at these rising places are erased.
    pub fn of((by, reason): (&str, &str), seqs: &[i64]) -> Self {
        Self { by: by.to_owned(), reason: reason.to_owned(), erased: runs(seqs) }
    }

    /// Whether it says that this entry was erased.
    pub fn covers(&self, seq: i64) -> bool {
        self.erased.iter().any(|[first, last]| (*first..=*last).contains(&seq))
    }
}

/// What erasing came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Entries about the person that are gone.
    pub entries: usize,
    /// Entries about others that the person made, as a trainer; they stay, under an id without a name.
    pub made_for_others: i64,
    /// Place of the entry that says so.
    pub seq: i64,
    /// Stores to which statements about the person were forwarded before, each with how many; what they hold is not recalled.
    pub forwarded: Vec<(String, i64)>,
    /// Whether the database's files hold no trace any more; `false` while a reader of the running service kept old pages in
    /// use, and on a server, which clears away in its own time.
    pub is_swept: bool,
}

fn runs(seqs: &[i64]) -> Vec<[i64; 2]> {
    let mut runs: Vec<[i64; 2]> = Vec::new();
    for seq in seqs {
        match runs.last_mut() {
            Some([_, last]) if *last + 1 == *seq => *last = *seq,
            _ => runs.push([*seq, *seq]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_in_runs() {
        assert_eq!(runs(&[]), Vec::<[i64; 2]>::new());
        let deed = Deed::of(("", ""), &[1, 2, 3, 7, 9, 10]);
        assert_eq!(deed.erased, [[1, 3], [7, 7], [9, 10]]);
        let covered: Vec<i64> = (0..12).filter(|seq| deed.covers(*seq)).collect();
        assert_eq!(covered, [1, 2, 3, 7, 9, 10]);
    }
}
