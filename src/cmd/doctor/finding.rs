//! What was found: one line for each thing that was looked at, and what to do where it is not right.

use std::{fmt::Write as _, process::ExitCode};

use serde_json::{Value, json};

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Right,
    /// It works, and somebody will regret it.
    Warning,
    /// It does not work.
    Critical,
    /// It could not be found out.
    Unknown,
    /// There was nothing to look at.
    Skipped,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about: a stable word for programs.
    pub about: &'static str,
    /// How it is.
    pub state: State,
    /// What was seen, in one sentence.
    pub seen: String,
    /// What to do, where there is something to do.
    pub remedy: Option<String>,
}

/// All of them, in the order in which they were made.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// It is as it should be.
    pub fn right(&mut self, about: &'static str, seen: impl Into<String>) {
        self.0.push(Finding { about, state: State::Right, seen: seen.into(), remedy: None });
    }

    /// There was nothing to look at; `seen` says why.
    pub fn skipped(&mut self, about: &'static str, seen: impl Into<String>) {
        self.0.push(Finding { about, state: State::Skipped, seen: seen.into(), remedy: None });
    }

    /// It works, and somebody will regret it.
    pub fn warning(&mut self, about: &'static str, seen: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding { about, state: State::Warning, seen: seen.into(), remedy: Some(remedy.into()) });
    }

    /// It does not work.
    pub fn critical(&mut self, about: &'static str, seen: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding { about, state: State::Critical, seen: seen.into(), remedy: Some(remedy.into()) });
    }

    /// It could not be found out.
    pub fn unknown(&mut self, about: &'static str, seen: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding { about, state: State::Unknown, seen: seen.into(), remedy: Some(remedy.into()) });
    }

    /// The worst of all. What could not be found out may be worse than a warning, and counts as worse.
    pub fn worst(&self) -> State {
        let order = [State::Critical, State::Unknown, State::Warning];
        order.into_iter().find(|state| self.0.iter().any(|one| one.state == *state)).unwrap_or(State::Right)
    }

    /// 0 right, 1 warning, 2 critical, 3 unknown.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.worst() {
            State::Right | State::Skipped => 0,
            State::Warning => 1,
            State::Critical => 2,
            State::Unknown => 3,
        })
    }

    /// For people.
    pub fn table(&self) -> String {
        let width = self.0.iter().map(|one| one.about.len()).max().unwrap_or_default();
        let mut text = String::new();
        // Writing to a string cannot fail.
        for Finding { about, state, seen, remedy } in &self.0 {
            let _ = writeln!(text, "{:<8}  {about:<width$}  {seen}", state.name());
            if let Some(remedy) = remedy {
                let _ = writeln!(text, "{:8}  {:width$}  -> {remedy}", "", "");
            }
        }
        let count = |state| self.0.iter().filter(|one| one.state == state).count();
        let _ = writeln!(
            text,
            "{} right, {} warning, {} critical, {} unknown, {} skipped",
            count(State::Right),
            count(State::Warning),
            count(State::Critical),
            count(State::Unknown),
            count(State::Skipped)
        );
        text
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let each = |one: &Finding| json!({"about": one.about, "state": one.state.name(), "seen": one.seen, "remedy": one.remedy});
        json!({
            "version": server::VERSION,
            "state": self.worst().name(),
            "findings": self.0.iter().map(each).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_decides() {
        let mut findings = Findings::default();
        assert_eq!(findings.worst(), State::Right);
        findings.right("a", "Good.");
        findings.skipped("b", "Not there.");
        assert_eq!(findings.worst(), State::Right);
        findings.warning("c", "Doubtful.", "Look.");
        assert_eq!(findings.worst(), State::Warning);
        findings.unknown("d", "Unread.", "Ask.");
        assert_eq!(findings.worst(), State::Unknown);
        findings.critical("e", "Broken.", "Mend.");
        assert_eq!(findings.worst(), State::Critical);
    }

    #[test]
    fn people_and_programs_are_told_the_same() {
        let mut findings = Findings::default();
        findings.right("port", "Free.");
        findings.critical("disk", "Full.", "Delete something.");
        let table = findings.table();
        assert!(table.contains("right     port  Free.\n") && table.contains("critical  disk  Full.\n"), "{table}");
        assert!(table.contains("-> Delete something.\n"), "{table}");
        assert!(table.ends_with("1 right, 0 warning, 1 critical, 0 unknown, 0 skipped\n"));
        let json = findings.json();
        assert_eq!(json["state"], "critical");
        assert_eq!(json["findings"][0]["remedy"], Value::Null);
        assert_eq!(json["findings"][1]["remedy"], "Delete something.");
    }
}
