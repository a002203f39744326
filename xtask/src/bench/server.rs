//! One server, started for one row, and the runs of `parlor bench` against it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::{Bins, json};
use crate::{place, steps::Stop};

/// A running server. Ends when it is dropped.
pub struct Server<'a> {
    bins: &'a Bins,
    child: Child,
    url: String,
    folder: PathBuf,
}

/// What one run found.
pub struct Found(BTreeMap<String, String>);

impl<'a> Server<'a> {
    /// Starts one with so many media threads, on free ports of the loopback interface and with nothing stored.
    pub fn start(bins: &'a Bins, threads: u32) -> Result<Server<'a>, Stop> {
        let folder = place::target().join("bench").join(std::process::id().to_string());
        // What a run left that was interrupted, under a number that has come again.
        let _ = fs::remove_dir_all(&folder);
        let mut command = Command::new(&bins.server);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--media-port", "0", "--media-address", "127.0.0.1"])
            .args(["--log", "error", "--media-threads", &threads.to_string(), "--data"])
            .arg(&folder)
            .env("PARLOR_API_KEYS", format!("{KEY}: {SECRET}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let failed = |why: String| Stop::Failed(format!("{} cannot be started: {why}", bins.server.display()));
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let output = child.stdout.take().ok_or_else(|| failed("it has no output".to_owned()))?;
        let mut server = Server { bins, child, url: String::new(), folder };
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(address) = line.strip_prefix("Open http://") {
                server.url = format!("ws://{}", address.trim_end_matches('/'));
                return Ok(server);
            }
        }
        Err(failed("it ended before it said where it listens".to_owned()))
    }

    /// Loads it as the arguments of `parlor bench` say.
    pub fn load(&self, arguments: &str) -> Result<Found, Stop> {
        let mut command = Command::new(&self.bins.load);
        command.args(["bench", "--url", &self.url, "--key", KEY, "--json"]).env("PARLOR_BENCH_SECRET", SECRET);
        command.args(["--pid", &self.child.id().to_string()]).args(arguments.split_whitespace());
        println!("$ parlor bench {arguments}");
        // Its exit code says that something was lost, which is for the row to judge.
        let output = command.stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| Stop::Failed(format!("the load cannot be started: {error}")))?;
        let text = String::from_utf8_lossy(&output.stdout);
        print!("{text}");
        let found = Found(json::values(&text));
        if found.number("joined") != found.number("participants") {
            return Err(Stop::Failed("not everybody could join".to_owned()));
        }
        Ok(found)
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        // It holds nothing that anybody needs.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Found {
    /// A number by the way to it; none where the run could not tell.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.parse().ok()
    }
}

/// Starts a server with one media thread, loads it once.
pub fn once(bins: &Bins, arguments: &str) -> Result<Found, Stop> {
    Server::start(bins, 1)?.load(arguments)
}

/// Prints one line that a command wrote, for the page.
pub fn line(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

const KEY: &str = "bench";
const SECRET: &str = "nothing but a load of the loopback interface";
