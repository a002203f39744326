//! What the server spends meanwhile: processor time and memory, as the operating system accounts them, and what it has
//! counted itself.
//!
//! Both are there only where they can be had: the first when the server runs on this machine and under a system with
//! `/proc`, the second when it is Parlor and lets us read `/metrics`. What cannot be had is absent, never zero.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use rustls::ClientConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{place::Place, trust};

/// Where to look.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Where the server listens, as `host:port`.
    authority: String,
    /// How TLS is spoken with it, if it is.
    tls: Option<Arc<ClientConfig>>,
    /// Its process, when it runs here.
    process: Option<u32>,
}

/// What was read at one moment.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    at: Option<Instant>,
    /// Processor time of all threads together, and of those that carry media.
    busy: Option<(Duration, Duration)>,
    /// Resident memory in KiB.
    pub resident: Option<u64>,
    /// Datagrams that did not fit into the server's sockets.
    overflowed: Option<u64>,
    /// What the server has counted, by name, all labels together.
    counted: Option<BTreeMap<String, f64>>,
    /// Allocations of media threads, where the server counts them.
    allocations: Option<f64>,
}

/// What happened between two readings.
#[derive(Debug, Clone, Default)]
pub struct Spent {
    /// How long it was.
    pub span: Duration,
    /// Processor time of the whole process.
    pub busy: Option<Duration>,
    /// Of it, that of the threads that carry media.
    pub media: Option<Duration>,
    /// RTP packets forwarded, as the server counts.
    pub forwarded: Option<f64>,
    /// RTP packets that it received from publishers.
    pub received: Option<f64>,
    /// Packets sent again.
    pub repaired: Option<f64>,
    /// Packets that it held back from narrow lines until they were too late.
    pub given_up: Option<f64>,
    /// Datagrams that the server dropped because the network took less.
    pub dropped: Option<f64>,
    /// Datagrams that came in faster than the server read them.
    pub overflowed: Option<u64>,
    /// Times that something was sent, of any number of datagrams.
    pub send_calls: Option<f64>,
    /// Allocations of its media threads.
    pub allocations: Option<f64>,
}

impl Probe {
    /// Looks for the process, unless it is given.
    pub fn new(place: &Place, given: Option<u32>) -> Self {
        let authority = place.authority.as_str();
        let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let here = || resolves_here(authority).then(|| listener(port?)).flatten();
        Self { authority: authority.to_owned(), tls: place.tls.clone(), process: given.or_else(here) }
    }

    /// Reads everything that can be read.
    pub async fn read(&self) -> Reading {
        let page = tokio::time::timeout(METRICS_WITHIN, self.metrics()).await.ok().flatten();
        let allocations = page.as_ref().and_then(|page| labelled(page, "allocations_total", "thread=\"media\""));
        let own = self.process.map(|process| Path::new("/proc").join(process.to_string()));
        let own = own.as_deref();
        Reading {
            at: Some(Instant::now()),
            busy: own.and_then(busy),
            resident: own.and_then(resident),
            overflowed: own.and_then(overflowed),
            counted: page.as_deref().map(numbers),
            allocations,
        }
    }

    async fn metrics(&self) -> Option<String> {
        let stream = TcpStream::connect(&self.authority).await.ok()?;
        match self.tls.clone() {
            Some(tls) => ask(&self.authority, trust::secure(tls, &self.authority, stream).await.ok()?).await,
            None => ask(&self.authority, stream).await,
        }
    }
}

impl Reading {
    /// What happened since an earlier one.
    pub fn since(&self, before: &Self) -> Spent {
        let span = self.at.zip(before.at).map(|(after, before)| after.duration_since(before));
        let counter = |name: &str| {
            let (after, before) = (self.counted.as_ref()?.get(name)?, before.counted.as_ref()?.get(name)?);
            Some(after - before)
        };
        let busy = self.busy.zip(before.busy);
        Spent {
            span: span.unwrap_or_default(),
            busy: busy.map(|(after, before)| after.0.saturating_sub(before.0)),
            media: busy.map(|(after, before)| after.1.saturating_sub(before.1)).filter(|media| !media.is_zero()),
            forwarded: counter("parlor_sfu_packets_forwarded_total"),
            received: counter("parlor_sfu_packets_in_total"),
            repaired: counter("parlor_sfu_packets_repaired_total"),
            given_up: counter("parlor_sfu_packets_given_up_total"),
            dropped: counter("parlor_udp_dropped_full_total"),
            overflowed: self.overflowed.zip(before.overflowed).map(|(after, before)| after.saturating_sub(before)),
            send_calls: counter("parlor_udp_send_calls_total"),
            allocations: self.allocations.zip(before.allocations).map(|(after, before)| after - before),
        }
    }
}

/// Datagrams for this process that did not fit into its sockets.
pub fn own_overflow() -> Option<u64> {
    overflowed(Path::new("/proc/self"))
}

/// Processor time that this process has used.
pub fn own_busy() -> Option<Duration> {
    busy(Path::new("/proc/self")).map(|(all, _)| all)
}

async fn ask(authority: &str, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<String> {
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.take(LARGEST_PAGE).read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, page) = answer.split_once("\r\n\r\n")?;
    (head.starts_with("HTTP/1.1 200") && page.contains("parlor_")).then(|| page.to_owned())
}

