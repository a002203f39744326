//! What must be installed on this machine, and installing it where that is ours to do.
//!
//! Packages are installed on Debian and Ubuntu for root only: nobody's own machine is changed behind their back. In every
//! other case the command to type is printed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::steps::{Outcome, Stop, call};

/// A program that some step needs.
pub struct Need {
    /// What it is, for people.
    pub what: &'static str,
    /// Whether this machine has it.
    pub is_here: fn() -> bool,
    /// The packages of Debian and Ubuntu that bring it.
    pub packages: &'static [&'static str],
}

/// Compiles the cryptography (`aws-lc-sys`) and SQLite.
pub const COMPILER: Need = Need {
    what: "a C compiler",
    is_here: || find(&["cc", "gcc", "clang", "cl"]).is_some(),
    packages: &["build-essential"],
};

/// One of the two browsers of the browser tests, and the same without what is around a page, which most of them are content with.
pub const CHROMIUM: Need =
    Need { what: "Chromium", is_here: || chromium().is_some(), packages: &["chromium", "chromium-headless-shell"] };

/// The other one.
pub const FIREFOX: Need = Need { what: "Firefox", is_here: || firefox().is_some(), packages: &["firefox-esr"] };

/// Draws the reactions in the pictures of docs/screens.
pub const EMOJI: Need = Need {
    what: "a typeface with emoji",
    is_here: || is_quiet_success(Command::new("sh").args(["-c", "fc-list :charset=1f44f family | grep -q ."])),
    packages: &["fontconfig", "fonts-noto-color-emoji"],
};

/// The second database that every query is tested on; the tests start a private one, or use that of the variable.
pub const POSTGRES: Need = Need {
    what: "PostgreSQL's server programs",
    is_here: || named_by("PARLOR_TEST_POSTGRES").is_some() || has_postgres(),
    packages: &["postgresql"],
};

/// Clients for the relay that are not ours.
pub const COTURN: Need = Need {
    what: "coturn's test clients",
    is_here: || find(&["turnutils_uclient"]).is_some() && find(&["turnutils_stunclient"]).is_some(),
    packages: &["coturn"],
};

/// A server that gives certificates as public ones do, and really checks names.
pub const PEBBLE: Need = Need { what: "Pebble", is_here: || find(&["pebble"]).is_some(), packages: &["pebble"] };

/// Makes Chromium trust an authority as people on Linux do.
pub const CERTUTIL: Need =
    Need { what: "certutil", is_here: || find(&["certutil"]).is_some(), packages: &["libnss3-tools"] };

/// What the labs of `netlab` are made of. Nothing brings it that could be installed.
pub const NAMESPACES: Need = Need {
    what: "root, network namespaces and /dev/net/tun",
    is_here: || {
        is_root()
            && Path::new("/dev/net/tun").exists()
            && is_quiet_success(Command::new("unshare").args(["--net", "true"]))
    },
    packages: &[],
};

/// Carries the unmodified LiveKit SDK.
pub const PYTHON: Need = Need {
    what: "Python 3 with venv",
    is_here: || is_quiet_success(Command::new("python3").args(["-c", "import ensurepip, venv"])),
    packages: &["python3", "python3-venv", "python3-pip"],
};

