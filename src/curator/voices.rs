//! Voices: who speaks each narration, as `narration/voices.toml` says it.

use heritage::Lang;
use std::collections::BTreeMap;

/// Who speaks, per language and story point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voices {
    by: BTreeMap<(Lang, String), Voice>,
}

/// Who speaks one narration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// A program; labelled so on the page.
    Synthetic,
    /// A person, by name.
    Narrator(String),
}

impl Voices {
    /// Reads `[zh]` and `[en]`: `point = "synthetic"`, `point = "name"`, or a table with `voice` or `narrator`.
    ///
    /// # Errors
    /// The text of the TOML reader where it is no TOML.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
        let mut by = BTreeMap::new();
        for lang in Lang::ALL {
            let Some(points) = table.get(lang.code()).and_then(toml::Value::as_table) else { continue };
            for (point, value) in points {
                let said = value
                    .as_str()
                    .or_else(|| ["narrator", "voice", "by"].iter().find_map(|key| value.get(*key)?.as_str()));
                if let Some(said) = said {
                    by.insert((lang, point.clone()), Voice::from(said));
                }
            }
        }
        Ok(Self { by })
    }

    /// Who speaks `point` in `lang`, if it is said.
    pub fn of(&self, lang: Lang, point: &str) -> Option<&Voice> {
        self.by.get(&(lang, point.to_owned()))
    }
}

impl From<&str> for Voice {
    fn from(said: &str) -> Self {
        if said.starts_with("synthetic") { Self::Synthetic } else { Self::Narrator(said.to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_is_a_program_or_a_named_person() {
        let voices =
            Voices::parse("[zh]\nplace = \"synthetic\"\nbuilt = \"李梅\"\n[en]\nplace = { voice = \"synthetic\" }");
        let voices = voices.unwrap_or_default();
        assert_eq!(voices.of(Lang::Zh, "place"), Some(&Voice::Synthetic));
        assert_eq!(voices.of(Lang::Zh, "built"), Some(&Voice::Narrator("李梅".to_owned())));
        assert_eq!(voices.of(Lang::En, "place"), Some(&Voice::Synthetic));
        assert_eq!(voices.of(Lang::En, "built"), None);
    }

    #[test]
    fn broken_text_is_told_and_not_guessed() {
        assert!(Voices::parse("[zh\nplace").is_err());
    }
}
