//! `netlab exec`.

use std::{io, os::unix::process::CommandExt, process::ExitCode};

use netlab::{Namespace, Record, janitor};

/// Becomes the command, in a host of a lab that runs.
pub fn exec(lab: &str, host: &str, program: &str, arguments: &[&str]) -> Result<ExitCode, String> {
    let record = Record::find(lab).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("no lab `{lab}` runs here"),
        _ => format!("the record of `{lab}`: {error}"),
    })?;
    let host = record.hosts.iter().find(|found| found.name == host).ok_or_else(|| {
        let names: Vec<&str> = record.hosts.iter().map(|host| host.name.as_str()).collect();
        format!("`{lab}` has no host `{host}`; it has {}", names.join(", "))
    })?;
    let namespace =
        Namespace::open(&host.namespace).map_err(|error| format!("{}: {error}", host.namespace.display()))?;
    if namespace.inode().ok() != Some(host.inode) {
        return Err(format!("`{lab}` has just ended"));
    }
    let mut command = namespace.command(program).map_err(|error| error.to_string())?;
    let error = command.args(arguments).env(janitor::VARIABLE, lab).exec();
    Err(format!("{program}: {error}"))
}
