//! What a completion shows of presence, judged with what the service alone knows: plaque codes, the codes of the moment,
//! the keys of tags. Refuses nothing: what does not hold counts as the learner's own word, and says so.

pub mod rotating;
pub mod sun;

use crate::identity::code::Code;
use crate::secrets::Secrets;
use heritage::credit::{Tap, Unfit};
use heritage::on_site::OnSite;
use heritage::{Proof, SiteId, StationId};

/// What the proofs of one completion come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Those that hold, the strongest first; [`Proof::Declared`] in place of each that does not.
    pub proofs: Vec<Proof>,
    /// What did not hold.
    pub unfit: Vec<Unfit>,
    /// How many codes of the moment did not hold.
    pub wrong_codes: usize,
    /// How many answers to the question at the place did not.
    pub wrong_answers: usize,
    /// Taps on tags that held.
    pub taps: Vec<Tap>,
    /// Digests of traces.
    pub traces: Vec<String>,
}

impl Shown {
    /// Adds what the service itself found.
    pub fn add(&mut self, proof: Proof) {
        self.proofs.push(proof);
        self.proofs.sort_by_key(|proof| std::cmp::Reverse(proof.strength()));
    }

    /// Counts codes of the moment as the learner's own word.
    pub fn without_codes(&mut self) {
        self.without(|proof| matches!(proof, Proof::Rotating { .. }));
    }

    /// Counts answers to the question at the place likewise.
    pub fn without_answers(&mut self) {
        self.without(|proof| matches!(proof, Proof::Question { .. }));
    }

    fn without(&mut self, is_void: fn(&Proof) -> bool) {
        for proof in &mut self.proofs {
            if is_void(proof) {
                *proof = Proof::Declared;
            }
        }
        self.proofs.sort_by_key(|proof| std::cmp::Reverse(proof.strength()));
    }
}

/// Judges the proofs of one station.
pub struct Bench<'a> {
    secrets: &'a Secrets,
    site: &'a SiteId,
    station: &'a StationId,
    plaque: Code,
    asked: Option<&'a OnSite>,
}

impl<'a> Bench<'a> {
    /// For one station.
    pub fn of(secrets: &'a Secrets, site: &'a SiteId, station: &'a StationId) -> Self {
        Self { secrets, site, station, plaque: Code::of_plaque(secrets, site, station), asked: None }
    }

    /// With the question that only the place answers, if one is asked there.
    #[must_use]
    pub fn asking(self, asked: Option<&'a OnSite>) -> Self {
        Self { asked, ..self }
    }

    /// Judges what one completion carries. A clock is needed for nothing: what changes with time names its own.
    pub fn judge<'b>(&self, sent: impl IntoIterator<Item = &'b Proof>) -> Shown {
        let mut shown = Shown::default();
        for proof in sent {
            let held = self.holds(proof, &mut shown);
            shown.wrong_codes += usize::from(held == Some(Unfit::Rotating));
            shown.wrong_answers += usize::from(held == Some(Unfit::Question));
            shown.proofs.push(held.map_or_else(|| proof.clone(), |_| Proof::Declared));
            shown.unfit.extend(held.filter(|unfit| !shown.unfit.contains(unfit)));
        }
        shown.proofs.sort_by_key(|proof| std::cmp::Reverse(proof.strength()));
        shown
    }

    /// `None` where it holds.
    fn holds(&self, proof: &Proof, shown: &mut Shown) -> Option<Unfit> {
        match proof {
            Proof::Code { code } => (Code::read(code).as_ref() != Some(&self.plaque)).then_some(Unfit::Code),
            Proof::Rotating { code, read_at_ms } => {
                let fits = rotating::fits(self.secrets, self.site, self.station, code, *read_at_ms);
                (!fits).then_some(Unfit::Rotating)
            }
            Proof::Tag { picc_data, cmac, read_at_ms } => {
                let Some((tag, counter)) = sun::verify(self.secrets, self.site, self.station, picc_data, cmac) else {
                    return Some(Unfit::Tag);
                };
                shown.taps.push(Tap { tag, counter, at_ms: *read_at_ms });
                None
            }
            // Where nothing is asked, no answer is right.
            Proof::Question { answer } => {
                let is_right = self.asked.is_some_and(|asked| asked.is_right(answer));
                (!is_right).then_some(Unfit::Question)
            }
            Proof::Fix { trace, .. } => {
                shown.traces.extend(trace.clone());
                None
            }
            // A kiosk, a peer or a trainer is written by the service alone (`intake`, `walk`); devices are refused.
            Proof::Declared | Proof::Kiosk { .. } | Proof::Peer | Proof::Trainer => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::id::BadName;

    #[test]
    fn what_does_not_hold_counts_as_ones_own_word_and_is_named() -> Result<(), BadName> {
        let secrets = Secrets::known([7; 32]);
        let (site, gate, well) = (SiteId::new("hill")?, StationId::new("gate")?, StationId::new("well")?);
        let code = Proof::Code { code: Code::of_plaque(&secrets, &site, &gate).written().to_lowercase() };
        let read_at_ms = 1_780_272_000_000;
        let shown_code = rotating::code_at(&secrets, &site, &gate, read_at_ms);
        let moment = Proof::Rotating { code: shown_code, read_at_ms };
        let (picc_data, cmac) = sun::tapped(&secrets, &site, &gate, [4; 7], 9);
        let tag = Proof::Tag { picc_data, cmac, read_at_ms };
        let sent = [Proof::Declared, code.clone(), moment.clone(), tag.clone()];
        let here = Bench::of(&secrets, &site, &gate).judge(&sent);
        assert_eq!(here.proofs, [tag, moment, code, Proof::Declared]);
        assert_eq!((here.unfit, here.taps), (vec![], vec![Tap { tag: [4; 7], counter: 9, at_ms: read_at_ms }]));
        let next_door = Bench::of(&secrets, &site, &well).judge(&sent);
        assert_eq!(next_door.proofs, vec![Proof::Declared; 4]);
        assert_eq!(next_door.unfit, [Unfit::Code, Unfit::Rotating, Unfit::Tag]);
        assert_eq!(next_door.taps, []);
        let question = Proof::Question { answer: "thirteen".to_owned() };
        assert_eq!(Bench::of(&secrets, &site, &gate).judge([&question, &question]).unfit, [Unfit::Question]);
        Ok(())
    }
}
