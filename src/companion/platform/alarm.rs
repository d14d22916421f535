//! Alarm: what goes wrong inside reaches the page in words and the console in detail; nothing here stops the visit.

use bevy::ecs::error::{BevyError, ErrorContext};

/// Notes a system's error and goes on.
pub fn note(error: BevyError, context: ErrorContext) {
    write(&format!("{} in {}: {error}", context.kind(), context.name()));
}

/// Tells the page in words when the companion cannot go on.
pub fn raise_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.to_string();
        write(&text);
        let out_of_memory = ["memory", "alloc", "OutOfMemory"].iter().any(|word| text.contains(word));
        let failure =
            if out_of_memory { protocol::bridge::Failure::OutOfMemory } else { protocol::bridge::Failure::Broken };
        let what = text.lines().last().unwrap_or_default().chars().take(160).collect();
        let said = protocol::bridge::Said::Failed { failure, what };
        super::page::say(&said);
    }));
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
