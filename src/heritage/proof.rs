//! How a visit is shown: the way in, and the proof that came with it.

use crate::Bilingual;
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
        /// Jumps at the station that no walker makes.
        #[serde(default)]
        jumps: u32,
        /// Which datum they fit.
        datum: DatumVerdict,
    },
    /// The code on the station's plaque.
    Code {
        /// As typed or scanned; judged by the service.
        code: String,
    },
    /// A trainer's attestation, from a list or from having been there. Made at the desk; no device can send it.
    Trainer,
}

impl Way {
    /// The word that learners and trainers read.
    pub fn label(self) -> Bilingual {
        match self {
            Self::Scene => Bilingual::new("三维场景", "in the scene"),
            Self::Page => Bilingual::new("网页", "on the page"),
            Self::Headset => Bilingual::new("头显", "in a headset"),
            Self::Foot => Bilingual::new("实地", "on the ground"),
        }
    }
}

impl DatumVerdict {
    /// What learners and trainers read of it.
    pub fn label(self) -> Bilingual {
        match self {
            Self::Wgs84 => Bilingual::new("坐标为 WGS-84", "positions are WGS 84"),
            Self::Gcj02 => Bilingual::new("坐标疑为 GCJ-02（国测局坐标）", "positions appear to be GCJ-02"),
            Self::Unclear => Bilingual::new("坐标系未能判定", "datum not established"),
        }
    }
}

impl Proof {
    /// The word that learners and trainers read.
    pub fn label(&self) -> Bilingual {
        match self {
            Self::Declared => Bilingual::new("本人声明", "the learner's own word"),
            Self::Fix { .. } => Bilingual::new("手机定位", "the phone's position"),
            Self::Code { .. } => Bilingual::new("铭牌代码", "the code on the plaque"),
            Self::Trainer => Bilingual::new("带训人证明", "a trainer's attestation"),
        }
    }
}
