//! The Python that carries the unmodified LiveKit SDK: a virtual environment in the target folder, made once.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    place,
    steps::{Outcome, Stop, call},
    tools,
};

/// Makes the environment unless it holds these very versions.
pub fn install() -> Outcome {
    let folder = folder();
    let stamp = folder.join(".installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == REQUIREMENTS.join("\n")) {
        println!("{}: up to date", folder.display());
        return Ok(());
    }
    if !(tools::PYTHON.is_here)() {
        return Err(Stop::Skipped(format!("{} is missing", tools::PYTHON.what)));
    }
    call(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = Command::new(interpreter());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(REQUIREMENTS);
    call(&mut pip)?;
    fs::write(&stamp, REQUIREMENTS.join("\n"))
        .map_err(|error| Stop::Failed(format!("{} cannot be written: {error}", stamp.display())))
}

/// The interpreter of that environment.
pub fn interpreter() -> PathBuf {
    if cfg!(windows) { folder().join("Scripts/python.exe") } else { folder().join("bin/python") }
}

fn folder() -> PathBuf {
    place::target().join("python")
}

/// The SDK at the version that docs/livekit.md speaks of, and what its test uses to make and measure tones.
const REQUIREMENTS: [&str; 2] = ["livekit==1.2.0", "numpy>=2,<3"];
