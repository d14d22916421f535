//! Where a claim comes from, and how sure it is.

use crate::{Bilingual, SourceId};
use serde::{Deserialize, Serialize};

/// How sure history is of what is shown or said. The order runs from sure to guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// 有据: stated by a source that is cited.
    Attested,
    /// 修复: the old thing, repaired since.
    Restored,
    /// 重建: made anew in the old place or form.
    Rebuilt,
    /// 推测: our own inference; said as such wherever it is shown.
    Conjecture,
}

impl Certainty {
    /// All four, from sure to guessed.
    pub const ALL: [Self; 4] = [Self::Attested, Self::Restored, Self::Rebuilt, Self::Conjecture];

    /// The word in data and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attested => "attested",
            Self::Restored => "restored",
            Self::Rebuilt => "rebuilt",
            Self::Conjecture => "conjecture",
        }
    }

    /// The certainty named by [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|certainty| certainty.code() == code)
    }

    /// The word that visitors read.
    pub fn label(self) -> Bilingual {
        match self {
            Self::Attested => Bilingual::new("有据", "attested"),
            Self::Restored => Bilingual::new("修复", "restored"),
            Self::Rebuilt => Bilingual::new("重建", "rebuilt"),
            Self::Conjecture => Bilingual::new("推测", "conjecture"),
        }
    }

    /// Colour of the evidence lens, sRGB. Chosen to be told apart by colour-blind eyes (after Okabe and Ito, 2008); a letter always stands beside it.
    pub const fn srgb(self) -> [u8; 3] {
        match self {
            Self::Attested => [0x00, 0x72, 0xb2],
            Self::Restored => [0x00, 0x9e, 0x73],
            Self::Rebuilt => [0xe6, 0x9f, 0x00],
            Self::Conjecture => [0xcc, 0x79, 0xa7],
        }
    }

    /// The letter that stands beside the colour: A, B, C, D.
    pub const fn letter(self) -> char {
        match self {
            Self::Attested => 'A',
            Self::Restored => 'B',
            Self::Rebuilt => 'C',
            Self::Conjecture => 'D',
        }
    }
}

/// How sure a told sentence is: a grade of history, or none because it is about this site itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Grade {
    /// A statement about the place or what happened there.
    History(Certainty),
    /// 自述: says what this site shows, leaves out or has reckoned. It attests nothing of history and claims no grade of it.
    Own,
}

impl Grade {
    /// The word in data and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::History(certainty) => certainty.code(),
            Self::Own => "own",
        }
    }

    /// The grade named by [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        if code == Self::Own.code() { Some(Self::Own) } else { Certainty::from_code(code).map(Self::History) }
    }

    /// The word that visitors read.
    pub fn label(self) -> Bilingual {
        match self {
            Self::History(certainty) => certainty.label(),
            Self::Own => Bilingual::new("自述", "our own word"),
        }
    }

    /// The letter that stands beside the claim: A to D, and S for what the site says of itself.
    pub const fn letter(self) -> char {
        match self {
            Self::History(certainty) => certainty.letter(),
            Self::Own => 'S',
        }
    }
}

/// Why a text is no grade.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a grade: use attested, restored, rebuilt, conjecture or own")]
pub struct BadGrade(String);

impl TryFrom<String> for Grade {
    type Error = BadGrade;
    fn try_from(code: String) -> Result<Self, BadGrade> {
        Self::from_code(&code).ok_or(BadGrade(code))
    }
}

impl From<Grade> for &'static str {
    fn from(grade: Grade) -> Self {
        grade.code()
    }
}

impl From<Certainty> for Grade {
    fn from(certainty: Certainty) -> Self {
        Self::History(certainty)
    }
}

/// Whether a source can be looked up, and whether it is one at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reference {
    /// Its locator or address leads to it.
    #[default]
    Given,
    /// 出处待补: it is said to be common knowledge, but no edition and no page has been named yet. Said beside every claim that cites it.
    Owed,
    /// This site itself.
    Own,
}

impl Reference {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Given, Self::Owed, Self::Own];

    /// The word in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Owed => "owed",
            Self::Own => "own",
        }
    }

    /// The reference named by [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reference| reference.code() == code)
    }

    /// Whether a claim of history can rest on it without a further word.
    pub const fn bears(self) -> bool {
        matches!(self, Self::Given)
    }
}

/// A work that claims cite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name in claims.
    pub id: SourceId,
    /// What it is called.
    pub title: Bilingual,
    /// Where in what it can be found: book and chapter, inscription, archive number. `None` where the address says all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<Bilingual>,
    /// Where it can be opened: an `https` or `http` address. `None` where it is not on the web.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How far to trust it, in words a visitor can read.
    pub trust: Bilingual,
    /// Whether it can be looked up.
    #[serde(default)]
    pub reference: Reference,
}

impl Source {
    /// Whether the reader must be told that no edition or page of it has been named yet.
    pub fn is_owed(&self) -> bool {
        self.reference == Reference::Owed
    }

    /// The address as people write it down, without scheme.
    pub fn printed_address(&self) -> Option<&str> {
        self.address.as_deref().map(|address| address.split_once("://").map_or(address, |(_, rest)| rest))
    }
}

/// One or more sentences that rest on one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The sentences, as read aloud and printed.
    pub text: String,
    /// What they rest on.
    pub source: SourceId,
    /// How sure they are.
    #[serde(rename = "certainty")]
    pub grade: Grade,
}
