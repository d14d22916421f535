//! The checkpoint service, driven over loopback on a real database file.

mod access;
mod ailing;
mod attest;
mod client;
mod described;
mod desk;
mod erased;
mod events;
mod fixture;
mod guarantees;
mod history;
mod house;
mod keeping;
mod killed;
mod limits;
mod people;
mod program;
mod progress;
mod proxy;
mod schema;
mod sign_in;
mod sound;
mod store;
mod tampered;
mod web;
