//! What every request handler can reach.

use crate::api::Fault;
use crate::clock::Clock;
use crate::courses::Courses;
use crate::forward::{Forwarding, Target};
use crate::identity::entrance::Crowd;
use crate::identity::origin::Origin;
use crate::identity::pace::Pace;
use crate::identity::passkey::RelyingParty;
use crate::identity::pin::Pins;
use crate::identity::provider::Providers;
use crate::led::Hub;
use crate::metrics::Metrics;
use crate::outside::Outside;
use crate::secrets::Secrets;
use crate::store::{Person, Store};
use crate::walk::{Share, Summaries};
use crate::xapi::underway::Underway;
use heritage::Hours;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// The state of the service, shared by all requests.
pub type App = Arc<House>;

/// What is settled at the start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of the built web app.
    pub web: PathBuf,
    /// What a year asks for.
    pub annual_target: Hours,
    /// Where visitors open the service, if that was said.
    pub origin: Option<Origin>,
    /// Identity providers of units.
    pub providers: Providers,
    /// A proxy in front ends TLS and sets `X-Forwarded-For` and `X-Forwarded-Proto`; without one they are not believed.
    pub behind_proxy: bool,
    /// Which share of clean confirmed walks a second trainer looks at.
    pub rechecked: Share,
    /// Requests that write which one account may send in a minute.
    pub writes_a_minute: u32,
    /// Learning record stores that the log is forwarded to.
    pub forward: Vec<Target>,
    /// How long a connection may take to send a request's head, and a request its body.
    pub patience: Duration,
}

/// The parts of the running service.
pub struct House {
    /// What is settled at the start.
    pub settings: Settings,
    /// Log, people, sessions.
    pub store: Arc<dyn Store>,
    /// What can be learned, with the answer keys.
    pub courses: Courses,
    /// The service's secret.
    pub secrets: Secrets,
    /// PIN hashing, a few at a time.
    pub pins: Pins,
    /// Failed sign-ins by address.
    pub crowd: Crowd,
    /// Wrong credentials of other systems, by address.
    pub systems: Crowd,
    /// What is being stored at the moment.
    pub underway: Underway,
    /// What the service says of itself to authenticators.
    pub passkeys: RelyingParty,
    /// Writes by account.
    pub pace: Pace,
    /// What the desk's list shows, while it still holds.
    pub summaries: Summaries,
    /// Who follows led visits here.
    pub led: Hub,
    /// Counters.
    pub metrics: Metrics,
    /// By whom other servers are asked.
    pub outside: Outside,
    /// How forwarding to others stands.
    pub forwarding: Forwarding,
    /// The service's clock.
    pub clock: Clock,
}

impl House {
    /// Puts the parts together.
    pub fn new(
        settings: Settings,
        store: Arc<dyn Store>,
        courses: Courses,
        secrets: Secrets,
        outside: Outside,
        clock: Clock,
    ) -> App {
        let (pins, passkeys) = (Pins::new(&secrets), RelyingParty::of(settings.origin.as_ref()));
        let forwarding = Forwarding::to(settings.forward.clone());
        let (crowd, summaries, metrics) = (Crowd::default(), Summaries::default(), Metrics::default());
        Arc::new(Self {
            settings,
            store,
            courses,
            secrets,
            pins,
            crowd,
            systems: Crowd::default(),
            underway: Underway::default(),
            passkeys,
            pace: Pace::default(),
            summaries,
            led: Hub::default(),
            metrics,
            outside,
            forwarding,
            clock,
        })
    }

    /// Counts one write of an account.
    ///
    /// # Errors
    /// A [`Fault`] that says how long to wait, where there have been too many.
    pub fn take_turn(&self, person: &Person) -> Result<(), Fault> {
        self.take_turn_of(person.id)
    }

    /// Likewise of a kiosk or whoever else has an id.
    ///
    /// # Errors
    /// As for [`Self::take_turn`].
    pub fn take_turn_of(&self, who: Uuid) -> Result<(), Fault> {
        let wait_ms = self.pace.wait_ms(who, self.settings.writes_a_minute, self.now_ms());
        wait_ms.map_or(Ok(()), |wait_ms| Err(Fault::wait(wait_ms)))
    }

    /// The service's clock now, milliseconds since 1970 UTC.
    pub fn now_ms(&self) -> i64 {
        (self.clock)()
    }
}
