//! Trouble: what the graphics card refuses is told to the page in words.
//!
//! Drawing then ends for good, the visit stays as it is, and the page offers to load anew.

use super::card::Card;
use crate::platform::alarm;
use crate::visit::{Dark, Pause, Say};
use bevy::prelude::*;
use protocol::bridge::{Failure, Said};

/// Why nothing can be drawn. That the context was taken away is told by the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is no graphics interface that will do.
    Unsupported(String),
    /// The graphics card's memory is full.
    OutOfMemory,
    /// A fault of the program or the driver.
    Fault(String),
}

/// Answers what went wrong with the last picture.
pub(super) fn heed(mut card: If<NonSendMut<Card>>, mut commands: Commands) {
    if let Some(trouble) = card.0.trouble.take() {
        commands.queue(move |world: &mut World| answer(&trouble, world));
    }
}

/// Goes dark; told once, whatever follows.
pub(super) fn answer(trouble: &Trouble, world: &mut World) {
    if world.resource::<Dark>().0 {
        return;
    }
    world.resource_mut::<Dark>().0 = true;
    let (failure, what) = match trouble {
        Trouble::Unsupported(what) => (Failure::NoWebgl2, what.as_str()),
        Trouble::OutOfMemory => (Failure::OutOfMemory, "out of memory"),
        Trouble::Fault(what) => (Failure::Broken, what.as_str()),
    };
    alarm::write(what);
    world.write_message(Say(Said::Failed { failure, what: what.chars().take(160).collect() }));
    world.trigger(Pause);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Held;
    use crate::visit_tests::visit;

    #[test]
    fn what_the_graphics_card_refuses_is_said_once_and_holds_the_visit() {
        let why = || "the reason".to_owned();
        for (trouble, failure, what) in [
            (Trouble::OutOfMemory, Failure::OutOfMemory, "out of memory"),
            (Trouble::Fault(why()), Failure::Broken, "the reason"),
            (Trouble::Unsupported(why()), Failure::NoWebgl2, "the reason"),
        ] {
            let mut app = visit();
            app.world_mut().resource_mut::<Messages<Say>>().clear();
            for _ in 0..3 {
                answer(&trouble, app.world_mut());
            }
            let said: Vec<Said> = app.world_mut().resource_mut::<Messages<Say>>().drain().map(|say| say.0).collect();
            let failed = said.into_iter().filter(|said| matches!(said, Said::Failed { .. }));
            assert_eq!(failed.collect::<Vec<_>>(), [Said::Failed { failure, what: what.to_owned() }]);
            assert!(app.world().resource::<Dark>().0 && app.world().resource::<Held>().0);
        }
    }
}
