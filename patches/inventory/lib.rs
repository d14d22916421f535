//! An inventory that is always empty, in place of the crate of that name.
//!
//! Bevy 0.20.1 turns on the automatic registration of reflected types through the default features of `bevy_reflect`,
//! though nothing here asks for it. In wasm that left 513 constructors in the program (counted), which keep the
//! reflection of their types in it, and the linker runs every one of them at each call from the page into the program:
//! a seventh of a frame (measured). The interface is that of inventory 0.3, as far as `bevy_reflect` uses it.
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
