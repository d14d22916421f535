//! Whether a statement is one, to the letter of the standard (IEEE 9274.1.1 section 4.2; xAPI 1.0.3 part two).

pub(crate) mod actor;
pub(crate) mod object;
mod parts;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use super::VOIDED;
use super::at::At;
use super::misfit::Misfit;
use super::version::Edition;
use serde_json::Value;

/// Looks at a statement as it was sent.
///
/// # Errors
/// The first [`Misfit`] there is.
pub fn statement(at: &At<'_>, edition: Edition) -> Result<(), Misfit> {
    at.only(&[
        "id",
        "actor",
        "verb",
        "object",
        "result",
        "context",
        "timestamp",
        "stored",
        "authority",
        "version",
        "attachments",
    ])?;
    at.maybe("id", words::uuid)?;
    parts::common(at, edition, true)?;
    at.maybe("stored", words::timestamp)?;
    at.maybe("authority", actor::authority)?;
    at.maybe("version", |version| {
        if edition.takes(version.text()?) {
            return Ok(());
        }
        Err(version.misfit(
            format!("须为 1.0.x 或 {}", edition.number()),
            format!("must be 1.0.x or {}, or be left out", edition.number()),
        ))
    })?;
    let is_voiding = at.value.pointer("/verb/id").and_then(Value::as_str) == Some(VOIDED);
    let refers = at.value.pointer("/object/objectType").and_then(Value::as_str) == Some("StatementRef");
    if is_voiding && !refers {
        return Err(at.need("object")?.misfit(
            "作废声明的 object 须为 StatementRef",
            "a voiding statement must have a StatementRef as its object",
        ));
    }
    Ok(())
}

/// Looks at an agent that a parameter names.
///
/// # Errors
/// The first [`Misfit`] there is.
pub fn agent(value: &Value) -> Result<(), Misfit> {
    actor::agent(&At::whole(value))
}

/// Looks at an agent or an identified group that a filter names.
///
/// # Errors
/// The first [`Misfit`] there is.
pub fn agent_or_group(value: &Value) -> Result<(), Misfit> {
    actor::actor(&At::whole(value))
}
