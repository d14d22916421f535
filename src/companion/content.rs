//! Content: the site as its historian wrote it, fetched once.

use bevy::asset::io::{
    AssetReader, AssetReaderError, AssetSource, AssetSourceBuilder, ErasedAssetReader, PathStream, Reader, VecReader,
};
use bevy::asset::{AssetLoader, LoadContext};
use bevy::prelude::*;
use heritage::packed::{self, Model};
use heritage::{Site, StationId};
use protocol::bridge::{Failure, Said};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Step;
use crate::visit::Say;

/// The model that holds one link of chain; `chains` lays it, `scene` leaves it alone.
pub(crate) const LINK_FILE: &str = "link.glb";

/// How far the companion has come.
#[derive(States, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    /// The site's text and first models are being fetched.
    #[default]
    Fetching,
    /// The visitor can move.
    Open,
}

/// The site being visited. Absent until fetched; everything that needs it waits with `If<Res<Content>>`.
#[derive(Resource, Debug)]
pub(crate) struct Content(pub Site);

/// Where the site's files lie and where the visit begins: told by the page before anything else.
#[derive(Resource, Clone, Debug, Default)]
pub struct Entry {
    /// Address of the site's files with a closing slash.
    pub root: String,
    /// The station to begin at, if one was asked for.
    pub station: Option<StationId>,
}

/// A point of the site's frame in the engine: `x = east, y = up, z = −north`.
pub(crate) fn engine_from_site(at: heritage::geodesy::EastNorthUp) -> Vec3 {
    Vec3::new(at.east_m as f32, at.up_m as f32, -at.north_m as f32)
}

/// `site.json`, as `curator build` lays it beside the models.
#[derive(Asset, TypePath, Debug)]
struct SiteText(Site);

/// Held until the site's text is there.
#[derive(Resource)]
struct Awaited(Handle<SiteText>);

#[derive(Default, TypePath)]
struct SiteReader;

impl AssetLoader for SiteReader {
    type Asset = SiteText;
    type Settings = ();
    type Error = BevyError;

    async fn load(&self, reader: &mut dyn Reader, (): &(), _: &mut LoadContext<'_>) -> Result<SiteText, BevyError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await?;
        Ok(SiteText(serde_json::from_slice(&bytes)?))
    }

    fn extensions(&self) -> &[&str] {
        &["json"]
    }
}

/// A model of the site as it was fetched; whoever needs it takes it out.
#[derive(Asset, TypePath, Debug)]
pub(crate) struct PackedModel(pub Model);

#[derive(Default, TypePath)]
struct ModelReader;

impl AssetLoader for ModelReader {
    type Asset = PackedModel;
    type Settings = ();
    type Error = BevyError;

    async fn load(&self, reader: &mut dyn Reader, (): &(), _: &mut LoadContext<'_>) -> Result<PackedModel, BevyError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await?;
        Ok(PackedModel(Model::unpack(&bytes)?))
    }

    fn extensions(&self) -> &[&str] {
        &[packed::EXTENSION]
    }
}

/// Bytes of the site's models fetched since the start, after decompression.
static FETCHED: AtomicU64 = AtomicU64::new(0);

/// Bytes of the site's models fetched since the start, after decompression.
pub(crate) fn fetched_bytes() -> u64 {
    FETCHED.load(Ordering::Relaxed)
}

/// Where the site's files come from, counting what arrives. Registered before the engine's own plugins.
#[must_use]
pub fn source(root: &str) -> AssetSourceBuilder {
    let mut open = AssetSource::get_default_reader(root.to_owned());
    AssetSourceBuilder::new(move || Box::new(Counting(open())))
}

struct Counting(Box<dyn ErasedAssetReader>);

impl AssetReader for Counting {
    async fn read<'a>(&'a self, path: &'a Path) -> Result<impl Reader + 'a, AssetReaderError> {
        let mut bytes = Vec::new();
        self.0.read(path).await?.read_to_end(&mut bytes).await?;
        if path.starts_with("models") {
            FETCHED.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        }
        Ok(VecReader::new(bytes))
    }

