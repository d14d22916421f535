//! Fixture: a site of one station that is whole and sound, laid in a temporary folder for tests to break.

use crate::library::{self, Library};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with `assets`, `web`, `bundles` and `out`.
pub(crate) struct Fixture {
    folder: TempDir,
}

/// Sines of 997 Hz, made by `ffmpeg -f lavfi -i sine=frequency=997:sample_rate=8000:duration=48 -af volume=3.1dB` and by
/// the same for 2 s at 18 dB, then `oggenc -q -1`: as loud as a narration is, and clipping.
pub(crate) const TONE: &[u8] = include_bytes!("fixture/tone.ogg");
pub(crate) const LOUD: &[u8] = include_bytes!("fixture/loud.ogg");

const ZH: &str = "铁桥在河上，桥面由木板铺成。";
const EN: &str = "The bridge of iron stands over the river.";

impl Fixture {
    pub(crate) fn new() -> Self {
        let fixture = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        fixture.write("web/style/style.css", "@import \"ink.css\";\n");
        fixture.write("web/style/ink.css", "body { color: #000 }\n");
        fixture.write("web/theme.js", "// theme\n");
        fixture.write("web/boot.js", "import \"./lobby.js\";\n");
        fixture.write("web/sw.js", "const APP = \"__APP__\"; const SHELL = __SHELL__;\n");
        fixture.write("web/icons/icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        fixture.write("bundles/lobby/lobby.js", "export default () => {};\n");
        fixture.write("bundles/lobby/lobby_bg.wasm", "\0asm");
        fixture.write("bundles/lobby/lobby.d.ts", "declare;\n");
        fixture.write(
            "assets/RIGHTS.toml",
            "[[file]]\npath = \"**\"\nmaker = \"us\"\nlicence = \"CC-BY-SA-4.0\"\nsource = \"own\"\nnote = { zh = \"全部\", en = \"all\" }\n",
        );
        fixture.write("assets/sites/ford/site.toml", SITE);
        fixture.write("assets/sites/ford/scene.toml", SCENE);
        fixture.write("assets/sites/ford/routes/over.toml", ROUTE);
        fixture.write("assets/sites/ford/quiz/bank.toml", QUIZ);
        for (lang, sentence, joint) in [("zh", ZH, ""), ("en", EN, " ")] {
            let paragraph = vec![format!("{sentence}[book attested]"); 12].join(joint);
            fixture.write(&format!("assets/sites/ford/stories/{lang}/place.md"), format!("{paragraph}\n"));
            let cues: Vec<String> =
                (0..12).map(|at| format!("00:{:02}.000 --> 00:{:02}.500\n{sentence}\n", at * 4, at * 4 + 3)).collect();
            let captions = format!("WEBVTT\n\n{}", cues.join("\n"));
            fixture.write(&format!("assets/sites/ford/captions/{lang}/place.vtt"), &captions);
            fixture.write(&format!("assets/sites/ford/narration/{lang}/place.ogg"), TONE);
            fixture.write(&format!("assets/sites/ford/narration/{lang}/place.mp3"), "ID3");
        }
        fixture.write(
            "assets/sites/ford/narration/voices.toml",
            "[zh]\nplace = \"synthetic\"\n[en]\nplace = \"Ann Reader\"\n",
        );
        fixture.model(r#"{"certainty":"conjecture","source":"book"}"#, "");
        fixture.write("assets/sites/ford/textures/timber_base.webp", "RIFF");
        fixture.note_built();
        fixture
    }

    /// Lays a model of one node with these extras; `more` goes into the document before its nodes.
    pub(crate) fn model(&self, extras: &str, more: &str) {
        let path = self.path("assets/sites/ford/models/deck.glb");
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, glb(extras, more)).expect("written");
    }

    /// Notes the digests of what is there now, as the workshop does.
    pub(crate) fn note_built(&self) {
        let mut list = String::from("[all]\n");
        let files = crate::tree::files(&self.path("assets/sites/ford")).expect("listed");
        for (path, file) in files.iter().filter(|(path, _)| *path != "built.toml") {
            let group = if path.starts_with("stories") { "input" } else { "output" };
            let digest = crate::digest::of(&std::fs::read(file).expect("read"));
            let _ = writeln!(list, "{group}.\"{path}\" = \"{digest}\"");
        }
        self.write("assets/sites/ford/built.toml", &list);
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, content).expect("written");
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).expect("removed");
    }

    pub(crate) fn read(&self, path: &Path) -> String {
        std::fs::read_to_string(self.path("out").join(path)).expect("read")
    }

    pub(crate) fn library(&self) -> Library {
        library::open(&self.path("assets")).expect("readable")
    }
}

