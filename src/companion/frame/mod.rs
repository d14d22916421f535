//! Frame: draws what stands in the world, once for each turn of the app.
//!
//! Reads what other features put there (shapes, surfaces, light and air, ink) and changes nothing of it. At rest only the
//! clock is sent to the graphics card: a list that is as it was is not sent again, and a shadow map that would come out
//! the same is not drawn again.

mod card;
#[cfg(test)]
mod compose;
mod hung;
mod ink;
mod list;
mod programs;
mod shadow;
mod shapes;
mod textures;
mod trouble;

use crate::afloat::Afloat;
use crate::headset::{Headset, Rig};
use crate::ink::Sheets;
use crate::platform::gl::Onto;
use crate::platform::headset::Frame;
use crate::platform::{drawing, headset, memory, probe};
use crate::screen::Screen;
use crate::settings::TierInForce;
use crate::surface::{Air, Class, Dressed, Kind, NoShadow, Picture, Shade, Surface};
use crate::visit::{Dark, Eye, Shown};
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use card::{Canvas, Card, Picture as Painting, View};
use ink::Over;
use list::{Draw, Item, Sight};
use programs::{Key, Manner};
use protocol::bridge::Tier;
use shadow::sun_view;
use trouble::Trouble;

/// The eye's near plane, metres.
const NEAR_M: f32 = 0.15;
/// How far a surface is moved off itself before it asks for its shadow: texels along its normal, metres towards the sun.
const SHIFT_TEXELS: f32 = 1.4;
const SHIFT_M: f32 = 0.06;

/// How much of the place lies before the wearer as a model, metres from its middle: land and water are cut off there, and
/// what reaches further is left out.
const MODEL_WITHIN_M: f32 = 86.0;

/// Takes hold of the graphics card of the canvas.
fn open(world: &mut World) {
    let card = drawing::context().map(|gl| gl.map_err(Trouble::Unsupported).and_then(Card::new));
    match card {
        Some(Ok(card)) => world.insert_non_send(card),
        Some(Err(trouble)) => trouble::answer(&trouble, world),
        None => {}
    }
}

/// Brings meshes and pictures that are new or have changed to the card, and lets go of those that are gone.
fn bring(
    mut card: If<NonSendMut<Card>>,
    mut shapes: MessageReader<AssetEvent<Mesh>>,
    mut pictures: MessageReader<AssetEvent<Picture>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut kept: ResMut<Assets<Picture>>,
) {
    let card = &mut *card.0;
    for event in shapes.read() {
        // Another shape may come to lie where one lay: what was drawn of it in the shadow map is not it any more.
        card.brought();
        match event {
            AssetEvent::Added { id } | AssetEvent::Modified { id } => {
                let Some(mesh) = meshes.get_mut_untracked(*id) else { continue };
                card.shapes.put(&card.gl, *id, mesh);
                if shapes::is_for_the_card_alone(mesh) {
                    // Its vertices are on the card now; a mesh that others still read keeps them here too.
                    let _ = mesh.take_gpu_data();
                }
            }
            AssetEvent::Removed { id } => card.shapes.drop(*id),
            _ => {}
        }
    }
    for event in pictures.read() {
        card.brought();
        match event {
            AssetEvent::Added { id } | AssetEvent::Modified { id } => {
                if let Some(picture) = kept.get_mut_untracked(*id) {
                    card.textures.put(&card.gl, *id, picture);
                }
            }
            AssetEvent::Removed { id } => card.textures.drop(&card.gl, *id),
            _ => {}
        }
    }
}

/// What can be drawn.
#[derive(SystemParam)]
struct World3d<'w, 's> {
    things: Query<
        'w,
        's,
        (
            &'static Mesh3d,
            &'static Dressed,
            &'static GlobalTransform,
            &'static InheritedVisibility,
            Option<&'static Class>,
            Has<NoShadow>,
        ),
    >,
    surfaces: Res<'w, Assets<Surface>>,
    air: Res<'w, Air>,
    shade: Res<'w, Shade>,
    sheets: Res<'w, Sheets>,
    afloat: Res<'w, Afloat>,
    headset: Res<'w, Headset>,
    rig: Res<'w, Rig>,
    eyes: Query<'w, 's, &'static GlobalTransform, With<Eye>>,
    windows: Query<'w, 's, &'static Window, With<PrimaryWindow>>,
}

/// One view of the place.
#[derive(Clone, Copy)]
struct Looking {
    eye: Transform,
    lens: Mat4,
}

