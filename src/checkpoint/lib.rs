//! The checkpoint service: event log, credit, trainer's desk, and serving of the built web app.
//!
//! Floor 2. Judges nothing itself: what counts is decided by `heritage::credit`. Knows nothing of pages or scenes.

pub mod api;
pub mod checkpoints;
pub mod clock;
pub mod courses;
pub mod credential;
pub mod demo;
pub mod desk;
pub mod evidence;
pub mod forward;
pub mod history;
pub mod house;
pub mod identity;
pub mod intake;
pub mod learning;
pub mod led;
pub mod log;
pub mod metrics;
pub mod outside;
pub mod roster;
pub mod routes;
pub mod secrets;
pub mod serve;
pub mod store;
pub mod tls;
pub mod walk;
pub mod web;
pub mod xapi;
pub mod year;

pub use house::{App, House, Settings};
