//! Eras: which state of the place is shown, and the mist that passes between the two.

use bevy::asset::uuid_handle;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::prelude::*;
use bevy::render::render_resource::{
    AsBindGroup, CompareFunction, RenderPipelineDescriptor, SpecializedMeshPipelineError,
};
use bevy::shader::{Shader, ShaderRef};
use heritage::scene::Era;
use protocol::bridge::Said;

use crate::Step;
use crate::settings::Settings;
use crate::surface::{Air, add_shader};
use crate::visit::{Eye, Part, Passing, Say};

/// Length of the passage from one state to the other, seconds.
const PASSAGE_SECS: f32 = 0.56;

/// The state whose parts are visible; follows the visitor's choice once the mist has closed.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shown(Era);

/// A passage under way: seconds since it began.
#[derive(Resource, Default)]
struct Passage(Option<f32>);

/// The mist before the eye.
#[derive(Asset, TypePath, AsBindGroup, Clone, Debug)]
struct Veil {
    /// Linear colour and opacity.
    #[uniform(0)]
    colour: Vec4,
}

const VEIL: Handle<Shader> = uuid_handle!("6d0a35a4-55a7-4a53-9bc0-4e2c5d5a9d04");

impl Material for Veil {
    fn fragment_shader() -> ShaderRef {
        VEIL.into()
    }

    fn alpha_mode(&self) -> AlphaMode {
        AlphaMode::Blend
    }

    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }

    fn specialize(
        _pipeline: &bevy::pbr::MaterialPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        _layout: &bevy::mesh::MeshVertexBufferLayoutRef,
        _key: bevy::pbr::MaterialPipelineKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        if let Some(depth) = descriptor.depth_stencil.as_mut() {
            depth.depth_compare = Some(CompareFunction::Always);
        }
        Ok(())
    }
}

#[derive(Component)]
struct Curtain;

/// How thick the mist is, 0–1, `secs` after the passage began; closed in its middle.
fn thickness(secs: f32) -> f32 {
    let half = PASSAGE_SECS / 2.0;
    (1.0 - ((secs - half) / half).abs()).clamp(0.0, 1.0).sqrt()
}

/// Whether a part belongs to what is shown.
fn visibility(part: Part, shown: Era) -> Visibility {
    if part.era.is_none_or(|era| era == shown) { Visibility::Inherited } else { Visibility::Hidden }
}

fn hang_curtain(
    eyes: Query<Entity, With<Eye>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut veils: ResMut<Assets<Veil>>,
    mut commands: Commands,
) {
    for eye in &eyes {
        let curtain = (
            Curtain,
            Mesh3d(meshes.add(Rectangle::new(1.6, 1.0))),
            MeshMaterial3d(veils.add(Veil { colour: Vec4::ZERO })),
            Transform::from_xyz(0.0, 0.0, -0.2).with_scale(Vec3::splat(0.9)),
            Visibility::Hidden,
            (NotShadowCaster, NotShadowReceiver, NoFrustumCulling),
        );
        let curtain = commands.spawn(curtain).id();
        commands.entity(eye).add_child(curtain);
    }
}

/// Begins a passage when the choice differs from what is shown; cuts where motion is reduced.
fn begin(settings: Res<Settings>, shown: Res<Shown>, mut passage: ResMut<Passage>) {
    if settings.era == shown.0 {
        return;
    }
    if settings.reduced_motion {
        passage.0 = Some(PASSAGE_SECS);
    } else if passage.0.is_none() {
        passage.0 = Some(0.0);
    }
}

/// Carries the passage on, and changes what is shown while the mist is closed.
fn pass(
    time: Res<Time>,
    settings: Res<Settings>,
    mut passage: ResMut<Passage>,
    mut shown: ResMut<Shown>,
    mut parts: Query<(&Part, &mut Visibility)>,
    mut say: MessageWriter<Say>,
) {
    let Some(secs) = passage.0 else {
        return;
    };
    let secs = secs + time.delta_secs();
    passage.0 = (secs < PASSAGE_SECS).then_some(secs);
    if secs >= PASSAGE_SECS / 2.0 && shown.0 != settings.era {
        shown.0 = settings.era;
        for (part, mut seen) in &mut parts {
            seen.set_if_neq(visibility(*part, shown.0));
        }
        say.write(Say(Said::EraShown { era: shown.0 }));
    }
}

/// Says whether the mist is before the eye, or about to be.
fn veil(settings: Res<Settings>, shown: Res<Shown>, passage: Res<Passage>, mut passing: ResMut<Passing>) {
    let veiled = passage.0.is_some() || settings.era != shown.0;
    passing.set_if_neq(Passing { veiled, ..*passing });
}

