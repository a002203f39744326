//! Python programs that the tests use: each in a virtual environment of its own in the target folder, made once.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    place,
    steps::{Outcome, Stop, call},
    tools,
};

/// A virtual environment and what is installed in it.
pub struct Environment {
    folder: &'static str,
    requirements: &'static [&'static str],
}

/// The unmodified LiveKit SDK at the version that docs/livekit.md speaks of, and what its test uses to make and measure
/// tones.
pub const SDK: Environment = Environment { folder: "python", requirements: &["livekit==1.2.0", "numpy>=2,<3"] };

/// What asks everything of the API that its document allows.
pub const SCHEMATHESIS: Environment = Environment { folder: "schemathesis", requirements: &["schemathesis==4.32.5"] };

impl Environment {
    /// Makes the environment unless it holds these very versions.
    pub fn install(&self) -> Outcome {
        let folder = place::target().join(self.folder);
        let stamp = folder.join(".installed");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == self.requirements.join("\n")) {
            println!("{}: up to date", folder.display());
            return Ok(());
        }
        if !(tools::PYTHON.is_here)() {
            return Err(Stop::Skipped(format!("{} is missing", tools::PYTHON.what)));
        }
        call(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let mut pip = Command::new(self.interpreter());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(self.requirements);
        call(&mut pip)?;
        fs::write(&stamp, self.requirements.join("\n"))
            .map_err(|error| Stop::Failed(format!("{} cannot be written: {error}", stamp.display())))
    }

    /// The interpreter of that environment.
    pub fn interpreter(&self) -> PathBuf {
        let program = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        place::target().join(self.folder).join(program)
    }
}