/// All views of a frame.
struct Views {
    list: [Looking; 2],
    count: usize,
    /// What the sun's map is fitted to: an eye, the tangent of half its height, its width by its height.
    whole: (Transform, f32, f32),
}

impl Views {
    /// What is seen on the canvas.
    fn of_canvas(eye: Transform, slope: f32, aspect: f32) -> Self {
        let looking = Looking { eye, lens: list::lens(slope, aspect, NEAR_M) };
        Self { list: [looking; 2], count: 1, whole: (eye, slope, aspect) }
    }

    /// What is seen in a headset.
    fn of_frame(frame: &Frame, rig: &Rig) -> Self {
        let looking = |index: usize| {
            let view = &frame.views[index];
            Looking { eye: rig.place(&view.pose), lens: list::lens_of(view.lens, NEAR_M) }
        };
        // The steepest look of any eye, to either side.
        let steepest = |scale: usize, off: usize| {
            let all = frame.views.iter().take(frame.count);
            all.map(|view| (1.0 + view.lens[off].abs()) / view.lens[scale].abs().max(1e-3)).fold(0.1, f32::max)
        };
        let (wide, high) = (steepest(0, 2), steepest(1, 3));
        Self { list: [looking(0), looking(1)], count: frame.count, whole: (rig.place(&frame.head), high, wide / high) }
    }

    fn all(&self) -> &[Looking] {
        self.list.get(..self.count).unwrap_or_default()
    }
}

/// What eye and sun see, and the calls that draw it. Kept from frame to frame, so that none takes memory anew.
#[derive(Default)]
struct Lists {
    seen: Vec<Item>,
    draws: Vec<Draw>,
    casting: Vec<Item>,
    shadows: Vec<Draw>,
}

/// Lists what eye and sun see.
fn gather(world: &World3d, card: &mut Card, eye: &Sight, sun: Option<&Sight>, lists: &mut Lists) {
    let Lists { seen, draws, casting, shadows } = lists;
    seen.clear();
    casting.clear();
    for (mesh, dressed, at, visible, class, no_shadow) in &world.things {
        let (Some(shape), Some(surface), true) =
            (card.shapes.get(mesh.id()), world.surfaces.get(&dressed.0), visible.get())
        else {
            continue;
        };
        let at = at.affine();
        let casts = !no_shadow && sun.is_some_and(|sun| sun.meets(shape, &at));
        if casts {
            // One way of drawing and no material: only shape and place count.
            let item = Item {
                key: Key::default(),
                material: 0,
                block: shape.block,
                indices: shape.indices.clone(),
                row: list::row(&at, 0),
            };
            casting.push(item);
        }
        if eye.keeps(shape, &at, matches!(surface.kind, Kind::Land | Kind::Water)) && eye.meets(shape, &at) {
            let key = Key { kind: surface.kind, two_sided: surface.two_sided, uvs: shape.uvs };
            let (block, indices) = (shape.block, shape.indices.clone());
            let class = class.map_or(0, |class| class.0);
            let material = card.textures.material(&card.gl, dressed.0.id(), surface);
            seen.push(Item { key, material, block, indices, row: list::row(&at, class) });
        }
    }
    list::draws(seen, draws);
    list::draws(casting, shadows);
}

