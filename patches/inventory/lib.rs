//! An inventory that is always empty, in place of the crate of that name.
//!
//! Bevy 0.20.1 turns on the automatic registration of reflected types through the default features of `bevy_reflect`,
//! though nothing here asks for it. In wasm each of some 1 500 types then brings a constructor, which keeps all its
//! reflection in the program, and the linker runs every constructor at each call from the page into the program:
//! a seventh of a frame, measured. The interface is that of inventory 0.3, as far as `bevy_reflect` uses it.
#![no_std]

/// Takes a value and keeps nothing of it.
#[macro_export]
macro_rules! submit {
    ($($value:tt)*) => {};
}

/// Declares a type that could be collected.
#[macro_export]
macro_rules! collect {
    ($collected:ty) => {};
}

/// Goes through everything that was submitted: nothing. As in the crate, both a type and its only value.
#[allow(non_camel_case_types, reason = "written as the crate in whose place this stands")]
#[derive(Clone, Copy, Debug)]
pub enum iter<T> {
    /// The value.
    iter,
    /// Names the type, and can never be made.
    Never(core::convert::Infallible, core::marker::PhantomData<T>),
}

mod value {
    pub use crate::iter::iter;
}

#[doc(hidden)]
pub use value::*;

impl<T: 'static> IntoIterator for iter<T> {
    type Item = &'static T;
    type IntoIter = core::iter::Empty<&'static T>;

    fn into_iter(self) -> Self::IntoIter {
        core::iter::empty()
    }
}

#[cfg(test)]
mod tests {
    struct Plugin(u8);

    crate::collect!(Plugin);
    crate::submit! { Plugin(1) }

    #[test]
    fn nothing_is_ever_found() {
        let mut sum = 0;
        for plugin in crate::iter::<Plugin> {
            sum += plugin.0;
        }
        assert_eq!(sum, 0);
    }
}
