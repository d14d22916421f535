//! A value within what was sent, together with its path; the path is written out only where something is wrong.

use super::misfit::Misfit;
use serde_json::{Map, Value};

#[derive(Clone, Copy)]
enum Step<'a> {
    Whole,
    Property(&'a str),
    Item(usize),
}

/// A value and where it stands.
#[derive(Clone, Copy)]
pub struct At<'a> {
    above: Option<&'a At<'a>>,
    step: Step<'a>,
    /// The value.
    pub value: &'a Value,
}

impl<'a> At<'a> {
    /// The whole.
    pub const fn whole(value: &'a Value) -> Self {
        Self { above: None, step: Step::Whole, value }
    }

    /// As in `object.definition.choices[0].id`.
    pub fn path(&self) -> String {
        let above = self.above.map(Self::path).unwrap_or_default();
        match self.step {
            Step::Whole => String::new(),
            Step::Property(name) if above.is_empty() => name.to_owned(),
            Step::Property(name) => format!("{above}.{name}"),
            Step::Item(index) => format!("{above}[{index}]"),
        }
    }

    /// What is wrong here.
    pub fn misfit(&self, zh: impl Into<String>, en: impl Into<String>) -> Misfit {
        Misfit::new(self.path(), zh, en)
    }

    /// An object, none of whose properties is null.
    ///
    /// # Errors
    /// [`Misfit`] otherwise.
    pub fn object(&self) -> Result<&'a Map<String, Value>, Misfit> {
        let Value::Object(map) = self.value else {
            return Err(self.misfit("须为对象（{…}）", "must be an object ({…})"));
        };
        if let Some((name, value)) = map.iter().find(|(_, value)| value.is_null()) {
            let at = At { above: Some(self), step: Step::Property(name), value };
            return Err(at.misfit("不得为 null，请删去此属性", "must not be null; leave the property out"));
        }
        Ok(map)
    }

    /// An object with no other properties than these, spelled just so.
    ///
    /// # Errors
    /// [`Misfit`] otherwise.
    pub fn only(&self, names: &[&str]) -> Result<(), Misfit> {
        let Some(name) = self.object()?.keys().find(|name| !names.contains(&name.as_str())) else { return Ok(()) };
        let known = names.join(", ");
        Err(self.misfit(
            format!("不应有属性 {name:?}；可用：{known}（区分大小写）"),
            format!("there is no property {name:?} here; there are {known}, in just this spelling"),
        ))
    }

    /// The property of this name, if it is there.
    pub fn get<'b>(&'b self, name: &'b str) -> Option<At<'b>> {
        let value = self.value.get(name)?;
        Some(At { above: Some(self), step: Step::Property(name), value })
    }

    /// The property of this name.
    ///
    /// # Errors
    /// [`Misfit`] where it is missing.
    pub fn need<'b>(&'b self, name: &'b str) -> Result<At<'b>, Misfit> {
        self.get(name).ok_or_else(|| {
            self.misfit(format!("缺少属性 {name:?}"), format!("the property {name:?} is missing; add it"))
        })
    }

    /// Looks at the property of this name, if it is there.
    ///
    /// # Errors
    /// What `look` finds.
    pub fn maybe(&self, name: &str, look: impl FnOnce(&At<'_>) -> Result<(), Misfit>) -> Result<(), Misfit> {
        self.get(name).map_or(Ok(()), |at| look(&at))
    }

    /// Text.
    ///
    /// # Errors
    /// [`Misfit`] otherwise.
    pub fn text(&self) -> Result<&'a str, Misfit> {
        self.value.as_str().ok_or_else(|| self.misfit("须为字符串", "must be a string"))
    }

    /// The items of a list.
    ///
    /// # Errors
    /// [`Misfit`] where it is none.
    pub fn items(&self) -> Result<impl Iterator<Item = At<'_>>, Misfit> {
        let Value::Array(list) = self.value else {
            return Err(self.misfit("须为数组（[…]）", "must be a list ([…])"));
        };
        let item = |(index, value)| At { above: Some(self), step: Step::Item(index), value };
        Ok(list.iter().enumerate().map(item))
    }

    /// Looks at every item of a list.
    ///
    /// # Errors
    /// [`Misfit`] where it is none, and what `look` finds first.
    pub fn each(&self, look: impl Fn(&At<'_>) -> Result<(), Misfit>) -> Result<(), Misfit> {
        self.items()?.try_for_each(|item| look(&item))
    }
}
