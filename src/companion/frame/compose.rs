//! Compose: WGSL put together from parts, and the lines left out that a program does not want. Done when the companion
//! is built, by its build script.
//!
//! A software renderer runs both arms of every branch, so what the lowest tier leaves out is left out of its text:
//! `#if NAME`, `#if !NAME`, `#if A || B`, `#else` and `#endif` stand alone on their lines and may be nested.

/// What a shader's text may ask for.
pub(crate) type Defs = [(&'static str, bool)];

/// The parts one after another, without the lines that `defs` leave out. A name that is not among them is not wanted.
pub(crate) fn compose(parts: &[&str], defs: &Defs) -> String {
    let mut text = String::new();
    let mut kept = vec![true];
    for line in parts.iter().flat_map(|part| part.lines()) {
        let word = line.trim();
        if let Some(condition) = word.strip_prefix("#if ") {
            let outer = kept.last().copied().unwrap_or(true);
            kept.push(outer && holds(condition, defs));
        } else if word == "#else" {
            let own = kept.pop().unwrap_or(true);
            let outer = kept.last().copied().unwrap_or(true);
            kept.push(outer && !own);
        } else if word == "#endif" {
            kept.pop();
        } else if kept.last().copied().unwrap_or(true) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn holds(condition: &str, defs: &Defs) -> bool {
    condition.split("||").map(str::trim).any(|name| {
        let (name, wanted) = name.strip_prefix('!').map_or((name, true), |name| (name, false));
        defs.iter().any(|(other, on)| *other == name && *on) == wanted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wanted_stays() {
        let part = "a\n#if X\nb\n#if !Y\nc\n#else\nd\n#endif\n#else\ne\n#endif\nf\n";
        let with = |x, y| compose(&[part], &[("X", x), ("Y", y)]).replace('\n', "");
        assert_eq!(
            [with(true, true), with(true, false), with(false, true), with(false, false)],
            ["abdf", "abcf", "aef", "aef"]
        );
        let either = "#if !X || Y\na\n#endif\n";
        assert_eq!(compose(&[either], &[("X", true)]), "");
        assert_eq!(compose(&[either, "b"], &[("X", true), ("Y", true)]), "a\nb\n");
    }
}