/// A GLB file of one plank, a triangle with these extras; `more` goes into the document before its nodes.
pub(crate) fn glb(extras: &str, more: &str) -> Vec<u8> {
    let mut bin: Vec<u8> = Vec::new();
    let floats = |bin: &mut Vec<u8>, values: &[f32]| values.iter().for_each(|value| bin.extend(value.to_le_bytes()));
    floats(&mut bin, &[0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, -2.0]);
    floats(&mut bin, &[0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
    floats(&mut bin, &[0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
    bin.extend([255, 255, 255, 255, 255, 128, 0, 64, 0, 0, 0, 0]);
    bin.extend([0, 0, 1, 0, 2, 0, 0, 0]);
    let json = format!(
        r#"{{"asset":{{"version":"2.0"}},{more}"nodes":[{{"name":"plank","mesh":0,"scale":[1,1,1],"extras":{extras}}}],
"meshes":[{{"primitives":[{{"attributes":{{"POSITION":0,"NORMAL":1,"TEXCOORD_0":2,"COLOR_0":3}},"indices":4,"material":0,"mode":4}}]}}],
"materials":[{{"name":"timber"}}],
"accessors":[{{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3","min":[0,0,-2],"max":[2,0,0]}},
{{"bufferView":1,"componentType":5126,"count":3,"type":"VEC3"}},{{"bufferView":2,"componentType":5126,"count":3,"type":"VEC2"}},
{{"bufferView":3,"componentType":5121,"normalized":true,"count":3,"type":"VEC4"}},{{"bufferView":4,"componentType":5123,"count":3,"type":"SCALAR"}}],
"bufferViews":[{{"buffer":0,"byteLength":36}},{{"buffer":0,"byteOffset":36,"byteLength":36}},{{"buffer":0,"byteOffset":72,"byteLength":24}},
{{"buffer":0,"byteOffset":96,"byteLength":12}},{{"buffer":0,"byteOffset":108,"byteLength":6}}],
"buffers":[{{"byteLength":{}}}]}}"#,
        bin.len()
    );
    let json = format!("{json:<width$}", width = json.len().next_multiple_of(4));
    let mut file = b"glTF".to_vec();
    for word in [2, (28 + json.len() + bin.len()) as u32, json.len() as u32, 0x4e4f_534a] {
        file.extend(word.to_le_bytes());
    }
    file.extend(json.as_bytes());
    for word in [bin.len() as u32, 0x004e_4942] {
        file.extend(word.to_le_bytes());
    }
    file.extend(bin);
    file
}

const SITE: &str = r#"id = "ford"
title = { zh = "渡口", en = "Ford" }
summary = { zh = "一处渡口。", en = "A ford." }
when = { zh = "今天", en = "Today" }
[origin]
lat_deg = 29.9145
lon_deg = 102.2299
datum = "wgs84"
uncertainty_m = 150.0
source = "book"
[[source]]
id = "book"
title = { zh = "一本书", en = "A book" }
locator = { zh = "第一章", en = "chapter 1" }
trust = { zh = "二手。", en = "Secondary." }
[[source]]
id = "lore"
title = { zh = "通行说法", en = "What is commonly told" }
locator = { zh = "未指明", en = "no edition named" }
trust = { zh = "待核。", en = "Unchecked." }
reference = "owed"
[[unknown]]
what = { zh = "天气没有记录。", en = "The weather is not recorded." }
shown = { zh = "晴天是假定。", en = "The clear sky is assumed." }
[[measure]]
title = { zh = "链距", en = "Between chains" }
from = { east_m = 0.0, north_m = 0.0, up_m = -1.0 }
to = { east_m = 0.0, north_m = 0.33, up_m = -1.0 }
source_m = 0.33
source = "book"
certainty = "attested"
uncertainty_m = 0.02
[[measure]]
title = { zh = "离水", en = "Over the water" }
from = { east_m = -15.0, north_m = 0.0, up_m = 0.0 }
to = { east_m = -15.0, north_m = 0.0, up_m = -14.5 }
source_m = 14.5
source = "book"
certainty = "attested"
uncertainty_m = 0.5
[[station]]
id = "bank"
title = { zh = "岸", en = "Bank <&>" }
position = { east_m = -20.0, north_m = 4.0, up_m = 0.0 }
radius_m = 30.0
points = ["place"]
[[point]]
id = "place"
title = { zh = "地点", en = "The place" }
position = { east_m = -20.0, north_m = 4.0, up_m = 1.5 }
"#;

const SCENE: &str = r#"water_up_m = -14.5
entry = { east_m = -20.0, north_m = 4.0, up_m = 0.0 }
entry_bearing_deg = 90.0
[[models]]
file = "deck.glb"
level = 0
[[floors]]
name = "bank"
corners = [
  { east_m = -40.0, north_m = -10.0, up_m = 0.0 },
  { east_m = 0.0, north_m = -10.0, up_m = 0.0 },
  { east_m = 0.0, north_m = 10.0, up_m = 0.0 },
  { east_m = -40.0, north_m = 10.0, up_m = 0.0 },
]
[chains]
span_m = 30.0
sag_m = 1.0
pitch_m = 0.137
bar_m = 0.025
lines = [{ north_m = 0.0, over_m = 0.0 }, { north_m = 0.33, over_m = 0.0 }]
"#;

const ROUTE: &str = r#"id = "over"
title = { zh = "过河", en = "Over the river" }
stations = ["bank"]
[rule]
version = 1
hours = 0.5
attended_share = 0.8
recall = true
dwell_secs = 20.0
"#;

const QUIZ: &str = r#"prompt = { zh = "桥面用什么铺成？", en = "What is the deck made of?" }
choices = [{ zh = "木板", en = "Planks" }, { zh = "石头", en = "Stone" }, { zh = "铁板", en = "Iron plates" }]
right = 0
explanation = { zh = "据一本书，桥面由木板铺成，此句只属于答案。", en = "According to a book the deck is of planks; this sentence belongs to the key alone." }
source = "book"
"#;
