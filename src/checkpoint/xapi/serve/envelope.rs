//! What a request carries: statements alone, or statements with their attachments (RFC 2046, `multipart/mixed`).

use super::asked::Asked;
use super::refusal::Refusal;
use crate::store::statements::Attachment;
use axum::http::header::CONTENT_TYPE;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use std::collections::BTreeMap;

/// Parts that are read of one request.
const MOST_PARTS: usize = 1_000;

/// Statements as they were sent, and what came with them by its digest.
pub struct Envelope {
    /// JSON.
    pub statements: Vec<u8>,
    /// Attachments, each held to its digest.
    pub attachments: BTreeMap<String, Attachment>,
}

/// Reads what a request carries.
///
/// # Errors
/// A [`Refusal`] for another kind of content, or parts that are not as the standard says.
pub fn read(asked: &Asked) -> Result<Envelope, Refusal> {
    let kind = asked.header(&CONTENT_TYPE).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => Ok(Envelope { statements: asked.body.to_vec(), attachments: BTreeMap::new() }),
        "multipart/mixed" => {
            let boundary = parameter(kind, "boundary").filter(|boundary| (1..=70).contains(&boundary.len()));
            let boundary = boundary.ok_or_else(|| {
                Refusal::bad("multipart/mixed 缺少 boundary。", "multipart/mixed must name its boundary.")
            })?;
            mixed(&asked.body, &boundary)
        }
        _ => Err(Refusal::bad(
            "Content-Type 须为 application/json 或 multipart/mixed。",
            "Content-Type must be application/json or multipart/mixed.",
        )),
    }
}

/// A parameter of a header's value, without quotes.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

struct Part<'a> {
    headers: BTreeMap<String, &'a str>,
    content: &'a [u8],
}

fn mixed(body: &[u8], boundary: &str) -> Result<Envelope, Refusal> {
    let mut parts = parts(body, boundary).ok_or_else(|| {
        Refusal::bad(
            "multipart/mixed 的分段无法读懂。",
            "The parts of multipart/mixed cannot be read; check boundary and line ends.",
        )
    })?;
    if parts.is_empty() {
        return Err(Refusal::bad("multipart/mixed 中没有分段。", "There is no part in multipart/mixed."));
    }
    let first = parts.remove(0);
    if !first.headers.get("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json"))
    {
        return Err(Refusal::bad(
            "第一段须为 application/json 的声明。",
            "The first part must be the statements, as application/json.",
        ));
    }
    let mut attachments = BTreeMap::new();
    for part in parts {
        let attachment = attachment(&part)?;
        attachments.insert(attachment.sha2.clone(), attachment);
    }
    Ok(Envelope { statements: first.content.to_vec(), attachments })
}

fn attachment(part: &Part<'_>) -> Result<Attachment, Refusal> {
    if part.headers.get("content-transfer-encoding") != Some(&"binary") {
        return Err(Refusal::bad(
            "附件段须有 Content-Transfer-Encoding: binary。",
            "The part of an attachment must have Content-Transfer-Encoding: binary.",
        ));
    }
    let Some(named) = part.headers.get("x-experience-api-hash") else {
        return Err(Refusal::bad(
            "附件段缺少 X-Experience-API-Hash。",
            "The part of an attachment must have X-Experience-API-Hash.",
        ));
    };
    let sha2 = named.to_ascii_lowercase();
    if !is_digest(part.content, &sha2) {
        return Err(Refusal::bad(
            format!("附件内容与其 SHA-2 {sha2:?} 不符。"),
            format!("The content of an attachment does not have the SHA-2 {sha2:?}."),
        ));
    }
    let content_type = part.headers.get("content-type").copied().unwrap_or("application/octet-stream").to_owned();
    if content_type.contains(|letter: char| letter.is_control()) {
        return Err(Refusal::bad(
            "附件段的 Content-Type 含控制字符。",
            "The Content-Type of an attachment has control characters.",
        ));
    }
    Ok(Attachment { sha2, content_type, content: part.content.to_vec() })
}

/// Whether the digest, of whichever length, is that of the content.
fn is_digest(content: &[u8], named: &str) -> bool {
    use crate::secrets::hex;
    match named.len() {
        56 => hex(&Sha224::digest(content)) == named,
        64 => hex(&Sha256::digest(content)) == named,
        96 => hex(&Sha384::digest(content)) == named,
        128 => hex(&Sha512::digest(content)) == named,
        _ => false,
    }
}

fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let mark = format!("--{boundary}");
    let mut rest = match find(body, mark.as_bytes())? {
        0 => body,
        at => body.get(at - 2..).filter(|rest| rest.starts_with(b"\r\n"))?.get(2..)?,
    };
    let between = format!("\r\n{mark}");
    let mut found = Vec::new();
    loop {
        rest = rest.strip_prefix(mark.as_bytes())?;
        if rest.starts_with(b"--") {
            return Some(found);
        }
        let line = find(rest, b"\r\n")?;
        if !rest.get(..line)?.iter().all(u8::is_ascii_whitespace) || found.len() == MOST_PARTS {
            return None;
        }
        rest = rest.get(line..)?;
        let end = find(rest, between.as_bytes())?;
        found.push(part(rest.get(..end)?)?);
        rest = rest.get(end + 2..)?;
    }
}

/// Headers, an empty line, and the content; comes with the line end before its headers.
fn part(text: &[u8]) -> Option<Part<'_>> {
    let end = find(text, b"\r\n\r\n")?;
    let head = std::str::from_utf8(text.get(..end)?).ok()?;
    let mut headers = BTreeMap::new();
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        headers.insert(name.trim().to_ascii_lowercase(), value.trim());
    }
    Some(Part { headers, content: text.get(end + 4..)? })
}

fn find(text: &[u8], sought: &[u8]) -> Option<usize> {
    text.windows(sought.len()).position(|window| window == sought)
}
