//! Card: what lies on the graphics card for the picture, and the two passes that draw it.

use super::hung::Hung;
use super::ink::Inked;
use super::list::{Draw, Item, REACH, Row, for_webgl};
use super::programs::{Manner, Programs, Way, slots, units};
use super::shadow::SunView;
use super::shapes::Shapes;
use super::textures::{Pictures, Textures};
use super::trouble::Trouble;
use crate::platform::alarm;
use crate::platform::gl::{Buffer, DepthMap, Fault, Gl, Holding, Mode, Onto, Program, Target};
use crate::surface::Air;
use bevy::prelude::*;

/// Pictures after the last thing was brought before the graphics card is asked whether all went well: to ask is to wait.
const UNTROUBLED: u32 = 90;

/// The graphics card and everything on it.
pub(super) struct Card {
    pub gl: Gl,
    pub programs: Programs,
    pub shapes: Shapes,
    pub textures: Textures,
    /// Over each view.
    pub inked: [Inked; 2],
    pub hung: Hung,
    /// One for each view, `VIEW_STEP` apart.
    view: Buffer,
    air: Buffer,
    light: Buffer,
    /// What the eye sees, and what throws shadows.
    seen: Things,
    casting: Things,
    map: ShadowMap,
    target: Option<Target>,
    /// Light and air as they were sent last.
    sent: Option<Air>,
    /// What went wrong, until it is heeded.
    pub trouble: Option<Trouble>,
    /// Pictures since something was brought, while nobody has asked how it went.
    unasked: Option<u32>,
}

/// Rows of things on the graphics card, as they were sent last.
struct Things {
    rows: Vec<Row>,
    buffer: Buffer,
}

/// The sun's view, and what of it is drawn.
struct ShadowMap {
    size_px: u32,
    map: DepthMap,
    drawn: Option<(SunView, Vec<Draw>)>,
}

/// The view as the shaders read it: `View` in view.wgsl.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub(super) struct View {
    pub clip_from_world: [f32; 16],
    pub world_from_clip: [f32; 16],
    pub shadow_from_world: [f32; 16],
    pub eye: [f32; 4],
    pub forward: [f32; 4],
    pub shadow: [f32; 4],
    pub round: [f32; 4],
}

/// A picture's size and smoothness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Canvas {
    pub size_px: UVec2,
    /// Samples a pixel.
    pub samples: u32,
}

/// Bytes from one view to the next: every graphics card can begin to read there.
const VIEW_STEP: usize = 256;

/// What all views of a frame share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture<'a> {
    pub draws: &'a [Draw],
    pub manner: Manner,
    pub canvas: Canvas,
    /// Light where nothing is drawn; `None` where the room is seen through it, which then has no sky either.
    pub behind: Option<Vec4>,
    /// Boards and chalk hang before the eyes.
    pub is_hung: bool,
}

const WINDOW: usize = REACH as usize * size_of::<Row>();

impl Things {
    fn new(gl: &Gl, windows: usize) -> Option<Self> {
        Some(Self { rows: Vec::new(), buffer: gl.buffer(Holding::Uniforms, windows * WINDOW)? })
    }

    /// Sends the rows of these items, unless they are as they were; whether they were sent.
    fn send(&mut self, gl: &Gl, items: &[Item]) -> bool {
        if self.rows.len() == items.len() && self.rows.iter().zip(items).all(|(row, item)| *row == item.row) {
            return false;
        }
        let windows = items.len().div_ceil(REACH as usize).max(1);
        if windows * WINDOW > self.buffer.size
            && let Some(larger) = Self::new(gl, windows.next_power_of_two())
        {
            gl.drop_buffer(&self.buffer);
            *self = larger;
        }
        self.rows.clear();
        self.rows.extend(items.iter().map(|item| item.row));
        gl.write(&self.buffer, 0, bytemuck::cast_slice(&self.rows));
        true
    }
}

impl ShadowMap {
    fn new(gl: &Gl, size_px: u32) -> Option<Self> {
        let map = gl.depth_map(size_px)?;
        gl.compare(units::SHADOW, &map);
        Some(Self { size_px, map, drawn: None })
    }
}

impl Card {
    pub(super) fn new(gl: Gl) -> Result<Self, Trouble> {
        Self::of(gl).ok_or_else(|| Trouble::Unsupported("the graphics card takes nothing".to_owned()))
    }

