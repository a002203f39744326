//! docs/limits.md says nothing that is not there: each place that it names holds what it names, and each test exists.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn every_limit_stands_where_the_table_says_and_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/limits.md")).unwrap();
    let sources: String = ["engine", "shell", "sim", "tests", "src"]
        .iter()
        .flat_map(|folder| rust_files(&root.join(folder)))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let rows: Vec<Vec<&str>> = text.lines().filter(|line| line.starts_with("| ")).map(cells).collect();
    let limits = rows.iter().filter(|row| row.len() == 5 && row[0] != "what" && !row[0].starts_with("---"));
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in limits {
        count += 1;
        let [what, _, _, place, tests] = row[..] else { unreachable!("rows of five") };
        let mut named = quoted(place);
        let file = named.next().unwrap_or_default();
        match fs::read_to_string(root.join(file)) {
            Ok(content) => wrong.extend(
                named.filter(|name| !content.contains(name)).map(|name| format!("{what}: no {name} in {file}")),
            ),
            Err(error) => wrong.push(format!("{what}: {file}: {error}")),
        }
        let mut tests = quoted(tests).peekable();
        if tests.peek().is_none() {
            wrong.push(format!("{what}: no test is named"));
        }
        wrong.extend(
            tests
                .filter(|test| !sources.contains(&format!("fn {test}(")))
                .map(|test| format!("{what}: no test {test}")),
        );
    }
    assert!(count >= 30, "the table has {count} rows");
    assert_eq!(wrong, [""; 0]);
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let inside = entries.flat_map(|path| match path.is_dir() {
        true if path.ends_with("target") => Vec::new(),
        true => rust_files(&path),
        false => vec![path],
    });
    inside.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}
