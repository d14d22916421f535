//! How statements are sent back: as JSON, or with their attachments.

use super::refusal::Refusal;
use crate::secrets::{hex, random};
use crate::store::statements::Attachment;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// A time as HTTP headers write it.
pub fn listed(at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// JSON, with attachments where they were asked for.
///
/// # Errors
/// A [`Refusal`] where it cannot be written.
pub fn statements(found: &Value, attachments: Option<Vec<Attachment>>) -> Result<Response, Refusal> {
    let text = serde_json::to_vec(found)
        .map_err(|_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "无法写出。", "It cannot be written."))?;
    let Some(attachments) = attachments else {
        return Ok(([(CONTENT_TYPE, "application/json")], text).into_response());
    };
    // 128 random bits stand in no attachment.
    let boundary = hex(&random::<16>());
    let mut body = format!("--{boundary}\r\nContent-Type: application/json\r\n\r\n").into_bytes();
    body.extend(text);
    for each in attachments {
        let head = format!(
            "\r\n--{boundary}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {}\r\n\r\n",
            each.content_type, each.sha2
        );
        body.extend(head.into_bytes());
        body.extend(each.content);
    }
    body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
    Ok(([(CONTENT_TYPE, format!("multipart/mixed; boundary={boundary}"))], body).into_response())
}
