//! Which crate may name which: the arrows of ARCHITECTURE.md, checked against what cargo says.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::steps::{Outcome, Stop, read};

/// Compares the package graph with the tables below.
pub fn check() -> Outcome {
    let code = graph("normal,build")?;
    let tests = graph("dev")?;
    let mut complaints = Vec::new();
    for (package, dependencies) in &code {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| name == package) else {
            complaints.push(format!("`{package}` is new: say in xtask/src/layers.rs what it may depend on"));
            continue;
        };
        for dependency in dependencies {
            let is_ours = code.contains_key(dependency);
            if is_ours && !allowed.contains(&dependency.as_str()) {
                complaints
                    .push(format!("`{package}` must not depend on `{dependency}`; it may on: {}", allowed.join(", ")));
            }
        }
    }
    // Tests of the shell may look behind the curtain; those of the engines are engines too.
    let of_engines = tests.iter().filter(|(package, _)| ENGINES.contains(&package.as_str()));
    for (package, dependencies) in code.iter().chain(of_engines) {
        for (dependency, owners) in OWNED {
            if dependencies.iter().any(|found| found == dependency) && !owners.contains(&package.as_str()) {
                complaints
                    .push(format!("`{package}` must not depend on `{dependency}`; only {} may", owners.join(", ")));
            }
        }
    }
    for (package, dependencies) in &tests {
        for dependency in dependencies.iter().filter(|dependency| SHELL.contains(&dependency.as_str())) {
            if ENGINES.contains(&package.as_str()) {
                complaints.push(format!("the tests of the engine `{package}` must not depend on `{dependency}`"));
            }
        }
    }
    complaints.extend(bans());
    if complaints.is_empty() {
        println!("{} crates, all arrows allowed", code.len());
        return Ok(());
    }
    Err(Stop::Failed(complaints.join("\n   ")))
}

/// The direct dependencies of each of our crates, by the kind of edge.
fn graph(edges: &str) -> Result<BTreeMap<String, Vec<String>>, Stop> {
    let mut tree = Command::new("cargo");
    tree.args(["tree", "--workspace", "--depth", "1", "--prefix", "depth", "--target", "all", "--edges", edges]);
    Ok(parse(&read(&mut tree)?))
}

/// Reads the lines of `cargo tree --prefix depth`: `0hub v0.1.0 (path)`, `1proto v0.1.0 (path) (*)`.
fn parse(tree: &str) -> BTreeMap<String, Vec<String>> {
    let mut graph: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut package = String::new();
    for line in tree.lines() {
        let name = |rest: &str| rest.split(' ').next().unwrap_or_default().to_owned();
        if let Some(rest) = line.strip_prefix('0') {
            package = name(rest);
            graph.entry(package.clone()).or_default();
        } else if let Some(rest) = line.strip_prefix('1') {
            let dependencies = graph.entry(package.clone()).or_default();
            if !dependencies.contains(&name(rest)) {
                dependencies.push(name(rest));
            }
        }
    }
    graph
}

/// The engines' own lints must be there, since they carry what a package graph cannot show.
fn bans() -> Vec<String> {
    let file = Path::new("engine/clippy.toml");
    let Ok(text) = fs::read_to_string(file) else {
        return vec![format!("{} is missing; it keeps clocks, locks and threads out of the engines", file.display())];
    };
    BANNED_IN_ENGINES
        .iter()
        .filter(|path| !text.contains(&format!("\"{path}\"")))
        .map(|path| format!("{} does not forbid `{path}` any more", file.display()))
        .collect()
}

/// Each of our crates and those of ours that it may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("parlor", &["server", "store", "client", "proto"]),
    ("server", &["hub", "sfu", "turn", "store", "proto"]),
    ("sim", &["hub", "sfu", "client", "proto"]),
    ("netlab", &[]),
    ("store", &["proto"]),
    ("hub", &["proto"]),
    ("sfu", &["proto"]),
    ("client", &["proto"]),
    ("turn", &["proto"]),
    ("proto", &[]),
    ("xtask", &[]),
];

/// Libraries that carry one concern each, and the only crates of ours that may name them.
const OWNED: &[(&str, &[&str])] = &[
    ("str0m", &["sfu", "client"]),
    ("aws-lc-rs", &["sfu", "server"]),
    ("stun-types", &["turn"]),
    ("turn-types", &["turn"]),
    ("sqlx", &["store"]),
    ("axum", &["server"]),
    ("hyper", &["server"]),
    ("hyper-util", &["server"]),
    ("tower", &["server"]),
    ("rustls", &["server", "parlor"]),
    ("tokio-rustls", &["server", "parlor"]),
    ("jsonwebtoken", &["server"]),
    ("rust-embed", &["server"]),
    ("mio", &["server"]),
    ("socket2", &["server", "parlor"]),
    ("libc", &["server", "netlab"]),
    ("if-addrs", &["server"]),
    ("clap", &["parlor"]),
    ("anyhow", &["parlor"]),
    ("tracing-subscriber", &["parlor", "server"]),
    ("livekit-protocol", &["proto"]),
    ("tokio", &["parlor", "server", "store"]),
    ("getrandom", &["parlor", "server", "store"]),
    ("rand", &[]),
    ("chrono", &[]),
    ("async-trait", &[]),
];

/// Crates that decide and never act.
const ENGINES: &[&str] = &["proto", "hub", "sfu", "client", "turn"];

/// Crates that act, and the binary.
const SHELL: &[&str] = &["store", "server", "parlor"];

/// What `engine/clippy.toml` must go on forbidding.
const BANNED_IN_ENGINES: &[&str] = &[
    "std::time::Instant::now",
    "std::time::SystemTime::now",
    "std::thread::spawn",
    "std::collections::HashMap",
    "std::sync::Mutex",
    "std::net::UdpSocket",
];

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_graph_is_read_from_cargo_tree() {
        let graph = parse("0hub v0.1.0 (/x)\n1proto v0.1.0 (/x) (*)\n1proto v0.1.0 (/x)\n\n0proto v0.1.0 (/x) (*)\n");
        assert_eq!(graph["hub"], ["proto"]);
        assert!(graph["proto"].is_empty());
    }
}
