//! Library: everything under `assets`, read once, with the faults of reading gathered.

use crate::pack::{self, Packed};
use crate::rights::{self, Right};
use crate::tree::{self, Tree};
use crate::voices::Voices;
use heritage::reader::{self, Finding, Folder, Preparation, SiteAndKeys};
use heritage::{Lang, vtt};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Everything under `assets`.
#[derive(Debug)]
pub struct Library {
    /// The folder itself.
    pub assets: PathBuf,
    /// Every file in it.
    pub files: Tree,
    /// Sites with a `site.toml`.
    pub sites: Vec<Held>,
    /// Sites with a `preparation.toml`.
    pub preparing: Vec<Preparation>,
    /// Makers and licences.
    pub rights: Vec<Right>,
    /// Faults found while reading; paths begin with the assets folder.
    pub findings: Vec<Finding>,
}

/// One site and its files.
#[derive(Debug)]
pub struct Held {
    /// Name of its folder.
    pub name: String,
    /// Its files, by path within the site's folder.
    pub files: Tree,
    /// What its text files say.
    pub content: SiteAndKeys,
    /// Who speaks.
    pub voices: Voices,
    /// Its text files.
    pub texts: Folder,
    /// Its models as visitors fetch them, by the name of their file.
    pub packed: BTreeMap<String, Packed>,
}

/// Reads the folder `assets`. Faults of the content are findings, not errors.
///
/// # Errors
/// A file or folder that cannot be read.
pub fn open(assets: &Path) -> io::Result<Library> {
    let mut library = Library {
        assets: assets.to_owned(),
        files: tree::files(assets)?,
        sites: Vec::new(),
        preparing: Vec::new(),
        rights: Vec::new(),
        findings: Vec::new(),
    };
    if let Some(path) = library.files.get("RIGHTS.toml") {
        match rights::parse(&std::fs::read_to_string(path)?) {
            Ok(rights) => library.rights = rights,
            Err(why) => {
                library.find("", Finding::new("RIGHTS.toml", 0, why, "write [[file]] with path, maker and licence"));
            }
        }
    }
    let mut names: Vec<String> = library
        .files
        .keys()
        .filter_map(|path| path.strip_prefix("sites/")?.split_once('/').map(|(name, _)| name.to_owned()))
        .collect();
    names.dedup();
    for name in names {
        library.take(name)?;
    }
    Ok(library)
}

impl Library {
    fn find(&mut self, below: &str, mut finding: Finding) {
        finding.file = format!("{}/{below}{}", self.assets.display(), finding.file);
        self.findings.push(finding);
    }

    fn take(&mut self, name: String) -> io::Result<()> {
        let below = format!("sites/{name}/");
        let files: Tree = self
            .files
            .iter()
            .filter_map(|(path, file)| Some((path.strip_prefix(&below)?.to_owned(), file.clone())))
            .collect();
        let mut texts = Folder::new();
        for (path, file) in &files {
            if ["toml", "md", "vtt"].contains(&tree::extension(path)) {
                match String::from_utf8(std::fs::read(file)?) {
                    Ok(text) => drop(texts.insert(path.clone(), text)),
                    Err(_) => self.find(&below, Finding::new(path, 0, "this is not UTF-8 text", "save it as UTF-8")),
                }
            }
        }
        if texts.contains_key("site.toml") {
            let (content, findings) = reader::read(&texts);
            for finding in findings {
                self.find(&below, finding);
            }
            let voices = self.voices(&below, &texts);
            if let Some(mut content) = content {
                fill_in_lengths(&mut content, &texts);
                content.site.scene.textures =
                    files.keys().filter_map(|path| path.strip_prefix("textures/").map(str::to_owned)).collect();
                let (packed, faults) = pack::all(&files)?;
                for fault in faults {
                    let remedy = "export it again with assets/workshop/build_models.py";
                    self.find(&below, Finding::new(&fault.path, 0, fault.what, remedy));
                }
                let sizes = packed.iter().map(|(name, model)| (name.clone(), model.bytes.len() as u64));
                content.site.scene.model_bytes = sizes.collect();
                self.sites.push(Held { name, files, content, voices, texts, packed });
            }
        } else if texts.contains_key("preparation.toml") {
            let (preparation, findings) = reader::read_preparation(&texts);
            for finding in findings {
                self.find(&below, finding);
            }
            self.preparing.extend(preparation);
        } else {
            let what = "this folder holds neither site.toml nor preparation.toml";
            self.find(&below, Finding::new("site.toml", 0, what, "write one, or remove the folder"));
        }
        Ok(())
    }

    fn voices(&mut self, below: &str, texts: &Folder) -> Voices {
        let path = "narration/voices.toml";
        let Some(text) = texts.get(path) else { return Voices::default() };
        Voices::parse(text).unwrap_or_else(|why| {
            self.find(below, Finding::new(path, 0, why, "write [zh] and [en] with one line per story point"));
            Voices::default()
        })
    }
}

/// A narration is as long as its captions run; 0 where they cannot be read, which the check reports.
fn fill_in_lengths(content: &mut SiteAndKeys, texts: &Folder) {
    for point in content.site.stations.iter_mut().flat_map(|station| &mut station.points) {
        for lang in Lang::ALL {
            let cues =
                texts.get(&format!("captions/{}/{}.vtt", lang.code(), point.id)).and_then(|text| vtt::parse(text).ok());
            let secs = cues.map_or(0.0, |cues| vtt::spoken_secs(&cues));
            match lang {
                Lang::Zh => point.zh_secs = secs,
                Lang::En => point.en_secs = secs,
            }
        }
    }
}
