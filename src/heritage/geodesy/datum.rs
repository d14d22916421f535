//! The three datums that positions in China come in, each a type of its own so that they cannot be mixed.

use serde::{Deserialize, Serialize};

/// Why two numbers are not a position.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("latitude {lat_deg}°, longitude {lon_deg}° is not on the earth: use −90 to 90 and −180 to 180")]
pub struct OutOfRange {
    /// The latitude that was offered, degrees.
    pub lat_deg: f64,
    /// The longitude that was offered, degrees.
    pub lon_deg: f64,
}

/// Both numbers as they stand in files, before they are judged.
#[derive(Deserialize)]
struct Raw {
    lat_deg: f64,
    lon_deg: f64,
}

macro_rules! datum {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(try_from = "Raw")]
        pub struct $name {
            lat_deg: f64,
            lon_deg: f64,
        }

        impl $name {
            /// The position at these degrees north and east.
            ///
            /// # Errors
            /// [`OutOfRange`] unless latitude lies in −90 to 90 and longitude in −180 to 180; a number that is not finite lies in neither.
            pub const fn new(lat_deg: f64, lon_deg: f64) -> Result<Self, OutOfRange> {
                // Written so that a comparison with NaN refuses.
                if lat_deg >= -90.0 && lat_deg <= 90.0 && lon_deg >= -180.0 && lon_deg <= 180.0 {
                    Ok(Self { lat_deg, lon_deg })
                } else {
                    Err(OutOfRange { lat_deg, lon_deg })
                }
            }

            /// Latitude, degrees north, −90 to 90.
            pub const fn lat_deg(self) -> f64 {
                self.lat_deg
            }

            /// Longitude, degrees east, −180 to 180.
            pub const fn lon_deg(self) -> f64 {
                self.lon_deg
            }

            /// The position that a computation arrived at, brought back into range where rounding or a shift across the seam left it.
            pub(super) fn nearest_to(lat_deg: f64, lon_deg: f64) -> Self {
                let lon_deg = if lon_deg.abs() > 180.0 { (lon_deg + 180.0).rem_euclid(360.0) - 180.0 } else { lon_deg };
                Self { lat_deg: lat_deg.clamp(-90.0, 90.0), lon_deg }
            }
        }

        impl TryFrom<Raw> for $name {
            type Error = OutOfRange;
            fn try_from(raw: Raw) -> Result<Self, OutOfRange> {
                Self::new(raw.lat_deg, raw.lon_deg)
            }
        }
    };
}

datum!(
    /// A position on the WGS 84 ellipsoid, degrees; what satellites and this project's data use.
    ///
    /// A position of another datum cannot take its place:
    ///
    /// ```compile_fail,E0308
    /// use heritage::geodesy::{Gcj02, LocalFrame, Wgs84};
    /// let frame = LocalFrame::at(Wgs84::new(29.9145, 102.2299).expect("on the earth"));
    /// let from_a_map = Gcj02::new(29.9120, 102.2318).expect("on the earth");
    /// frame.enu_from_wgs84(from_a_map);
    /// ```
    ///
    /// The change of datum has to be written out:
    ///
    /// ```
    /// use heritage::geodesy::{Gcj02, LocalFrame, Wgs84};
    /// let frame = LocalFrame::at(Wgs84::new(29.9145, 102.2299).expect("on the earth"));
    /// let from_a_map = Gcj02::new(29.9120, 102.2318).expect("on the earth");
    /// frame.enu_from_wgs84(Wgs84::from(from_a_map));
    /// ```
    Wgs84
);
datum!(
    /// A position in GCJ-02, degrees: the shifted datum of mainland web maps, and of some phones' positions.
    Gcj02
);
datum!(
    /// A position in BD-09, degrees: Baidu's datum, GCJ-02 shifted once more.
    Bd09
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_lies_on_the_earth() {
        for (lat_deg, lon_deg) in [(90.0, 180.0), (-90.0, -180.0), (29.9145, 102.2299)] {
            assert!(Wgs84::new(lat_deg, lon_deg).is_ok());
        }
        for (lat_deg, lon_deg) in
            [(90.1, 0.0), (0.0, 180.1), (f64::NAN, 0.0), (0.0, f64::NAN), (f64::INFINITY, 0.0), (102.2299, 29.9145)]
        {
            assert!(Wgs84::new(lat_deg, lon_deg).is_err(), "{lat_deg}, {lon_deg}");
        }
    }

    #[test]
    fn a_position_off_the_earth_cannot_arrive_by_json() {
        assert!(serde_json::from_str::<Wgs84>(r#"{"lat_deg":102.2,"lon_deg":29.9}"#).is_err());
        assert!(serde_json::from_str::<Wgs84>(r#"{"lat_deg":29.9,"lon_deg":102.2}"#).is_ok());
    }
}
