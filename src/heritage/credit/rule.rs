//! The credit rule of a route: what it asks for and what it earns. One that makes no sense cannot be made.

use super::Hours;
use serde::{Deserialize, Serialize};

/// What completing a route asks for, and what it earns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct CreditRule {
    version: u32,
    hours: Hours,
    attended_share: f64,
    recall: bool,
    dwell_secs: f64,
    attestation: bool,
}

/// The rule as it stands in files, before it is judged.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: u32,
    hours: Hours,
    attended_share: f64,
    recall: bool,
    dwell_secs: f64,
    #[serde(default)]
    attestation: bool,
}

/// Why a credit rule makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BadRule {
    /// Versions count from 1.
    #[error("version 0: versions count from 1")]
    Version,
    /// A route that earns nothing or more than a working day.
    #[error("{0} hours: a route earns 0.1 to 8.0 hours")]
    Hours(Hours),
    /// Not a share.
    #[error("attended_share = {0}: a share lies within 0 to 1")]
    Share(f64),
    /// Not a time one can stand at a station.
    #[error("dwell_secs = {0}: use 0 to 3600 seconds")]
    Dwell(f64),
}

impl CreditRule {
    /// The most a single route can earn: one working day.
    pub const MOST_HOURS: Hours = Hours::from_tenths(80);

    /// A rule whose parts make sense.
    ///
    /// # Errors
    /// [`BadRule`] for version 0, hours outside 0.1–8.0, a share outside 0–1, a dwell outside 0–3600 s, or a number that is not finite.
    pub fn new(
        version: u32,
        hours: Hours,
        attended_share: f64,
        recall: bool,
        dwell_secs: f64,
    ) -> Result<Self, BadRule> {
        if version == 0 {
            return Err(BadRule::Version);
        }
        if hours == Hours::default() || hours > Self::MOST_HOURS {
            return Err(BadRule::Hours(hours));
        }
        if !(0.0..=1.0).contains(&attended_share) {
            return Err(BadRule::Share(attended_share));
        }
        if !(0.0..=3600.0).contains(&dwell_secs) {
            return Err(BadRule::Dwell(dwell_secs));
        }
        Ok(Self { version, hours, attended_share, recall, dwell_secs, attestation: false })
    }

    /// The same rule, with or without [`Self::attestation`].
    #[must_use]
    pub const fn with_attestation(mut self, attestation: bool) -> Self {
        self.attestation = attestation;
        self
    }

    /// Grows by one with every change of meaning.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// What the whole route earns.
    pub const fn hours(&self) -> Hours {
        self.hours
    }

    /// Share of a station's narration that must be heard, or of its reading time spent reading, 0–1.
    pub const fn attended_share(&self) -> f64 {
        self.attended_share
    }

    /// Whether the recall question must be answered rightly.
    pub const fn recall(&self) -> bool {
        self.recall
    }

    /// Least time at a station, seconds.
    pub const fn dwell_secs(&self) -> f64 {
        self.dwell_secs
    }

    /// Whether a trainer's attestation stands for what a trainer can witness: the hearing and the time at the station.
    /// The question stays the learner's own to answer.
    pub const fn attestation(&self) -> bool {
        self.attestation
    }
}

impl TryFrom<Raw> for CreditRule {
    type Error = BadRule;
    fn try_from(raw: Raw) -> Result<Self, BadRule> {
        Self::new(raw.version, raw.hours, raw.attended_share, raw.recall, raw.dwell_secs)
            .map(|rule| rule.with_attestation(raw.attestation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_makes_no_sense_cannot_be_made() {
        let half = Hours::from_tenths(5);
        assert!(CreditRule::new(1, half, 0.8, true, 20.0).is_ok());
        assert_eq!(CreditRule::new(0, half, 0.8, true, 20.0), Err(BadRule::Version));
        for hours in [Hours::default(), Hours::from_tenths(81)] {
            assert_eq!(CreditRule::new(1, hours, 0.8, true, 20.0), Err(BadRule::Hours(hours)));
        }
        for share in [-0.1, 1.1, f64::INFINITY, f64::NAN] {
            assert!(matches!(CreditRule::new(1, half, share, true, 20.0), Err(BadRule::Share(_))));
        }
        for secs in [-1.0, 3601.0, f64::NAN] {
            assert!(matches!(CreditRule::new(1, half, 0.8, true, secs), Err(BadRule::Dwell(_))));
        }
    }

    #[test]
    fn a_rule_travels_by_json_and_is_judged_on_arrival() {
        let rule = CreditRule::new(1, Hours::from_tenths(5), 0.8, true, 20.0).expect("a sound rule");
        let text = serde_json::to_string(&rule).expect("writes");
        assert_eq!(serde_json::from_str::<CreditRule>(&text).expect("reads"), rule);
        assert!(serde_json::from_str::<CreditRule>(&text.replace("0.8", "8.0")).is_err());
        let older = text.replace(",\"attestation\":false", "");
        assert_eq!(serde_json::from_str::<CreditRule>(&older).expect("reads"), rule, "silence allows nothing");
    }
}
