//! Texts of a given form: IRIs, language tags, ids, addresses, media types.

use super::super::at::At;
use super::super::misfit::Misfit;
use super::super::time;
use uuid::Uuid;

/// Longest IRI that is taken, bytes.
const LONGEST_IRI: usize = 4_096;

/// An IRI with its scheme, as in `https://…`.
pub fn iri(at: &At<'_>) -> Result<(), Misfit> {
    if is_iri(at.text()?) {
        return Ok(());
    }
    Err(at.misfit("须为带协议的完整 IRI，如 https://…", "must be a whole IRI with its scheme, as in https://…"))
}

/// Whether a text is an IRI with a scheme (RFC 3987).
pub fn is_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_outside = |letter: char| letter.is_control() || letter.is_whitespace() || "<>\"{}|\\^`".contains(letter);
    is_scheme && !rest.is_empty() && text.len() <= LONGEST_IRI && !rest.contains(is_outside)
}

/// A UUID in its usual form.
pub fn uuid(at: &At<'_>) -> Result<(), Misfit> {
    if read_uuid(at.text()?).is_some() {
        return Ok(());
    }
    Err(at.misfit(
        "须为 UUID，如 01890a5d-ac96-774b-bcce-b302099a8057",
        "must be a UUID, as in 01890a5d-ac96-774b-bcce-b302099a8057",
    ))
}

/// The UUID that stands in its usual form of 36 characters.
pub fn read_uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok())?
}

/// Text of any kind.
pub fn text(at: &At<'_>) -> Result<(), Misfit> {
    at.text().map(|_| ())
}

/// True or false.
pub fn truth(at: &At<'_>) -> Result<(), Misfit> {
    at.value
        .as_bool()
        .map(|_| ())
        .ok_or_else(|| at.misfit("须为 true 或 false，不带引号", "must be true or false, without quotes"))
}

/// A timestamp.
pub fn timestamp(at: &At<'_>) -> Result<(), Misfit> {
    if time::timestamp(at.text()?).is_some() {
        return Ok(());
    }
    Err(at.misfit(
        "须为 ISO 8601 时间，如 2026-06-01T08:00:00+08:00（时区不得为 -00:00）",
        "must be an ISO 8601 timestamp, as in 2026-06-01T08:00:00+08:00 (an offset of -00:00 is not taken)",
    ))
}

/// A duration.
pub fn duration(at: &At<'_>) -> Result<(), Misfit> {
    if time::duration(at.text()?).is_some() {
        return Ok(());
    }
    Err(at.misfit("须为 ISO 8601 时长，如 PT1H30M 或 P4W", "must be an ISO 8601 duration, as in PT1H30M or P4W"))
}

/// A language tag.
pub fn language(at: &At<'_>) -> Result<(), Misfit> {
    if is_language(at.text()?) { Ok(()) } else { Err(no_language(at)) }
}

/// Texts by language.
pub fn language_map(at: &At<'_>) -> Result<(), Misfit> {
    for name in at.object()?.keys() {
        at.need(name)?.text()?;
        if !is_language(name) {
            return Err(no_language(&at.need(name)?));
        }
    }
    Ok(())
}

fn no_language(at: &At<'_>) -> Misfit {
    at.misfit("不是 RFC 5646 语言标签；如 zh-CN、en", "is no language tag of RFC 5646; write one as in zh-CN or en")
}

/// Whether a text has the form of a language tag (RFC 5646, section 2.1). Which languages there are is not looked up.
pub fn is_language(tag: &str) -> bool {
    let parts: Vec<&str> = tag.split('-').collect();
    let is_sound = |part: &&str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !parts.iter().all(is_sound) {
        return false;
    }
    let is_alpha = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let Some((first, mut rest)) = parts.split_first() else { return false };
    if first.eq_ignore_ascii_case("x") {
        return !rest.is_empty();
    }
    if first.eq_ignore_ascii_case("i") {
        return rest.len() == 1;
    }
    if !is_alpha(first) || first.len() < 2 {
        return false;
    }
    let mut take = |fits: &dyn Fn(&str) -> bool, most: usize| {
        let count = rest.iter().take(most).take_while(|part| fits(part)).count();
        rest = rest.get(count..).unwrap_or_default();
    };
    if first.len() <= 3 {
        take(&|part| part.len() == 3 && is_alpha(part), 3);
    }
    take(&|part| part.len() == 4 && is_alpha(part), 1);
    take(
        &|part| (part.len() == 2 && is_alpha(part)) || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit())),
        1,
    );
    take(&|part| part.len() >= 5 || (part.len() == 4 && part.starts_with(|c: char| c.is_ascii_digit())), usize::MAX);
    // Extensions: a letter or digit alone, then what belongs to it; after an x anything may stand.
    while let Some((singleton, after)) = rest.split_first() {
        let count = after.iter().take_while(|part| part.len() > 1).count();
        if singleton.len() != 1 || after.is_empty() {
            return false;
        }
        if singleton.eq_ignore_ascii_case("x") {
            return true;
        }
        if count == 0 {
            return false;
        }
        rest = after.get(count..).unwrap_or_default();
    }
    true
}

