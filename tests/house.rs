//! One integration binary across the house.

mod service;
mod tidy;
