//! The evidence lens: its legend, with how many parts of the model are of which certainty.

use super::Scene;
use crate::{dom, words};
use heritage::Certainty;

/// Shows the legend with its counts while the lens is on.
pub fn show(scene: &Scene, counts: &[(Certainty, u32)]) {
    let lang = scene.house.page.lang;
    dom::show_at("lens-panel", scene.lens.get());
    for line in dom::hooks("lens-count") {
        let code = line.get_attribute("data-certainty").unwrap_or_default();
        let of_kind =
            counts.iter().filter(|(certainty, _)| certainty.code() == code).map(|(_, count)| count).sum::<u32>();
        dom::say(&line, &words::parts(lang, of_kind));
    }
}
