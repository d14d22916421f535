//! Words: numbers and grades as the reader's language writes them.

use super::{Entry, Page};
use crate::voices::Voice;
use heritage::geodesy::Wgs84;
use heritage::{Certainty, Claim, Grade, Hours, Lang, PointId, Site, SiteId, Source, SourceId, StoryPoint};

impl Page<'_> {
    /// Credit, as in `0.5 学时` or `0.5 h`.
    pub fn hours(&self, hours: &Hours) -> String {
        let figure = format!("{}.{}", hours.tenths / 10, hours.tenths % 10);
        match self.lang {
            Lang::Zh => format!("{figure} 学时"),
            Lang::En => format!("{figure} credit hours"),
        }
    }

    /// A length, with no digit that was not given.
    pub fn metres(&self, metres: &f64) -> String {
        match self.lang {
            Lang::Zh => format!("{metres} 米"),
            Lang::En => format!("{metres} m"),
        }
    }

    /// A time, whole seconds.
    pub fn seconds(&self, secs: &f64) -> String {
        match self.lang {
            Lang::Zh => format!("{secs:.0} 秒"),
            Lang::En => format!("{secs:.0} seconds"),
        }
    }

    /// A share of one as per cent.
    pub fn percent(&self, share: &f64) -> String {
        format!("{:.0}%", share * 100.0)
    }

    /// How long all that is told at a site takes to hear; empty while nothing is recorded.
    pub fn minutes(&self, site: &Site) -> String {
        let secs: f64 =
            site.stations.iter().flat_map(|station| &station.points).map(|point| point.narration_secs(self.lang)).sum();
        let minutes = (secs / 60.0).round().max(1.0);
        match self.lang {
            _ if secs <= 0.0 => String::new(),
            Lang::Zh => format!("{minutes:.0} 分钟"),
            Lang::En if minutes <= 1.0 => "1 minute".to_owned(),
            Lang::En => format!("{minutes:.0} minutes"),
        }
    }

    /// A position, no finer than its four decimals: about ten metres.
    pub fn degrees(&self, at: &Wgs84) -> String {
        match self.lang {
            Lang::Zh => format!("北纬 {:.4}°，东经 {:.4}°", at.lat_deg(), at.lon_deg()),
            Lang::En => format!("{:.4}° N, {:.4}° E", at.lat_deg(), at.lon_deg()),
        }
    }

    /// What a grade of certainty means, in a sentence.
    pub fn meaning(&self, certainty: &Certainty) -> &'static str {
        match (certainty, self.lang) {
            (Certainty::Attested, Lang::Zh) => "所引来源写明。来源本身可靠到什么程度，见各来源的说明。",
            (Certainty::Attested, Lang::En) => {
                "Stated by the source cited. How far that source can be trusted stands beside it."
            }
            (Certainty::Restored, Lang::Zh) => "原物尚存，后来修过。",
            (Certainty::Restored, Lang::En) => "The old thing itself, repaired since.",
            (Certainty::Rebuilt, Lang::Zh) => "在原址或按原样重新建造。",
            (Certainty::Rebuilt, Lang::En) => "Made anew in the old place or form.",
            (Certainty::Conjecture, Lang::Zh) => "没有来源写明，由我们推定；出现之处都这样标注。",
            (Certainty::Conjecture, Lang::En) => "No source states it; our own inference, said so wherever it appears.",
        }
    }

    /// The word for a grade of certainty.
    pub fn grade(&self, certainty: &Certainty) -> String {
        certainty.label().get(self.lang).to_owned()
    }

    /// The word for how sure a claim is.
    pub fn graded(&self, grade: &Grade) -> String {
        grade.label().get(self.lang).to_owned()
    }

    /// Address of a page of a site, `tail` below the site's own.
    pub fn within(&self, site: &SiteId, tail: &str) -> String {
        format!("/{}/{site}/{tail}", self.lang.code())
    }

    /// What is told at a story point in the page's language.
    pub fn claims<'p>(&self, point: &'p StoryPoint) -> &'p [Claim] {
        point.claims(self.lang)
    }

    /// Whether a program speaks this story point's narration in the page's language.
    pub fn synthetic(&self, entry: &Entry, point: &PointId) -> bool {
        entry.voices.of(self.lang, point.as_str()) == Some(&Voice::Synthetic)
    }

    /// Address of the narration's MP3, where there is one: a recording may come without.
    pub fn twin(&self, entry: &Entry, point: &PointId) -> Option<String> {
        let path = format!("narration/{}/{point}.mp3", self.lang.code());
        entry.files.contains(&path).then(|| format!("{}{path}", entry.root))
    }

    /// Number of a source in a list, from 1.
    pub fn note(&self, sources: &[Source], id: &SourceId) -> Option<usize> {
        sources.iter().position(|source| source.id == *id).map(|index| index + 1)
    }

    /// The digest in the address of a site's files.
    pub fn edition<'e>(&self, entry: &'e Entry) -> &'e str {
        entry.root.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }
}
