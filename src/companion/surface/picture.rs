//! Picture: what lies on a surface, from its file to the graphics card.

use crate::platform::gl::Format;
use crate::platform::picture::{Held, read};
use bevy::asset::io::Reader;
use bevy::asset::{AssetLoader, LoadContext};
use bevy::prelude::*;

/// A picture. Made by features; `frame` takes its texels to the graphics card, once.
#[derive(Asset, TypePath, Debug)]
pub(crate) struct Picture {
    /// What its texels are; `None` while nobody has said so, and nothing is done with it.
    pub format: Option<Format>,
    /// Until they are on the graphics card.
    pub texels: Option<Texels>,
}

/// Where the texels are.
#[derive(Debug)]
pub(crate) enum Texels {
    /// The browser has read them from a file.
    Held(Held),
    /// They were reckoned here, row by row.
    Reckoned { size_px: [u32; 2], bytes: Vec<u8> },
}

/// Has the browser read pictures, aside from the frames.
#[derive(Default, TypePath)]
pub(super) struct PictureReader;

impl AssetLoader for PictureReader {
    type Asset = Picture;
    type Settings = ();
    type Error = BevyError;

    async fn load(&self, reader: &mut dyn Reader, (): &(), _: &mut LoadContext<'_>) -> Result<Picture, BevyError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await?;
        Ok(Picture { format: None, texels: Some(Texels::Held(read(&bytes).await?)) })
    }

    fn extensions(&self) -> &[&str] {
        &["webp"]
    }
}
