//! `cargo xtask check`: everything that can be said about the code without running it.

use std::process::{Command, ExitCode};

use crate::{
    CRITICAL, layers, licences, npm, place,
    steps::{Outcome, Steps, Stop, call},
    test, tidy, tools,
};

/// Runs all checks, or the one named.
pub fn check(arguments: &[String]) -> ExitCode {
    let wanted = arguments.first().map(String::as_str);
    if wanted == Some("list") {
        for (name, what, _) in CHECKS {
            println!("{name:<10} {what}");
        }
        return ExitCode::SUCCESS;
    }
    let mut steps = Steps::new("xtask check");
    for (name, what, body) in CHECKS {
        if wanted.is_none_or(|wanted| wanted == *name) {
            steps.run(&format!("{name}: {what}"), &format!("cargo xtask check {name}"), body);
        }
    }
    if let Some(wanted) = wanted
        && !CHECKS.iter().any(|(name, ..)| *name == wanted)
    {
        eprintln!("xtask check: there is no check `{wanted}`; `cargo xtask check list` names them");
        return ExitCode::from(CRITICAL);
    }
    steps.finish()
}

/// Name, what it looks at, and the check itself; the quick ones first.
type Check = (&'static str, &'static str, fn() -> Outcome);

const CHECKS: &[Check] = &[
    ("format", "Rust is formatted", format),
    ("layers", "crates depend only in the allowed directions", layers::check),
    ("licences", "every dependency may be given on", licences::check),
    ("sizes", "no file is too long to read", tidy::sizes),
    ("text", "no stray markers, machine paths or banned names", tidy::text),
    ("links", "links between documents lead somewhere", tidy::links),
    ("types", "TypeScript compiles", types),
    ("oxlint", "the web client's lints, layers and colours", oxlint),
    ("generated", "generated files are those of their sources", generated),
    ("clippy", "Rust lints", clippy),
    ("fuzz", "the fuzz targets compile", fuzz),
];

fn format() -> Outcome {
    component("fmt", "rustfmt")?;
    call(Command::new("cargo").args(["fmt", "--all", "--check"]))?;
    call(Command::new("cargo").args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

fn clippy() -> Outcome {
    component("clippy", "clippy")?;
    tools::install(&[&tools::COMPILER])?;
    call(Command::new("cargo").args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--keep-going",
        "--",
        "--deny",
        "warnings",
    ]))
}

/// They are no part of the workspace, so that nothing else notices when they fall behind. Checking them needs no nightly
/// toolchain, and little time after `clippy`, which has checked the same dependencies into the same folder. Nothing is
/// linked, so libFuzzer itself, which would need a C++ compiler, is named as if it were there.
fn fuzz() -> Outcome {
    tools::install(&[&tools::COMPILER])?;
    let check = ["check", "--manifest-path", "fuzz/Cargo.toml", "--bins", "--target-dir"];
    call(Command::new("cargo").args(check).arg(place::target()).env("CUSTOM_LIBFUZZER_PATH", "unlinked/libfuzzer.a"))
}

fn types() -> Outcome {
    tools::node()?;
    for package in ["web", "e2e"] {
        npm::install(package)?;
        call(&mut npm::script(package, "typecheck"))?;
    }
    Ok(())
}

fn oxlint() -> Outcome {
    tools::node()?;
    npm::install("web")?;
    call(&mut npm::script("web", "lint"))
}

/// The generators are tests that rewrite their file and fail when it was stale.
fn generated() -> Outcome {
    tools::install(&[&tools::COMPILER])?;
    test::named(&[
        "api::typescript::the_web_client_speaks_the_same_words",
        "config::reference::the_reference_page_is_fresh",
    ])
}

/// A toolchain of the minimal profile lacks these two.
fn component(command: &str, component: &str) -> Outcome {
    if tools::is_quiet_success(Command::new("cargo").args([command, "--version"])) {
        return Ok(());
    }
    call(Command::new("rustup").args(["component", "add", component]))
        .map_err(|_| Stop::Failed(format!("`cargo {command}` is missing: type `rustup component add {component}`")))
}
