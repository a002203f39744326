//! The binary as scripts and tests in other languages use it, and what remains of labs afterwards: nothing.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::{fs::MetadataExt, process::ExitStatusExt},
    panic,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use super::common::{Mirror, ask, bind, until};
use netlab::{Client, Lab, Record, Topology, janitor};

const NETLAB: &str = env!("CARGO_BIN_EXE_netlab");

/// Whether labs are possible here; says loudly when not.
fn is_possible() -> bool {
    Lab::or_skip(&Topology::new(1)).is_some()
}

fn scenario(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

const TWO: &str = "[[client]]\nname = 'phone'\nnat = 'symmetric'\n[[client]]\nname = 'home'\n";

/// A held lab, steered as from TypeScript.
struct Held {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    record: Record,
}

impl Held {
    fn start(path: &Path) -> Self {
        let mut child =
            Command::new(NETLAB).arg("hold").arg(path).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, mut output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let record = serde_json::from_str(&line).unwrap();
        line.clear();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Self { child, input, output, record }
    }

    fn say(&mut self, text: &str) -> String {
        writeln!(self.input.as_mut().unwrap(), "{text}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn exec(&self, host: &str, command: &[&str]) -> Command {
        let mut exec = Command::new(NETLAB);
        exec.args(["exec", &self.record.lab, host, "--"]).args(command);
        exec
    }

    /// A program inside, once it is there.
    fn sleeper(&self, host: usize) -> Child {
        let record = &self.record.hosts[host];
        let child = self.exec(&record.name, &["sleep", "1000"]).spawn().unwrap();
        until("the program is inside", || inode(&child) == Some(record.inode) && has_begun(&child, "sleep"));
        child
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.input = None;
        // Ended already, in the test that kills it.
        let _ = self.child.wait();
    }
}

fn inode(child: &Child) -> Option<u64> {
    Some(fs::metadata(format!("/proc/{}/ns/net", child.id())).ok()?.ino())
}

/// Whether it is that program now: it has the name a moment before it has its words and its environment.
fn has_begun(child: &Child, name: &str) -> bool {
    let words = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default();
    let has_environment = fs::read(format!("/proc/{}/environ", child.id())).is_ok_and(|found| !found.is_empty());
    has_environment && words.starts_with(name.as_bytes())
}

/// The signal that ended a program, once one has.
fn end_of(child: &mut Child) -> Option<i32> {
    until("the program ends", || child.try_wait().unwrap().is_some());
    child.wait().unwrap().signal()
}

#[test]
fn a_held_lab_obeys_and_ends_with_its_input() {
    if !is_possible() {
        return;
    }
    let mut held = Held::start(&scenario("held.toml", TWO));
    let names: Vec<&str> = held.record.hosts.iter().map(|host| host.name.as_str()).collect();
    assert_eq!(names, ["server", "phone", "home"]);
    assert_eq!(held.record.hosts[2].addresses[0].to_string(), "10.77.2.2");
    for (said, expected) in [
        ("cut-udp phone", "ok"),
        ("heal phone", "ok"),
        ("change-address phone", "ok 10.77.1.3"),
        ("rebind phone", "ok"),
        ("set phone up loss=0.05 rate=1000000 delay=50ms jitter=10ms", "ok"),
        ("unplug phone", "ok"),
        ("plug phone", "ok"),
        ("cut nobody", "error there is no client `nobody`"),
        ("set phone up loss=many", "error `many` is not a share such as `5%` or `0.05`"),
    ] {
        assert_eq!(held.say(said), expected, "{said}");
    }
    let counters = held.say("counters home");
    let counters: serde_json::Value = serde_json::from_str(counters.strip_prefix("ok ").unwrap()).unwrap();
    assert_eq!(counters["up"]["dropped"]["cut"], 0);

    let output = held.exec("home", &["cat", "/proc/net/fib_trie"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("10.77.2.2"));
    let output = held.exec("nobody", &["true"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("it has server, phone, home"));

    let mut sleeper = held.sleeper(1);
    let lab = held.record.lab.clone();
    held.input = None;
    assert!(held.child.wait().unwrap().success());
    assert_eq!(end_of(&mut sleeper), Some(9), "what was left inside is ended");
    assert!(Record::find(&lab).is_err());
    let output = Command::new(NETLAB).args(["exec", &lab, "home", "--", "true"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("no lab"));
}

#[test]
fn nothing_is_left_of_a_killed_lab_once_another_starts() {
    if !is_possible() {
        return;
    }
    let mut held = Held::start(&scenario("killed.toml", TWO));
    let mut sleeper = held.sleeper(2);
    // Somebody with the variable, but elsewhere, is not ours to end.
    let mut bystander = Command::new("sleep").arg("1000").env(janitor::VARIABLE, &held.record.lab).spawn().unwrap();
    held.child.kill().unwrap();
    held.child.wait().unwrap();

    // Any start sweeps; another test's may have done so by now.
    drop(Lab::or_skip(&Topology::new(1)));
    assert_eq!(end_of(&mut sleeper), Some(9));
    assert!(Record::find(&held.record.lab).is_err());
    assert!(!Path::new("/run/parlor-lab").join(&held.record.lab).with_extension("json").exists());
    let left: Vec<PathBuf> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.path().join("ns/net")))
        .filter(|path| {
            let inode = fs::metadata(path).map(|file| file.ino()).unwrap_or_default();
            held.record.hosts.iter().any(|host| host.inode == inode) && is_of(path, &held.record.lab)
        })
        .collect();
    assert_eq!(left, [] as [PathBuf; 0]);
    assert_eq!(bystander.try_wait().unwrap(), None);
    bystander.kill().unwrap();
    bystander.wait().unwrap();
}

/// Whether the process of that `/proc/PID/ns/net` says that it is of the lab: numbers of namespaces come again.
fn is_of(path: &Path, lab: &str) -> bool {
    let process = path.parent().and_then(Path::parent).unwrap();
    fs::read(process.join("environ"))
        .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == format!("NETLAB={lab}").as_bytes()))
}

#[test]
fn nothing_is_left_of_a_lab_whose_test_panics() {
    if !is_possible() {
        return;
    }
    let mut left = None;
    let panicked = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        let lab = Lab::or_skip(&Topology::new(1).client(Client::new("phone"))).unwrap();
        let child = lab.client(0).command("sleep").arg("1000").spawn().unwrap();
        left = Some((child, lab.name().to_owned()));
        panic!("the test fails");
    }));
    assert!(panicked.is_err());
    let (mut child, name) = left.unwrap();
    assert_eq!(end_of(&mut child), Some(9));
    assert!(Record::find(&name).is_err());
}

