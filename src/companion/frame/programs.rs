//! Programs: the ways of drawing, begun before they are wanted and asked after only when they are.
//!
//! A browser translates a program aside, and whoever asks about one waits for it. So all of a tier are begun together,
//! and a change of tier shows when the last of its programs is there.

use super::trouble::Trouble;
use crate::platform::gl::{Fence, Gl, Mode, Program, Shader};
use crate::surface::{Air, Kind};
use bevy::platform::collections::HashMap;
use bevy::prelude::*;

/// What tells the things of a picture apart in how they are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    /// What the shader does besides lighting.
    pub kind: Kind,
    /// The shape has places on a texture.
    pub uvs: bool,
    /// Seen from both sides.
    pub two_sided: bool,
}

/// What tells whole pictures apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Manner {
    /// The lowest tier's shaders.
    pub plain: bool,
    /// The evidence lens, where it has shaders of its own.
    pub lens: bool,
    /// Land and water end at the round of a model.
    pub cut: bool,
}

impl Manner {
    pub(super) fn of(air: &Air, cut: bool) -> Self {
        let plain = air.show.y < 0.5;
        Self { plain, lens: plain && air.show.x > 0.5, cut }
    }

    /// What of it makes a difference to this way.
    fn on(self, way: Way) -> Self {
        match way {
            Way::Thing(Kind::Land | Kind::Water, true) => self,
            // By the sky it is told whether a manner has been drawn in.
            Way::Thing(..) | Way::Sky => Self { cut: false, ..self },
            Way::Ink | Way::Shadow | Way::Board => Self::default(),
        }
    }
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// Things of a kind, with or without places on a texture.
    Thing(Kind, bool),
    Sky,
    Ink,
    Shadow,
    /// What hangs in the air of a headset.
    Board,
}

impl Way {
    /// Every way of a picture that a site may ask for at once.
    const USUAL: [Self; 8] = [
        Self::Thing(Kind::Made, true),
        Self::Thing(Kind::Made, false),
        Self::Thing(Kind::Land, true),
        Self::Thing(Kind::Leaves, true),
        Self::Thing(Kind::Water, true),
        Self::Sky,
        Self::Ink,
        // A headset's first picture is not to wait for it.
        Self::Board,
    ];

    /// How things of this key are drawn.
    pub(super) fn of(key: Key) -> Self {
        Self::Thing(key.kind, key.uvs || key.kind == Kind::Water)
    }

    /// How the graphics card is to be set for it.
    pub(super) fn mode(self, two_sided: bool) -> Mode {
        match self {
            Self::Thing(..) | Self::Shadow if two_sided => Mode::TwoSided,
            Self::Thing(..) | Self::Shadow => Mode::Solid,
            Self::Sky => Mode::Behind,
            Self::Ink | Self::Board => Mode::Over,
        }
    }

    /// The name of its text.
    fn name(self, manner: Manner) -> String {
        let (own, lens, defs) = match self {
            Self::Thing(Kind::Water, _) => ("water", manner.lens, [("LAND", false), ("LEAVES", false), ("UVS", false)]),
            Self::Thing(kind, uvs) => {
                ("surface", manner.lens, [("LAND", kind == Kind::Land), ("LEAVES", kind == Kind::Leaves), ("UVS", uvs)])
            }
            Self::Sky => ("sky", false, [("", false); 3]),
            Self::Ink => return "ink".to_owned(),
            Self::Board => return "board".to_owned(),
            Self::Shadow => return "shadow".to_owned(),
        };
        let mut name = own.to_owned();
        let all = [("PLAIN", manner.plain), ("LENS", lens), ("CUT", manner.cut)].into_iter().chain(defs);
        name.extend(all.filter(|(_, on)| *on).map(|(def, _)| format!(" {def}")));
        name
    }
}

/// A program's text as the build script wrote it.
struct Text {
    name: &'static str,
    vertex: &'static str,
    fragment: &'static str,
    /// Its blocks by name, each with its slot.
    blocks: &'static [(&'static str, u32)],
    /// Its textures by name, each with its unit.
    textures: &'static [(&'static str, u32)],
}

