//! What kind of file it is, how long it may be kept, and whether it may be fetched in parts.

use std::path::Path;

/// The media type by the file's ending.
pub fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "glb" => "model/gltf-binary",
        "gltf" => "model/gltf+json",
        "ogg" | "oga" => "audio/ogg",
        "mp3" => "audio/mpeg",
        "vtt" => "text/vtt; charset=utf-8",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// How long a browser may keep it: files under a digest's address never change; all else is asked for each time.
pub fn caching(address: &str) -> &'static str {
    let mut parts = address.trim_start_matches('/').split('/');
    let digest = match parts.next() {
        Some("app") => parts.next(),
        Some("sites") => parts.nth(1),
        _ => None,
    };
    let is_digest = |part: &str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if digest.is_some_and(is_digest) && parts.next().is_some() {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_under_a_digest_is_kept_for_ever() {
        for (address, kept) in [
            ("/app/0123456789abcdef/lobby.js", true),
            ("/sites/luding/0123456789abcdef/site.json", true),
            ("/app/lobby.js", false),
            ("/sites/luding/site.json", false),
            ("/zh/luding/", false),
            ("/sw.js", false),
            ("/", false),
        ] {
            assert_eq!(caching(address).contains("immutable"), kept, "{address}");
        }
    }
}