#[test]
fn a_scenario_happens_while_its_command_runs() {
    if !is_possible() {
        return;
    }
    let path = scenario("run.toml", &format!("timeline = ['0s cut-udp phone', '10ms change-address home']\n{TWO}"));
    let mut child = Command::new(NETLAB)
        .args(["run", path.to_str().unwrap(), "--in", "home", "--", "sh", "-c", "read line; echo $NETLAB; exit 7"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut happened = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(happened.next().unwrap().unwrap().contains("phone"));
    assert!(happened.next().unwrap().unwrap().ends_with("10.77.2.3"));
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("parlor-lab-"));
}

#[test]
fn programs_of_a_test_run_where_it_says() {
    let Some(lab) = Lab::or_skip(&Topology::new(1).client(Client::new("phone"))) else { return };
    let mirror = Mirror::start(&lab, 0);
    let output = lab.client(0).command("cat").arg("/proc/net/fib_trie").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("10.77.1.2"));
    assert_eq!(ask(&bind(*lab.client(0), "0.0.0.0:0"), mirror.address, "me").ip().to_string(), "10.77.1.2");
}

#[test]
fn command_lines_that_cannot_be_read_are_answered_with_the_usage() {
    for arguments in [&[][..], &["fly"], &["run"], &["run", "x.toml", "sleep"], &["exec", "lab", "host"]] {
        let output = Command::new(NETLAB).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("netlab check"));
    }
    let output = Command::new(NETLAB).args(["hold", "/nowhere.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let broken = scenario("broken.toml", "[[client]]\nname = 'a'\nup = 'delay=5'");
    let output = Command::new(NETLAB).arg("hold").arg(broken).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("client `a`, up: `5` is not a time"));
}