/// `mailto:` and an address.
pub fn mailbox(at: &At<'_>) -> Result<(), Misfit> {
    let is_address = |address: &str| {
        let is_odd = |letter: char| letter.is_whitespace() || letter.is_control() || "<>,;".contains(letter);
        address.rsplit_once('@').is_some_and(|(local, host)| {
            let labels = host.trim_start_matches('[').trim_end_matches(']');
            !local.is_empty() && !labels.is_empty() && !labels.split('.').any(str::is_empty)
        }) && !address.contains(is_odd)
            && address.len() <= 320
    };
    if at.text()?.strip_prefix("mailto:").is_some_and(is_address) {
        return Ok(());
    }
    Err(at.misfit("须为 mailto: 加邮箱地址", "must be mailto: and an address, as in mailto:learner@school.example"))
}

/// SHA-1 of such a mailbox.
pub fn mailbox_digest(at: &At<'_>) -> Result<(), Misfit> {
    hexadecimal(at, &[40], "SHA-1")
}

/// A digest of an attachment: SHA-2, from 224 to 512 bits.
pub fn digest(at: &At<'_>) -> Result<(), Misfit> {
    hexadecimal(at, &[56, 64, 96, 128], "SHA-2")
}

fn hexadecimal(at: &At<'_>, lengths: &[usize], what: &str) -> Result<(), Misfit> {
    let text = at.text()?;
    if lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(at.misfit(format!("须为十六进制的 {what}"), format!("must be a {what} in hexadecimal digits")))
}

/// A media type, with parameters or without.
pub fn media_type(at: &At<'_>) -> Result<(), Misfit> {
    let is_token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let essence = at.text()?.split(';').next().unwrap_or_default().trim();
    if essence.split_once('/').is_some_and(|(kind, of)| is_token(kind) && is_token(of)) {
        return Ok(());
    }
    Err(at.misfit("须为媒体类型，如 text/plain", "must be a media type, as in text/plain"))
}

/// An object whose properties are IRIs; what they hold is anybody's.
pub fn extensions(at: &At<'_>) -> Result<(), Misfit> {
    let Some(map) = at.value.as_object() else {
        return Err(at.misfit("须为对象（{…}）", "must be an object ({…})"));
    };
    match map.keys().find(|name| !is_iri(name)) {
        None => Ok(()),
        Some(name) => Err(at.misfit(
            format!("扩展的名称 {name:?} 须为完整 IRI"),
            format!("the extension {name:?} must be named by a whole IRI, as in https://…"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_are_told_by_their_form() {
        for tag in [
            "en",
            "zh-CN",
            "zh-Hans-CN",
            "de-CH-1996",
            "sl-rozaj-biske",
            "es-419",
            "en-a-bbb-x-a",
            "x-own",
            "i-klingon",
            "cmn",
            "zh-cmn-Hans",
        ] {
            assert!(is_language(tag), "{tag}");
        }
        for bad in [
            "",
            "a",
            "en_US",
            "en-",
            "-en",
            "should fail",
            "abcdefghi",
            "en-US-",
            "12",
            "en-a",
            "en-u",
            "zh-CN-CN",
            "en--US",
        ] {
            assert!(!is_language(bad), "{bad}");
        }
    }

    #[test]
    fn an_iri_has_a_scheme_and_no_blanks() {
        for iri in ["http://a", "urn:isbn:0451450523", "https://example.org/泸定桥#x", "mailto:a@b"] {
            assert!(is_iri(iri), "{iri}");
        }
        for bad in ["", "a", "/a", "should fail", "http:", ":a", "1a:b", "http://a b", "http://a\u{0}", "http://<a>"] {
            assert!(!is_iri(bad), "{bad}");
        }
    }
}
