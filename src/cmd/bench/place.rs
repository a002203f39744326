//! Where the server is, how it is reached, and the socket that media goes through.

use std::{
    net::{IpAddr, SocketAddr, UdpSocket as StdSocket},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use rustls::ClientConfig;
use tokio::net::UdpSocket;
use tokio_tungstenite::Connector;

use super::trust;

/// Where the server is, and from which of our addresses it is reached.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its address without a trailing slash.
    pub url: String,
    /// Its host and port.
    pub authority: String,
    /// How TLS is spoken, where it is.
    pub tls: Option<Arc<ClientConfig>>,
    /// Our own address that leads there.
    pub local: IpAddr,
}

impl Place {
    /// Finds it out; `bind` is the own address to use, instead of the one that leads there.
    pub fn find(url: &str, bind: Option<IpAddr>) -> anyhow::Result<Self> {
        let url = url.trim_end_matches('/');
        let (secure, rest) = match url.split_once("://") {
            Some(("ws" | "http", rest)) => (false, rest),
            Some(("wss" | "https", rest)) => (true, rest),
            _ => bail!("--url has to begin with ws://, wss://, http:// or https:// ({url} does not)."),
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let address = if authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) {
            authority.to_owned()
        } else {
            format!("{authority}:{}", if secure { 443 } else { 80 })
        };
        let local = match bind {
            Some(address) => address,
            None => way_to(&address).with_context(|| format!("{address} cannot be reached from here"))?,
        };
        let scheme = if secure { "wss" } else { "ws" };
        let tls = if secure { Some(trust::settings()?) } else { None };
        Ok(Self { url: format!("{scheme}://{rest}"), authority: address, tls, local })
    }

    /// What a connection for signalling is made with.
    pub fn connector(&self) -> Connector {
        self.tls.clone().map_or(Connector::Plain, Connector::Rustls)
    }
}

/// The own address from which the system would send to there. Nothing is sent.
fn way_to(address: &str) -> std::io::Result<IpAddr> {
    use std::net::ToSocketAddrs as _;
    let target = address.to_socket_addrs()?.next().ok_or(std::io::ErrorKind::NotFound)?;
    let any: SocketAddr = if target.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = StdSocket::bind(any)?;
    socket.connect(target)?;
    Ok(socket.local_addr()?.ip())
}

/// A socket there, and its address.
pub fn open(local: IpAddr) -> anyhow::Result<(UdpSocket, SocketAddr)> {
    let domain = if local.is_ipv4() { socket2::Domain::IPV4 } else { socket2::Domain::IPV6 };
    let socket = socket2::Socket::new(domain, socket2::Type::DGRAM, None).context("no socket for media")?;
    // The system may grant less; then a stall of this process shows as loss, which the report cannot tell apart.
    let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::new(local, 0).into()).with_context(|| format!("{local} is no address of this machine"))?;
    let socket = UdpSocket::from_std(socket.into())?;
    let address = socket.local_addr()?;
    Ok((socket, address))
}

/// What a stall of 100 ms brings at 20 Mbit/s, with the system's overhead for small packets.
const RECEIVE_BUFFER: usize = 4 * 1024 * 1024;
