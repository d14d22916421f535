//! Pictures: textures, and what is drawn into.

use super::{Gl, Raw, signed};
use web_sys::{ImageBitmap, WebGlFramebuffer, WebGlRenderbuffer, WebGlTexture};

/// A unit at which nothing is read: pictures are written there without disturbing what is drawn.
const SPARE_UNIT: u32 = 7;
/// Depth of every pixel: a float keeps its precision far away where nearest is 1.
const DEPTH: u32 = Raw::DEPTH_COMPONENT32F;
/// Of `EXT_texture_filter_anisotropic`.
const TEXTURE_MAX_ANISOTROPY: u32 = 0x84FE;

/// How texels are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Four bytes: colour by code values, and opacity.
    Colour,
    /// Four bytes: numbers from 0 to 1.
    Numbers,
    /// One byte: a number from 0 to 1.
    Number,
}

/// How a texture is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Goes on beyond its edges.
    pub repeats: bool,
    /// Smaller sizes are made, and the fitting ones read.
    pub mips: bool,
}

/// A picture on the graphics card.
pub(crate) struct Texture(WebGlTexture);

/// A depth picture that is compared with when read.
pub(crate) struct DepthMap {
    texture: WebGlTexture,
    frame: WebGlFramebuffer,
    size_px: u32,
}

/// What is drawn into before it is put on the canvas.
pub(crate) struct Target {
    drawn: Layer,
    /// Where several samples a pixel become one: some canvases take no picture that still has several.
    resolved: Option<Layer>,
    pub size_px: [u32; 2],
    pub samples: u32,
}

/// What a picture is put on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Onto<'a> {
    /// The canvas, which takes the picture's size.
    Canvas,
    /// A place (left, bottom, width, height in pixels) on a headset's layer; `None` where that is the canvas itself, which
    /// then is not ours to size.
    Layer { frame: Option<&'a WebGlFramebuffer>, place_px: [u32; 4] },
}

/// A picture that can be drawn into and copied from.
struct Layer {
    frame: WebGlFramebuffer,
    buffers: Vec<WebGlRenderbuffer>,
}

impl Gl {
    /// A texture of these texels, row by row.
    pub(crate) fn texture(
        &self,
        size_px: [u32; 2],
        format: Format,
        reading: Reading,
        texels: &[u8],
    ) -> Option<Texture> {
        let (texture, layout) = self.empty_texture(size_px, format, reading)?;
        let [width, height] = size_px.map(signed);
        self.raw.pixel_storei(Raw::UNPACK_ALIGNMENT, 1);
        let put = self.raw.tex_sub_image_2d_with_i32_and_i32_and_u32_and_type_and_opt_u8_array(
            Raw::TEXTURE_2D,
            0,
            0,
            0,
            width,
            height,
            layout,
            Raw::UNSIGNED_BYTE,
            Some(texels),
        );
        self.made(texture, reading, put.is_ok())
    }

    /// A texture of a picture that the browser has read.
    pub(crate) fn texture_of(&self, picture: &ImageBitmap, format: Format, reading: Reading) -> Option<Texture> {
        let (texture, layout) = self.empty_texture([picture.width(), picture.height()], format, reading)?;
        let put = self.raw.tex_sub_image_2d_with_u32_and_u32_and_image_bitmap(
            Raw::TEXTURE_2D,
            0,
            0,
            0,
            layout,
            Raw::UNSIGNED_BYTE,
            picture,
        );
        self.made(texture, reading, put.is_ok())
    }

    fn made(&self, texture: WebGlTexture, reading: Reading, put: bool) -> Option<Texture> {
        if put && reading.mips {
            self.raw.generate_mipmap(Raw::TEXTURE_2D);
        }
        put.then_some(Texture(texture))
    }

