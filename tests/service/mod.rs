//! The checkpoint service, driven over loopback on a real database file.

mod access;
mod attest;
mod client;
mod desk;
mod events;
mod fixture;
mod house;
mod killed;
mod limits;
mod people;
mod progress;
mod sign_in;
mod store;
mod web;
