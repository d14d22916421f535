//! On a visitor's own device there is no kiosk: its program is a bundle of its own, so that nobody else fetches it.

use crate::house::Shared;
use crate::page::Page;
use std::future::{Ready, ready};

/// Whether the page goes on as any other does.
pub fn admits(_: &Page) -> Ready<bool> {
    ready(true)
}

/// Goes with the visit.
pub fn accompany(_: &Shared) -> Ready<()> {
    ready(())
}

/// Whether this device is a hall's.
pub const fn is_on() -> bool {
    false
}

/// Somebody is there.
pub const fn sign_of_life() {}
