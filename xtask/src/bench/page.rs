//! The table in docs/performance.md: a line for each row, as it was last measured.

use std::{fs, path::PathBuf, process::Command};

use super::{
    rows::{Cell, ROWS, Row},
    server::line,
};
use crate::{
    place,
    steps::{Outcome, Stop},
};

/// A measured row.
pub struct Line {
    name: &'static str,
    text: String,
}

impl Line {
    /// What came out, and how busy the machine was before.
    pub fn new(row: &Row, cells: &[Cell], load: String) -> Line {
        let (mut numbers, mut told, mut verdict) = (Vec::new(), Vec::new(), "met");
        for cell in cells {
            let value = cell.value.map_or("?".to_owned(), shown);
            match cell.most {
                Some(most) => {
                    if cell.value.is_none_or(|value| value > most) {
                        verdict = "**missed**";
                    }
                    numbers.push(format!("{value} {} (at most {})", cell.what, shown(most)));
                }
                None => told.push(format!("{value} {}", cell.what)),
            }
        }
        let day = line(Command::new("date").args(["--utc", "+%F"])).unwrap_or_default();
        let text = format!(
            "| {} (`{}`) | {} | {verdict} | {} | {day}, {}, load {load} |",
            row.what,
            row.name,
            numbers.join("; "),
            told.join("; "),
            commit(),
        );
        Line { name: row.name, text }
    }

    /// The line of the table.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// How many threads wanted to run in the last minute.
pub fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}

/// Puts a line into its place in the table.
pub fn put(new: &Line) -> Outcome {
    let file = PAGE.iter().fold(place::root(), |path: PathBuf, part| path.join(part));
    let failed = |why: String| Stop::Failed(format!("{}: {why}", file.display()));
    let text = fs::read_to_string(&file).map_err(|error| failed(error.to_string()))?;
    let text = with(&text, new, &machine()).ok_or_else(|| failed(format!("{BEGIN} and {END} are missing")))?;
    fs::write(&file, text).map_err(|error| failed(error.to_string()))
}

fn with(page: &str, new: &Line, machine: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (table, after) = rest.split_once(END)?;
    let of = |name: &str| {
        let mark = format!("(`{name}`) |");
        table.lines().find(|line| line.contains(&mark)).map(str::to_owned)
    };
    let lines = ROWS.iter().filter_map(|row| if row.name == new.name { Some(new.text.clone()) } else { of(row.name) });
    let lines: Vec<String> = lines.collect();
    let lines = lines.join("\n");
    Some(format!("{before}{BEGIN}\n{machine}\n\n{HEAD}\n{lines}\n{END}{after}"))
}

fn machine() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> =
        processors.lines().filter_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|m| m.1).collect();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // The first two numbers: the rest is the distribution's.
    let kernel = kernel.trim().splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let model = models.first().copied().unwrap_or("an unknown processor").trim();
    format!("{} cores of {model}, kernel {kernel}, release build, loopback.", models.len())
}

/// The commit, and a plus when there is more than it.
fn commit() -> String {
    let commit = line(Command::new("git").args(["rev-parse", "--short", "HEAD"])).unwrap_or_default();
    let changed = line(Command::new("git").args(["status", "--porcelain", "--untracked-files=no", "--", ":!docs"]));
    let mark = if changed.is_some_and(|changed| !changed.is_empty()) { "+" } else { "" };
    format!("{commit}{mark}")
}

/// As many digits as a number of one run is worth.
fn shown(number: f64) -> String {
    match number.abs() {
        whole if number.fract() == 0.0 || whole >= 100.0 => format!("{number:.0}"),
        large if large >= 10.0 => format!("{number:.1}"),
        middle if middle >= 0.1 => format!("{number:.2}"),
        _ => format!("{number:.4}"),
    }
}

const PAGE: [&str; 2] = ["docs", "performance.md"];
const BEGIN: &str = "<!-- what `cargo xtask bench` measured -->";
const END: &str = "<!-- end of what `cargo xtask bench` measured -->";
const HEAD: &str = "| what | measured | target | with | when |\n|---|---|---|---|---|";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_replaces_its_older_self_and_leaves_the_others() {
        let line = |name: &'static str, text: &str| Line { name, text: format!("| x (`{name}`) | {text} |") };
        let page = format!("# Page\n{BEGIN}\n{END}\nmore\n");
        let page = with(&page, &line("mesh", "1"), "m").unwrap();
        let page = with(&page, &line("spread", "2"), "m").unwrap();
        let page = with(&page, &line("mesh", "3"), "m").unwrap();
        assert_eq!(
            page,
            format!("# Page\n{BEGIN}\nm\n\n{HEAD}\n| x (`spread`) | 2 |\n| x (`mesh`) | 3 |\n{END}\nmore\n")
        );
        assert!(with("nothing", &line("mesh", "1"), "m").is_none());
    }

    #[test]
    fn one_number_beyond_its_target_misses_the_row() {
        let cell = |value, most| Cell { what: "us", value, most };
        let verdict = |cells: &[Cell]| Line::new(&ROWS[0], cells, "1".to_owned()).text().contains("missed");
        assert!(!verdict(&[cell(Some(4.0), Some(4.0)), cell(Some(9.0), None)]));
        assert!(verdict(&[cell(Some(4.1), Some(4.0))]));
        assert!(verdict(&[cell(None, Some(4.0))]), "what is not known is no success");
    }
}