/// The samples of a page in the text format of Prometheus, added up over their labels.
fn numbers(page: &str) -> BTreeMap<String, f64> {
    let mut numbers = BTreeMap::new();
    for (name, number) in samples(page) {
        let name = name.split('{').next().unwrap_or_default();
        *numbers.entry(name.to_owned()).or_default() += number;
    }
    numbers
}

fn labelled(page: &str, name: &str, label: &str) -> Option<f64> {
    let wanted = format!("parlor_{name}{{{label}}}");
    samples(page).find(|(name, _)| *name == wanted).map(|(_, number)| number)
}

fn samples(page: &str) -> impl Iterator<Item = (&str, f64)> {
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.rsplit_once(' ')).filter_map(|(name, number)| Some((name, number.parse().ok()?)))
}

/// The time that the scheduler gave to the threads of a process: all, and those named as the server names its media
/// threads. In nanoseconds, where `utime` and `stime` count in hundredths of a second.
fn busy(process: &Path) -> Option<(Duration, Duration)> {
    let (mut all, mut media) = (Duration::ZERO, Duration::ZERO);
    for task in fs::read_dir(process.join("task")).ok()?.flatten() {
        // A thread may end while we look.
        let Ok(accounted) = fs::read_to_string(task.path().join("schedstat")) else { continue };
        let Some(time) = accounted.split(' ').next().and_then(|n| n.parse().ok()) else { continue };
        let time = Duration::from_nanos(time);
        all += time;
        if fs::read_to_string(task.path().join("comm")).is_ok_and(|name| name.starts_with("media-")) {
            media += time;
        }
    }
    Some((all, media))
}

fn resident(process: &Path) -> Option<u64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok())
}

/// What the kernel dropped because nobody read in time, over all UDP sockets of a process.
fn overflowed(process: &Path) -> Option<u64> {
    let sockets = sockets(process)?;
    let mut all = 0;
    for table in ["/proc/net/udp", "/proc/net/udp6"] {
        let Ok(table) = fs::read_to_string(table) else { continue };
        for line in table.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let of_it = fields.get(INODE).and_then(|n| n.parse().ok()).is_some_and(|n: u64| sockets.contains(&n));
            all += fields.last().filter(|_| of_it).and_then(|n| n.parse::<u64>().ok()).unwrap_or_default();
        }
    }
    Some(all)
}

/// The process that listens on a TCP port of this machine.
fn listener(port: u16) -> Option<u32> {
    let mut listening = BTreeSet::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let Ok(table) = fs::read_to_string(table) else { continue };
        for line in table.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let there = fields.get(1).and_then(|local| local.rsplit_once(':'));
            if there.is_some_and(|(_, hex)| u16::from_str_radix(hex, 16) == Ok(port))
                && fields.get(3) == Some(&LISTENING)
            {
                listening.extend(fields.get(INODE).and_then(|n| n.parse::<u64>().ok()));
            }
        }
    }
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers.find(|number| {
        let sockets = sockets(&Path::new("/proc").join(number.to_string()));
        sockets.is_some_and(|sockets| !sockets.is_disjoint(&listening))
    })
}

/// The inodes of a process' sockets.
fn sockets(process: &Path) -> Option<BTreeSet<u64>> {
    let open = fs::read_dir(process.join("fd")).ok()?.flatten();
    let inode = |entry: fs::DirEntry| {
        let target = fs::read_link(entry.path()).ok()?;
        target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
    };
    Some(open.filter_map(inode).collect())
}

/// Whether an address is one of this machine: then one can be bound to it.
fn resolves_here(authority: &str) -> bool {
    use std::net::ToSocketAddrs as _;
    let Ok(addresses) = authority.to_socket_addrs() else { return false };
    addresses.into_iter().any(|address| std::net::UdpSocket::bind(SocketAddr::new(address.ip(), 0)).is_ok())
}

/// How long the page may take: the server asks each media thread for its counts, which may be at work.
const METRICS_WITHIN: Duration = Duration::from_secs(5);

/// The page has some kilobytes; whatever is longer is none.
const LARGEST_PAGE: u64 = 1 << 20;

/// The column of the inode in `/proc/net/tcp` and `/proc/net/udp`.
const INODE: usize = 9;

/// The state of a listening socket there.
const LISTENING: &str = "0A";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_shards_are_added() {
        let page = "# HELP parlor_x X.\n# TYPE parlor_x counter\nparlor_x{shard=\"0\"} 5\nparlor_x{shard=\"1\"} 6\n\
                    parlor_y 1.5\nparlor_allocations_total{thread=\"media\"} 7\n";
        assert_eq!(numbers(page)["parlor_x"], 11.0);
        assert_eq!(numbers(page)["parlor_y"], 1.5);
        assert_eq!(labelled(page, "allocations_total", "thread=\"media\""), Some(7.0));
        assert_eq!(labelled(page, "allocations_total", "thread=\"other\""), None);
    }

    #[test]
    fn what_cannot_be_read_is_absent() {
        let spent = Reading::default().since(&Reading::default());
        assert!(spent.busy.is_none() && spent.forwarded.is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_process_that_listens_is_found() {
        let listening = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listening.local_addr().unwrap().port();
        assert_eq!(listener(port), Some(std::process::id()));
        assert!(own_busy().is_some_and(|time| !time.is_zero()));
        assert!(own_overflow().is_some());
    }
}
