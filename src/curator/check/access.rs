//! Access: no station may be one that only a scene, a headset or the ground itself can finish.

use super::Desk;
use crate::library::Held;
use heritage::assessment::{Barrier, barriers};
use heritage::credit::Level;

pub(super) fn judge(held: &Held, desk: &mut Desk<'_>) {
    let site = &held.content.site;
    for route in &site.routes {
        // The least presence that a course asks for is no fault: a trainer may confirm without it, and the desk says so.
        for barrier in barriers(site, route, Level::E0) {
            match barrier {
                Barrier::Untold(id, lang) => desk.lay(
                    "site.toml",
                    line_of(held, id.as_str()),
                    format!(
                        "station {id} has nothing to read in {}, so only a scene or the ground could finish it",
                        lang.tag()
                    ),
                    format!("write stories/{}/<point>.md for one of its story points", lang.code()),
                ),
                Barrier::Unasked(id) => desk.lay(
                    &format!("quiz/{id}.toml"),
                    0,
                    format!("route {} asks for a right answer at {id}, but no question is asked there", route.id),
                    "write the question with three or four choices",
                ),
                Barrier::Presence(_) => {}
            }
        }
    }
}

fn line_of(held: &Held, id: &str) -> usize {
    let quoted = format!("\"{id}\"");
    let lines = held.texts.get("site.toml").map(|text| text.lines()).into_iter().flatten();
    lines
        .enumerate()
        .find(|(_, line)| line.starts_with("id") && line.contains(&quoted))
        .map_or(0, |(index, _)| index + 1)
}
