//! What carries datagrams to the server: UDP, TCP to the media port, or the relay on the port of the page.
//!
//! Each is a task between two queues. The client behind them knows UDP alone: to it, a stream is a line that happens to
//! lose nothing (see [`as_udp`]).

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use server::turn::{
    Framing,
    asking::{Asking, Heard},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket, tcp::OwnedWriteHalf},
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::live::Live;

/// A datagram, and where it goes or came from.
pub type Datagram = (SocketAddr, Vec<u8>);

/// Name and password for the relay.
pub type Login = (String, String);

/// The two ends of a line, for whoever sends and receives over it.
#[derive(Debug)]
pub struct Line {
    /// What goes out. A full queue is a lossy network.
    pub out: mpsc::Sender<Datagram>,
    /// What comes in; the end of it is the end of the line, and `failed` then says why.
    pub inbox: mpsc::Receiver<Datagram>,
    /// Why the line ended by itself.
    pub failed: oneshot::Receiver<String>,
}

/// The ends of the task.
struct Ends {
    out: mpsc::Receiver<Datagram>,
    inbox: mpsc::Sender<Datagram>,
}

impl Line {
    /// Over UDP, through this socket.
    pub fn udp(socket: UdpSocket) -> Self {
        Self::run(|ends| udp(socket, ends))
    }

    /// Over TCP, to whatever address is sent to.
    pub fn tcp() -> Self {
        Self::run(tcp)
    }

    /// Through the relay, once somebody says how to sign in there.
    pub fn relay(live: Live, login: oneshot::Receiver<Login>, chance: u64) -> Self {
        Self::run(move |ends| relay(live, login, chance, ends))
    }

    fn run<F>(task: impl FnOnce(Ends) -> F) -> Self
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let (out, queue) = mpsc::channel(QUEUE);
        let (arrivals, inbox) = mpsc::channel(QUEUE);
        let (tell, failed) = oneshot::channel();
        let task = task(Ends { out: queue, inbox: arrivals });
        tokio::spawn(async move {
            if let Err(error) = task.await {
                // Nobody may be waiting any more.
                let _ = tell.send(format!("{error:#}"));
            }
        });
        Self { out, inbox, failed }
    }
}

async fn udp(socket: UdpSocket, mut ends: Ends) -> anyhow::Result<()> {
    let mut buffer = vec![0; LARGEST];
    loop {
        tokio::select! {
            sent = ends.out.recv() => match sent {
                // A datagram that the system refuses is like a lost one.
                Some((to, bytes)) => drop(socket.send_to(&bytes, to).await),
                None => return Ok(()),
            },
            came = socket.recv_from(&mut buffer) => {
                // A refusal from afar is no end: another address may answer.
                if let Ok((length, from)) = came {
                    let _ = ends.inbox.try_send((from, buffer[..length].to_vec()));
                }
            }
        }
    }
}

async fn tcp(mut ends: Ends) -> anyhow::Result<()> {
    let mut streams: BTreeMap<SocketAddr, Option<OwnedWriteHalf>> = BTreeMap::new();
    while let Some((to, bytes)) = ends.out.recv().await {
        let stream = match streams.get_mut(&to) {
            Some(stream) => stream,
            None => {
                let connected = timeout(CONNECT, TcpStream::connect(to)).await;
                let write = connected.ok().and_then(Result::ok).map(|stream| {
                    // Latency alone: without it media comes in clumps.
                    let _ = stream.set_nodelay(true);
                    let (mut read, write) = stream.into_split();
                    let inbox = ends.inbox.clone();
                    tokio::spawn(async move {
                        // RFC 4571, section 2: each datagram behind its length.
                        while let Ok(length) = read.read_u16().await {
                            let mut bytes = vec![0; usize::from(length)];
                            if read.read_exact(&mut bytes).await.is_err() || inbox.send((to, bytes)).await.is_err() {
                                return;
                            }
                        }
                    });
                    write
                });
                streams.entry(to).or_insert(write)
            }
        };
        let (Some(write), Ok(length)) = (stream.as_mut(), u16::try_from(bytes.len())) else { continue };
        let frame = [&length.to_be_bytes()[..], &bytes].concat();
        if write.write_all(&frame).await.is_err() {
            *stream = None;
        }
    }
    Ok(())
}

async fn relay(live: Live, login: oneshot::Receiver<Login>, chance: u64, mut ends: Ends) -> anyhow::Result<()> {
    let Ok((username, password)) = login.await else { return Ok(()) };
    let mut asking = Asking::new(&username, &password, chance);
    let (mut read, mut write) = tokio::io::split(live.connect().await.context("no connection to the relay")?);
    write.write_all(&asking.begin()).await?;
    let mut framing = Framing::new();
    let mut allocated = false;
    let mut buffer = vec![0; LARGEST];
    loop {
        tokio::select! {
            length = read.read(&mut buffer) => {
                let mut rest = &buffer[..length?];
                if rest.is_empty() {
                    bail!("the relay closed the connection");
                }
                while !rest.is_empty() {
                    rest = &rest[framing.push(rest)..];
                    while let Some(message) = framing.next_message()? {
                        match asking.hear(message) {
                            Heard::Say(bytes) => write.write_all(&bytes).await?,
                            Heard::Allocated(_) => allocated = true,
                            Heard::Came { peer, payload } => drop(ends.inbox.try_send((peer, payload))),
                            Heard::Refused(code) => bail!("the relay refused with code {code}"),
                            Heard::Nothing => {}
                        }
                    }
                }
            }
            sent = ends.out.recv(), if allocated => match sent {
                Some((to, bytes)) => write.write_all(&asking.send(to, &bytes)).await?,
                None => return Ok(()),
            },
        }
    }
}

/// An answer whose TCP candidates are written as UDP ones, for a client that knows UDP alone.
pub fn as_udp(sdp: &str) -> String {
    let line = |line: &str| match line.strip_prefix("a=candidate:") {
        Some(candidate) => {
            let mut parts: Vec<&str> = candidate.split_whitespace().collect();
            if parts.get(2).is_some_and(|transport| transport.eq_ignore_ascii_case("tcp")) {
                parts[2] = "udp";
            }
            let role = parts.iter().position(|part| *part == "tcptype");
            parts.truncate(role.unwrap_or(parts.len()));
            format!("a=candidate:{}\r\n", parts.join(" "))
        }
        None => line.to_owned(),
    };
    sdp.split_inclusive("\r\n").map(line).collect()
}

/// Datagrams that wait: a second of sound, twice over.
const QUEUE: usize = 256;
/// The largest datagram that is read; media never has more than 1,500 bytes.
const LARGEST: usize = 4_096;
/// How long a TCP connection may take, within one machine or to an address that leads back to it.
const CONNECT: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_of_tcp_reads_as_one_of_udp() {
        let sdp = "v=0\r\na=candidate:2 1 tcp 8 10.0.0.1 7882 typ host tcptype passive\r\na=mid:0\r\n";
        assert_eq!(as_udp(sdp), "v=0\r\na=candidate:2 1 udp 8 10.0.0.1 7882 typ host\r\na=mid:0\r\n");
        assert_eq!(as_udp("a=candidate:1 1 UDP 9 ::1 1 typ host\r\n"), "a=candidate:1 1 UDP 9 ::1 1 typ host\r\n");
    }
}
