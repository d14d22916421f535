//! Platform: the only place that knows whether this runs in a browser or in a native window.
//!
//! Alone has `cfg(target_arch)` and `web_sys`.
