//! One TOML table being read key by key; every fault is found, none stops the reading.

use super::sheet::Sheet;
use crate::credit::Level;
use crate::geodesy::EastNorthUp;
use crate::id::BadName;
use crate::{Bilingual, Certainty, Grade, Reference, SourceId};
use std::cell::RefCell;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table, and which of its keys have been asked for.
pub(super) struct Table<'s, 't> {
    sheet: &'s Sheet<'t>,
    entries: &'s DeTable<'t>,
    line: usize,
    /// How the table is called in findings, as in `station 3`; empty for the whole file.
    name: String,
    asked: RefCell<Vec<&'static str>>,
}

impl<'s, 't> Table<'s, 't> {
    pub fn new(sheet: &'s Sheet<'t>, entries: &'s DeTable<'t>, line: usize, name: String) -> Self {
        Self { sheet, entries, line, name, asked: RefCell::default() }
    }

    /// The line at which the table begins, from 1; 0 for the whole file.
    pub const fn line(&self) -> usize {
        self.line
    }

    pub const fn sheet(&self) -> &'s Sheet<'t> {
        self.sheet
    }

    /// The line of a key's value, or of the table where the key is missing.
    pub fn line_of(&self, key: &str) -> usize {
        self.entries.get(key).map_or(self.line, |value| self.sheet.line(value.span().start))
    }

    fn value(&self, key: &'static str) -> Option<&'s Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().push(key);
        self.entries.get(key)
    }

    /// Whether the key is there at all.
    pub fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    fn missing(&self, key: &str, remedy: &str) {
        let of = if self.name.is_empty() { String::new() } else { format!("{}: ", self.name) };
        self.sheet.find(self.line, format!("{of}`{key}` is missing"), remedy);
    }

    /// The value of a key that must be there, as `read` understands it; `remedy` says how it is written.
    fn required<T>(
        &self,
        key: &'static str,
        remedy: &str,
        read: impl FnOnce(&'s DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        let Some(value) = self.value(key) else {
            self.missing(key, remedy);
            return None;
        };
        let result = read(value.get_ref());
        if result.is_none() {
            let line = self.sheet.line(value.span().start);
            self.sheet.find(line, format!("`{key}` cannot be read"), remedy);
        }
        result
    }

    /// A text with something in it; empty where there is none.
    pub fn text(&self, key: &'static str) -> String {
        let read = |value: &'s DeValue<'t>| value.as_str().map(str::trim).filter(|text| !text.is_empty());
        self.required(key, &format!("write {key} = \"…\""), read).unwrap_or_default().to_owned()
    }

    /// A text in both languages.
    pub fn bilingual(&self, key: &'static str) -> Bilingual {
        let remedy = format!("write {key} = {{ zh = \"…\", en = \"…\" }}");
        let Some(table) = self.required(key, &remedy, DeValue::as_table) else { return Bilingual::default() };
        self.both(table, self.line_of(key), key)
    }

    /// A list of texts in both languages.
    pub fn bilinguals(&self, key: &'static str) -> Vec<Bilingual> {
        let remedy = format!("write {key} = [{{ zh = \"…\", en = \"…\" }}, …]");
        let list = |value: &'s DeValue<'t>| {
            value.as_array().and_then(|list| {
                list.iter()
                    .map(|item| Some((item.get_ref().as_table()?, item.span().start)))
                    .collect::<Option<Vec<_>>>()
            })
        };
        let items = self.required(key, &remedy, list).unwrap_or_default();
        items.into_iter().map(|(table, start)| self.both(table, self.sheet.line(start), key)).collect()
    }

    fn both(&self, table: &'s DeTable<'t>, line: usize, key: &str) -> Bilingual {
        let inner = Table::new(self.sheet, table, line, format!("`{key}`"));
        let both = Bilingual { zh: inner.text("zh"), en: inner.text("en") };
        inner.finish();
        both
    }

