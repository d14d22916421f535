//! Command line: what was asked for, or a sentence on how to ask.

use std::path::PathBuf;

/// How the command is used.
pub const USAGE: &str = "\
curator check [--assets assets] [--json]
    Says what is wrong with the content, one finding a line; exit status 1 if there is any.
curator build [--assets assets] [--web web] [--bundles target/bundles] [--out target] [--lenient]
    Lays out pages and files for visitors. Findings stop it, unless --lenient is given.";

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which of the two.
    pub task: Task,
    /// Folder of the content.
    pub assets: PathBuf,
    /// Styles, scripts, icons.
    pub web: PathBuf,
    /// What `wasm-bindgen` wrote.
    pub bundles: PathBuf,
    /// Where editions are put.
    pub out: PathBuf,
    /// Findings as JSON.
    pub json: bool,
    /// Build in spite of findings.
    pub lenient: bool,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Say what is wrong.
    Check,
    /// Lay out an edition.
    Build,
    /// Say how to ask.
    Help,
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// A word that means nothing here, or an option without its value.
pub fn read(args: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Asked, lexopt::Error> {
    use lexopt::prelude::{Long, Short, Value};
    let mut asked = Asked {
        task: Task::Help,
        assets: "assets".into(),
        web: "web".into(),
        bundles: "target/bundles".into(),
        out: "target".into(),
        json: false,
        lenient: false,
    };
    let mut parser = lexopt::Parser::from_args(args);
    while let Some(arg) = parser.next()? {
        match arg {
            Value(word) if word == "check" && asked.task == Task::Help => asked.task = Task::Check,
            Value(word) if word == "build" && asked.task == Task::Help => asked.task = Task::Build,
            Long("assets") => asked.assets = parser.value()?.into(),
            Long("web") => asked.web = parser.value()?.into(),
            Long("bundles") => asked.bundles = parser.value()?.into(),
            Long("out") => asked.out = parser.value()?.into(),
            Long("json") => asked.json = true,
            Long("lenient") => asked.lenient = true,
            Long("help") | Short('h') => {
                asked.task = Task::Help;
                return Ok(asked);
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Asked, lexopt::Error> {
        read(line.split_whitespace().map(Into::into))
    }

    #[test]
    fn both_tasks_take_their_folders() {
        let build = asked("build --assets a --bundles b --out=o --lenient").expect("read");
        assert_eq!((build.task, build.lenient), (Task::Build, true));
        assert_eq!((build.assets, build.bundles, build.out), ("a".into(), "b".into(), "o".into()));
        assert_eq!(asked("check --json").expect("read").task, Task::Check);
    }

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        for line in ["publish", "check build", "check --asets x", "build --out"] {
            assert!(asked(line).is_err(), "{line}");
        }
    }
}
