//! A site in outline: what a page needs to count a visit, without texts and models. Lies as `outline.json` beside `site.json`.

use crate::credit::telling_secs;
use crate::geodesy::{EastNorthUp, Wgs84};
use crate::{Bilingual, CreditRule, Lang, PointId, RouteId, Site, SiteId, StationId};
use serde::{Deserialize, Serialize};

/// A site in outline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// Its name.
    pub id: SiteId,
    /// What it is called.
    pub title: Bilingual,
    /// Origin of the local frame.
    pub origin: Wgs84,
    /// In telling order.
    pub stations: Vec<StationOutline>,
    /// What may be learned for credit here.
    pub routes: Vec<RouteOutline>,
}

/// A station in outline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationOutline {
    /// Its name.
    pub id: StationId,
    /// What it is called.
    pub title: Bilingual,
    /// Metres from the site's origin.
    pub position: EastNorthUp,
    /// Radius within which a visitor on foot counts as there, metres.
    pub radius_m: f64,
    /// Its story points, in telling order.
    pub points: Vec<PointId>,
    /// How long all that is told there takes in Chinese, seconds ([`telling_secs`]).
    pub zh_secs: f64,
    /// The same in English.
    pub en_secs: f64,
}

/// A route in outline: its name and what it asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteOutline {
    /// Its name.
    pub id: RouteId,
    /// What it asks for, and what it earns.
    pub rule: CreditRule,
}

impl Outline {
    /// The outline of a site.
    pub fn of(site: &Site) -> Self {
        let stations = site.stations.iter().map(|station| StationOutline {
            id: station.id.clone(),
            title: station.title.clone(),
            position: station.position,
            radius_m: station.radius_m,
            points: station.points.iter().map(|point| point.id.clone()).collect(),
            zh_secs: telling_secs(station, Lang::Zh),
            en_secs: telling_secs(station, Lang::En),
        });
        let routes = site.routes.iter().map(|route| RouteOutline { id: route.id.clone(), rule: route.rule.clone() });
        Self {
            id: site.id.clone(),
            title: site.title.clone(),
            origin: site.origin.position,
            stations: stations.collect(),
            routes: routes.collect(),
        }
    }

    /// The station named `id`.
    pub fn station(&self, id: &StationId) -> Option<&StationOutline> {
        self.stations.iter().find(|station| station.id == *id)
    }

    /// The station that tells `point`.
    pub fn telling(&self, point: &PointId) -> Option<&StationOutline> {
        self.stations.iter().find(|station| station.points.contains(point))
    }
}

impl StationOutline {
    /// How long all that is told there takes in `lang`, seconds.
    pub const fn telling_secs(&self, lang: Lang) -> f64 {
        match lang {
            Lang::Zh => self.zh_secs,
            Lang::En => self.en_secs,
        }
    }
}