/// Installs what is missing of `needs` if that is possible here. What is still missing afterwards shows in `is_here`.
pub fn install(needs: &[&Need]) -> Outcome {
    let missing: Vec<&&Need> = needs.iter().filter(|need| !(need.is_here)()).collect();
    if missing.is_empty() {
        for need in needs {
            println!("{}: here", need.what);
        }
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages.iter().copied()).collect();
    let names: Vec<&str> = missing.iter().map(|need| need.what).collect();
    println!("missing: {}", names.join(", "));
    if !is_debian() {
        return Err(Stop::Skipped(format!("install these yourself: {}", names.join(", "))));
    }
    if !is_root() {
        return Err(Stop::Skipped(format!("type: sudo apt-get install {}", packages.join(" "))));
    }
    call(Command::new("apt-get").arg("update").arg("--quiet"))?;
    // Ubuntu, for one, has its browsers as snaps only.
    let (there, absent): (Vec<&str>, Vec<&str>) =
        packages.iter().partition(|package| is_quiet_success(Command::new("apt-cache").args(["show", package])));
    if !there.is_empty() {
        call(
            Command::new("apt-get")
                .args(["install", "--yes", "--quiet", "--no-install-recommends"])
                .args(&there)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
    }
    match missing.iter().find(|need| !(need.is_here)()) {
        Some(need) if absent.is_empty() => Err(Stop::Failed(format!("{} was installed and is not found", need.what))),
        Some(need) => Err(Stop::Skipped(format!(
            "{} is missing, and the package archive here has no {}: install it yourself",
            need.what,
            absent.join(", ")
        ))),
        None => Ok(()),
    }
}

/// Checks the compiler against the workspace's `rust-version`.
pub fn rust() -> Outcome {
    let manifest = fs::read_to_string("Cargo.toml").unwrap_or_default();
    let wanted = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .and_then(|value| version(value.trim_matches('"')))
        .expect("the workspace manifest names its rust-version");
    let said = said(Command::new("rustc").arg("--version"));
    match said.as_deref().and_then(version) {
        Some(found) if found >= wanted => {
            println!("rustc {}: here", shown(found));
            Ok(())
        }
        Some(found) => Err(Stop::Failed(format!(
            "this is Rust {}, and Parlor needs {} or newer: type `rustup update stable`",
            shown(found),
            shown(wanted)
        ))),
        None => Err(Stop::Failed("`rustc --version` does not answer: install Rust from https://rustup.rs".to_owned())),
    }
}

/// Checks Node.js and npm.
pub fn node() -> Outcome {
    match said(Command::new("node").arg("--version")).as_deref().and_then(version) {
        Some(found) if found >= NODE => println!("node {}: here", shown(found)),
        Some(found) => {
            return Err(Stop::Failed(format!(
                "this is Node.js {}, and the web client needs {} or newer: see https://nodejs.org/en/download",
                shown(found),
                shown(NODE)
            )));
        }
        None => {
            return Err(Stop::Failed(format!(
                "Node.js is missing, and the web client is built with it: install {} or newer from https://nodejs.org/en/download",
                shown(NODE)
            )));
        }
    }
    if said(crate::npm::npm().arg("--version")).is_none() {
        return Err(Stop::Failed(
            "npm is missing; it comes with Node.js: see https://nodejs.org/en/download".to_owned(),
        ));
    }
    Ok(())
}

/// The Chromium to test with: the variable `CHROMIUM`, else the first one found.
pub fn chromium() -> Option<PathBuf> {
    named_by("CHROMIUM").or_else(|| find(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]))
}

/// The Chromium for tests that look at nothing but pages: the variable `CHROMIUM_SHELL`, else the first one found, else the whole one.
pub fn chromium_shell() -> Option<PathBuf> {
    let found = || if named_by("CHROMIUM").is_none() { find(&["chromium-headless-shell"]) } else { None };
    named_by("CHROMIUM_SHELL").or_else(found).or_else(chromium)
}

/// The Firefox to test with: the variable `FIREFOX`, else the first one found.
pub fn firefox() -> Option<PathBuf> {
    named_by("FIREFOX").or_else(|| find(&["firefox-esr", "firefox"]))
}

/// Where Debian's packages put PostgreSQL, which is where the tests of `store` look for it.
fn has_postgres() -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|version| version.path().join("bin/initdb")).any(|initdb| initdb.is_file())
}

/// The first of these programs that the search path holds.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX))))
        .find(|file| file.is_file())
}

/// Whether a command can be started and succeeds; its output is thrown away.
pub fn is_quiet_success(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a command says on its standard output, if it succeeds.
pub fn said(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether we are root, who may install packages.
pub fn is_root() -> bool {
    said(Command::new("id").arg("-u")).is_some_and(|user| user == "0")
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && find(&["apt-get"]).is_some()
}

fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The first three numbers of a text such as `rustc 1.95.0 (...)` or `v20.20.2`.
fn version(text: &str) -> Option<(u32, u32, u32)> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let numbers = text[start..].split(|letter: char| !letter.is_ascii_digit() && letter != '.').next()?;
    let mut parts = numbers.split('.').map(|part| part.parse().unwrap_or(0));
    Some((parts.next()?, parts.next().unwrap_or(0), parts.next().unwrap_or(0)))
}

fn shown((major, minor, patch): (u32, u32, u32)) -> String {
    format!("{major}.{minor}.{patch}")
}

/// The oldest Node.js that Vite supports.
const NODE: (u32, u32, u32) = (20, 19, 0);

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_read_from_what_programs_print() {
        for (text, expected) in [
            ("rustc 1.95.0 (f2d3ce0bd 2026-03-21)", Some((1, 95, 0))),
            ("v20.19.1", Some((20, 19, 1))),
            ("1.89", Some((1, 89, 0))),
            ("rustc 1.97.0-nightly (abc 2026-06-01)", Some((1, 97, 0))),
            ("nonsense", None),
        ] {
            assert_eq!(version(text), expected, "{text}");
        }
    }
}
