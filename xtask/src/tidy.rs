//! Rules about the text of the repository: sizes, words, links.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use crate::steps::{Outcome, Stop};

/// Fails for files longer than anybody reads, and names those on the way there.
pub fn sizes() -> Outcome {
    let mut complaints = Vec::new();
    for file in files(&["rs", "ts", "tsx", "css", "mjs", "py"]) {
        if file.path.to_string_lossy().contains(".gen.") {
            continue;
        }
        let lines = file.text.lines().count();
        if lines > TOO_LONG {
            complaints
                .push(format!("{}: {lines} lines, {TOO_LONG} at most: make a folder per noun", file.path.display()));
        } else if lines > LONG {
            println!("warning: {}: {lines} lines; the habit is 400", file.path.display());
        }
    }
    done(complaints)
}

/// Fails for markers of unfinished work, paths of somebody's machine, names that say nothing.
pub fn text() -> Outcome {
    let mut complaints = Vec::new();
    for file in files(&[]) {
        let shown = file.path.display().to_string();
        let is_this_file = file.path.ends_with("xtask/src/tidy.rs");
        for (number, line) in file.text.lines().enumerate() {
            let at = format!("{shown}:{}", number + 1);
            if !is_this_file {
                for word in MACHINE_PATHS.iter().filter(|word| line.contains(**word)) {
                    complaints.push(format!("{at}: `{word}` is a path of somebody's machine"));
                }
                for (ending, word, why) in STRAY {
                    if shown.ends_with(ending) && line.contains(word) {
                        complaints.push(format!("{at}: `{word}`: {why}"));
                    }
                }
            }
            if shown.ends_with("package-lock.json") && line.contains("\"resolved\": \"http") {
                complaints.push(format!("{at}: lock files name no host: omit-lockfile-registry-resolved in .npmrc"));
            }
            if let Some(name) = declared(&shown, line)
                && let Some(ending) = SAYS_NOTHING.iter().find(|ending| name.ends_with(**ending))
            {
                complaints.push(format!("{at}: `{name}`: `{ending}` says nothing; what is it?"));
            }
        }
        let is_module =
            file.path.components().any(|part| part.as_os_str() == "src") && !file.path.ends_with("tests.rs");
        if shown.ends_with(".rs") && is_module && !opens_with_docs(&file.text) {
            complaints.push(format!("{shown}: a module starts with `//!`: what it is, and what it is not"));
        }
    }
    done(complaints)
}

/// Fails for relative links in Markdown that lead nowhere.
pub fn links() -> Outcome {
    let mut complaints = Vec::new();
    for file in files(&["md"]) {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        for (number, line) in file.text.lines().enumerate() {
            for target in line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()) {
                let path = target.split('#').next().unwrap_or_default();
                let is_elsewhere = path.is_empty() || path.contains("://") || path.starts_with("mailto:");
                if !is_elsewhere && !folder.join(path).exists() {
                    complaints.push(format!("{}:{}: `{target}` does not exist", file.path.display(), number + 1));
                }
            }
        }
    }
    done(complaints)
}

fn done(complaints: Vec<String>) -> Outcome {
    if complaints.is_empty() { Ok(()) } else { Err(Stop::Failed(complaints.join("\n   "))) }
}

/// The name of a type that this line declares.
fn declared<'a>(file: &str, line: &'a str) -> Option<&'a str> {
    if !file.ends_with(".rs") && !file.ends_with(".ts") && !file.ends_with(".tsx") {
        return None;
    }
    let mut words =
        line.split_whitespace().skip_while(|word| matches!(*word, "pub" | "pub(crate)" | "pub(super)" | "export"));
    matches!(words.next()?, "struct" | "enum" | "trait" | "class" | "interface" | "type").then_some(())?;
    words.next()?.split(|letter: char| !letter.is_alphanumeric()).next()
}

fn opens_with_docs(text: &str) -> bool {
    text.lines().find(|line| !line.trim().is_empty()).is_none_or(|line| line.starts_with("//!"))
}

struct File {
    path: PathBuf,
    text: String,
}

/// The text files of the repository with one of these endings (none: all), relative to its top.
fn files(endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        for entry in fs::read_dir(here).into_iter().flatten().flatten() {
            let path = folder.join(entry.file_name());
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                if !is_outside(&path) {
                    folders.push(path);
                }
                continue;
            }
            let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
            if !endings.is_empty() && !ending.is_some_and(|ending| endings.contains(&ending.as_str())) {
                continue;
            }
            // What is not text (pictures, fonts) has no rules here.
            if let Ok(text) = fs::read_to_string(&path) {
                found.push(File { path, text });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// Folders that are never committed; the same as in .gitignore.
fn is_outside(folder: &Path) -> bool {
    let last = folder.components().next_back().and_then(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    matches!(
        last,
        Some(".git" | "target" | "node_modules" | "dist" | "test-results" | "playwright-report" | "__pycache__")
    ) || ["e2e/out", "fuzz/corpus", "fuzz/artifacts"].iter().any(|generated| folder == Path::new(generated))
}

/// From this length a file is named.
const LONG: usize = 600;

/// Beyond this length nobody holds a file in the head; review refuses it.
const TOO_LONG: usize = 800;

/// How absolute paths of a developer's machine begin.
const MACHINE_PATHS: &[&str] = &["/work/", "/root/", "/Users/"];

/// What does not belong into a commit: where (by the file's ending), the word, and why.
const STRAY: &[(&str, &str, &str)] = &[
    (".rs", "TODO", "do it, or write an issue"),
    (".rs", "FIXME", "fix it, or write an issue"),
    (".rs", "#[ignore", "a test that never runs is not a test"),
    (".ts", "TODO", "do it, or write an issue"),
    (".tsx", "TODO", "do it, or write an issue"),
    (".ts", "FIXME", "fix it, or write an issue"),
    (".ts", "test.only(", "the other tests would not run"),
    (".ts", "waitForTimeout(", "tests wait on states, never on time"),
    (".ts", "@ts-ignore", "say it in types"),
    (".tsx", "@ts-ignore", "say it in types"),
];

/// Endings of type names that only fill a gap.
const SAYS_NOTHING: &[&str] =
    &["Manager", "Helper", "Util", "Utils", "Impl", "Info", "Data", "Context", "Base", "Common"];

#[cfg(test)]
mod tests {
    use super::declared;

    #[test]
    fn names_are_read_from_declarations() {
        assert_eq!(declared("a.rs", "pub struct RoomManager<T> {"), Some("RoomManager"));
        assert_eq!(declared("a.ts", "export type Join ="), Some("Join"));
        assert_eq!(declared("a.rs", "    let kind = struct_of(x);"), None);
        assert_eq!(declared("a.md", "struct Room"), None);
    }
}