/// Draws the picture.
fn draw(
    mut card: If<NonSendMut<Card>>,
    world: World3d,
    screen: Screen,
    time: Res<Time>,
    tier: Res<TierInForce>,
    dark: Res<Dark>,
    mut shown: ResMut<Shown>,
    mut lists: Local<Lists>,
) {
    let card = &mut *card.0;
    let (Some(eye), Some(window), Some(look), false) =
        (world.eyes.iter().next(), world.windows.iter().next(), screen.view(), dark.0)
    else {
        return;
    };
    if card.is_making() {
        shown.set_if_neq(Shown(false));
        return;
    }
    let in_headset = world.headset.is_on();
    let frame = &world.headset.frame;
    let (views, size_px) = if in_headset {
        (Views::of_frame(frame, &world.rig), in_headset_px(frame, tier.0))
    } else {
        let size_px = window.physical_size();
        (Views::of_canvas(eye.compute_transform(), look.slope, size_px.x as f32 / size_px.y.max(1) as f32), size_px)
    };
    if size_px.min_element() == 0 || views.count == 0 {
        return;
    }
    let (whole_eye, slope, aspect) = views.whole;
    let sun = world.shade.map_px.map(|map_px| {
        let toward = world.air.sun_direction.truncate();
        (sun_view(&whole_eye, slope, aspect, toward, world.shade.reach_m, map_px), map_px)
    });
    let light = sun.map(|(sun, _)| Sight::of_light(sun.clip_from_world));
    let clips = views.all().iter().map(|looking| looking.lens * looking.eye.to_matrix().inverse());
    let mut sight = Sight::of_eyes(clips);
    let is_model = in_headset && world.rig.is_over_model();
    if is_model {
        sight = sight.within(world.rig.model_middle(), MODEL_WITHIN_M);
    }
    gather(&world, card, &sight, light.as_ref(), &mut lists);
    let Lists { seen, draws, casting, shadows } = &*lists;
    let sent = views.list.map(|Looking { eye, lens }| View {
        clip_from_world: list::for_webgl(lens * eye.to_matrix().inverse()).to_cols_array(),
        world_from_clip: (lens * Mat4::from_quat(eye.rotation.inverse())).inverse().to_cols_array(),
        shadow_from_world: sun.map_or(Mat4::IDENTITY, |(sun, _)| sun.clip_from_world).to_cols_array(),
        eye: eye.translation.extend(time.elapsed_secs_wrapped()).to_array(),
        forward: eye.forward().extend(0.0).to_array(),
        round: world.rig.model_middle().xz().extend(MODEL_WITHIN_M).extend(0.0).to_array(),
        shadow: sun.map_or([0.0; 4], |(sun, _)| [1.0, SHIFT_TEXELS * sun.texel_m, SHIFT_M, world.shade.reach_m]),
    });
    card.send(sent.get(..views.count).unwrap_or_default(), &world.air, seen, sun.map_or(1, |(_, map_px)| map_px));
    if in_headset {
        for (inked, view) in card.inked.iter_mut().zip(frame.views) {
            let [.., aside, above] = view.lens;
            inked.lay(&card.gl, &world.sheets, Over::View(-Vec2::new(aside, above)));
        }
        card.hung.lay(&card.gl, &world.afloat);
    } else {
        card.inked[0].lay(&card.gl, &world.sheets, Over::Canvas(look.size_px));
    }
    // A shadow map that stands costs nothing; its draws are told all the same, for they are what a step would cost.
    let mut told = list::tally(draws);
    if let Some((sun, _)) = sun {
        card.cast(sun, casting, shadows);
        let (calls, triangles) = list::tally(shadows);
        told = (told.0 + calls, told.1 + triangles);
    }
    let painting = Painting {
        draws,
        manner: Manner::of(&world.air, is_model),
        canvas: Canvas { size_px, samples: if tier.0 == Tier::Floor { 1 } else { 4 } },
        behind: (!(in_headset && frame.see_through)).then_some(world.air.horizon),
        is_hung: in_headset,
    };
    let whole = if in_headset {
        headset::layer(|layer| {
            let places = frame.views.map(|view| Onto::Layer { frame: layer, place_px: view.place_px });
            card.paint(&painting, places.get(..views.count).unwrap_or_default())
        })
    } else {
        card.paint(&painting, &[Onto::Canvas])
    };
    shown.set_if_neq(Shown(whole));
    // Sky and ink are one call each.
    probe::keep_tally(told.0 + 2, told.1 + 1 + card.inked[0].triangles());
    memory::end_frame();
}

/// The size at which each of a headset's views is drawn.
fn in_headset_px(frame: &Frame, tier: Tier) -> UVec2 {
    let [_, _, width, height] = frame.views[0].place_px;
    let full = UVec2::new(width, height);
    let most = match tier {
        // With fewer, captions of 1.3° are a smear.
        Tier::Floor => 1_000_000.0,
        Tier::Middle => 2_200_000.0,
        Tier::High => 4_000_000.0,
    };
    let scale = (most / (width * height).max(1) as f32).sqrt().min(1.0);
    (full.as_vec2() * scale).as_uvec2().max(UVec2::ONE).min(full)
}

/// Lets go of what hung in a headset that has been taken off.
fn take_down(mut card: If<NonSendMut<Card>>, headset: Res<Headset>, mut was_on: Local<bool>) {
    if std::mem::replace(&mut *was_on, headset.is_on()) && !headset.is_on() {
        let card = &mut *card.0;
        card.hung.take_down(&card.gl);
        card.inked[1].take_down(&card.gl);
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Shade>();
    if app.is_plugin_added::<bevy::winit::WinitPlugin>() {
        app.add_systems(Startup, open).add_systems(Last, (trouble::heed, bring, take_down, draw).chain());
    }
}