    fn empty_texture(&self, size_px: [u32; 2], format: Format, reading: Reading) -> Option<(WebGlTexture, u32)> {
        let texture = self.raw.create_texture()?;
        self.raw.active_texture(Raw::TEXTURE0 + SPARE_UNIT);
        self.raw.bind_texture(Raw::TEXTURE_2D, Some(&texture));
        let (stored, layout) = match format {
            Format::Colour => (Raw::SRGB8_ALPHA8, Raw::RGBA),
            Format::Numbers => (Raw::RGBA8, Raw::RGBA),
            Format::Number => (Raw::R8, Raw::RED),
        };
        let levels = if reading.mips { size_px[0].max(size_px[1]).max(1).ilog2() + 1 } else { 1 };
        let [width, height] = size_px.map(signed);
        self.raw.tex_storage_2d(Raw::TEXTURE_2D, signed(levels), stored, width, height);
        let set = |name, value| self.raw.tex_parameteri(Raw::TEXTURE_2D, name, signed(value));
        let edge = if reading.repeats { Raw::REPEAT } else { Raw::CLAMP_TO_EDGE };
        set(Raw::TEXTURE_WRAP_S, edge);
        set(Raw::TEXTURE_WRAP_T, edge);
        set(Raw::TEXTURE_MAG_FILTER, Raw::LINEAR);
        set(Raw::TEXTURE_MIN_FILTER, if reading.mips { Raw::LINEAR_MIPMAP_LINEAR } else { Raw::LINEAR });
        if reading.mips && self.is_anisotropic {
            self.raw.tex_parameterf(Raw::TEXTURE_2D, TEXTURE_MAX_ANISOTROPY, 4.0);
        }
        Some((texture, layout))
    }

    pub(crate) fn drop_texture(&self, texture: &Texture) {
        self.raw.delete_texture(Some(&texture.0));
    }

    /// Lets programs read a texture at a unit.
    pub(crate) fn read(&self, unit: u32, texture: &Texture) {
        self.raw.active_texture(Raw::TEXTURE0 + unit);
        self.raw.bind_texture(Raw::TEXTURE_2D, Some(&texture.0));
    }

    /// A square depth picture.
    pub(crate) fn depth_map(&self, size_px: u32) -> Option<DepthMap> {
        let (texture, frame) = (self.raw.create_texture()?, self.raw.create_framebuffer()?);
        self.raw.active_texture(Raw::TEXTURE0 + SPARE_UNIT);
        self.raw.bind_texture(Raw::TEXTURE_2D, Some(&texture));
        self.raw.tex_storage_2d(Raw::TEXTURE_2D, 1, DEPTH, signed(size_px), signed(size_px));
        let set = |name, value| self.raw.tex_parameteri(Raw::TEXTURE_2D, name, signed(value));
        set(Raw::TEXTURE_WRAP_S, Raw::CLAMP_TO_EDGE);
        set(Raw::TEXTURE_WRAP_T, Raw::CLAMP_TO_EDGE);
        set(Raw::TEXTURE_MAG_FILTER, Raw::LINEAR);
        set(Raw::TEXTURE_MIN_FILTER, Raw::LINEAR);
        set(Raw::TEXTURE_COMPARE_MODE, Raw::COMPARE_REF_TO_TEXTURE);
        set(Raw::TEXTURE_COMPARE_FUNC, Raw::GEQUAL);
        self.raw.bind_framebuffer(Raw::FRAMEBUFFER, Some(&frame));
        let (at, kind) = (Raw::DEPTH_ATTACHMENT, Raw::TEXTURE_2D);
        self.raw.framebuffer_texture_2d(Raw::FRAMEBUFFER, at, kind, Some(&texture), 0);
        Some(DepthMap { texture, frame, size_px })
    }

    pub(crate) fn drop_depth_map(&self, map: &DepthMap) {
        self.raw.delete_framebuffer(Some(&map.frame));
        self.raw.delete_texture(Some(&map.texture));
    }

    /// Lets programs compare with a depth picture at a unit.
    pub(crate) fn compare(&self, unit: u32, map: &DepthMap) {
        self.raw.active_texture(Raw::TEXTURE0 + unit);
        self.raw.bind_texture(Raw::TEXTURE_2D, Some(&map.texture));
    }

    /// What a picture of this size is drawn into, with at most so many samples a pixel.
    pub(crate) fn target(&self, size_px: [u32; 2], samples: u32) -> Option<Target> {
        let (colour, depth) = ((Raw::COLOR_ATTACHMENT0, Raw::RGBA8), (Raw::DEPTH_ATTACHMENT, DEPTH));
        let drawn = self.layer(size_px, samples, &[colour, depth])?;
        let resolved = if samples > 1 { Some(self.layer(size_px, 1, &[colour])?) } else { None };
        Some(Target { drawn, resolved, size_px, samples })
    }

