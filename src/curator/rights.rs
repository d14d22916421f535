//! Rights: who made each file under `assets`, and under which licence, as `RIGHTS.toml` says it.

use heritage::Bilingual;
use serde::Deserialize;

/// One entry: a file or all files that a pattern fits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Right {
    /// Path below `assets`; `*` stands for any run of characters but `/`, `**` for any at all.
    #[serde(alias = "file", alias = "files", alias = "glob", alias = "pattern")]
    pub path: String,
    /// Who made it.
    pub maker: String,
    /// Under which licence it may be used, an SPDX expression.
    #[serde(alias = "license")]
    pub licence: String,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// What else must be said.
    #[serde(default)]
    pub note: Bilingual,
}

impl Right {
    /// Whether this entry speaks of the file at `path` below `assets`.
    pub fn covers(&self, path: &str) -> bool {
        fits(self.path.as_bytes(), path.as_bytes())
    }
}

/// Reads the list, `[[file]]` after `[[file]]`.
///
/// # Errors
/// The TOML reader's message where the text is not such a list.
pub fn parse(text: &str) -> Result<Vec<Right>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    let mut rights = Vec::new();
    for (name, list) in table {
        let Some(list) = list.as_array() else { continue };
        for entry in list {
            let right = entry
                .clone()
                .try_into()
                .map_err(|error: toml::de::Error| format!("[[{name}]]: {}", error.message()))?;
            rights.push(right);
        }
    }
    Ok(rights)
}

fn fits(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*', b'/', rest @ ..] => {
            fits(rest, path) || (0..path.len()).any(|at| path[at] == b'/' && fits(rest, &path[at + 1..]))
        }
        [b'*', b'*', rest @ ..] => (0..=path.len()).any(|at| fits(rest, &path[at..])),
        [b'*', rest @ ..] => {
            let end = path.iter().position(|byte| *byte == b'/').unwrap_or(path.len());
            (0..=end).any(|at| fits(rest, &path[at..]))
        }
        [first, rest @ ..] => path.first() == Some(first) && fits(rest, &path[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_it_says_and_no_more() {
        for (pattern, path, covered) in [
            ("RIGHTS.toml", "RIGHTS.toml", true),
            ("sites/*/site.toml", "sites/luding/site.toml", true),
            ("sites/*/site.toml", "sites/luding/routes/site.toml", false),
            ("sites/luding/**", "sites/luding/models/heads.glb", true),
            ("sites/**/*.ogg", "sites/luding/narration/zh/place.ogg", true),
            ("sites/**/*.ogg", "sites/luding/narration/zh/place.mp3", false),
            ("workshop/**", "workshop", false),
            ("", "a", false),
        ] {
            let right = Right {
                path: pattern.to_owned(),
                maker: String::new(),
                licence: String::new(),
                source: String::new(),
                note: Bilingual::default(),
            };
            assert_eq!(right.covers(path), covered, "{pattern} on {path}");
        }
    }

    #[test]
    fn an_entry_without_a_licence_is_refused() {
        assert!(parse("[[file]]\npath = \"a\"\nmaker = \"b\"").is_err());
    }
}
