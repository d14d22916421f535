//! Alarm: what goes wrong inside reaches the page in words and the console in detail; nothing here stops the visit.
//!
//! An allocation that the browser refuses is no panic: the standard library writes a line that goes nowhere on the web and
//! aborts (`std::alloc::rust_oom`), without calling the panic hook, and the hook that it would call instead
//! (`set_alloc_error_hook`) is not stable. The page therefore hears of it as the trap that it is, an uncaught
//! `RuntimeError`, and says so by itself. What the graphics card refuses is told by `bridge`.

use bevy::ecs::error::{BevyError, ErrorContext};
use protocol::bridge::{Failure, Said};
use std::any::Any;

/// Notes a system's error and goes on.
pub fn note(error: BevyError, context: ErrorContext) {
    write(&format!("{} in {}: {error}", context.kind(), context.name()));
}

/// Tells the page in words when the companion cannot go on.
pub fn raise_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.to_string();
        write(&text);
        let what = text.lines().last().unwrap_or_default().chars().take(160).collect();
        super::page::say(&Said::Failed { failure: failure_of(panic.payload()), what });
    }));
}

/// What a panic means to the visitor. By its own words alone: the path of the file it comes from may lead through `alloc`
/// for quite other reasons.
fn failure_of(payload: &dyn Any) -> Failure {
    let words =
        payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
    let words = words.unwrap_or_default().to_lowercase();
    let memory = ["out of memory", "outofmemory", "memory allocation", "allocation failed", "allocerror"];
    if memory.iter().any(|word| words.contains(word)) { Failure::OutOfMemory } else { Failure::Broken }
}

/// One line for whoever looks into the console.
#[cfg(target_arch = "wasm32")]
pub fn write(line: &str) {
    web_sys::console::warn_1(&line.into());
}

/// One line for whoever looks into the terminal.
#[cfg(not(target_arch = "wasm32"))]
pub fn write(line: &str) {
    eprintln!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_out_of_memory_only_by_its_own_words() {
        for (words, failure) in [
            ("wgpu error: Out of Memory", Failure::OutOfMemory),
            ("called `Result::unwrap()` on an `Err` value: OutOfMemory", Failure::OutOfMemory),
            (
                "called `Result::unwrap()` on an `Err` value: TryReserveError { kind: AllocError { .. } }",
                Failure::OutOfMemory,
            ),
            ("capacity overflow", Failure::Broken),
            ("the entity allocator has no more entities", Failure::Broken),
        ] {
            assert_eq!(failure_of(&words), failure, "{words}");
            assert_eq!(failure_of(&words.to_owned()), failure, "{words}");
        }
        assert_eq!(failure_of(&7_u32), Failure::Broken, "a payload without words");
    }
}