    fn layer(&self, size_px: [u32; 2], samples: u32, parts: &[(u32, u32)]) -> Option<Layer> {
        let frame = self.raw.create_framebuffer()?;
        self.raw.bind_framebuffer(Raw::FRAMEBUFFER, Some(&frame));
        let [width, height] = size_px.map(signed);
        let many = if samples > 1 { signed(samples.min(self.most_samples)) } else { 0 };
        let attach = |(at, format): &(u32, u32)| {
            let buffer = self.raw.create_renderbuffer()?;
            self.raw.bind_renderbuffer(Raw::RENDERBUFFER, Some(&buffer));
            self.raw.renderbuffer_storage_multisample(Raw::RENDERBUFFER, many, *format, width, height);
            self.raw.framebuffer_renderbuffer(Raw::FRAMEBUFFER, *at, Raw::RENDERBUFFER, Some(&buffer));
            Some(buffer)
        };
        Some(Layer { frame, buffers: parts.iter().map(attach).collect::<Option<_>>()? })
    }

    pub(crate) fn drop_target(&self, target: &Target) {
        for layer in std::iter::once(&target.drawn).chain(&target.resolved) {
            self.raw.delete_framebuffer(Some(&layer.frame));
            layer.buffers.iter().for_each(|buffer| self.raw.delete_renderbuffer(Some(buffer)));
        }
    }

    /// Begins to draw into a depth picture, empty.
    pub(crate) fn begin_map(&self, map: &DepthMap) {
        self.begin_in(&map.frame, [map.size_px; 2]);
        self.raw.clear(Raw::DEPTH_BUFFER_BIT);
    }

    /// Begins a picture, all of it in this colour (code values), or empty.
    pub(crate) fn begin_picture(&self, target: &Target, behind: Option<[f32; 3]>) {
        self.begin_in(&target.drawn.frame, target.size_px);
        let [r, g, b] = behind.unwrap_or_default();
        self.raw.clear_color(r, g, b, if behind.is_some() { 1.0 } else { 0.0 });
        self.raw.clear(Raw::COLOR_BUFFER_BIT | Raw::DEPTH_BUFFER_BIT);
    }

    fn begin_in(&self, frame: &WebGlFramebuffer, size_px: [u32; 2]) {
        self.raw.bind_framebuffer(Raw::FRAMEBUFFER, Some(frame));
        self.raw.viewport(0, 0, signed(size_px[0]), signed(size_px[1]));
        // Depth is 1 at the eye and 0 far away, and is cleared only where it may be written.
        self.raw.clear_depth(0.0);
        self.raw.depth_mask(true);
    }

    /// Puts a picture where it is seen.
    pub(crate) fn show(&self, target: &Target, onto: Onto) {
        let [width, height] = target.size_px.map(signed);
        let copy = |from: &Layer, to: Option<&WebGlFramebuffer>, [left, bottom, w, h]: [i32; 4]| {
            self.raw.bind_framebuffer(Raw::READ_FRAMEBUFFER, Some(&from.frame));
            self.raw.bind_framebuffer(Raw::DRAW_FRAMEBUFFER, to);
            let (right, top) = (left + w, bottom + h);
            // Every texel has one of its own to go to, unless a headset is drawn more coarsely than it shows.
            let filter = if [w, h] == [width, height] { Raw::NEAREST } else { Raw::LINEAR };
            self.raw.blit_framebuffer(0, 0, width, height, left, bottom, right, top, Raw::COLOR_BUFFER_BIT, filter);
        };
        let whole = [0, 0, width, height];
        if let Some(resolved) = &target.resolved {
            copy(&target.drawn, Some(&resolved.frame), whole);
        }
        let drawn = target.resolved.as_ref().unwrap_or(&target.drawn);
        match onto {
            Onto::Canvas => {
                if [self.canvas.width(), self.canvas.height()] != target.size_px {
                    self.canvas.set_width(target.size_px[0]);
                    self.canvas.set_height(target.size_px[1]);
                }
                copy(drawn, None, whole);
            }
            Onto::Layer { frame, place_px } => {
                copy(drawn, frame, place_px.map(signed));
                // A browser finds its own layer bound when the frame is over.
                self.raw.bind_framebuffer(Raw::FRAMEBUFFER, frame);
            }
        }
    }
}
