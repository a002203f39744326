//! Records of the labs of this machine, and the end of what dead ones left behind.
//!
//! A lab writes a record of itself, so that `netlab exec` finds its hosts, and removes it at its end. A lab that was
//! killed does not; then the next one to start does. The namespaces and devices of a killed lab are gone with it. Only a
//! program that was started inside may be left: it is ended if its namespace is that of the record **and** its
//! environment names the lab. Either alone could be chance; the kernel gives the numbers of namespaces anew.

use std::{
    fs, io,
    net::Ipv4Addr,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process, thread,
};

use serde::{Deserialize, Serialize};

use super::sys;

/// What a lab says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// `parlor-lab-` and something of its own.
    pub lab: String,
    /// Whose it is.
    pub process: i32,
    /// When that process started, in clock ticks since boot: another one may get its number later.
    pub started: u64,
    /// The server first, then the clients in order.
    pub hosts: Vec<HostRecord>,
}

/// One host of a lab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostRecord {
    /// As in commands.
    pub name: String,
    /// Those at the start.
    pub addresses: Vec<Ipv4Addr>,
    /// Where other processes find its namespace.
    pub namespace: PathBuf,
    /// What tells its namespace from others.
    pub inode: u64,
}

impl Record {
    /// Reads that of a lab of this machine which is alive.
    pub fn find(lab: &str) -> io::Result<Self> {
        let record = read(&file(lab))?;
        if is_alive(&record) { Ok(record) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    /// Of a lab of this process.
    pub(super) fn new(lab: String, hosts: Vec<HostRecord>) -> io::Result<Self> {
        let process = i32::try_from(process::id()).map_err(io::Error::other)?;
        let started =
            started(process).ok_or_else(|| io::Error::other("/proc does not say when this process started"))?;
        Ok(Self { lab, process, started, hosts })
    }

    /// Writes it as a whole: nobody ever reads a part.
    pub(super) fn write(&self) -> io::Result<()> {
        fs::create_dir_all(FOLDER)?;
        let text = serde_json::to_string(self).map_err(io::Error::other)?;
        let part = file(&self.lab).with_extension("part");
        fs::write(&part, text)?;
        fs::rename(part, file(&self.lab))
    }

    /// Ends what is left inside and removes the record.
    pub(super) fn clean(&self) -> io::Result<()> {
        end_programs(self)?;
        match fs::remove_file(file(&self.lab)) {
            // Somebody else cleaned at the same time.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }
}

/// Removes what dead labs left. Gives their names.
pub fn sweep() -> io::Result<Vec<String>> {
    let mut swept = Vec::new();
    let entries = match fs::read_dir(FOLDER) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(swept),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        // Removed meanwhile, or not ours: nothing to clean either way.
        let Ok(record) = read(&path) else { continue };
        if !is_alive(&record) {
            record.clean()?;
            swept.push(record.lab);
        }
    }
    Ok(swept)
}

fn read(path: &Path) -> io::Result<Record> {
    serde_json::from_str(&fs::read_to_string(path)?).map_err(io::Error::other)
}

fn file(lab: &str) -> PathBuf {
    Path::new(FOLDER).join(lab).with_extension("json")
}

fn is_alive(record: &Record) -> bool {
    started(record.process) == Some(record.started)
}

/// Field 22 of `/proc/PID/stat`; the second, the name, is in brackets and may hold anything. A zombie counts as gone.
fn started(process: i32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    let started = fields.nth(18)?.parse().ok()?;
    (!matches!(state, "Z" | "X")).then_some(started)
}

/// Again until there is nobody: who is being ended may just have started another.
fn end_programs(record: &Record) -> io::Result<()> {
    for _ in 0..PASSES {
        let Programs { inside, unknown } = programs(record)?;
        if inside.is_empty() && unknown == 0 {
            break;
        }
        for process in inside {
            // It may have ended by itself.
            let _ = sys::kill(process);
        }
        thread::yield_now();
    }
    Ok(())
}

/// The processes in the namespaces of a lab.
struct Programs {
    /// Those that were started in it and are alive.
    inside: Vec<i32>,
    /// How many have no environment at this moment: they are just becoming another program.
    unknown: usize,
}

fn programs(record: &Record) -> io::Result<Programs> {
    let mark = format!("{VARIABLE}={}", record.lab);
    let mut found = Programs { inside: Vec::new(), unknown: 0 };
    for entry in fs::read_dir("/proc")? {
        let Ok(name) = entry?.file_name().into_string() else { continue };
        let Ok(process) = name.parse::<i32>() else { continue };
        // Whoever ends while we look needs no ending.
        let Ok(inode) = fs::metadata(format!("/proc/{process}/ns/net")).map(|file| file.ino()) else { continue };
        let Ok(environment) = fs::read(format!("/proc/{process}/environ")) else { continue };
        if !record.hosts.iter().any(|host| host.inode == inode) {
            continue;
        }
        if environment.is_empty() {
            found.unknown += 1;
        } else if environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes()) {
            found.inside.push(process);
        }
    }
    Ok(found)
}

/// The variable that names the lab to the programs inside.
pub const VARIABLE: &str = "NETLAB";
/// Gone after a restart, like the processes that it speaks of.
const FOLDER: &str = "/run/parlor-lab";
/// How often to look for programs to end. Those that hang in the kernel beyond that keep their namespace, which leads
/// nowhere.
const PASSES: usize = 50;
