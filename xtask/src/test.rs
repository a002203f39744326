//! `cargo xtask test`: everything that can be tested, in the order in which failures are cheapest.
//!
//! What this machine lacks is installed first where that is ours to do. What then still cannot run is a skip: said
//! loudly, counted, and a failure under `CI=true`.

use std::{
    fs,
    process::{Command, ExitCode},
};

use crate::{
    CRITICAL, npm, place, python,
    steps::{Outcome, Steps, Stop, call, call_and_tell},
    tools::{self, Need},
};

/// Runs all tests or one part of them.
pub fn test(arguments: &[String]) -> ExitCode {
    let wish = match Wish::parse(arguments) {
        Ok(wish) => wish,
        Err(why) => {
            eprintln!("xtask test: {why}");
            return ExitCode::from(CRITICAL);
        }
    };
    let mut steps = Steps::new("xtask test");
    prepare(&mut steps, &wish);
    if wish.wants(Part::Rust) {
        rust(&mut steps, &wish);
    }
    if wish.wants(Part::Web) {
        steps.run("web tests", "cargo xtask test web", || {
            npm::install("web")?;
            call(npm::script("web", "test").arg("--").args(wish.passed_on(Part::Web)))
        });
        if steps.run("the web client", "cargo xtask test web", npm::build_client) {
            steps.run("weight of the first load", "cargo xtask test web", || call(&mut npm::script("web", "weigh")));
        }
    }
    if wish.wants(Part::Api) {
        api(&mut steps, &wish);
    }
    if wish.wants(Part::Browsers) {
        browsers(&mut steps, &wish);
    }
    steps.finish()
}

/// `cargo xtask screens`: the pictures under docs/screens, made by the browser tests.
pub fn screens() -> ExitCode {
    let mut steps = Steps::new("xtask screens");
    let wish = Wish::browsers();
    prepare(&mut steps, &wish);
    steps.run("a typeface with emoji", "cargo xtask screens", || tools::install(&[&tools::EMOJI]));
    if build(&mut steps, &wish) {
        steps.run("screens", "cargo xtask screens", || call(&mut in_browsers("screens")));
    }
    steps.finish()
}

/// `cargo xtask bench web`: what a meeting costs the page, as numbers.
pub fn bench_web() -> ExitCode {
    let mut steps = Steps::new("xtask bench");
    let wish = Wish::browsers();
    prepare(&mut steps, &wish);
    if build(&mut steps, &wish) {
        steps.run("the page in a meeting of nine", "cargo xtask bench web", || call(&mut in_browsers("cost")));
    }
    steps.finish()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Rust,
    Web,
    Api,
    Browsers,
}

/// What the command line asked for.
struct Wish {
    part: Option<Part>,
    repeat: u32,
    rest: Vec<String>,
}

impl Wish {
    /// For what is driven in browsers.
    fn browsers() -> Wish {
        Wish { part: Some(Part::Browsers), repeat: 1, rest: Vec::new() }
    }

    fn parse(arguments: &[String]) -> Result<Wish, String> {
        let mut wish = Wish { part: None, repeat: 1, rest: Vec::new() };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "rust" => wish.part = Some(Part::Rust),
                "web" => wish.part = Some(Part::Web),
                "api" => wish.part = Some(Part::Api),
                "e2e" => wish.part = Some(Part::Browsers),
                "--ten" => wish.repeat = 10,
                "--repeat" => {
                    let count = arguments.next().and_then(|count| count.parse().ok()).filter(|count| *count > 0);
                    wish.repeat = count.ok_or("--repeat wants a number")?;
                }
                "--" => wish.rest = arguments.by_ref().cloned().collect(),
                other => {
                    return Err(format!("`{other}` is none of: rust, web, api, e2e, --ten, --repeat N, -- ARGUMENTS"));
                }
            }
        }
        if !wish.rest.is_empty() && wish.part.is_none() {
            return Err("arguments after `--` need one part to go to: rust, web, api or e2e".to_owned());
        }
        Ok(wish)
    }

    fn wants(&self, part: Part) -> bool {
        self.part.is_none_or(|wanted| wanted == part)
    }

    fn passed_on(&self, part: Part) -> &[String] {
        if self.part == Some(part) { &self.rest } else { &[] }
    }
}

/// Checks the machine and installs what is missing.
fn prepare(steps: &mut Steps, wish: &Wish) {
    let mut needs: Vec<&Need> = Vec::new();
    if wish.wants(Part::Rust) {
        needs.extend([&tools::COMPILER, &tools::POSTGRES, &tools::COTURN, &tools::PEBBLE]);
    }
    if wish.wants(Part::Api) {
        needs.extend([&tools::COMPILER, &tools::PYTHON]);
    }
    if wish.wants(Part::Browsers) {
        needs.extend([&tools::COMPILER, &tools::CHROMIUM, &tools::FIREFOX, &tools::CERTUTIL, &tools::PYTHON]);
    }
    needs.sort_by_key(|need| need.what);
    needs.dedup_by_key(|need| need.what);
    steps.run("this machine", "cargo xtask test", || {
        tools::rust()?;
        if wish.wants(Part::Web) || wish.wants(Part::Browsers) {
            tools::node()?;
        }
        tools::install(&needs)
    });
}

