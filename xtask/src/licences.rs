//! Which licences the dependencies may have: those that let Parlor be given to anybody under Apache-2.0.

use std::{collections::BTreeMap, fs, process::Command};

use crate::steps::{Outcome, Stop, read};

/// Looks at every crate of the binary and every package of the web client.
pub fn check() -> Outcome {
    let mut tree = Command::new("cargo");
    tree.args(["tree", "--workspace", "--prefix", "none", "--target", "all", "--edges", "normal,build", "--no-dedupe"]);
    tree.args(["--format", "{p}|{l}"]);
    let mut complaints = BTreeMap::new();
    let text = read(&mut tree)?;
    for (package, licence) in text.lines().filter_map(|line| line.split_once('|')) {
        if !is_accepted(licence) {
            complaints.insert(package.to_owned(), licence.to_owned());
        }
    }
    let lock = fs::read_to_string("web/package-lock.json").unwrap_or_default();
    let mut package = "";
    for line in lock.lines() {
        if let Some(name) = line.trim().strip_prefix("\"node_modules/") {
            package = name.split('"').next().unwrap_or_default();
        } else if let Some(licence) = line.trim().strip_prefix("\"license\": \"")
            && !is_accepted(licence.trim_end_matches(['"', ',']))
        {
            complaints.insert(package.to_owned(), licence.to_owned());
        }
    }
    if complaints.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = complaints.iter().map(|(package, licence)| format!("{package}: {licence}")).collect();
    Err(Stop::Failed(format!("not accepted (xtask/src/licences.rs):\n   {}", lines.join("\n   "))))
}

/// Whether an SPDX expression offers a choice that we accept. Older manifests write `/` for `OR`.
fn is_accepted(expression: &str) -> bool {
    expression.split(" AND ").all(|part| {
        let part = part.replace('/', " OR ");
        part.split(" OR ").any(|licence| ACCEPTED.contains(&licence.trim().trim_matches(['(', ')'])))
    })
}

/// Permissive licences, and MPL-2.0, which asks for the source of its own files alone: webauthn-rs, used unchanged, and a
/// build tool of the web client (Lightning CSS).
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[cfg(test)]
mod tests {
    use super::is_accepted;

    #[test]
    fn expressions_are_judged_by_their_best_choice() {
        for (expression, expected) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("MIT OR Apache-2.0 OR LGPL-2.1-or-later", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("GPL-3.0-only", false),
            ("MIT AND GPL-3.0-only", false),
            ("", false),
        ] {
            assert_eq!(is_accepted(expression), expected, "{expression}");
        }
    }
}
