//! The two npm packages of this repository, `web` and `e2e`: installing and building them only when something changed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::steps::{Outcome, Stop, call};

/// npm itself.
pub fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// `npm run SCRIPT` in one of the packages.
pub fn script(package: &str, script: &str) -> Command {
    let mut command = npm();
    command.args(["run", "--silent", script]).current_dir(package);
    command
}

/// Installs a package's dependencies, unless those of the very same lock file are there.
pub fn install(package: &str) -> Outcome {
    let folder = Path::new(package);
    let lock = fs::read(folder.join("package-lock.json"))
        .map_err(|error| Stop::Failed(format!("{package}/package-lock.json cannot be read: {error}")))?;
    let stamp = folder.join("node_modules").join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        println!("{package}/node_modules: up to date");
        return Ok(());
    }
    call(
        npm()
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(package)
            // The browsers of the tests are those of the machine.
            .env("PUPPETEER_SKIP_DOWNLOAD", "1")
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    fs::write(&stamp, lock).map_err(|error| Stop::Failed(format!("{} cannot be written: {error}", stamp.display())))
}

/// Builds the web client, unless `web/dist` is newer than everything it is made of.
pub fn build_client() -> Outcome {
    install("web")?;
    let built = fs::metadata("web/dist/index.html").and_then(|file| file.modified()).ok();
    if let Some(built) = built
        && newest(Path::new("web")).is_some_and(|source| source <= built)
    {
        println!("web/dist: up to date");
        return Ok(());
    }
    call(&mut script("web", "build"))
}

/// When the youngest source of the web client was changed.
fn newest(folder: &Path) -> Option<SystemTime> {
    let mut newest = None;
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).ok()?.flatten() {
            let name = entry.file_name();
            if name == "node_modules" || name == "dist" {
                continue;
            }
            let file = entry.metadata().ok()?;
            if file.is_dir() {
                folders.push(entry.path());
            } else {
                newest = newest.max(file.modified().ok());
            }
        }
    }
    newest
}

/// A copy of the lock file that `node_modules` was made from, kept inside it so that both go together.
const STAMP: &str = ".installed-lock.json";