    fn of(gl: Gl) -> Option<Self> {
        let uniforms = |slot, size| {
            let buffer = gl.buffer(Holding::Uniforms, size)?;
            gl.bind(slot, &buffer, 0, size);
            Some(buffer)
        };
        let view = uniforms(slots::VIEW, VIEW_STEP + size_of::<View>())?;
        let air = uniforms(slots::AIR, size_of::<Air>())?;
        let light = uniforms(slots::LIGHT, size_of::<Mat4>())?;
        let (seen, casting) = (Things::new(&gl, 1)?, Things::new(&gl, 1)?);
        let map = ShadowMap::new(&gl, 1)?;
        let textures = Textures::new(&gl);
        let mut programs = Programs::default();
        programs.begin(&gl, [Way::Shadow].into_iter(), Manner::default());
        Some(Self {
            programs,
            shapes: Shapes::default(),
            textures,
            inked: default(),
            hung: Hung::default(),
            view,
            air,
            light,
            seen,
            casting,
            map,
            target: None,
            sent: None,
            trouble: None,
            unasked: None,
            gl,
        })
    }

    /// Something was brought: the shadow map is drawn anew whatever it was drawn of, and how it went will be asked.
    pub(super) fn brought(&mut self) {
        self.map.drawn = None;
        self.unasked = Some(0);
    }

    /// Whether nothing may be drawn for now, see [`Programs::is_making`].
    pub(super) fn is_making(&mut self) -> bool {
        self.programs.is_making(&self.gl)
    }

    /// Sends the views, and whatever else is not as it was sent last.
    pub(super) fn send(&mut self, views: &[View], air: &Air, seen: &[Item], map_px: u32) {
        if self.map.size_px != map_px
            && let Some(map) = ShadowMap::new(&self.gl, map_px)
        {
            self.gl.drop_depth_map(&self.map.map);
            self.map = map;
        }
        self.seen.send(&self.gl, seen);
        for (index, view) in views.iter().enumerate() {
            self.gl.write(&self.view, index * VIEW_STEP, bytemuck::bytes_of(view));
        }
        if self.sent != Some(*air) {
            self.sent = Some(*air);
            self.gl.write(&self.air, 0, bytemuck::bytes_of(air));
        }
    }

    /// Draws the shadow map, if it would not come out as it is.
    pub(super) fn cast(&mut self, sun: SunView, items: &[Item], draws: &[Draw]) {
        let moved = self.casting.send(&self.gl, items);
        let as_before = self.map.drawn.as_ref().is_some_and(|(from, drawn)| *from == sun && drawn == draws);
        if as_before && !moved {
            return;
        }
        self.make_ready(Way::Shadow, Manner::default());
        let Some(program) = self.programs.get(Way::Shadow, Manner::default()) else { return };
        let light = for_webgl(sun.clip_from_world).to_cols_array();
        self.gl.write(&self.light, 0, bytemuck::cast_slice(&light));
        self.gl.begin_map(&self.map.map);
        let mut walk = Walk::default();
        walk.run(&self.gl, program, Way::Shadow.mode(false));
        for draw in draws {
            walk.to(&self.gl, draw, &self.shapes, &self.casting);
            self.gl.draw(program, draw.indices.clone(), draw.things.clone());
        }
        let of = self.map.drawn.get_or_insert_with(|| (sun, Vec::new()));
        of.0 = sun;
        of.1.clear();
        of.1.extend_from_slice(draws);
    }

    /// Draws the picture once for each place that it is put on; whether everything was in it.
    pub(super) fn paint(&mut self, picture: &Picture, places: &[Onto]) -> bool {
        let Picture { draws, manner: wanted, .. } = *picture;
        let manner = self.programs.turn_to(&self.gl, wanted);
        // They come sorted by key.
        for alike in draws.chunk_by(|one, other| one.key == other.key) {
            let way = Way::of(alike[0].key);
            self.programs.begin(&self.gl, [way].into_iter(), manner);
            self.make_ready(way, manner);
        }
        if !draws.is_empty() {
            for way in [Way::Sky, Way::Ink] {
                self.make_ready(way, manner);
            }
        }
        if picture.is_hung {
            self.make_ready(Way::Board, manner);
        }
        self.fit(picture.canvas);
        let mut whole = true;
        for (eye, onto) in places.iter().enumerate() {
            // The one that was bound last is the first one, unless there were two.
            if places.len() > 1 {
                self.gl.bind(slots::VIEW, &self.view, eye * VIEW_STEP, size_of::<View>());
            }
            whole &= self.paint_view(picture, manner, eye);
            if let Some(target) = &self.target {
                self.gl.show(target, *onto);
            }
        }
        if places.len() > 1 {
            self.gl.bind(slots::VIEW, &self.view, 0, size_of::<View>());
        }
        self.ask_how_it_went();
        whole && manner == wanted
    }

