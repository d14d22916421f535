//! Daylight: the hour and weather shown for each state, and the light they give.
//!
//! The sun's place follows from site, date and hour. The hours and the weather are conjecture: sources date the
//! crossing to the afternoon of 29 May 1935, but no hour for what is seen here, and no weather, is established.

use bevy::prelude::*;
use heritage::scene::Era;

use super::solar::{Date, Sun, sun};
use crate::surface::Air;

/// Local mean solar time shown for 29 May 1935, hours. Conjecture.
pub(super) const HOUR_1935: f64 = 16.0;
/// Local mean solar time shown for today, hours. Conjecture.
pub(super) const HOUR_TODAY: f64 = 9.4;

/// Where the sun stands in a state.
pub(super) fn sun_of(era: Era, lat_deg: f64, lon_deg: f64) -> Sun {
    match era {
        Era::Y1935 => sun(lat_deg, lon_deg, Date { year: 1935, month: 5, day: 29 }, HOUR_1935),
        // The same day of the year, so that the two states differ by hour alone.
        Era::Today => sun(lat_deg, lon_deg, Date { year: 2026, month: 5, day: 29 }, HOUR_TODAY),
    }
}

/// What the weather does to the light.
struct Weather {
    /// Share of direct sunlight that reaches the valley.
    clear: f32,
    /// Cloud cover, 0–1.
    cloud: f32,
    /// Density of the valley's mist at its foot, per metre.
    mist_per_m: f32,
    /// Haze, per metre.
    haze_per_m: f32,
}

const fn weather(era: Era) -> Weather {
    match era {
        // High thin cloud and mist over the river.
        Era::Y1935 => Weather { clear: 0.62, cloud: 0.72, mist_per_m: 0.0032, haze_per_m: 0.00105 },
        Era::Today => Weather { clear: 0.7, cloud: 0.42, mist_per_m: 0.0016, haze_per_m: 0.00062 },
    }
}

/// The light of a state; leaves lens and detail as they are.
pub(super) fn light(era: Era, sun: &Sun, water_up_m: f32, air: &mut Air) {
    let weather = weather(era);
    let height = (sun.altitude_rad.sin() as f32).max(0.02);
    // Low sun is reddened by the longer way through the air; the exponents grow from red to blue.
    let way = 1.0 / (height + 0.08);
    let through = Vec3::new((-0.045 * way).exp(), (-0.095 * way).exp(), (-0.19 * way).exp());
    let direct = through * 3.3 * weather.clear;
    let cover = weather.cloud;
    let blue = Vec3::new(0.20, 0.335, 0.56);
    let white = Vec3::new(0.66, 0.69, 0.72);
    let zenith = blue.lerp(white, 0.25 + 0.5 * cover) * (0.62 + 0.38 * height);
    let horizon = Vec3::new(0.86, 0.92, 0.97).lerp(white * 1.28, cover) * (0.72 + 0.28 * height);
    let warm = through / through.max_element();
    let horizon = horizon * Vec3::ONE.lerp(warm, 0.22);
    let mist = horizon.lerp(Vec3::new(0.74, 0.775, 0.78), 0.5);
    air.sun_direction = sun.direction().extend(0.0);
    air.sun = direct.extend(1.0);
    air.zenith = zenith.extend(1.0);
    air.horizon = horizon.extend(1.0);
    air.ground = (Vec3::new(0.155, 0.140, 0.115) * (0.5 + 0.5 * height)).extend(1.0);
    air.mist = mist.extend(weather.mist_per_m);
    air.haze = Vec4::new(weather.haze_per_m, water_up_m, 1.0 / 26.0, EXPOSURE);
    air.show.z = cover;
}

/// Turns scene light into the film curve's range: sunlit stone falls a little under its middle.
const EXPOSURE: f32 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_afternoon_of_1935_lights_the_bridge_from_the_west() {
        let sun = sun_of(Era::Y1935, 29.9145, 102.2299);
        let mut air = Air::default();
        light(Era::Y1935, &sun, -14.5, &mut air);
        assert!(air.sun_direction.x < -0.6, "{:?}", air.sun_direction);
        assert!(air.sun.x > air.sun.z, "low sun is warm: {:?}", air.sun);
    }

    #[test]
    fn changing_the_light_leaves_lens_and_detail_alone() {
        let mut air = Air { show: Vec4::new(1.0, 2.0, 0.0, 0.0), ..Air::default() };
        light(Era::Today, &sun_of(Era::Today, 29.9145, 102.2299), -14.5, &mut air);
        assert_eq!((air.show.x, air.show.y), (1.0, 2.0));
    }
}
