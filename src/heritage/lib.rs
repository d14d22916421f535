//! The place and what is known of it: site, route, station, story, source, evidence, credit, geodesy, geofence.
//!
//! Floor 0. Knows no clock, file, network or engine: whoever calls brings the text, the time and the position.

// The maker of traces is an example that the tests read as well; both call this crate by its name.
#[cfg(test)]
extern crate self as heritage;

#[cfg(feature = "assessment")]
pub mod assessment;
pub mod credit;
pub mod finding;
pub mod geodesy;
pub mod geofence;
pub mod id;
pub mod lang;
#[cfg(feature = "assessment")]
pub mod on_site;
pub mod outline;
pub mod packed;
pub mod proof;
pub mod quiz;
#[cfg(feature = "reader")]
pub mod reader;
pub mod route;
pub mod scene;
pub mod site;
pub mod source;
pub mod vtt;

pub use credit::{CreditRule, Hours, Reason, Requirement, StationRecord, Verdict};
pub use finding::Finding;
pub use id::{GoalId, PointId, RouteId, SiteId, SourceId, StationId};
pub use lang::{Bilingual, Lang};
pub use outline::{Outline, RouteOutline, StationOutline};
pub use proof::{Proof, Way};
pub use quiz::{Key, Question};
pub use route::Route;
pub use site::{Conflict, Measure, Site, Station, StoryPoint, Unknown};
pub use source::{Certainty, Claim, Grade, Reference, Source};
