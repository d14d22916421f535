//! The site in outline, as the page fetches it.

use super::{FromJson, field};
use crate::json::Value;
use crate::wire::record;
use heritage::geodesy::{EastNorthUp, Wgs84};
use heritage::{CreditRule, Hours, Outline, RouteOutline, StationOutline};

record!(Outline { id, title, origin, stations, routes });
record!(StationOutline { id, title, position, radius_m, points, zh_secs, en_secs });
record!(RouteOutline { id, rule });
record!(EastNorthUp { east_m, north_m, up_m });

impl FromJson for Wgs84 {
    fn from_json(value: &Value) -> Option<Self> {
        Self::new(field(value, "lat_deg")?, field(value, "lon_deg")?).ok()
    }
}

impl FromJson for Hours {
    fn from_json(value: &Value) -> Option<Self> {
        u32::from_json(value).map(Self::from_tenths)
    }
}

impl FromJson for CreditRule {
    fn from_json(value: &Value) -> Option<Self> {
        let (version, hours) = (field(value, "version")?, field(value, "hours")?);
        let (share, recall, dwell) =
            (field(value, "attended_share")?, field(value, "recall")?, field(value, "dwell_secs")?);
        let attestation = field(value, "attestation").unwrap_or(false);
        Some(Self::new(version, hours, share, recall, dwell).ok()?.with_attestation(attestation))
    }
}
