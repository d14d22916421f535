//! Style: `@import`s of local sheets set in place, comments and slack left out.

use std::collections::BTreeMap;

/// Every sheet that stands for itself: those that no other imports, each with its imports set in place.
///
/// `sheets` is file name to text. An import of a sheet that is not there is kept as it is written, and so shows in the browser.
pub fn bind(sheets: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let imported: Vec<&str> = sheets.values().flat_map(|text| text.lines().filter_map(import)).collect();
    sheets
        .iter()
        .filter(|(name, _)| !imported.contains(&name.as_str()))
        .map(|(name, text)| (name.clone(), tighten(&with_imports(text, sheets))))
        .collect()
}

fn with_imports(text: &str, sheets: &BTreeMap<String, String>) -> String {
    let mut bound = String::new();
    for line in text.lines() {
        // One level only: an imported sheet imports nothing, so that no circle can be written.
        match import(line).and_then(|name| sheets.get(name)) {
            Some(sheet) => bound.push_str(sheet),
            None => bound.push_str(line),
        }
        bound.push('\n');
    }
    bound
}

fn import(line: &str) -> Option<&str> {
    line.trim().strip_prefix("@import \"")?.strip_suffix("\";").map(|name| name.trim_start_matches("./"))
}

/// Leaves out comments and the space at the ends of lines. Text in quotation marks is kept, for it may hold either.
fn tighten(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find(['/', '"', '\n']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = if let Some(body) = rest.strip_prefix("/*") {
            body.find("*/").map_or(rest.len(), |end| end + 4)
        } else if let Some(body) = rest.strip_prefix('"') {
            let end = body.find('"').map_or(rest.len(), |end| end + 2);
            out.push_str(&rest[..end]);
            end
        } else if rest.starts_with('\n') {
            out.truncate(out.trim_end_matches([' ', '\t']).len());
            if !out.is_empty() && !out.ends_with(['\n', '{', ';', ',', '}']) {
                out.push('\n');
            }
            rest.len() - rest.trim_start().len()
        } else {
            out.push('/');
            1
        };
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheets(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn imports_are_set_in_place_and_stand_no_more_for_themselves() {
        let bound = bind(&sheets(&[
            ("style.css", "@import \"ink.css\";\nb { top: 0 }\n"),
            ("ink.css", "a { color: red }"),
            ("scene.css", "c { left: 0 }"),
        ]));
        assert_eq!(bound.keys().collect::<Vec<_>>(), ["scene.css", "style.css"]);
        assert_eq!(bound["style.css"], "a { color: red }b { top: 0 }");
    }

    #[test]
    fn comments_go_and_quoted_text_stays() {
        assert_eq!(
            tighten("/* why */\na::before { content: \"/* kept */  \"; }\n\n"),
            "a::before { content: \"/* kept */  \"; }"
        );
    }

    #[test]
    fn an_open_comment_ends_with_the_sheet() {
        assert_eq!(tighten("a{}/* never closed"), "a{}");
    }

    #[test]
    fn a_selector_broken_over_lines_is_not_run_together() {
        assert_eq!(tighten("main\n  p { top: 0 }"), "main\np { top: 0 }");
    }
}
