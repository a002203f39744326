//! Which ports there have to be, and who has them.

use std::{
    collections::BTreeSet,
    fs, io,
    net::{IpAddr, SocketAddr, TcpListener, UdpSocket},
    path::Path,
};

use server::Config;

use super::finding::Findings;

/// Over what a port is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    Tcp,
    Udp,
}

impl Over {
    fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }
}

/// Whether the server runs, and as which process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    No,
    /// It answers, and this user may not see its process: then a port that nobody visible has is taken for its.
    Unseen,
    As(u32),
}

/// Looks at every port of the configuration.
pub fn look(config: &Config, media: &[IpAddr], running: Running, findings: &mut Findings) {
    one("web port", Over::Tcp, config.listen, "--listen", running, findings);
    if config.media.port == 0 {
        return findings.skipped(
            "media port",
            "Any free port is taken at each start (media_port is 0): no firewall can be opened for it.",
        );
    }
    for ip in media {
        for over in [Over::Udp, Over::Tcp] {
            one("media port", over, SocketAddr::new(*ip, config.media.port), "--media-port", running, findings);
        }
    }
}

fn one(about: &'static str, over: Over, at: SocketAddr, flag: &str, running: Running, findings: &mut Findings) {
    let name = format!("{} {at}", over.name());
    if at.port() == 0 {
        return findings.skipped(about, format!("Any free port is taken at each start ({flag} is 0)."));
    }
    let opened = match over {
        Over::Tcp => TcpListener::bind(at).map(drop),
        Over::Udp => UdpSocket::bind(at).map(drop),
    };
    match opened {
        Ok(()) if running != Running::No => findings.critical(
            about,
            format!("{name} is free, although the server runs."),
            "It was started with other settings than these: give the same flags, or restart it.",
        ),
        Ok(()) => findings.right(about, format!("{name} is free.")),
        Err(error) => match error.kind() {
            // Ports below 1024 are not tried by a user without the right to, even while the server has them.
            io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied if is_ours(over, at.port(), running) => {
                findings.right(about, format!("{name} is open, and the server listens."));
            }
            io::ErrorKind::AddrInUse => {
                let holders = holders(over, at.port());
                let who = match holders.first() {
                    Some(holder) => format!("{} (process {holder})", program(*holder)),
                    None => "another program, which this user may not see".to_owned(),
                };
                let remedy = format!("Stop that program, or choose another port with {flag}.");
                findings.critical(about, format!("{name} is taken by {who}."), remedy);
            }
            io::ErrorKind::PermissionDenied => findings.critical(
                about,
                format!("{name} may not be opened by this user."),
                format!(
                    "Ports below 1024 need a right: AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit; or choose a higher port with {flag}."
                ),
            ),
            io::ErrorKind::AddrNotAvailable => findings.critical(
                about,
                format!("{} is no address of this machine.", at.ip()),
                "Look at --listen and --media-address. An address that only the outside sees belongs into --public-address.",
            ),
            _ => findings.critical(about, format!("{name} cannot be opened ({error})."), format!("Choose another with {flag}.")),
        },
    }
}

/// Whether the server that runs has a port.
fn is_ours(over: Over, port: u16, running: Running) -> bool {
    match running {
        Running::No => false,
        Running::Unseen => holders(over, port).is_empty(),
        Running::As(process) => holders(over, port).contains(&process),
    }
}

/// The processes that have a socket at a port of this machine, as far as this user may see.
pub fn holders(over: Over, port: u16) -> Vec<u32> {
    let tables = match over {
        Over::Tcp => ["/proc/net/tcp", "/proc/net/tcp6"],
        Over::Udp => ["/proc/net/udp", "/proc/net/udp6"],
    };
    let mut inodes = BTreeSet::new();
    for table in tables {
        let text = fs::read_to_string(table).unwrap_or_default();
        inodes.extend(text.lines().skip(1).filter_map(|line| inode_at(line, over, port)));
    }
    if inodes.is_empty() {
        return Vec::new();
    }
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers.filter(|number| sockets(*number).any(|inode| inodes.contains(&inode))).collect()
}

/// The inode of a socket, when a line of `/proc/net/tcp` or `/proc/net/udp` (proc(5)) is of one that waits at `port`.
fn inode_at(line: &str, over: Over, port: u16) -> Option<u64> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (_, hex) = fields.get(1)?.rsplit_once(':')?;
    let there = u16::from_str_radix(hex, 16) == Ok(port);
    let waits = over == Over::Udp || fields.get(3) == Some(&LISTENING);
    if there && waits { fields.get(INODE)?.parse().ok() } else { None }
}

fn sockets(process: u32) -> impl Iterator<Item = u64> {
    let open = fs::read_dir(Path::new("/proc").join(process.to_string()).join("fd")).into_iter().flatten().flatten();
    open.filter_map(|entry| {
        let target = fs::read_link(entry.path()).ok()?;
        target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
    })
}

/// What a process is called.
fn program(process: u32) -> String {
    let name = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
    if name.trim().is_empty() { "a program".to_owned() } else { name.trim().to_owned() }
}

/// The column of the inode.
const INODE: usize = 9;
/// The state of a listening socket there.
const LISTENING: &str = "0A";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_kernel_are_read() {
        let line = "   0: 0100007F:1EC8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1";
        assert_eq!(inode_at(line, Over::Tcp, 7_880), Some(4_242));
        assert_eq!(inode_at(line, Over::Tcp, 7_881), None);
        let connected = line.replace(" 0A ", " 01 ");
        assert_eq!(inode_at(&connected, Over::Tcp, 7_880), None, "a connection is no listener");
        assert_eq!(inode_at(&connected, Over::Udp, 7_880), Some(4_242));
        assert_eq!(inode_at("nonsense", Over::Udp, 1), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn whoever_has_a_port_is_found() {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let me = std::process::id();
        assert!(holders(Over::Tcp, tcp.local_addr().unwrap().port()).contains(&me));
        assert!(holders(Over::Udp, udp.local_addr().unwrap().port()).contains(&me));
        let mut findings = Findings::default();
        one("web port", Over::Tcp, tcp.local_addr().unwrap(), "--listen", Running::No, &mut findings);
        assert!(findings.table().contains(&format!("(process {me})")), "{}", findings.table());
    }
}