fn rust(steps: &mut Steps, wish: &Wish) {
    steps.run("rust tests", "cargo xtask test rust", || {
        let mut tests = Command::new("cargo");
        tests.args(["test", "--no-fail-fast"]);
        match wish.passed_on(Part::Rust) {
            [] => tests.arg("--workspace"),
            chosen => tests.args(chosen),
        };
        // Which failed, and what each said when it did.
        call_and_tell(&mut tests, |line| line.ends_with(" ... FAILED") || line.contains("panicked at "))
    });
    skipped_without(steps, "rust tests", &tools::POSTGRES);
    skipped_without(steps, "rust tests", &tools::COTURN);
    skipped_without(steps, "rust tests", &tools::PEBBLE);
    skipped_without(steps, "rust tests", &tools::NAMESPACES);
}

/// Everything that the document of the API allows, and much that it does not, asked of a real server.
fn api(steps: &mut Steps, wish: &Wish) {
    let tool = steps.run("schemathesis", "cargo xtask test api", || python::SCHEMATHESIS.install());
    let server = binaries(steps, wish);
    if tool && server {
        steps.run("API tests", "cargo xtask test api", || {
            let mut tests = Command::new(python::SCHEMATHESIS.interpreter());
            tests.arg("tests/api/run.py").args(wish.passed_on(Part::Api));
            call(tests.env("PARLOR_BIN", place::binary("debug")))
        });
    }
}

fn browsers(steps: &mut Steps, wish: &Wish) {
    steps.run("the LiveKit SDK for Python", "cargo xtask test e2e", || python::SDK.install());
    if !build(steps, wish) {
        return;
    }
    let run = |arguments: &[&str]| {
        let mut tests = in_browsers("test");
        tests.arg("--").args(arguments).args(wish.passed_on(Part::Browsers));
        if wish.repeat > 1 {
            tests.arg(format!("--repeat-each={}", wish.repeat));
        }
        let tally = place::target().join("e2e-tally");
        let _ = fs::remove_file(&tally);
        call(tests.env("PARLOR_TALLY", &tally)).map_err(|stop| match (stop, fs::read_to_string(&tally)) {
            (Stop::Failed(_), Ok(tally)) if !tally.trim().is_empty() => Stop::Failed(tally),
            (stop, _) => stop,
        })
    };
    if wish.passed_on(Part::Browsers).is_empty() {
        // Those of pages and of few two at a time; those of media one after the other, since each needs the whole machine.
        for (project, name) in [("--project=pages", "pages"), ("--project=few", "few")] {
            steps.run(&format!("browser tests of {name}"), &format!("cargo xtask test e2e -- {project}"), || {
                run(&[project, "--workers=2"])
            });
        }
        steps.run("browser tests of media", "cargo xtask test e2e -- --project=media", || run(&["--project=media"]));
    } else {
        steps.run("browser tests", "cargo xtask test e2e", || run(&[]));
    }
    for need in [&tools::CHROMIUM, &tools::FIREFOX, &tools::CERTUTIL] {
        skipped_without(steps, "browser tests", need);
    }
}

/// The tests went on without something, and left out what needs it.
fn skipped_without(steps: &mut Steps, what: &str, need: &Need) {
    if !(need.is_here)() {
        steps.run(&format!("{what} with {}", need.what), "cargo xtask test", || {
            Err(Stop::Skipped(format!("{} is missing", need.what)))
        });
    }
}

/// Builds what the browsers talk to.
fn build(steps: &mut Steps, wish: &Wish) -> bool {
    let client = steps.run("the web client", "cargo xtask test e2e", npm::build_client);
    let server = binaries(steps, wish);
    let tests = steps.run("the browser tests' packages", "cargo xtask test e2e", || npm::install("e2e"));
    client && server && tests
}

/// Builds the server and the bad networks. After the tests of the whole workspace they stand there already: those link
/// with some more features of the same dependencies, so that a build of the programs alone would compile the half again.
fn binaries(steps: &mut Steps, wish: &Wish) -> bool {
    let mut build = Command::new("cargo");
    match wish.part {
        None => build.args(["test", "--workspace", "--no-run", "--quiet"]),
        Some(_) => build.args(["build", "--package", "parlor", "--package", "netlab"]),
    };
    steps.run("the server and the bad networks", "cargo build -p parlor -p netlab", || call(&mut build))
}

/// A script of the `e2e` package, told where everything is.
fn in_browsers(script: &str) -> Command {
    let mut command = npm::script("e2e", script);
    command
        .env("PARLOR_BIN", place::binary("debug"))
        .env("NETLAB_BIN", place::binary("debug").with_file_name("netlab"))
        .env("PARLOR_PYTHON", python::SDK.interpreter())
        .env("CHROMIUM", tools::chromium().unwrap_or_default())
        .env("CHROMIUM_SHELL", tools::chromium_shell().unwrap_or_default())
        .env("FIREFOX", tools::firefox().unwrap_or_default());
    command
}

/// Runs the unit tests with these names; fails when one is not there.
///
/// Built as for all tests, with the same features of the same dependencies: those of one crate alone would be built for
/// this only.
pub fn named(tests: &[&str]) -> Outcome {
    let run = ["test", "--quiet", "--workspace", "--lib", "--", "--exact"];
    let text = crate::steps::read(Command::new("cargo").args(run).args(tests))?;
    print!("{text}");
    let passed =
        text.lines().filter_map(|line| line.split_once("ok. ")?.1.split_once(" passed")?.0.parse::<usize>().ok());
    if passed.sum::<usize>() != tests.len() {
        return Err(Stop::Failed(format!("not each of these is a test: {}", tests.join(", "))));
    }
    Ok(())
}
