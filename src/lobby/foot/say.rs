//! Where the visitor is, how sure that is, and which way to go: in words. Pure.

use crate::words::{self, Text};
use heritage::Lang;
use heritage::proof::DatumVerdict;

/// Metres near by, kilometres far off: 45 米, 2.3 公里.
pub fn distance(lang: Lang, distance_m: f64) -> String {
    let (near, zh, en) = (distance_m < 1000.0, ["米", "公里"], ["m", "km"]);
    let figure = match distance_m {
        m if m < 10.0 => words::figure(m, 0),
        m if m < 1000.0 => words::figure((m / 5.0).round() * 5.0, 0),
        m if m < 100_000.0 => words::figure(m / 1000.0, 1),
        m => words::figure(m / 1000.0, 0),
    };
    let unit = |units: [&'static str; 2]| if near { units[0] } else { units[1] };
    match lang {
        Lang::Zh => format!("{figure} {}", unit(zh)),
        Lang::En => format!("{figure} {}", unit(en)),
    }
}

/// One of eight directions.
pub fn direction(lang: Lang, bearing_deg: f64) -> &'static str {
    const ZH: [&str; 8] = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"];
    const EN: [&str; 8] = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];
    let eighth = ((bearing_deg.rem_euclid(360.0) + 22.5) / 45.0) as usize % 8;
    match lang {
        Lang::Zh => ZH[eighth],
        Lang::En => EN[eighth],
    }
}

/// How sure the fix is.
pub fn sureness(lang: Lang, accuracy_m: f64) -> String {
    let word = match accuracy_m {
        m if m <= 10.0 => words::SURE_GOOD,
        m if m <= 25.0 => words::SURE_FAIR,
        m if m <= 50.0 => words::SURE_POOR,
        _ => words::SURE_UNUSABLE,
    };
    let (word, accuracy) = (word.get(lang), words::figure(accuracy_m, 0));
    match lang {
        Lang::Zh => format!("定位误差约 ±{accuracy} 米：{word}"),
        Lang::En => format!("Position known to about ±{accuracy} m: {word}"),
    }
}

/// A fix that is too poor to use.
pub fn ignored(lang: Lang, accuracy_m: f64) -> String {
    let accuracy = words::figure(accuracy_m, 0);
    match lang {
        Lang::Zh => format!("这次定位误差约 {accuracy} 米，超过 50 米，未采用。请到开阔处，或用铭牌代码。"),
        Lang::En => format!(
            "This fix is only good to {accuracy} m, worse than 50 m, and was not used. Step into the open, or use the plaque’s code."
        ),
    }
}

/// A move that no walker makes.
pub fn jumped(lang: Lang, distance_m: f64) -> String {
    let far = distance(lang, distance_m);
    match lang {
        Lang::Zh => format!("位置一下子移动了{far}，等下一次定位核实。"),
        Lang::En => format!("The position moved by {far} at once; the next fix will tell."),
    }
}

/// Arrival at a station.
pub fn arrived(lang: Lang, title: &str) -> String {
    match lang {
        Lang::Zh => format!("到达：{title}"),
        Lang::En => format!("Arrived: {title}"),
    }
}

/// What is being told.
pub fn telling(lang: Lang, title: &str) -> String {
    match lang {
        Lang::Zh => format!("正在讲：{title}"),
        Lang::En => format!("Now telling: {title}"),
    }
}

/// Another station has been reached while one is still told.
pub fn told_after(lang: Lang, title: &str) -> String {
    match lang {
        Lang::Zh => format!("现在在：{title}。这一段讲完后接着讲。"),
        Lang::En => format!("Now at: {title}. It will be told after this."),
    }
}

/// A station has been reached while the visitor holds a narration.
pub fn held(lang: Lang, title: &str) -> String {
    match lang {
        Lang::Zh => format!("到达：{title}。讲解停着，按播放键继续。"),
        Lang::En => format!("Arrived: {title}. The narration is held: press play to go on."),
    }
}

/// The stations whose radius the visitor is in.
pub fn at(lang: Lang, titles: &[String]) -> String {
    match lang {
        Lang::Zh => format!("您在：{}", titles.join("、")),
        Lang::En => format!("You are at: {}", titles.join(", ")),
    }
}

/// Outside every radius.
pub fn outside(lang: Lang, nearest: &str, distance_m: f64, bearing_deg: f64) -> String {
    let (far, way) = (distance(lang, distance_m), direction(lang, bearing_deg));
    match lang {
        Lang::Zh => format!("您不在任何一站的范围内。最近的是“{nearest}”，在{way}方 {far}处。"),
        Lang::En => {
            format!("You are outside the radius of every station. The nearest is “{nearest}”, {far} to the {way}.")
        }
    }
}

/// The way to the next station of the route.
pub fn next(lang: Lang, title: &str, distance_m: f64, bearing_deg: f64) -> String {
    let (far, way) = (distance(lang, distance_m), direction(lang, bearing_deg));
    let bearing = words::figure(bearing_deg, 0);
    match lang {
        Lang::Zh => format!("下一站：{title}，{way}方 {far}（方位 {bearing}°）"),
        Lang::En => format!("Next: {title}, {far} to the {way} (bearing {bearing}°)"),
    }
}

/// Which datum the phone's fixes are in.
pub const fn datum(verdict: DatumVerdict) -> Text {
    match verdict {
        DatumVerdict::Wgs84 => words::DATUM_WGS84,
        DatumVerdict::Gcj02 => words::DATUM_GCJ02,
        DatumVerdict::Unclear => words::DATUM_UNCLEAR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_said_no_finer_than_a_phone_knows_them() {
        for (m, zh) in
            [(4.4, "4 米"), (43.0, "45 米"), (999.0, "1000 米"), (2340.0, "2.3 公里"), (1_234_567.0, "1235 公里")]
        {
            assert_eq!(distance(Lang::Zh, m), zh);
        }
        assert_eq!(distance(Lang::En, 2340.0), "2.3 km");
    }

    #[test]
    fn eight_directions_meet_at_north() {
        for (deg, zh) in
            [(0.0, "北"), (359.0, "北"), (22.4, "北"), (22.6, "东北"), (90.0, "东"), (-90.0, "西"), (720.0, "北")]
        {
            assert_eq!(direction(Lang::Zh, deg), zh, "{deg}");
        }
        assert_eq!(direction(Lang::En, f64::NAN), "north");
    }

    #[test]
    fn a_poor_fix_is_said_to_be_poor() {
        assert!(sureness(Lang::Zh, 80.0).contains("未采用"));
        assert!(sureness(Lang::En, 8.0).contains("±8 m"));
    }
}
