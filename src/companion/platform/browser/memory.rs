//! Memory: counts what the program takes, for the bench: a frame at rest takes none.

use cap::Cap;
use std::alloc::System;
use wasm_bindgen::prelude::*;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// Bytes taken since the program began, those given back included; from 4 GiB on it counts anew.
#[wasm_bindgen]
pub fn taken() -> f64 {
    MEMORY.total_allocated() as f64
}
