//! Daylight: the hour and weather shown for each state, and the light they give.
//!
//! The sun's place follows from site, date and hour. The hours and the weather are assumed in both states: no source
//! cited here gives an hour or a weather for 29 May 1935. Visitors read so under `[[unknown]]` of the site's site.toml.

use bevy::prelude::*;
use heritage::scene::Era;

use super::solar::{Date, Sun, sun};
use crate::surface::Air;

/// Local mean solar time shown for 29 May 1935, hours. Assumed.
pub(super) const HOUR_1935: f64 = 16.2;
/// Local mean solar time shown for today, hours: the sun has come round to the side from which visitors look.
pub(super) const HOUR_TODAY: f64 = 15.2;

/// Where the sun stands in a state.
pub(super) fn sun_of(era: Era, lat_deg: f64, lon_deg: f64) -> Sun {
    match era {
        Era::Y1935 => sun(lat_deg, lon_deg, Date { year: 1935, month: 5, day: 29 }, HOUR_1935),
        // The same day of the year, so that the two states differ by hour and weather alone.
        Era::Today => sun(lat_deg, lon_deg, Date { year: 2026, month: 5, day: 29 }, HOUR_TODAY),
    }
}

/// What the weather does to the light. Assumed in both states.
struct Weather {
    /// Share of direct sunlight that reaches the valley.
    clear: f32,
    /// Cloud cover, 0–1.
    cloud: f32,
    /// Density of the valley's mist at its foot, per metre.
    mist_per_m: f32,
    /// Height in which the mist thins to about a third, metres.
    mist_thins_m: f32,
    /// Haze, per metre.
    haze_per_m: f32,
}

const fn weather(era: Era) -> Weather {
    match era {
        // Cloud that breaks, mist on the water, wet air: chosen to set the states apart, not because anyone recorded it.
        Era::Y1935 => Weather { clear: 0.42, cloud: 0.80, mist_per_m: 0.0042, mist_thins_m: 11.0, haze_per_m: 0.00058 },
        Era::Today => Weather { clear: 1.0, cloud: 0.30, mist_per_m: 0.0010, mist_thins_m: 16.0, haze_per_m: 0.00030 },
    }
}

/// The light of a state; leaves lens and detail as they are.
pub(super) fn light(era: Era, sun: &Sun, water_up_m: f32, air: &mut Air) {
    let weather = weather(era);
    let height = (sun.altitude_rad.sin() as f32).max(0.02);
    // Low sun is reddened by the longer way through the air; the exponents grow from red to blue.
    let way = 1.0 / (height + 0.08);
    let through = Vec3::new((-0.045 * way).exp(), (-0.095 * way).exp(), (-0.19 * way).exp());
    let direct = through * 3.7 * weather.clear;
    let cover = weather.cloud * weather.cloud;
    // Cloud lights the shade that it takes from the sun, and greys the blue.
    let zenith = Vec3::new(0.115, 0.215, 0.43).lerp(Vec3::new(0.42, 0.45, 0.485), cover) * (0.6 + 0.4 * height);
    let horizon = Vec3::new(0.60, 0.72, 0.84).lerp(Vec3::new(0.70, 0.715, 0.72), cover) * (0.7 + 0.3 * height);
    let warm = through / through.max_element();
    let horizon = horizon * Vec3::ONE.lerp(warm, 0.25);
    let mist = horizon.lerp(Vec3::new(0.60, 0.63, 0.64), 0.4);
    // What the valley throws back: ochre slopes under sun and sky.
    let ground = Vec3::new(0.150, 0.125, 0.094) * (direct * height * 0.60 + horizon * 0.70);
    air.sun_direction = sun.direction().extend(0.0);
    air.sun = direct.extend(1.0);
    air.zenith = zenith.extend(1.0);
    air.horizon = horizon.extend(1.0);
    air.ground = ground.extend(1.0);
    air.mist = mist.extend(weather.mist_per_m);
    air.haze = Vec4::new(weather.haze_per_m, water_up_m, 1.0 / weather.mist_thins_m, EXPOSURE);
    air.show.z = weather.cloud;
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
