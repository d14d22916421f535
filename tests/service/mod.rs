//! The checkpoint service, driven over loopback on a real database file.

mod access;
mod ailing;
mod attest;
mod audit;
mod client;
mod described;
mod desk;
mod events;
mod fixture;
mod house;
mod killed;
mod limits;
mod matrix;
mod people;
mod progress;
mod proxy;
mod roster;
mod schema;
mod sign_in;
mod sound;
mod store;
mod units;
mod web;
