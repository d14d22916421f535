//! Bytes as text, in the encodings that spreadsheet programs in China write.

use encoding_rs::{Encoding, GB18030, UTF_8};
use heritage::Bilingual;

/// The text, and what should be said of how it was read. `None` if it is in no encoding that is known, or no text.
pub fn decoded(bytes: &[u8]) -> Option<(String, Option<Bilingual>)> {
    let strict = |encoding: &'static Encoding, bytes| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned();
        // No table has this character; files that are no text have.
        (!text.contains('\0')).then_some(text)
    };
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Some((strict(encoding, bytes.get(mark..)?)?, None));
    }
    if let Some(text) = strict(UTF_8, bytes) {
        return Some((text, None));
    }
    let notice = Bilingual::new(
        "文件不是 UTF-8，已按 GB18030（GBK）读取。请核对下面的姓名是否正确；如有乱码，请另存为“CSV UTF-8”后重新上传。",
        "The file is not UTF-8 and was read as GB18030 (GBK). Check the names below; if they are garbled, save it as “CSV UTF-8” and upload it again.",
    );
    Some((strict(GB18030, bytes)?, Some(notice)))
}
