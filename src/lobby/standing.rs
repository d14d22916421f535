//! How a station stands on this device: its requirements, whether it can be completed, and the state that lists show. Pure.

use crate::visit::{Recall, StationVisit};
use crate::words;
use heritage::credit::{Requirement, ready};
use heritage::{CreditRule, Lang, Reason, StationOutline, Way};
use protocol::api::{Progress, WalkState};

/// The requirements of one station, as far as this device can judge them.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// One per requirement.
    pub reasons: Vec<Reason>,
    /// Enough was heard or read.
    pub attended: bool,
    /// The station can be completed now.
    pub ready: bool,
}

/// Judges `visit` by the rule of the route, for a learner who follows in `lang` and would complete it by `way`.
///
/// An answer that waits for its grade counts as given: without a network it cannot be judged, and the service judges it later.
pub fn judge(rule: &CreditRule, station: &StationOutline, visit: &StationVisit, lang: Lang, way: Way) -> Standing {
    let record = visit.record(&station.id, lang, station.telling_secs(lang), way);
    let mut reasons = ready(rule, &record).reasons;
    for reason in &mut reasons {
        if reason.requirement == Requirement::Recall && visit.recall() == Recall::Pending {
            *reason = Reason { met: true, text: words::ANSWER_WAITS.to_bilingual(), ..reason.clone() };
        }
    }
    let attended = reasons.iter().any(|reason| reason.requirement == Requirement::Attended && reason.met);
    let ready = !reasons.is_empty() && reasons.iter().all(|reason| reason.met);
    Standing { reasons, attended, ready }
}

/// The state of one station in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Not heard yet.
    Open,
    /// Heard or read.
    Heard,
    /// The question is answered.
    Answered,
    /// Completed; a trainer has not confirmed it yet.
    Done,
    /// Confirmed with its walk.
    Confirmed,
}

impl State {
    /// The word in `data-state`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Heard => "heard",
            Self::Answered => "answered",
            Self::Done => "done",
            Self::Confirmed => "confirmed",
        }
    }
}

/// The state of `station` of `site`, from this device's visit and from what the service last told.
pub fn state(site: &str, station: &str, visit: &StationVisit, progress: Option<&Progress>) -> State {
    let walk = progress.and_then(|progress| progress.walks.iter().find(|walk| walk.site.as_str() == site));
    let on_route = walk.and_then(|walk| walk.stations.iter().find(|one| one.station.as_str() == station));
    let told = match (walk, on_route) {
        (Some(walk), Some(_)) if walk.state == WalkState::Confirmed => State::Confirmed,
        (Some(walk), Some(one)) if one.met && walk.state != WalkState::Returned => State::Done,
        _ => State::Open,
    };
    let here = if !visit.done.is_empty() {
        State::Done
    } else if matches!(visit.recall(), Recall::Right | Recall::Pending) {
        State::Answered
    } else if visit.attended {
        State::Heard
    } else {
        State::Open
    };
    told.max(here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::{Answer, Done, Seen};
    use heritage::geodesy::EastNorthUp;
    use heritage::{Bilingual, Hours, PointId, RouteId, SiteId, StationId};
    use protocol::api::{StationProgress, WalkProgress};
    use protocol::event::Grade;
    use uuid::Uuid;

    fn rule() -> CreditRule {
        CreditRule::new(1, Hours { tenths: 5 }, 0.8, true, 20.0).expect("a sound rule")
    }

    fn station() -> StationOutline {
        StationOutline {
            id: StationId::new("deck").expect("a name"),
            title: Bilingual::default(),
            position: EastNorthUp::default(),
            radius_m: 12.0,
            points: vec![PointId::new("planks").expect("a name")],
            zh_secs: 60.0,
            en_secs: 50.0,
        }
    }

    fn visit(heard_secs: f64, read_secs: f64, dwell_secs: f64) -> StationVisit {
        let mut seen = Seen { read_secs, dwell_secs, ..Seen::default() };
        seen.hear(Lang::Zh, &PointId::new("planks").expect("a name"), &[[0.0, heard_secs]]);
        let mut visit = StationVisit::default();
        visit.take_in(&seen);
        visit
    }

    fn answer(grade: Option<bool>) -> Answer {
        let grade = grade.map(|right| Grade { right, explanation: Bilingual::default(), source: Bilingual::default() });
        Answer { event: Uuid::from_u128(1), choice: 0, grade }
    }

    #[test]
    fn a_station_is_ready_when_heard_answered_and_stayed_at() {
        let cases = [
            // heard, read, dwell, answer, attended, ready
            (48.0, 0.0, 20.0, Some(Some(true)), true, true),
            (0.0, 48.0, 20.0, Some(Some(true)), true, true),
            (47.0, 47.0, 20.0, Some(Some(true)), false, false),
            (48.0, 0.0, 19.0, Some(Some(true)), true, false),
            (48.0, 0.0, 20.0, Some(Some(false)), true, false),
            (48.0, 0.0, 20.0, None, true, false),
            // Answered without a network: the service will judge.
            (48.0, 0.0, 20.0, Some(None), true, true),
        ];
        for (heard_secs, read_secs, dwell_secs, given, attended, ready) in cases {
            let mut visit = visit(heard_secs, read_secs, dwell_secs);
            visit.answers.extend(given.map(answer));
            let standing = judge(&rule(), &station(), &visit, Lang::Zh, Way::Page);
            assert_eq!((standing.attended, standing.ready), (attended, ready), "{heard_secs} {read_secs} {given:?}");
        }
    }

    #[test]
    fn what_was_heard_in_chinese_does_not_count_in_english() {
        let mut visit = visit(60.0, 0.0, 30.0);
        visit.answers.push(answer(Some(true)));
        assert!(!judge(&rule(), &station(), &visit, Lang::En, Way::Scene).ready);
    }

    fn progress(state: WalkState, met: bool) -> Progress {
        let station = StationId::new("deck").expect("a name");
        let walk = WalkProgress {
            site: SiteId::new("luding").expect("a name"),
            route: RouteId::new("bridge").expect("a name"),
            state,
            hours: Hours { tenths: 5 },
            note: None,
            appeal: None,
            stations: vec![StationProgress { station, met, reasons: Vec::new(), recall: None }],
        };
        Progress { confirmed: Hours::default(), target: Hours { tenths: 320 }, walks: vec![walk] }
    }

    #[test]
    fn lists_show_the_furthest_state_known() {
        let fresh = StationVisit::default();
        let done = StationVisit { done: vec![Done { event: Uuid::from_u128(2), way: Way::Page }], ..fresh.clone() };
        let heard = StationVisit { attended: true, ..fresh.clone() };
        let of = |visit: &StationVisit, progress: Option<&Progress>| state("luding", "deck", visit, progress);
        assert_eq!(of(&fresh, None), State::Open);
        assert_eq!(of(&heard, None), State::Heard);
        assert_eq!(of(&done, None), State::Done);
        assert_eq!(of(&fresh, Some(&progress(WalkState::Underway, true))), State::Done);
        assert_eq!(of(&done, Some(&progress(WalkState::Confirmed, true))), State::Confirmed);
        assert_eq!(
            of(&heard, Some(&progress(WalkState::Returned, true))),
            State::Heard,
            "a returned walk is to be redone"
        );
    }
}
