//! Plays a transcript and compares what is heard.

use std::{
    panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind},
    path::Path,
    time::{Duration, Instant},
};

use hub::{Config, Hub, Input};
use proto::time::Calendar;

use crate::{hearing, script, words::Words};

/// Plays `text` on an empty hub and compares every line that is heard.
#[track_caller]
pub fn check(text: &str) {
    let played = play(text);
    let expected: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let found: Vec<&str> = played.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    if expected == found {
        return;
    }
    if updating() {
        return rewrite(Location::caller(), text, &played);
    }
    let differs = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let show = |lines: &[&str]| lines.iter().skip(differs).take(4).copied().collect::<Vec<_>>().join("\n    ");
    panic!(
        "after\n    {}\nexpected\n    {}\nbut\n    {}\n\nthe whole:\n{}\n",
        expected[..differs].last().unwrap_or(&"nothing"),
        show(&expected),
        show(&found),
        played.join("\n"),
    );
}

struct Stage {
    config: Config,
    hub: Hub,
    began: Instant,
    now: Instant,
    words: Words,
    lines: Vec<String>,
    /// Whether something was planted, and so may break.
    planted: bool,
}

/// When every transcript begins, in milliseconds since 1970.
const BEGIN_MS: u64 = 1_700_000_000_000;

fn play(text: &str) -> Vec<String> {
    let mut steps = text.lines().map(str::trim).peekable();
    let mut lines = Vec::new();
    let mut config = Config::default();
    while let Some(line) = steps.next_if(|line| line.is_empty() || line.starts_with("config:")) {
        script::configure(&mut config, line);
        lines.push(line.to_owned());
    }
    let now = start();
    let hub = Hub::new(config.clone(), now, Calendar::new(now, BEGIN_MS), 7);
    let mut stage = Stage { config, hub, began: now, now, words: Words::default(), lines, planted: false };
    for line in steps {
        if line.contains(" <- ") {
            continue; // what is expected; compared as a whole at the end
        }
        stage.lines.push(line.to_owned());
        if let Some(steps) = line.strip_prefix("given: ") {
            stage.prepare(steps);
        } else if let Some(span) = line.strip_prefix("+ ") {
            stage.pass(script::span(span));
        } else if line == "show: calls" {
            stage.words.calls_only = true;
        } else if line == "show: wakes" {
            stage.words.wakes = true;
        } else if line == "show: heralds" {
            stage.words.heralds_only = true;
        } else if line == "server: restarts" {
            stage.restart();
        } else if let Some(room) = line.strip_prefix("server: breaks over ") {
            stage.hub.plant(&room.parse().unwrap());
            stage.planted = true;
        } else if !line.is_empty() && !line.starts_with('#') {
            let input = script::input(&mut stage.words, line);
            stage.handle(input);
        }
    }
    stage.lines
}

impl Stage {
    fn handle(&mut self, input: Input) {
        // As the server does it: see `Hub::give_up`.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.hub.handle(self.now, input))) {
            if !std::mem::take(&mut self.planted) {
                resume_unwind(panic);
            }
            self.hub.give_up();
        }
        while let Some(output) = self.hub.poll_output() {
            self.lines.extend(hearing::line(&mut self.words, output));
        }
    }

    /// Begins anew with what was kept and nothing else, as after a crash.
    fn restart(&mut self) {
        let now_ms = BEGIN_MS + (self.now - self.began).as_millis() as u64;
        self.hub = Hub::new(self.config.clone(), self.now, Calendar::new(self.now, now_ms), 8);
        for record in self.words.calls.clone() {
            self.handle(Input::RecallCall(Box::new(record)));
        }
        for (room, memory) in std::mem::take(&mut self.words.memories) {
            let policy = self.words.stored.clone();
            self.handle(Input::Recall { room, policy, memory: Box::new(memory) });
        }
    }

    /// Plays steps of which nobody is told here what is heard: how people come in is told elsewhere.
    fn prepare(&mut self, steps: &str) {
        let told = self.lines.len();
        let mut who = "";
        for step in steps.split("; ") {
            let (of, act) = step.split_once(": ").unwrap_or((who, step));
            who = of;
            let input = script::input(&mut self.words, &format!("{who}: {act}"));
            self.handle(input);
        }
        self.lines.truncate(told);
    }

    fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        while let Some(due) = self.hub.poll_timeout().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.handle(Input::Timeout);
        }
        self.now = end;
    }
}

#[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
fn start() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "a switch for people at the keyboard, not for the hub")]
fn updating() -> bool {
    std::env::var("PARLOR_UPDATE").is_ok()
}

#[expect(clippy::disallowed_methods, reason = "rewrites the test that called, when asked to")]
fn rewrite(caller: &Location<'_>, text: &str, played: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(caller.file());
    let source = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(source.matches(text).count(), 1, "two tests of the same words in {}", path.display());
    let indented: Vec<String> =
        played.iter().map(|line| if line.is_empty() { String::new() } else { format!("        {line}") }).collect();
    let fresh = format!("\n{}\n        ", indented.join("\n").trim_matches('\n'));
    std::fs::write(&path, source.replace(text, &fresh)).unwrap();
}