    async fn read_meta<'a>(&'a self, path: &'a Path) -> Result<impl Reader + 'a, AssetReaderError> {
        self.0.read_meta(path).await
    }

    async fn read_directory<'a>(&'a self, path: &'a Path) -> Result<Box<PathStream>, AssetReaderError> {
        self.0.read_directory(path).await
    }

    async fn is_directory<'a>(&'a self, path: &'a Path) -> Result<bool, AssetReaderError> {
        self.0.is_directory(path).await
    }
}

/// The text is fetched by those who have somewhere to fetch it from; tests insert [`Content`] themselves.
fn ask_for_text(entry: Res<Entry>, assets: Res<AssetServer>, mut say: MessageWriter<Say>, mut commands: Commands) {
    if entry.root.is_empty() {
        return;
    }
    commands.insert_resource(Awaited(assets.load("site.json")));
    say.write(Say(Said::Loading { loaded: 0, total: 0, what: "site.json".into() }));
}

fn take_text(
    awaited: Res<Awaited>,
    assets: Res<AssetServer>,
    mut texts: ResMut<Assets<SiteText>>,
    mut say: MessageWriter<Say>,
    mut commands: Commands,
) {
    if let Some(SiteText(site)) = texts.remove(&awaited.0) {
        commands.insert_resource(Content(site));
        commands.remove_resource::<Awaited>();
    } else if assets.load_state(&awaited.0).is_failed() {
        // Without it there is no scene that could go on.
        say.write(Say(Said::Failed { failure: Failure::Broken, what: "site.json".into() }));
        commands.remove_resource::<Awaited>();
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_state::<Stage>().init_resource::<Entry>();
    if app.world().contains_resource::<AssetServer>() {
        app.init_asset::<SiteText>().register_asset_loader(SiteReader).add_systems(Startup, ask_for_text);
        app.init_asset::<PackedModel>().register_asset_loader(ModelReader);
        app.add_systems(Update, take_text.in_set(Step::Sense).run_if(resource_exists::<Awaited>));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::asset::io::AssetSourceId;
    use bevy::asset::io::memory::{Dir, MemoryAssetReader};
    use bevy::state::app::StatesPlugin;

    /// All that is said within a hundred frames over a folder whose `site.json` holds this, or is missing.
    fn said_over(site: Option<&str>) -> Vec<Said> {
        let root = Dir::default();
        if let Some(text) = site {
            root.insert_asset_text(Path::new("site.json"), text);
        }
        let mut app = App::new();
        let folder = AssetSourceBuilder::new(move || Box::new(MemoryAssetReader { root: root.clone() }));
        app.register_asset_source(AssetSourceId::Default, folder);
        app.add_plugins((MinimalPlugins, StatesPlugin, AssetPlugin::default(), crate::visit::plugin, plugin));
        app.insert_resource(Entry { root: "here/".into(), station: None });
        let mut said = Vec::new();
        for _ in 0..100 {
            app.update();
            said.extend(app.world_mut().resource_mut::<Messages<Say>>().drain().map(|say| say.0));
        }
        said
    }

    #[test]
    fn a_site_that_is_missing_or_garbled_ends_the_scene_in_words() {
        for site in [None, Some("{"), Some("{}")] {
            let failed = said_over(site).into_iter().filter(|said| matches!(said, Said::Failed { .. }));
            let broken = Said::Failed { failure: Failure::Broken, what: "site.json".into() };
            assert_eq!(failed.collect::<Vec<_>>(), [broken], "{site:?}");
        }
    }

    #[test]
    fn a_site_that_can_be_read_ends_nothing() {
        let text = serde_json::to_string(&crate::visit_tests::site()).expect("it is written");
        assert!(!said_over(Some(&text)).iter().any(|said| matches!(said, Said::Failed { .. })));
    }
}
