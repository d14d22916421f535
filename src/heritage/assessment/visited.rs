//! By which ways a walk was made.

use crate::{Bilingual, Way};
use serde::{Deserialize, Serialize};

/// Stations of a walk, counted by the way in which each was completed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// In the 3D scene on a screen.
    pub scene: u16,
    /// On the page.
    pub page: u16,
    /// In a headset.
    pub headset: u16,
    /// On the ground.
    pub foot: u16,
}

/// How a whole walk was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visited {
    /// Every station in the 3D scene.
    Scene,
    /// Every station on the page.
    Page,
    /// Every station in a headset.
    Headset,
    /// Every station on the ground.
    Foot,
    /// Some by one way, some by another.
    Mixed,
    /// The record does not say.
    Unknown,
}

impl Ways {
    /// Counts one station more.
    pub const fn count(&mut self, way: Way) {
        let count = match way {
            Way::Scene => &mut self.scene,
            Way::Page => &mut self.page,
            Way::Headset => &mut self.headset,
            Way::Foot => &mut self.foot,
        };
        *count = count.saturating_add(1);
    }
}

impl Visited {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 6] = [Self::Scene, Self::Page, Self::Headset, Self::Foot, Self::Mixed, Self::Unknown];

    /// How a walk with these stations was made.
    pub const fn by(ways: Ways) -> Self {
        match (ways.scene > 0, ways.page > 0, ways.headset > 0, ways.foot > 0) {
            (false, false, false, false) => Self::Unknown,
            (true, false, false, false) => Self::Scene,
            (false, true, false, false) => Self::Page,
            (false, false, true, false) => Self::Headset,
            (false, false, false, true) => Self::Foot,
            _ => Self::Mixed,
        }
    }

    /// The word in files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Scene => "scene",
            Self::Page => "page",
            Self::Headset => "headset",
            Self::Foot => "foot",
            Self::Mixed => "mixed",
            Self::Unknown => "unknown",
        }
    }

    /// The word that people read.
    pub fn label(self) -> Bilingual {
        match self {
            Self::Scene => Way::Scene.label(),
            Self::Page => Way::Page.label(),
            Self::Headset => Way::Headset.label(),
            Self::Foot => Way::Foot.label(),
            Self::Mixed => Bilingual::new("多种方式", "by several ways"),
            Self::Unknown => Bilingual::new("未记录", "not recorded"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_has_the_way_of_all_its_stations_or_several() {
        let by = |ways: &[Way]| {
            let mut counted = Ways::default();
            for way in ways {
                counted.count(*way);
            }
            Visited::by(counted)
        };
        for (ways, visited) in [
            (&[][..], Visited::Unknown),
            (&[Way::Scene, Way::Scene], Visited::Scene),
            (&[Way::Page], Visited::Page),
            (&[Way::Headset], Visited::Headset),
            (&[Way::Foot, Way::Foot], Visited::Foot),
            (&[Way::Foot, Way::Page], Visited::Mixed),
        ] {
            assert_eq!(by(ways), visited, "{ways:?}");
        }
    }
}
