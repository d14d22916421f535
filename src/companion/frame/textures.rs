//! Textures and materials: pictures as they lie on the graphics card, and what of them a surface reads together.

use super::programs::{slots, units};
use crate::platform::gl::{Buffer, Format, Gl, Holding, Reading, Texture};
use crate::platform::picture;
use crate::surface::{Look, Picture, Surface, Texels};
use bevy::platform::collections::HashMap;
use bevy::prelude::*;

/// Bytes from one material to the next: every graphics card can begin to read there.
const STEP: usize = 256;
/// Bytes of a material.
const LOOK: usize = 32;

/// The pictures of a material: colour, then normals.
pub(super) type Pictures = [Option<AssetId<Picture>>; 2];

/// A material, and what it was made from.
#[derive(Clone, Copy)]
struct Material {
    look: Look,
    pictures: Pictures,
}

/// Everything that lies on things.
pub(super) struct Textures {
    /// Read where there is nothing to read.
    blank: Option<Texture>,
    of: HashMap<AssetId<Picture>, Texture>,
    numbers: HashMap<AssetId<Surface>, u32>,
    /// By number.
    materials: Vec<Material>,
    looks: Option<Buffer>,
}

impl Textures {
    pub(super) fn new(gl: &Gl) -> Self {
        let blank = gl.texture([1, 1], Format::Numbers, Reading { repeats: false, mips: false }, &[255; 4]);
        let made =
            Self { blank, of: HashMap::default(), numbers: HashMap::default(), materials: Vec::new(), looks: None };
        made.read_blank(gl);
        made
    }

    /// Reads a picture where a material's colour is read, or nothing; whether it is there.
    pub(super) fn lend(&self, gl: &Gl, picture: Option<AssetId<Picture>>) -> bool {
        let texture = match picture {
            Some(picture) => self.of.get(&picture),
            None => self.blank.as_ref(),
        };
        if let Some(texture) = texture {
            gl.read(units::OF_MATERIAL[0], texture);
        }
        texture.is_some()
    }

    fn read_blank(&self, gl: &Gl) {
        for (unit, blank) in units::OF_MATERIAL.into_iter().zip(self.blank.iter().cycle()) {
            gl.read(unit, blank);
        }
    }

    /// Takes a picture's texels to the graphics card, unless they are there or nobody has said what they are.
    pub(super) fn put(&mut self, gl: &Gl, id: AssetId<Picture>, picture: &mut Picture) {
        let Some(format) = picture.format else { return };
        let Some(texels) = picture.texels.take() else { return };
        self.drop(gl, id);
        // What comes from a file covers walls and slopes; what is reckoned lies once over the whole of its place.
        let texture = match texels {
            Texels::Held(held) => {
                let reading = Reading { repeats: true, mips: true };
                picture::lend(&held, |read| gl.texture_of(read, format, reading)).flatten()
            }
            Texels::Reckoned { size_px, bytes } => {
                gl.texture(size_px, format, Reading { repeats: false, mips: false }, &bytes)
            }
        };
        self.of.extend(texture.map(|texture| (id, texture)));
    }

    /// Forgets a picture.
    pub(super) fn drop(&mut self, gl: &Gl, id: AssetId<Picture>) {
        if let Some(texture) = self.of.remove(&id) {
            gl.drop_texture(&texture);
            self.read_blank(gl);
        }
    }

    /// The number of a surface's material, made anew where the surface has changed.
    pub(super) fn material(&mut self, gl: &Gl, id: AssetId<Surface>, surface: &Surface) -> u32 {
        // A picture that is still on its way is drawn as if there were none.
        let pictures = [&surface.base, &surface.normal]
            .map(|picture| picture.as_ref().map(Handle::id).filter(|picture| self.of.contains_key(picture)));
        let wanted = Material { look: surface.look, pictures };
        let number = *self.numbers.entry(id).or_insert(self.materials.len() as u32);
        let before = self.materials.get(number as usize).map(|made| made.look);
        match self.materials.get_mut(number as usize) {
            Some(made) => *made = wanted,
            None => self.materials.push(wanted),
        }
        self.make_room(gl);
        if before != Some(wanted.look)
            && let Some(looks) = &self.looks
        {
            write(gl, looks, number, &wanted.look);
        }
        number
    }

    /// Room for every material there is; what was written before is written again.
    fn make_room(&mut self, gl: &Gl) {
        let bytes = self.materials.len() * STEP;
        if self.looks.as_ref().is_some_and(|looks| looks.size >= bytes) {
            return;
        }
        if let Some(looks) = self.looks.take() {
            gl.drop_buffer(&looks);
        }
        self.looks = gl.buffer(Holding::Uniforms, bytes.next_power_of_two().max(64 * STEP));
        if let Some(looks) = &self.looks {
            for (number, material) in (0..).zip(&self.materials) {
                write(gl, looks, number, &material.look);
            }
        }
    }

    /// Draws in this material from now on; `read` is which pictures are read until now.
    pub(super) fn take(&self, gl: &Gl, number: u32, read: &mut Pictures) {
        let (Some(material), Some(looks)) = (self.materials.get(number as usize), &self.looks) else { return };
        gl.bind(slots::LOOK, looks, number as usize * STEP, LOOK);
        for ((unit, wanted), read) in units::OF_MATERIAL.into_iter().zip(material.pictures).zip(read) {
            // One that has none reads nothing, whatever is there to be read.
            if wanted.is_some() && *read != wanted {
                *read = wanted;
                if let Some(texture) = wanted.and_then(|picture| self.of.get(&picture)) {
                    gl.read(unit, texture);
                }
            }
        }
    }
}

fn write(gl: &Gl, looks: &Buffer, number: u32, look: &Look) {
    let bytes = [look.tint.to_array(), look.finish.to_array()];
    gl.write(looks, number as usize * STEP, bytemuck::bytes_of(&bytes));
}