static TEXTS: &[Text] = include!(concat!(env!("OUT_DIR"), "/programs.rs"));

/// Slots of the blocks that programs read.
pub(super) mod slots {
    pub const VIEW: u32 = 0;
    pub const AIR: u32 = 1;
    pub const THINGS: u32 = 2;
    pub const LOOK: u32 = 3;
    pub const LIGHT: u32 = 4;
}

/// Units of the textures that programs read.
pub(super) mod units {
    pub const SHADOW: u32 = 0;
    /// Colour, then normals.
    pub const OF_MATERIAL: [u32; 2] = [1, 2];
}

enum Made {
    Begun(Program),
    Ready(Program),
    /// It cannot be used, and that has been said.
    Broken,
}

/// The programs begun so far.
#[derive(Default)]
pub(super) struct Programs {
    halves: HashMap<&'static str, Shader>,
    made: HashMap<(Way, Manner), (&'static Text, Made)>,
    in_force: Option<Manner>,
    /// After the programs begun last, where the browser does not tell when they are ready.
    fence: Option<Fence>,
}

impl Programs {
    /// Begins what is not begun yet.
    pub(super) fn begin(&mut self, gl: &Gl, ways: impl Iterator<Item = Way>, manner: Manner) {
        let before = self.made.len();
        for way in ways {
            let manner = manner.on(way);
            if self.made.contains_key(&(way, manner)) {
                continue;
            }
            let name = way.name(manner);
            let Some(text) = TEXTS.iter().find(|text| text.name == name) else { continue };
            for (half, is_fragment) in [(text.vertex, false), (text.fragment, true)] {
                if !self.halves.contains_key(half)
                    && let Some(shader) = gl.shader(is_fragment, half)
                {
                    self.halves.insert(half, shader);
                }
            }
            let halves = self.halves.get(text.vertex).zip(self.halves.get(text.fragment));
            if let Some(program) = halves.and_then(|(vertex, fragment)| gl.program(vertex, fragment)) {
                self.made.insert((way, manner), (text, Made::Begun(program)));
            }
        }
        if self.made.len() > before && !gl.tells_completion {
            self.fence = gl.fence();
        }
    }

    /// Whether nothing may be drawn for now: the browser makes programs one after another with what is drawn, does not tell
    /// when one is ready, and whoever asks waits for all of it. So nothing is added until the last of them is there.
    pub(super) fn is_making(&mut self, gl: &Gl) -> bool {
        self.fence.take_if(|fence| gl.is_past(fence));
        self.fence.is_some()
    }

    /// Begins all of a picture's usual programs, and answers in which manner to draw meanwhile.
    pub(super) fn turn_to(&mut self, gl: &Gl, wanted: Manner) -> Manner {
        let Some(in_force) = self.in_force.filter(|in_force| *in_force != wanted) else {
            if self.in_force.is_none() {
                self.begin(gl, Way::USUAL.into_iter(), wanted);
            }
            return *self.in_force.insert(wanted);
        };
        self.begin(gl, Way::USUAL.into_iter(), wanted);
        // Every picture has a sky, and every model land: where they are ready, that manner was drawn in before, and nothing of it
        // is waited for again.
        let is_known = self.get(Way::Sky, wanted).is_some()
            && (!wanted.cut || self.get(Way::Thing(Kind::Land, true), wanted).is_some());
        let mut of_wanted = self.made.iter().filter(|((_, manner), _)| *manner == wanted);
        let is_done = |made: &Made| !matches!(made, Made::Begun(begun) if !is_done(gl, self.fence.as_ref(), begun));
        if is_known || of_wanted.all(|(_, (_, made))| is_done(made)) {
            return *self.in_force.insert(wanted);
        }
        in_force
    }

