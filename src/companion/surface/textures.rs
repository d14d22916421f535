//! Textures: one surface per material name, its textures put on as they arrive.
//!
//! A surface is drawn in its plain colour until its textures are there, and for good where they are missing. Normal maps
//! are asked for once the visit is open: the first view does not wait for them, and on a slow network nothing it does wait
//! for should come after them.

use bevy::ecs::system::SystemParam;
use bevy::platform::collections::HashMap;
use bevy::prelude::*;

use super::finish::{Finish, Kind, finish_of};
use super::picture::PictureReader;
use super::{Picture, Surface};
use crate::Step;
use crate::content::{Content, Stage};
use crate::platform::gl::Format;

/// The surfaces made so far, by material name.
#[derive(Resource, Default)]
struct Made(HashMap<String, Handle<Surface>>);

/// Textures on their way, in the order in which they were asked for.
#[derive(Resource, Default)]
struct OnTheWay(Vec<Awaited>);

/// Normal maps to be asked for once the visit is open: their files, and the surfaces they belong on.
#[derive(Resource, Default)]
struct Later(Vec<(String, Handle<Surface>)>);

struct Awaited {
    picture: Handle<Picture>,
    surface: Handle<Surface>,
    normal: bool,
}

/// Gives out surfaces by material name, asking for their textures the first time.
#[derive(SystemParam)]
pub(crate) struct Textured<'w> {
    made: ResMut<'w, Made>,
    awaited: ResMut<'w, OnTheWay>,
    later: ResMut<'w, Later>,
    surfaces: ResMut<'w, Assets<Surface>>,
    assets: Res<'w, AssetServer>,
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
        let plain = Surface { look: finish.bare(), two_sided, kind, ..default() };
        let surface = self.surfaces.add(plain);
        self.made.0.insert(material.to_owned(), surface.clone());
        let there = |kind: &str| {
            let file = format!("{material}_{kind}.webp");
            self.content.0.0.scene.textures.contains(&file).then_some(file)
        };
        let (base, normal) = (there("base"), there("normal"));
        if let Some(file) = base {
            let picture = self.assets.load(format!("textures/{file}"));
            self.awaited.0.push(Awaited { picture, surface: surface.clone(), normal: false });
        }
        self.later.0.extend(normal.map(|file| (file, surface.clone())));
        surface
    }
}

fn ask_for_normals(mut later: ResMut<Later>, mut awaited: ResMut<OnTheWay>, assets: Res<AssetServer>) {
    for (file, surface) in later.0.drain(..) {
        let picture = assets.load(format!("textures/{file}"));
        awaited.0.push(Awaited { picture, surface, normal: true });
    }
}

/// Puts on one texture a frame: one picture is all a frame has time for.
fn put_on(
    mut awaited: ResMut<OnTheWay>,
    mut pictures: ResMut<Assets<Picture>>,
    mut surfaces: ResMut<Assets<Surface>>,
    assets: Res<AssetServer>,
) {
    awaited.0.retain(|texture| !assets.load_state(&texture.picture).is_failed());
    let Some(next) = awaited.0.iter().position(|texture| pictures.contains(&texture.picture)) else {
        return;
    };
    let Awaited { picture, surface, normal } = awaited.0.remove(next);
    let Some(mut read) = pictures.remove(&picture) else {
        return;
    };
    read.format = Some(if normal { Format::Numbers } else { Format::Colour });
    let ready = pictures.add(read);
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
    app.init_resource::<Made>().init_resource::<OnTheWay>().init_resource::<Later>();
    if app.world().contains_resource::<AssetServer>() {
        let some_later = |later: Res<Later>| !later.0.is_empty();
        let on_the_way = |awaited: Res<OnTheWay>| !awaited.0.is_empty();
        app.register_asset_loader(PictureReader).add_systems(
            Update,
            (ask_for_normals.run_if(in_state(Stage::Open)).run_if(some_later), put_on.run_if(on_the_way))
                .chain()
                .in_set(Step::Show),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::asset::io::memory::{Dir, MemoryAssetReader};
    use bevy::asset::io::{AssetSourceBuilder, AssetSourceId};
    use bevy::ecs::system::RunSystemOnce;
    use bevy::state::app::StatesPlugin;

    /// The textures asked for and not yet known to be missing.
    fn asked(app: &App) -> Vec<String> {
        let assets = app.world().resource::<AssetServer>();
        let awaited = app.world().resource::<OnTheWay>().0.iter();
        awaited.filter_map(|texture| Some(assets.get_path(texture.picture.id())?.to_string())).collect()
    }

    #[test]
    fn normal_maps_are_asked_for_once_the_visit_is_open() {
        let mut app = App::new();
        let bare = AssetSourceBuilder::new(|| Box::new(MemoryAssetReader { root: Dir::default() }));
        app.register_asset_source(AssetSourceId::Default, bare);
        app.add_plugins((MinimalPlugins, StatesPlugin, AssetPlugin::default()));
        app.init_state::<Stage>().init_asset::<Picture>().init_asset::<Surface>();
        plugin(&mut app);
        let mut site = crate::visit_tests::site();
        site.scene.textures = ["iron_base.webp", "iron_normal.webp", "timber_base.webp"].map(str::to_owned).into();
        app.insert_resource(Content(site));
        let dress = |mut textured: Textured| ["iron", "timber", "iron"].map(|name| textured.surface(name));
        let _surfaces = app.world_mut().run_system_once(dress).expect("surfaces are given out");
        assert_eq!(asked(&app), ["textures/iron_base.webp", "textures/timber_base.webp"]);
        app.update();
        assert_eq!(app.world().resource::<Later>().0.len(), 1, "the visit is not open yet");
        app.world_mut().resource_mut::<OnTheWay>().0.clear();
        app.world_mut().resource_mut::<NextState<Stage>>().set(Stage::Open);
        app.update();
        assert_eq!(asked(&app), ["textures/iron_normal.webp"]);
    }
}
