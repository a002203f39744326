//! What the machine gives: open files, buffers, the clock, space.

use std::{fs, path::Path, time::SystemTime};

use server::{Config, files, udp};

use super::finding::Findings;

/// Looks at all of it. `process` is the server's, when it runs here.
pub fn look(config: &Config, process: Option<u32>, findings: &mut Findings) {
    open_files(process, findings);
    buffers(findings);
    offload(findings);
    clock(config, findings);
    disk(&config.data, findings);
}

fn open_files(process: Option<u32>, findings: &mut Findings) {
    let of = process.map_or("/proc/self/limits".to_owned(), |process| format!("/proc/{process}/limits"));
    let whose = if process.is_some() { "The server" } else { "A server started from here" };
    let Some(limit) = fs::read_to_string(&of).ok().and_then(|text| open_files_in(&text)) else {
        let remedy = "Run this as the user of the server, on the machine of the server.";
        return if cfg!(target_os = "linux") {
            findings.unknown("open files", format!("{of} does not say how many files may be open."), remedy);
        } else {
            findings.skipped("open files", "This system is not asked how many files may be open.");
        };
    };
    let seen = format!("{whose} may have {limit} files and connections open.");
    if limit < FILES {
        let remedy =
            "Each person takes two or three. Raise it: LimitNOFILE=65536 in the systemd unit, or ulimit -n 65536.";
        findings.warning("open files", seen, remedy);
    } else {
        findings.right("open files", seen);
    }
}

/// The soft limit in the text of `/proc/PID/limits` (proc(5)); without a limit, a very large one.
fn open_files_in(text: &str) -> Option<u64> {
    let soft = text.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace().next()?;
    if soft == "unlimited" { Some(u64::MAX) } else { soft.parse().ok() }
}

fn buffers(findings: &mut Findings) {
    match udp::granted_buffer() {
        Ok(bytes) if bytes < udp::SOCKET_BUFFER / 2 => findings.warning(
            "UDP buffers",
            format!("A media socket holds {} KiB; the server asks for {}.", bytes >> 10, udp::SOCKET_BUFFER >> 10),
            "Bursts will be lost in large meetings. As root: sysctl -w net.core.rmem_max=4194304 net.core.wmem_max=4194304, \
             and the same two lines in /etc/sysctl.d/parlor.conf to keep it.",
        ),
        Ok(bytes) => findings.right("UDP buffers", format!("A media socket holds {} KiB.", bytes >> 10)),
        Err(error) => findings.unknown(
            "UDP buffers",
            format!("No UDP socket can be opened on 127.0.0.1 ({error})."),
            "Enable the loopback interface, or allow UDP.",
        ),
    }
}

/// Trains of datagrams in one call, which a kernel of Linux has from 4.18 on (udp(7)).
fn offload(findings: &mut Findings) {
    let Ok(release) = fs::read_to_string("/proc/sys/kernel/osrelease") else {
        return findings
            .skipped("UDP segmentation", "Only Linux sends trains of datagrams; here each is sent by itself.");
    };
    let release = release.trim();
    if is_at_least(release, (4, 18)) {
        findings.right("UDP segmentation", format!("The kernel ({release}) sends trains of datagrams in one call."));
    } else {
        findings.warning(
            "UDP segmentation",
            format!("The kernel ({release}) sends each datagram by itself."),
            "Large meetings cost more of the processor. Use Linux 4.18 or newer.",
        );
    }
}

fn is_at_least(release: &str, wanted: (u32, u32)) -> bool {
    let mut parts = release.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= wanted,
        // A release that is none of a number is of somebody who knows what they do.
        _ => true,
    }
}

/// Nobody outside is asked. A clock that is behind what was written here already is wrong for certain.
fn clock(config: &Config, findings: &mut Findings) {
    let now = SystemTime::now();
    let files = [config.data.join("parlor.db"), config.data.join("keys.toml"), config.data.clone()];
    let program = std::env::current_exe().ok();
    let times = files.iter().chain(&program).filter_map(|file| fs::metadata(file).ok()?.modified().ok());
    let behind = times.filter_map(|time| time.duration_since(now).ok()).max();
    match behind {
        Some(behind) if behind.as_secs() > SKEW => findings.critical(
            "clock",
            format!("The clock is at least {} s behind what was written on this machine before.", behind.as_secs()),
            "Set the clock, and keep it set: timedatectl set-ntp true. Tokens and certificates are judged by it.",
        ),
        _ => {
            let kept = KEEPERS.iter().any(|file| Path::new(file).exists());
            let kept = if kept { "; a time service keeps it" } else { "" };
            let unix = server::unix();
            findings.right("clock", format!("{unix} s since 1970, not behind anything that was written here{kept}."));
        }
    }
}

fn disk(data: &Path, findings: &mut Findings) {
    // The nearest folder that is there: the rest is made at the first start.
    let Some(there) = data.ancestors().find(|folder| folder.exists()) else {
        return findings.unknown(
            "disk",
            format!("{} is nowhere.", data.display()),
            "Choose another folder with --data.",
        );
    };
    let Some(free) = files::free(there) else {
        return findings.unknown(
            "disk",
            format!("The disk of {} does not say how much is free.", there.display()),
            "Look by hand: the database stops when it cannot grow.",
        );
    };
    let seen = format!("{} MiB are free for {}.", free >> 20, data.display());
    let remedy = "Free some, or move the data folder to another disk with --data.";
    match free {
        ..FULL => findings.critical("disk", seen, remedy),
        FULL..SCANTY => findings.warning("disk", seen, remedy),
        _ => findings.right("disk", seen),
    }
}

/// Open files below which a server of ordinary size runs out: some 400 people.
const FILES: u64 = 1_024;
/// A second or two of difference between a disk and a clock is nothing, in seconds.
const SKEW: u64 = 5;
/// What time services leave behind: systemd-timesyncd (its man page, FILES), chrony, ntpd.
const KEEPERS: [&str; 3] = ["/run/systemd/timesync/synchronized", "/run/chrony/chronyd.pid", "/run/ntpd.pid"];
/// A database that cannot write its log of 64 MiB stops.
const FULL: u64 = 64 << 20;
/// One evening of files in chats.
const SCANTY: u64 = 1 << 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_counts() {
        let text = "Limit                     Soft Limit           Hard Limit           Units\n\
                    Max processes             63345                63345                processes\n\
                    Max open files            1024                 1048576              files\n";
        assert_eq!(open_files_in(text), Some(1024));
        assert_eq!(
            open_files_in("Max open files            unlimited            unlimited            files"),
            Some(u64::MAX)
        );
        assert_eq!(open_files_in("Max processes 1 1 processes"), None);
    }

    #[test]
    fn kernels_are_compared_by_number() {
        for (release, new) in
            [("4.18.0-553.el8", true), ("6.1.0-28-amd64", true), ("4.9.0", false), ("3.10.0-1160", false), ("5", true)]
        {
            assert_eq!(is_at_least(release, (4, 18)), new, "{release}");
        }
    }

    #[test]
    fn a_folder_to_be_made_is_judged_by_the_disk_it_will_be_on() {
        let place = tempfile::tempdir().unwrap();
        let mut findings = Findings::default();
        disk(&place.path().join("not/made/yet"), &mut findings);
        assert!(findings.table().contains("MiB are free"), "{}", findings.table());
    }
}
