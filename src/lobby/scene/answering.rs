//! Answering: whether the visitor is at a station's question, so that a guided visit does not take it away.

use super::{Scene, tell};
use crate::dom;
use crate::here::Here;
use protocol::bridge::Told;
use std::rc::Rc;

/// Follows focus and choice in every question of the page.
pub fn begin(scene: &Rc<Scene>) {
    for here in &scene.cards.heres {
        let Some(form) = dom::hook_in(&here.place, "question") else { continue };
        for kind in ["focusin", "change", "submit"] {
            let (scene, id) = (Rc::clone(scene), here.station.id.clone());
            dom::on(&form, kind, move |_| {
                match kind {
                    "change" => scene.chosen.replace(Some(id.clone())),
                    "submit" => scene.chosen.replace(None),
                    _ => None,
                };
                tell_of_it(&scene);
            });
        }
    }
}

/// Whether the question of this station has the focus.
pub fn is_at(here: &Here) -> bool {
    dom::hook_in(&here.place, "question").is_some_and(|form| form.matches(":focus-within").unwrap_or(false))
}

/// Tells the scene when that has changed. Asked again every second, too: a form that is judged right lets go of the focus
/// without an event.
pub fn tell_of_it(scene: &Scene) {
    let open = scene.cards.open();
    let chosen = open.is_some() && *scene.chosen.borrow() == open;
    let on = chosen || open.as_ref().and_then(|id| scene.here(id)).is_some_and(|here| is_at(here));
    if scene.answering.replace(on) != on {
        tell(&Told::Answering { on });
    }
}
