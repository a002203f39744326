//! `netlab run`.

use std::{
    os::unix::process::ExitStatusExt,
    process::{Command, ExitCode, ExitStatus},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use netlab::{Action, Lab, janitor};

/// Runs a command while a scenario happens. Its exit code is ours; 128 and the signal where one ended it.
pub fn run(path: &str, host: Option<&str>, program: &str, arguments: &[&str]) -> Result<ExitCode, String> {
    let scenario = super::scenario(path)?;
    let lab = super::start(&scenario)?;
    let mut command = match host {
        Some(name) => {
            lab.host_named(name).ok_or_else(|| format!("{path} has no host `{name}`"))?.bound_command(program)
        }
        None => Command::new(program),
    };
    command.args(arguments).env(janitor::VARIABLE, lab.name());
    let status = thread::scope(|scope| {
        let (done, end) = channel();
        scope.spawn(|| play(&lab, &scenario.timeline, end));
        let status = command.status();
        drop(done);
        status
    });
    status.map(exit_code).map_err(|error| format!("{program}: {error}"))
}

/// Does everything at its time, until the end of that channel.
fn play(lab: &Lab, timeline: &[(Duration, Action)], end: Receiver<()>) {
    let start = Instant::now();
    for (time, action) in timeline {
        if end.recv_timeout(time.saturating_sub(start.elapsed())) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
        match lab.apply(action) {
            Ok(said) => eprintln!("netlab: {time:?} {action:?} {said}"),
            Err(error) => eprintln!("netlab: {time:?} {action:?}: {error}"),
        }
    }
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
