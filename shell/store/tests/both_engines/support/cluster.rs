//! A private PostgreSQL for this test run, reached through a socket in a temporary folder: no port, no password, no trace.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// The URL of a database `postgres` in which databases may be made. `None` after having said loudly that it is missing.
///
/// `cargo xtask test` starts one for all tests and names it; without it we start our own.
pub fn url() -> Option<&'static str> {
    static URL: OnceLock<Option<String>> = OnceLock::new();
    URL.get_or_init(|| std::env::var("PARLOR_TEST_POSTGRES").ok().filter(|url| !url.is_empty()).or_else(own)).as_deref()
}

fn own() -> Option<String> {
    let Some(programs) = programs() else {
        // Not by `eprintln!`, which the test harness swallows when the test passes.
        let loud = writeln!(io::stderr(), "\nSKIPPED: PostgreSQL is not installed, so nothing was tested on it\n");
        loud.unwrap();
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "a skipped test is a failure under CI=true");
        return None;
    };
    let folder = tempfile::Builder::new().prefix("parlor-postgres-").tempdir().unwrap().keep();
    let started = start(&programs, &folder);
    Some(format!("postgres://postgres@localhost/postgres?host={}", started.display()))
}

/// The newest PostgreSQL of this machine.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
    let found = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        let programs = version.path().join("bin");
        programs.join("initdb").exists().then_some((number, programs))
    });
    found.max().map(|(_, programs)| programs)
}

/// Starts a server in `folder` which ends, and takes the folder with it, when this process does, however that comes.
fn start(programs: &Path, folder: &Path) -> PathBuf {
    let shell = Command::new("sh")
        .arg("-c")
        .arg(KEEPER)
        .arg("keeper")
        .args([programs, folder])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Its standard input stays open as long as we live: that is what the keeper waits on.
    static KEPT: OnceLock<Child> = OnceLock::new();
    let mut shell = shell;
    let output = BufReader::new(shell.stdout.take().unwrap());
    let mut lines = output.lines().map_while(Result::ok);
    let ready = lines.find(|line| line == "ready");
    KEPT.set(shell).expect("started once");
    assert!(ready.is_some(), "PostgreSQL did not start; its log is above");
    folder.to_owned()
}

/// `$1` is the folder of the programs, `$2` ours. PostgreSQL refuses to run as root, so there it runs as its own user.
const KEEPER: &str = r#"
set -eu
as=""
if [ "$(id -u)" = 0 ]; then chown postgres "$2"; as="runuser -u postgres --"; fi
cd "$2"
trap 'test $? = 0 || cat "$2"/*log >&2; rm -rf "$2"' EXIT
$as "$1/initdb" --pgdata="$2/data" --username=postgres --auth=trust --encoding=UTF8 --no-sync >"$2/log" 2>&1
$as "$1/pg_ctl" -D "$2/data" -w -l "$2/server.log" -o "-c listen_addresses= -c unix_socket_directories='$2'" start >>"$2/log" 2>&1
echo ready
read -r _ || true
$as "$1/pg_ctl" -D "$2/data" -w -m immediate stop >/dev/null 2>&1
"#;