    /// Makes a begun program ready for use, if asking it will not be waited for; what is wrong with it, once.
    pub(super) fn make_ready(&mut self, gl: &Gl, way: Way, manner: Manner) -> Result<(), Trouble> {
        let fence = self.fence.as_ref();
        let Some((text, made)) = self.made.get_mut(&(way, manner.on(way))) else { return Ok(()) };
        match std::mem::replace(made, Made::Broken) {
            Made::Begun(mut program) if is_done(gl, fence, &program) => {
                let halves = [text.vertex, text.fragment].map(|half| self.halves.get(half));
                let [Some(vertex), Some(fragment)] = halves else { return Ok(()) };
                gl.tie(&mut program, [vertex, fragment], text.blocks, text.textures)
                    .map_err(|why| Trouble::Fault(format!("{}: {why}", text.name)))?;
                *made = Made::Ready(program);
            }
            other => *made = other,
        }
        Ok(())
    }

    /// What draws in a way, once it is ready.
    pub(super) fn get(&self, way: Way, manner: Manner) -> Option<&Program> {
        match &self.made.get(&(way, manner.on(way)))?.1 {
            Made::Ready(program) => Some(program),
            Made::Begun(_) | Made::Broken => None,
        }
    }
}

/// Whether a begun program can be asked about without waiting.
fn is_done(gl: &Gl, fence: Option<&Fence>, program: &Program) -> bool {
    if gl.tells_completion { gl.is_done(program) } else { fence.is_none() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way of drawing that can come up.
    fn all() -> impl Iterator<Item = (Way, Manner)> {
        let kinds = [Kind::Made, Kind::Land, Kind::Leaves, Kind::Water];
        let keys = kinds.into_iter().flat_map(|kind| [false, true].map(|uvs| Key { kind, uvs, two_sided: false }));
        let ways: Vec<Way> = keys.map(Way::of).chain([Way::Sky, Way::Ink, Way::Shadow, Way::Board]).collect();
        let manners = [(false, false), (true, false), (true, true)];
        manners.into_iter().flat_map(|each| [false, true].map(|cut| (each, cut))).flat_map(
            move |((plain, lens), cut)| {
                ways.clone().into_iter().map(move |way| (way, Manner { plain, lens, cut }.on(way)))
            },
        )
    }

    #[test]
    fn whatever_can_be_asked_for_has_its_text() {
        for (way, manner) in all() {
            let name = way.name(manner);
            let text = TEXTS.iter().find(|text| text.name == name).unwrap_or_else(|| panic!("no text “{name}”"));
            assert!(text.vertex.starts_with("#version 300 es") && text.fragment.starts_with("#version 300 es"));
        }
        let asked: std::collections::BTreeSet<String> = all().map(|(way, manner)| way.name(manner)).collect();
        let written: std::collections::BTreeSet<String> = TEXTS.iter().map(|text| text.name.to_owned()).collect();
        assert_eq!(asked, written, "a text that nothing asks for is downloaded for nothing");
    }

    #[test]
    fn each_block_has_the_slot_of_what_is_bound_there() {
        let of = |name: &str| TEXTS.iter().find(|text| text.name == name).expect("it is written");
        let slots_of = |name: &str| {
            let mut slots: Vec<u32> = of(name).blocks.iter().map(|(_, slot)| *slot).collect();
            slots.sort_unstable();
            slots.dedup();
            slots
        };
        assert_eq!(slots_of("surface UVS"), [slots::VIEW, slots::AIR, slots::THINGS, slots::LOOK]);
        assert_eq!(slots_of("shadow"), [slots::THINGS, slots::LIGHT]);
        assert_eq!(slots_of("ink"), [0_u32; 0]);
        assert_eq!(slots_of("board"), [slots::VIEW]);
        let mut units: Vec<u32> = of("surface UVS").textures.iter().map(|(_, unit)| *unit).collect();
        units.sort_unstable();
        assert_eq!(units, [units::SHADOW, units::OF_MATERIAL[0], units::OF_MATERIAL[1]]);
    }

    #[test]
    fn what_is_plain_is_left_out_of_the_text() {
        let of = |name: &str| TEXTS.iter().find(|text| text.name == name).expect("it is written").fragment;
        assert!(of("surface UVS").contains("sampler2DShadow") && !of("surface PLAIN UVS").contains("sampler2DShadow"));
    }
}