    /// A list of texts, each with something in it.
    pub fn texts(&self, key: &'static str) -> Vec<String> {
        let text =
            |value: &DeValue<'t>| value.as_str().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let list = |value: &'s DeValue<'t>| {
            let list = value.as_array()?.iter().map(|item| text(item.get_ref())).collect::<Option<Vec<_>>>()?;
            Some(list).filter(|list| !list.is_empty())
        };
        self.required(key, &format!("write {key} = [\"…\"] with at least one text"), list).unwrap_or_default()
    }

    /// A name of the house's kind.
    pub fn name<T: TryFrom<String, Error = BadName>>(&self, key: &'static str) -> Option<T> {
        let remedy = format!("write {key} = \"…\" with 1 to 48 of a–z, 0–9 and inner hyphens");
        self.required(key, &remedy, |value| T::try_from(value.as_str()?.to_owned()).ok())
    }

    /// A list of names, each with its line.
    pub fn names<T: TryFrom<String, Error = BadName>>(&self, key: &'static str) -> Vec<(T, usize)> {
        let remedy = format!("write {key} = [\"…\"] with at least one name");
        let Some(list) = self.required(key, &remedy, |value| value.as_array().filter(|list| !list.is_empty())) else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for item in list {
            let line = self.sheet.line(item.span().start);
            match item.get_ref().as_str().and_then(|text| T::try_from(text.to_owned()).ok()) {
                Some(name) => names.push((name, line)),
                None => self.sheet.find(line, format!("`{key}` holds something that is not a name"), &*remedy),
            }
        }
        names
    }

    /// The name of a source, noted as cited here.
    pub fn source(&self, key: &'static str) -> Option<SourceId> {
        let source = self.name::<SourceId>(key)?;
        self.sheet.cite(&source, None, self.line_of(key));
        Some(source)
    }

    /// As [`Self::source`], for a sentence that calls itself as sure as this.
    pub fn source_graded(&self, key: &'static str, grade: Option<Grade>) -> Option<SourceId> {
        let source = self.name::<SourceId>(key)?;
        self.sheet.cite(&source, grade, self.line_of(key));
        Some(source)
    }

    pub fn certainty(&self, key: &'static str) -> Option<Certainty> {
        let remedy = format!("write {key} = \"attested\", \"restored\", \"rebuilt\" or \"conjecture\"");
        self.required(key, &remedy, |value| Certainty::from_code(value.as_str()?))
    }

    /// How well presence is to be shown.
    pub fn presence(&self, key: &'static str) -> Option<Level> {
        let remedy = format!("write {key} = \"E0\", \"E1\", \"E2\", \"E3\" or \"E4\"");
        self.required(key, &remedy, |value| {
            let code = value.as_str()?;
            Level::ALL.into_iter().find(|level| level.code() == code)
        })
    }

    pub fn grade(&self, key: &'static str) -> Option<Grade> {
        let remedy = format!(
            "write {key} = \"attested\", \"restored\", \"rebuilt\", \"conjecture\" or, of this site itself, \"own\""
        );
        self.required(key, &remedy, |value| Grade::from_code(value.as_str()?))
    }

    /// Whether a source can be looked up: given where nothing is said.
    pub fn reference(&self, key: &'static str) -> Reference {
        if !self.has(key) {
            return Reference::default();
        }
        let remedy = format!("write {key} = \"owed\" or \"own\", or leave it out where the reference is given");
        self.required(key, &remedy, |value| Reference::from_code(value.as_str()?)).unwrap_or_default()
    }

    /// A number, whole or not, that is finite.
    pub fn number(&self, key: &'static str) -> Option<f64> {
        self.required(key, &format!("write {key} = a number, as in 2.5"), number)
    }

    /// A whole number from 0.
    pub fn whole(&self, key: &'static str) -> Option<u32> {
        self.required(key, &format!("write {key} = a whole number from 0"), |value| {
            value.as_integer().filter(|whole| whole.radix() == 10)?.as_str().parse().ok()
        })
    }

    pub fn flag(&self, key: &'static str) -> Option<bool> {
        self.required(key, &format!("write {key} = true or false"), DeValue::as_bool)
    }

    /// As [`Self::flag`], and `false` where the key is missing.
    pub fn flag_or_no(&self, key: &'static str) -> Option<bool> {
        if self.entries.contains_key(key) {
            return self.flag(key);
        }
        self.asked.borrow_mut().push(key);
        Some(false)
    }

    /// A place in the site's frame; `up_m` may be left out.
    pub fn place(&self, key: &'static str) -> Option<EastNorthUp> {
        let remedy = format!("write {key} = {{ east_m = 0.0, north_m = 0.0, up_m = 0.0 }}");
        let table = self.required(key, &remedy, DeValue::as_table)?;
        let inner = Table::new(self.sheet, table, self.line_of(key), format!("`{key}`"));
        let (east_m, north_m) = (inner.number("east_m"), inner.number("north_m"));
        let up_m = if table.contains_key("up_m") { inner.number("up_m") } else { Some(0.0) };
        inner.finish();
        Some(EastNorthUp { east_m: east_m?, north_m: north_m?, up_m: up_m? })
    }

    /// A table under a key that must be there.
    pub fn table(&self, key: &'static str) -> Option<Table<'s, 't>> {
        let table = self.required(key, &format!("add a section [{key}]"), DeValue::as_table)?;
        Some(Table::new(self.sheet, table, self.line_of(key), format!("[{key}]")))
    }

    /// The tables of a list, none where the key is missing.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'s, 't>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.sheet.find(
                self.line_of(key),
                format!("`{key}` is not a list of sections"),
                format!("write [[{key}]]"),
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (index, item) in list.iter().enumerate() {
            let line = self.sheet.line(item.span().start);
            match item.get_ref().as_table() {
                Some(table) => tables.push(Table::new(self.sheet, table, line, format!("{key} {}", index + 1))),
                None => self.sheet.find(
                    line,
                    format!("`{key}` holds something else than a section"),
                    format!("write [[{key}]]"),
                ),
            }
        }
        tables
    }

    /// Finds the keys that nobody asked for: most are misspelt.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.entries.iter().filter(|(key, _)| !asked.contains(&key.get_ref().as_ref())) {
            let line = self.sheet.line(key.span().start);
            self.sheet.find(
                line,
                format!("`{}` means nothing here", key.get_ref()),
                format!("use one of: {}", asked.join(", ")),
            );
        }
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    let text = match value {
        DeValue::Float(float) => float.as_str(),
        DeValue::Integer(whole) if whole.radix() == 10 => whole.as_str(),
        _ => return None,
    };
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
