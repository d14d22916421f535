//! Solar: where the sun stands, by place, date and hour.
//!
//! Method: the low-accuracy formulas of NOAA's solar calculator, after J. Meeus, Astronomical Algorithms (1998),
//! chapter 25; good to about 0.01° in these centuries, far under what shade can show.

/// A civil date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

/// Where the sun stands, seen from a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sun {
    /// Over the level horizon, radians, without refraction.
    pub altitude_rad: f64,
    /// From north through east, radians.
    pub bearing_rad: f64,
}

/// Julian day at 0 h universal time (Meeus, chapter 7).
fn julian_day(date: Date) -> f64 {
    let (mut year, mut month) = (f64::from(date.year), f64::from(date.month));
    if month <= 2.0 {
        year -= 1.0;
        month += 12.0;
    }
    let century = (year / 100.0).floor();
    let gregorian = 2.0 - century + (century / 4.0).floor();
    (365.25 * (year + 4716.0)).floor() + (30.6001 * (month + 1.0)).floor() + f64::from(date.day) + gregorian - 1524.5
}

/// The sun's apparent declination and the equation of time, radians and minutes.
fn declination_and_equation(date: Date, universal_hours: f64) -> (f64, f64) {
    let t = (julian_day(date) + universal_hours / 24.0 - 2_451_545.0) / 36_525.0;
    let mean_longitude = (280.46646 + t * (36_000.769_83 + t * 0.000_303_2)).to_radians();
    let anomaly = (357.52911 + t * (35_999.050_29 - t * 0.000_153_7)).to_radians();
    let eccentricity = 0.016_708_634 - t * (0.000_042_037 + t * 0.000_000_126_7);
    let centre = (1.914_602 - t * (0.004_817 + t * 0.000_014)) * anomaly.sin()
        + (0.019_993 - t * 0.000_101) * (2.0 * anomaly).sin()
        + 0.000_289 * (3.0 * anomaly).sin();
    let node = (125.04 - 1934.136 * t).to_radians();
    let longitude = mean_longitude + (centre - 0.00569 - 0.00478 * node.sin()).to_radians();
    let obliquity = (23.439_291 - t * 0.013_004_2 + 0.00256 * node.cos()).to_radians();
    let declination = (obliquity.sin() * longitude.sin()).asin();
    let y = (obliquity / 2.0).tan().powi(2);
    let equation = y * (2.0 * mean_longitude).sin() - 2.0 * eccentricity * anomaly.sin()
        + 4.0 * eccentricity * y * anomaly.sin() * (2.0 * mean_longitude).cos()
        - 0.5 * y * y * (4.0 * mean_longitude).sin()
        - 1.25 * eccentricity * eccentricity * (2.0 * anomaly).sin();
    (declination, 4.0 * equation.to_degrees())
}

/// Where the sun stands at `mean_hours` of local mean solar time, seen from a place in WGS 84 degrees.
pub(super) fn sun(lat_deg: f64, lon_deg: f64, date: Date, mean_hours: f64) -> Sun {
    let (declination, equation_min) = declination_and_equation(date, mean_hours - lon_deg / 15.0);
    let hour_angle = (15.0 * (mean_hours + equation_min / 60.0 - 12.0)).to_radians();
    let lat = lat_deg.to_radians();
    let altitude_rad = (lat.sin() * declination.sin() + lat.cos() * declination.cos() * hour_angle.cos()).asin();
    let east = -declination.cos() * hour_angle.sin();
    let north = declination.sin() * lat.cos() - declination.cos() * lat.sin() * hour_angle.cos();
    Sun { altitude_rad, bearing_rad: east.atan2(north).rem_euclid(std::f64::consts::TAU) }
}

impl Sun {
    /// Direction towards the sun in the engine's axes.
    pub(super) fn direction(&self) -> bevy::math::Vec3 {
        let level = self.altitude_rad.cos();
        let (east, north) = (level * self.bearing_rad.sin(), level * self.bearing_rad.cos());
        bevy::math::Vec3::new(east as f32, self.altitude_rad.sin() as f32, -north as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE_1992: Date = Date { year: 1992, month: 10, day: 13 };

    #[test]
    fn the_julian_day_is_that_of_the_book() {
        // Meeus, example 25.a: 1992 October 13 at 0 h is JD 2448908.5.
        assert!((julian_day(DATE_1992) - 2_448_908.5).abs() < 1e-9);
    }

    #[test]
    fn the_declination_is_that_of_the_book() {
        // Meeus, example 25.a: apparent declination −7.78507°.
        let (declination, _) = declination_and_equation(DATE_1992, 0.0);
        assert!((declination.to_degrees() + 7.785_07).abs() < 0.002, "{}", declination.to_degrees());
    }

    #[test]
    fn the_equation_of_time_is_that_of_the_book() {
        // Meeus, example 28.a: 1992 October 13 at 0 h, +13 min 42.6 s.
        let (_, minutes) = declination_and_equation(DATE_1992, 0.0);
        assert!((minutes - 13.710).abs() < 0.1, "{minutes}");
    }

    #[test]
    fn at_noon_the_sun_stands_due_south_over_the_bridge() {
        let noon = sun(29.9145, 102.2299, Date { year: 1935, month: 5, day: 29 }, 12.0 - 2.7 / 60.0);
        assert!((noon.bearing_rad.to_degrees() - 180.0).abs() < 1.5, "{noon:?}");
        // Latitude 29.91° and a declination near 21.6° leave 81.7°.
        assert!((noon.altitude_rad.to_degrees() - 81.7).abs() < 0.3, "{noon:?}");
    }

    #[test]
    fn in_the_afternoon_it_stands_in_the_west() {
        let toward = sun(29.9145, 102.2299, Date { year: 1935, month: 5, day: 29 }, 16.0).direction();
        assert!(toward.x < -0.6 && toward.y > 0.4, "{toward}");
    }
}
