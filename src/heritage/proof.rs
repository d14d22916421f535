//! How a visit is shown: the way in, and the proof that came with it.

use serde::{Deserialize, Serialize};

/// By which way a station was completed. All earn the same credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// In the 3D scene on a screen.
    Scene,
    /// By reading and listening on the page.
    Page,
    /// In a headset.
    Headset,
    /// On the ground itself.
    Foot,
}

/// Which datum the fixes of a phone turned out to be in, judged against the station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatumVerdict {
    /// They fit as WGS 84.
    Wgs84,
    /// They fit only when read as GCJ-02.
    Gcj02,
    /// Both readings fit, or neither does.
    Unclear,
}

/// Proof of a completion: a summary only. A trace of positions never leaves the device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase")]
pub enum Proof {
    /// The learner's own word, from a screen anywhere: counts as studied, not as walked.
    Declared,
    /// The phone's position, summed up.
    Fix {
        /// Median accuracy of the fixes used, metres, 68 % radius as phones report it.
        accuracy_m: f64,
        /// Time inside the station's radius, seconds.
        dwell_secs: f64,
        /// Fixes that counted.
        fixes: u32,
        /// Fixes set aside because their accuracy was worse than 50 m.
        ignored: u32,
        /// Which datum they fit.
        datum: DatumVerdict,
    },
    /// The code on the station's plaque.
    Code {
        /// As typed or scanned; judged by the service.
        code: String,
    },
}
