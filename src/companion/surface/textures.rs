//! Textures: one surface per material name, its textures put on as they arrive.
//!
//! A surface is drawn in its plain colour until its textures are there, and for good where they are missing.

use bevy::asset::RenderAssetUsages;
use bevy::ecs::system::SystemParam;
use bevy::image::{ImageAddressMode, ImageFilterMode, ImageLoaderSettings, ImageSampler, ImageSamplerDescriptor};
use bevy::platform::collections::HashMap;
use bevy::prelude::*;

use super::finish::{Finish, Kind, finish_of};
use super::mips::with_mips;
use super::{Air, Surface};
use crate::Step;
use crate::content::Content;

/// The surfaces made so far, by material name.
#[derive(Resource, Default)]
struct Made(HashMap<String, Handle<Surface>>);

/// Textures on their way, in the order in which they were asked for.
#[derive(Resource, Default)]
struct OnTheWay(Vec<Awaited>);

struct Awaited {
    image: Handle<Image>,
    surface: Handle<Surface>,
    normal: bool,
}

/// Gives out surfaces by material name, asking for their textures the first time.
#[derive(SystemParam)]
pub(crate) struct Textured<'w> {
    made: ResMut<'w, Made>,
    awaited: ResMut<'w, OnTheWay>,
    surfaces: ResMut<'w, Assets<Surface>>,
    assets: Res<'w, AssetServer>,
    air: Res<'w, Air>,
    content: If<Res<'w, Content>>,
}

impl Textured<'_> {
    /// The surface of a material.
    pub(crate) fn surface(&mut self, material: &str) -> Handle<Surface> {
        if let Some(made) = self.made.0.get(material) {
            return made.clone();
        }
        let finish = finish_of(material);
        let Finish { two_sided, kind, .. } = finish;
        let bare = Surface { air: *self.air, look: finish.bare(), two_sided, kind, ..default() };
        let surface = self.surfaces.add(bare);
        self.made.0.insert(material.to_owned(), surface.clone());
        for normal in [false, true] {
            let file = format!("{material}_{}.webp", if normal { "normal" } else { "base" });
            if self.content.0.0.scene.textures.contains(&file) {
                let image = load(&self.assets, format!("textures/{file}"), !normal);
                self.awaited.0.push(Awaited { image, surface: surface.clone(), normal });
            }
        }
        surface
    }
}

fn load(assets: &AssetServer, path: String, is_srgb: bool) -> Handle<Image> {
    let settings = move |settings: &mut ImageLoaderSettings| {
        settings.is_srgb = is_srgb;
        settings.asset_usage = RenderAssetUsages::MAIN_WORLD;
        settings.sampler = ImageSampler::Descriptor(ImageSamplerDescriptor {
            address_mode_u: ImageAddressMode::Repeat,
            address_mode_v: ImageAddressMode::Repeat,
            mag_filter: ImageFilterMode::Linear,
            min_filter: ImageFilterMode::Linear,
            mipmap_filter: ImageFilterMode::Linear,
            anisotropy_clamp: 4,
            ..default()
        });
    };
    assets.load_builder().with_settings(settings).load(path)
}

/// Puts on one texture a frame: the smaller sizes are made here, and one image is all a frame has time for.
fn put_on(
    mut awaited: ResMut<OnTheWay>,
    mut images: ResMut<Assets<Image>>,
    mut surfaces: ResMut<Assets<Surface>>,
    assets: Res<AssetServer>,
) {
    awaited.0.retain(|texture| !assets.load_state(&texture.image).is_failed());
    let Some(next) = awaited.0.iter().position(|texture| images.contains(&texture.image)) else {
        return;
    };
    let Awaited { image, surface, normal } = awaited.0.remove(next);
    let Some(full) = images.remove(&image) else {
        return;
    };
    let ready = images.add(with_mips(full, !normal));
    if let Some(mut surface) = surfaces.get_mut(&surface) {
        if normal {
            surface.look.finish.w = 1.0;
            surface.normal = Some(ready);
        } else {
            surface.look.finish.z = 1.0;
            // Land keeps its mean colour: its sheet only says how much lighter or darker a spot is.
            if surface.kind != Kind::Land {
                surface.look.tint = Vec4::ONE;
            }
            surface.base = Some(ready);
        }
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Made>().init_resource::<OnTheWay>();
    if app.world().contains_resource::<AssetServer>() {
        let on_the_way = |awaited: Res<OnTheWay>| !awaited.0.is_empty();
        app.add_systems(Update, put_on.in_set(Step::Show).run_if(on_the_way));
    }
}
