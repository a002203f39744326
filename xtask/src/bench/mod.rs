//! `cargo xtask bench`: what forwarding costs, row by row, against the targets.
//!
//! Each row starts a server of its own from a release build, on loopback and free ports, lets `parlor bench` do what the row
//! says, and compares what came out with the target. All rows together are the table in docs/performance.md, where a row
//! that was measured replaces its older self. A target that is missed fails nothing: a number is of one machine on one
//! day. Start with [`rows`]; [`page`] is the table, [`server`] one server and the runs against it.

mod json;
mod page;
mod rows;
mod server;

use std::{
    path::PathBuf,
    process::{Command, ExitCode},
};

use crate::{
    CRITICAL, place,
    steps::{Outcome, Steps, Stop, call},
    test, tools,
};
use rows::{ROWS, Row};

/// Runs what the command line names: the page in browsers, one row, or all.
pub fn bench(arguments: &[String]) -> ExitCode {
    if arguments == ["web"] {
        return test::bench_web();
    }
    let wish = match Wish::parse(arguments) {
        Ok(wish) => wish,
        Err(why) => {
            eprintln!("xtask bench: {why}\n\nweb: what a meeting costs the page");
            ROWS.iter().for_each(|row| eprintln!("{}: {}", row.name, row.what));
            return ExitCode::from(CRITICAL);
        }
    };
    let mut steps = Steps::new("xtask bench");
    let built = !wish.build || steps.run("the release build", "cargo build --release", || build(&[]));
    for row in wish.rows.iter().filter(|_| built) {
        let again = format!("cargo xtask bench {}", row.name);
        steps.run(row.what, &again, || {
            let bins = Bins::of(&wish, row)?;
            let before = page::load();
            let cells = (row.measure)(&bins)?;
            let line = page::Line::new(row, &cells, before);
            println!("{}", line.text());
            if wish.write { page::put(&line) } else { Ok(()) }
        });
    }
    steps.finish()
}

/// What the command line asked for.
struct Wish {
    rows: Vec<&'static Row>,
    build: bool,
    write: bool,
    server: Option<PathBuf>,
}

impl Wish {
    fn parse(arguments: &[String]) -> Result<Wish, String> {
        let mut wish = Wish { rows: Vec::new(), build: true, write: true, server: None };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--no-build" => wish.build = false,
                "--no-write" => wish.write = false,
                "--server" => {
                    let file = arguments.next().ok_or("--server wants the file of a `parlor` binary")?;
                    (wish.server, wish.write) = (Some(file.into()), false);
                }
                name => match ROWS.iter().find(|row| row.name == name) {
                    Some(row) => wish.rows.push(row),
                    None => return Err(format!("there is nothing called `{name}`; there are:")),
                },
            }
        }
        if wish.rows.is_empty() {
            wish.rows = ROWS.iter().collect();
        }
        Ok(wish)
    }
}

/// The two programs of a row: mostly one and the same.
pub struct Bins {
    /// What is measured.
    pub server: PathBuf,
    /// What loads it.
    pub load: PathBuf,
}

impl Bins {
    fn of(wish: &Wish, row: &Row) -> Result<Bins, Stop> {
        let load = place::binary("release");
        let server = match &wish.server {
            Some(server) => server.clone(),
            None if row.counts_allocations => counted(wish.build)?,
            None => load.clone(),
        };
        Ok(Bins { server, load })
    }
}

/// A binary that counts its allocations, beside the ordinary one.
fn counted(wanted: bool) -> Result<PathBuf, Stop> {
    let file = place::target().join("counted").join("parlor");
    if wanted || !file.exists() {
        // Into a folder of its own, so that neither replaces the other; all but the last crate is taken from the first.
        build(&["--features", "counted"])?;
        let folder = file.parent().expect("it was joined from a folder");
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::copy(place::binary("release"), &file))
            .map_err(|error| Stop::Failed(format!("{} cannot be written: {error}", file.display())))?;
        build(&[])?;
    }
    Ok(file)
}

fn build(more: &[&str]) -> Outcome {
    tools::rust()?;
    tools::install(&[&tools::COMPILER])?;
    call(Command::new("cargo").args(["build", "--release", "--package", "parlor"]).args(more))
}
