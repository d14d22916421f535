//! Memory in the browser: the allocator, which counts.

use cap::Cap;
use std::alloc::System;
use std::cell::Cell;
use wasm_bindgen::prelude::*;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

thread_local! {
    static BEGAN: Cell<Option<usize>> = const { Cell::new(None) };
    static WITHIN: Cell<usize> = const { Cell::new(0) };
}

/// The first of the scene's systems runs.
pub(crate) fn begin_frame() {
    BEGAN.set(Some(MEMORY.total_allocated()));
}

/// The picture is drawn.
pub(crate) fn end_frame() {
    if let Some(began) = BEGAN.take() {
        WITHIN.set(WITHIN.get().wrapping_add(MEMORY.total_allocated().wrapping_sub(began)));
    }
}

/// Bytes taken since the program began, those given back included; from 4 GiB on it counts anew.
#[wasm_bindgen]
pub fn taken() -> f64 {
    MEMORY.total_allocated() as f64
}

/// Bytes that the program holds now.
#[wasm_bindgen]
pub fn held() -> f64 {
    MEMORY.allocated() as f64
}

/// Of what was taken, the part from the first system of a frame until its picture was drawn: without the engine's own
/// loop, which takes some before each frame.
#[wasm_bindgen(js_name = takenInFrames)]
pub fn taken_in_frames() -> f64 {
    WITHIN.get() as f64
}
