//! A route: stations in the order in which they are told, and what completing them earns.

use crate::{Bilingual, CreditRule, RouteId, SiteId, StationId};
use serde::{Deserialize, Serialize};

/// A passage that a learner can complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// Its name.
    pub id: RouteId,
    /// Where it runs.
    pub site: SiteId,
    /// What it is called.
    pub title: Bilingual,
    /// Its stations, in telling order. Order is judged afterwards and never enforced.
    pub stations: Vec<StationId>,
    /// What it earns, and for what.
    pub rule: CreditRule,
}
