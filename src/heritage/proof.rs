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
///
/// Whether a code, a tag or an answer holds is judged by the service, which alone knows the secrets behind them.
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
        /// Different positions among the fixes that counted; absent from older pages.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        distinct: Option<u32>,
        /// What two equal traces have in common and nothing else tells: a digest over the first sixteen different positions
        /// at the station, made on the device, in hexadecimal digits. Absent before there are as many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trace: Option<String>,
    },
    /// The code on the station's plaque.
    Code {
        /// As typed or scanned; judged by the service.
        code: String,
    },
    /// The code that a device at the station shows at the moment ([RFC 6238]).
    ///
    /// [RFC 6238]: https://www.rfc-editor.org/rfc/rfc6238
    Rotating {
        /// Six digits.
        code: String,
        /// When it was read, by the device's clock, milliseconds since 1970 UTC.
        read_at_ms: i64,
    },
    /// A tap on the station's tag (NTAG 424 DNA), which answers each tap with a message of its own.
    Tag {
        /// Encrypted identity and counter, 32 hexadecimal digits.
        picc_data: String,
        /// Authentication code over both, 16 hexadecimal digits.
        cmac: String,
        /// When it was tapped, by the device's clock, milliseconds since 1970 UTC.
        read_at_ms: i64,
    },
    /// The answer to a question that only the place itself answers.
    Question {
        /// As typed.
        answer: String,
    },
    /// A visit on a terminal that the hall has enrolled. Made by the service, which knows its terminals; no device can send it.
    Kiosk {
        /// Which terminal.
        kiosk: String,
    },
    /// Another learner's word. Made by the service from what that learner sent; no device can send it for somebody else.
    Peer,
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
    /// Whether a learner's device may send it; the others are made by the service.
    pub const fn is_of_device(&self) -> bool {
        !matches!(self, Self::Kiosk { .. } | Self::Peer | Self::Trainer)
    }

    /// How much it shows, from 0: the order in which one of several is named.
    pub const fn strength(&self) -> u8 {
        match self {
            Self::Declared => 0,
            Self::Peer => 1,
            Self::Fix { .. } => 2,
            Self::Question { .. } => 3,
            Self::Code { .. } => 4,
            Self::Kiosk { .. } => 5,
            Self::Rotating { .. } => 6,
            Self::Tag { .. } => 7,
            Self::Trainer => 8,
        }
    }

    /// The word that learners and trainers read.
    pub fn label(&self) -> Bilingual {
        match self {
            Self::Declared => Bilingual::new("本人声明", "the learner's own word"),
            Self::Fix { .. } => Bilingual::new("手机定位", "the phone's position"),
            Self::Code { .. } => Bilingual::new("铭牌代码", "the code on the plaque"),
            Self::Rotating { .. } => Bilingual::new("现场动态码", "the code shown at the station"),
            Self::Tag { .. } => Bilingual::new("站点感应标签", "a tap on the station's tag"),
            Self::Question { .. } => Bilingual::new("现场问题", "the question asked at the place"),
            Self::Kiosk { .. } => Bilingual::new("纪念馆终端", "a terminal of the hall"),
            Self::Peer => Bilingual::new("同行学员证明", "another learner's word"),
            Self::Trainer => Bilingual::new("带训人证明", "a trainer's attestation"),
        }
    }
}
