//! The content tool: what is wrong with the content, and the pages and files that visitors get.
//!
//! Floor 2. Knows no browser and no service: it reads `assets`, `web` and the bundles, and writes folders.

pub mod check;
pub mod digest;
pub mod edition;
#[cfg(test)]
mod fixture;
pub mod library;
pub mod pack;
pub mod pages;
pub mod plan;
pub mod press;
pub mod rights;
pub mod sound;
pub mod style;
pub mod tree;
pub mod voices;
