//! `netlab hold`: a lab for a test in another language, which steers it by lines of text.

use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
};

use netlab::{Action, Lab};

/// Holds a lab until the end of standard input. The timeline of the scenario is the test's to make: it is not played.
pub fn hold(path: &str) -> Result<ExitCode, String> {
    let lab = super::start(&super::scenario(path)?)?;
    let record = serde_json::to_string(lab.record()).map_err(|error| error.to_string())?;
    say(&format!("{record}\nready"))?;
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|error| format!("standard input: {error}"))?;
        if !line.trim().is_empty() {
            say(&answer(&lab, &line))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(lab: &Lab, line: &str) -> String {
    let done = line.parse::<Action>().map_err(|error| error.to_string()).and_then(|action| lab.apply(&action));
    match done {
        Ok(said) => format!("ok {said}").trim_end().to_owned(),
        Err(error) => format!("error {error}"),
    }
}

/// At once: whoever reads waits for it.
fn say(text: &str) -> Result<(), String> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}").and_then(|()| output.flush()).map_err(|error| format!("standard output: {error}"))
}
