//! A site: what stands there, what is told there, and what the sources disagree on.

use crate::geodesy::{EastNorthUp, Wgs84};
use crate::scene::Scene;
use crate::{Bilingual, Certainty, Claim, PointId, Question, Route, SiteId, Source, SourceId, StationId};
use serde::{Deserialize, Serialize};

/// A site with everything a visitor may read of it. Holds no answer keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Its name.
    pub id: SiteId,
    /// What it is called.
    pub title: Bilingual,
    /// One sentence for the catalogue.
    pub summary: Bilingual,
    /// The date and place line, as printed under the title.
    pub when: Bilingual,
    /// Where the local frame has its origin.
    pub origin: Origin,
    /// In telling order.
    pub stations: Vec<Station>,
    /// What may be learned for credit here.
    pub routes: Vec<Route>,
    /// What the sources disagree on.
    pub conflicts: Vec<Conflict>,
    /// What no source states, and what the scene shows all the same.
    #[serde(default)]
    pub unknowns: Vec<Unknown>,
    /// What can be measured in the scene against a source.
    pub measures: Vec<Measure>,
    /// Everything cited.
    pub sources: Vec<Source>,
    /// What the scene is made of.
    pub scene: Scene,
}

/// Origin of the local east-north-up frame, and how sure it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// WGS 84, degrees.
    pub position: Wgs84,
    /// Radius within which the true place lies, metres, our judgement.
    pub uncertainty_m: f64,
    /// Where the coordinate comes from.
    pub source: SourceId,
}

/// Radii of a station that make sense on the ground, metres: phones do no better than the least.
pub const RADIUS_M: std::ops::RangeInclusive<f64> = 5.0..=500.0;

/// What a learner completes. Read from JSON only with a radius within [`RADIUS_M`] and a question of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ReadStation")]
pub struct Station {
    /// Its name.
    pub id: StationId,
    /// What it is called.
    pub title: Bilingual,
    /// Where it is, metres from the site's origin: the same for the scene and for GPS.
    pub position: EastNorthUp,
    /// Radius within which a visitor on foot counts as there, metres.
    pub radius_m: f64,
    /// What is told there; at least one.
    pub points: Vec<StoryPoint>,
    /// What is asked there.
    pub question: Question,
}

/// Why what was read is no station.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BadStation {
    /// Nobody can stand in it, or nobody can miss it.
    #[error("station {station} has a radius of {radius_m} m: use {} to {} m", RADIUS_M.start(), RADIUS_M.end())]
    Radius {
        /// Which.
        station: StationId,
        /// As read, metres.
        radius_m: f64,
    },
    /// The answer would be counted elsewhere.
    #[error("station {station} asks the question of {of}")]
    Question {
        /// Which.
        station: StationId,
        /// Whose question it is.
        of: StationId,
    },
}

/// A station as it stands in JSON, before it is judged.
#[derive(Deserialize)]
struct ReadStation {
    id: StationId,
    title: Bilingual,
    position: EastNorthUp,
    radius_m: f64,
    points: Vec<StoryPoint>,
    question: Question,
}

impl TryFrom<ReadStation> for Station {
    type Error = BadStation;
    fn try_from(read: ReadStation) -> Result<Self, BadStation> {
        let ReadStation { id, title, position, radius_m, points, question } = read;
        if !RADIUS_M.contains(&radius_m) {
            return Err(BadStation::Radius { station: id, radius_m });
        }
        if question.station != id {
            return Err(BadStation::Question { station: id, of: question.station });
        }
        Ok(Self { id, title, position, radius_m, points, question })
    }
}

/// Something told at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoryPoint {
    /// Its name; also the name of its story, narration and caption files.
    pub id: PointId,
    /// Heading of its card.
    pub title: Bilingual,
    /// Where its marker stands and its voice comes from.
    pub position: EastNorthUp,
    /// What is told in Chinese, claim by claim.
    pub zh: Vec<Claim>,
    /// What is told in English, claim by claim.
    pub en: Vec<Claim>,
    /// Length of the Chinese narration, seconds; 0 until a recording is there.
    #[serde(default)]
    pub zh_secs: f64,
    /// Length of the English narration, seconds; 0 until a recording is there.
    #[serde(default)]
    pub en_secs: f64,
}

impl StoryPoint {
    /// What is told in `lang`.
    pub fn claims(&self, lang: crate::Lang) -> &[Claim] {
        match lang {
            crate::Lang::Zh => &self.zh,
            crate::Lang::En => &self.en,
        }
    }

    /// Length of the narration in `lang`, seconds.
    pub const fn narration_secs(&self, lang: crate::Lang) -> f64 {
        match lang {
            crate::Lang::Zh => self.zh_secs,
            crate::Lang::En => self.en_secs,
        }
    }
}

/// A point on which sources disagree, with both values and what the model shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The station that shows the card.
    pub station: StationId,
    /// What is in question.
    pub subject: Bilingual,
    /// What each source says.
    pub values: Vec<ConflictValue>,
    /// What was modelled, and why.
    pub modelled: Bilingual,
}

/// One side of a conflict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConflictValue {
    /// As printed.
    pub value: Bilingual,
    /// Who says so.
    pub source: SourceId,
}

/// What no source states although a scene cannot leave it open: an hour, a weather, a height.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// What is not known, a sentence.
    pub what: Bilingual,
    /// What the scene shows all the same, a sentence that calls it what it is.
    pub shown: Bilingual,
}

/// A length that both a source and the model know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What is measured.
    pub title: Bilingual,
    /// One end, metres from the origin.
    pub from: EastNorthUp,
    /// The other end.
    pub to: EastNorthUp,
    /// What the source says, metres.
    pub source_m: f64,
    /// Who says so.
    pub source: SourceId,
    /// How sure that is.
    pub certainty: Certainty,
    /// How far the model may be off, metres.
    pub uncertainty_m: f64,
}

impl Site {
    /// The station named `id`.
    pub fn station(&self, id: &StationId) -> Option<&Station> {
        self.stations.iter().find(|station| station.id == *id)
    }

    /// The source named `id`.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == *id)
    }

    /// The story point named `id`, with its station.
    pub fn point(&self, id: &PointId) -> Option<(&Station, &StoryPoint)> {
        self.stations
            .iter()
            .find_map(|station| station.points.iter().find(|point| point.id == *id).map(|point| (station, point)))
    }
}
