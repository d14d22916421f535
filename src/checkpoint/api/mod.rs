//! The JSON interface under `/v1`, and what watches over the service.

pub mod address;
pub mod appeals;
pub mod courses;
pub mod credentials;
pub mod device;
pub mod events;
pub mod fault;
pub mod health;
pub mod kiosk;
pub mod log;
pub mod progress;
pub mod providers;
pub mod quizzes;
pub mod session;

pub use address::Address;
pub(crate) use address::route_named;
pub use fault::Fault;

/// The description of the interface (`OpenAPI` 3.1), kept by hand and checked against the routes.
pub const OPENAPI: &str = include_str!("openapi.json");
