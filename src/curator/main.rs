//! The command `curator`.

fn main() {}
