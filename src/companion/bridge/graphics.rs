//! Graphics: what the renderer cannot go on from is told to the page in words.
//!
//! The engine's own answer is to quit without a word. Here drawing ends for good, the visit stays as it is, and the page
//! offers to load anew.

use crate::platform::alarm;
use crate::visit::{Dark, Pause, Say};
use bevy::prelude::*;
use bevy::render::error_handler::{ErrorType, RenderError, RenderErrorHandler, RenderErrorPolicy};
use protocol::bridge::{Failure, Said};

pub(super) fn plugin(app: &mut App) {
    app.insert_resource(RenderErrorHandler(|error, world, _| answer(error, world)));
}

/// Asked again every frame once something went wrong; told once.
fn answer(error: &RenderError, world: &mut World) -> RenderErrorPolicy {
    if !world.resource::<Dark>().0 {
        world.resource_mut::<Dark>().0 = true;
        alarm::write(&format!("{:?}: {}", error.ty, error.description));
        let failure = match error.ty {
            ErrorType::OutOfMemory => Failure::OutOfMemory,
            ErrorType::DeviceLost => Failure::ContextLost,
            ErrorType::Validation | ErrorType::Internal => Failure::Broken,
        };
        let what = error.description.chars().take(160).collect();
        world.write_message(Say(Said::Failed { failure, what }));
        world.trigger(Pause);
    }
    RenderErrorPolicy::StopRendering
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Held;
    use crate::visit_tests::visit;

    #[test]
    fn what_the_graphics_card_refuses_is_said_once_and_holds_the_visit() {
        for (ty, failure) in [
            (ErrorType::OutOfMemory, Failure::OutOfMemory),
            (ErrorType::DeviceLost, Failure::ContextLost),
            (ErrorType::Validation, Failure::Broken),
        ] {
            let mut app = visit();
            app.world_mut().resource_mut::<Messages<Say>>().clear();
            let error = RenderError { ty, description: "the reason".to_owned(), source: None };
            for _ in 0..3 {
                assert!(matches!(answer(&error, app.world_mut()), RenderErrorPolicy::StopRendering));
            }
            let said: Vec<Said> = app.world_mut().resource_mut::<Messages<Say>>().drain().map(|say| say.0).collect();
            let failed = said.into_iter().filter(|said| matches!(said, Said::Failed { .. }));
            assert_eq!(failed.collect::<Vec<_>>(), [Said::Failed { failure, what: "the reason".to_owned() }]);
            assert!(app.world().resource::<Dark>().0 && app.world().resource::<Held>().0);
        }
    }
}