/// Parts that come later appear in the state that is shown.
fn place_newcomers(shown: Res<Shown>, mut parts: Query<(&Part, &mut Visibility), Added<Part>>) {
    for (part, mut seen) in &mut parts {
        seen.set_if_neq(visibility(*part, shown.0));
    }
}

fn draw_curtain(
    passage: Res<Passage>,
    air: Res<Air>,
    mut curtains: Query<(&mut Visibility, &MeshMaterial3d<Veil>), With<Curtain>>,
    mut veils: ResMut<Assets<Veil>>,
) {
    let opacity = passage.0.map_or(0.0, thickness);
    for (mut seen, material) in &mut curtains {
        let wanted = if opacity > 0.0 { Visibility::Inherited } else { Visibility::Hidden };
        seen.set_if_neq(wanted);
        if opacity > 0.0
            && let Some(mut veil) = veils.get_mut(material)
        {
            veil.colour = (air.mist * 0.86).truncate().extend(opacity);
        }
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Shown>().init_resource::<Passage>();
    add_shader(app, &VEIL, "veil", include_str!("veil.wesl"));
    app.add_systems(Update, (begin, pass, veil, place_newcomers).chain().in_set(Step::Show));
    if app.is_plugin_added::<bevy::pbr::PbrPlugin>() {
        app.add_plugins(MaterialPlugin::<Veil>::default());
        app.add_systems(PostStartup, hang_curtain);
        app.add_systems(Update, draw_curtain.after(pass).in_set(Step::Show));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::Certainty;

    fn part(era: Option<Era>) -> Part {
        Part { certainty: Certainty::Attested, era }
    }

    #[test]
    fn each_state_shows_its_own_parts_and_those_of_both() {
        assert_eq!(visibility(part(None), Era::Y1935), Visibility::Inherited);
        assert_eq!(visibility(part(Some(Era::Y1935)), Era::Y1935), Visibility::Inherited);
        assert_eq!(visibility(part(Some(Era::Today)), Era::Y1935), Visibility::Hidden);
    }

    #[test]
    fn the_mist_is_closed_in_the_middle_and_gone_at_the_ends() {
        assert!(thickness(0.0) < 0.01 && thickness(PASSAGE_SECS) < 0.01);
        assert!(thickness(PASSAGE_SECS / 2.0) > 0.99);
    }

    fn app(reduced_motion: bool) -> (App, Entity) {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, crate::visit::plugin, crate::settings::plugin));
        app.insert_resource(bevy::time::TimeUpdateStrategy::ManualDuration(std::time::Duration::from_millis(100)));
        app.init_resource::<Air>();
        super::plugin(&mut app);
        app.world_mut().resource_mut::<Settings>().reduced_motion = reduced_motion;
        let plank = app.world_mut().spawn((part(Some(Era::Today)), Visibility::default())).id();
        app.update();
        app.update();
        (app, plank)
    }

    fn hidden(app: &App, entity: Entity) -> bool {
        app.world().get::<Visibility>(entity) == Some(&Visibility::Hidden)
    }

    #[test]
    fn the_planks_of_today_vanish_behind_the_mist() {
        let (mut app, plank) = app(false);
        app.world_mut().resource_mut::<Settings>().era = Era::Y1935;
        app.update();
        assert!(!hidden(&app, plank), "the mist has only begun to close");
        for _ in 0..5 {
            app.update();
        }
        assert!(hidden(&app, plank));
        let said = app
            .world_mut()
            .resource_mut::<Messages<Say>>()
            .drain()
            .filter(|say| matches!(say.0, Said::EraShown { era: Era::Y1935 }))
            .count();
        assert!(said <= 1, "said {said} times");
    }

    #[test]
    fn the_picture_is_passing_from_the_choice_until_the_mist_is_gone() {
        let (mut app, _) = app(false);
        assert!(!app.world().resource::<Passing>().veiled);
        app.world_mut().resource_mut::<Settings>().era = Era::Y1935;
        for _ in 0..5 {
            app.update();
            assert!(app.world().resource::<Passing>().veiled);
        }
        app.update();
        assert!(!app.world().resource::<Passing>().veiled);
    }

    #[test]
    fn reduced_motion_cuts() {
        let (mut app, plank) = app(true);
        app.world_mut().resource_mut::<Settings>().era = Era::Y1935;
        app.update();
        assert!(hidden(&app, plank));
    }
}