    fn paint_view(&self, picture: &Picture, manner: Manner, eye: usize) -> bool {
        let Some(target) = &self.target else { return false };
        let behind = picture.behind.map(|behind| {
            let Srgba { red, green, blue, .. } = Color::linear_rgb(behind.x, behind.y, behind.z).to_srgba();
            [red, green, blue]
        });
        self.gl.begin_picture(target, behind);
        let mut walk = Walk::default();
        let rest = [Way::Sky, Way::Ink].map(|way| self.programs.get(way, manner));
        let mut whole = picture.draws.is_empty() || rest.iter().all(Option::is_some);
        let mut last = None;
        for draw in picture.draws {
            let way = Way::of(draw.key);
            if last.is_none_or(|(key, _)| key != draw.key) {
                let found = self.programs.get(way, manner);
                if let Some(program) = found {
                    walk.run(&self.gl, program, way.mode(draw.key.two_sided));
                }
                last = Some((draw.key, found));
            }
            let Some((_, Some(program))) = last else {
                whole = false;
                continue;
            };
            walk.wear(&self.gl, &self.textures, draw.material);
            walk.to(&self.gl, draw, &self.shapes, &self.seen);
            self.gl.draw(program, draw.indices.clone(), draw.things.clone());
        }
        if let Some(program) = rest[0].filter(|_| picture.behind.is_some()) {
            walk.run(&self.gl, program, Way::Sky.mode(false));
            self.gl.draw_bare();
        }
        if picture.is_hung
            && let Some(program) = self.programs.get(Way::Board, manner)
        {
            walk.run(&self.gl, program, Way::Board.mode(false));
            self.hung.draw(&self.gl, program, &self.textures, false);
        }
        if let Some((program, inked)) = rest[1].zip(self.inked.get(eye)) {
            walk.run(&self.gl, program, Way::Ink.mode(false));
            inked.draw(&self.gl, program);
        }
        if picture.is_hung
            && self.hung.is_over()
            && let Some(program) = self.programs.get(Way::Board, manner)
        {
            walk.run(&self.gl, program, Way::Board.mode(false));
            self.hung.draw(&self.gl, program, &self.textures, true);
        }
        whole
    }

    fn make_ready(&mut self, way: Way, manner: Manner) {
        if let Err(trouble) = self.programs.make_ready(&self.gl, way, manner) {
            self.trouble.get_or_insert(trouble);
        }
    }

    /// Makes what is drawn into as large and smooth as the canvas is to be.
    fn fit(&mut self, canvas: Canvas) {
        let size_px = canvas.size_px.clamp(UVec2::ONE, UVec2::splat(self.gl.largest_px)).to_array();
        let fits = |target: &Target| (target.size_px, target.samples) == (size_px, canvas.samples);
        if !self.target.as_ref().is_some_and(fits) {
            self.target.take().iter().for_each(|target| self.gl.drop_target(target));
            self.target = self.gl.target(size_px, canvas.samples);
            self.unasked = Some(0);
        }
    }

    fn ask_how_it_went(&mut self) {
        let Some(pictures) = self.unasked else { return };
        self.unasked = (pictures < UNTROUBLED).then_some(pictures + 1);
        if self.unasked.is_none()
            && let Some(fault) = self.gl.fault()
        {
            match fault {
                Fault::OutOfMemory => {
                    self.trouble.get_or_insert(Trouble::OutOfMemory);
                }
                // Whatever it was, a picture is there, and a visitor is better off with it than with words.
                Fault::Misuse(code) => alarm::write(&format!("WebGL error {code:#06x}")),
            }
        }
    }
}

/// What is set and bound as draws go by, so that nothing is set twice.
#[derive(Default)]
struct Walk {
    mode: Option<Mode>,
    material: Option<u32>,
    pictures: Pictures,
    block: Option<u32>,
    window: Option<u32>,
}

impl Walk {
    fn run(&mut self, gl: &Gl, program: &Program, mode: Mode) {
        gl.run(program);
        gl.set(mode, self.mode);
        self.mode = Some(mode);
    }

    fn wear(&mut self, gl: &Gl, textures: &Textures, material: u32) {
        if self.material != Some(material) {
            self.material = Some(material);
            textures.take(gl, material, &mut self.pictures);
        }
    }

    fn to(&mut self, gl: &Gl, draw: &Draw, shapes: &Shapes, things: &Things) {
        if self.block != Some(draw.block)
            && let Some(block) = shapes.blocks.get(draw.block as usize)
        {
            self.block = Some(draw.block);
            gl.take(&block.bound);
        }
        if self.window != Some(draw.window) {
            self.window = Some(draw.window);
            gl.bind(slots::THINGS, &things.buffer, draw.window as usize * WINDOW, WINDOW);
        }
    }
}
