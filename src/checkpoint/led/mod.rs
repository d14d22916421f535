//! Visits that a trainer leads: what a command makes of one, and how followers hear of it.
//!
//! A visit is one small value with a revision. Whoever follows is told the whole of it, at first and with every change, so
//! that late joiners, those who were away and a service that was restarted need nothing else. It goes by server-sent
//! events: what followers have to say is one short request, browsers come back by themselves, and nothing on the way has to
//! know more than HTTP.
//!
//! Services of one record hear of each other's changes by looking at the revision twice a second while somebody follows.

pub mod follow;
pub mod hub;
pub mod lead;
mod standing;

pub use follow::follow;
pub use hub::Hub;
pub use lead::{begin, change, led_by};
pub use standing::{Command, Standing};

use crate::api::Fault;
use crate::house::House;
use crate::identity::code::Code;
use crate::store::LedVisit;
use protocol::led::Led;

/// The visit that a code leads to.
///
/// # Errors
/// A [`Fault`] where it is no code or nobody has led a visit by it lately, or the store cannot be read.
pub async fn by_code(house: &House, typed: &str) -> Result<LedVisit, Fault> {
    // Nothing that cannot be a code reaches the database. How often somebody guesses is not counted by address: a whole
    // hall stands behind one, and a code that is hit opens nothing but the way to walk along.
    let code = Code::read(typed).ok_or_else(Fault::led_gone)?;
    house.store.led_by_code(code.led_key(&house.secrets)).await?.ok_or_else(Fault::led_gone)
}

/// How a visit stands at `now_ms`, as followers are told.
pub fn told(visit: &LedVisit, now_ms: i64) -> Led {
    let standing = Standing::read(&visit.state);
    Led {
        revision: u64::try_from(visit.revision).unwrap_or_default(),
        site: visit.site.clone(),
        route: visit.route.clone(),
        finished: standing.finished || now_ms >= visit.ends_ms,
        telling: standing.telling_at(now_ms),
        going: standing.going,
        look: standing.look,
    }
}
