//! Who asks, as far as an address tells.

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use super::App;

/// The connection that a request came over; put into each request by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    /// The other end.
    pub peer: SocketAddr,
    /// Whether it is TLS.
    pub secure: bool,
}

/// The address of whoever asks: the other end of the connection, or what the reverse proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller(pub IpAddr);

impl Caller {
    /// What limits count by: one IPv4 address, or the /64 that one household or machine has of IPv6.
    pub fn group(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(v4) => IpAddr::V4(v4),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }

    /// Whether it is this machine.
    pub fn is_here(self) -> bool {
        self.0.is_loopback()
    }

    fn of(parts: &Parts, behind_proxy: bool) -> Self {
        let peer = parts.extensions.get::<Connection>().map(|connection| connection.peer.ip());
        let forwarded = if behind_proxy { forwarded_for(&parts.headers) } else { None };
        // Without a connection (a test without a socket) nobody is trusted more than a stranger.
        Self(forwarded.or(peer).unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)).to_canonical())
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self::of(parts, app.behind_proxy))
    }
}

/// Prints only the network (R21): /24 of IPv4, /48 of IPv6.
impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                write!(f, "{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(v6) => {
                let [a, b, c, ..] = v6.segments();
                write!(f, "{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
            }
        }
    }
}

/// The last entry: the one that our own proxy wrote. Those before it are whatever the client claimed.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn caller(peer: &str, forwarded: &[&str], behind_proxy: bool) -> Caller {
        let mut request = Request::builder();
        for value in forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(Connection { peer: SocketAddr::new(peer.parse().unwrap(), 1), secure: false });
        Caller::of(&parts, behind_proxy)
    }

    #[test]
    fn only_a_proxy_is_believed_and_only_its_own_entry() {
        let ip = |text: &str| Caller(text.parse().unwrap());
        assert_eq!(caller("192.0.2.1", &["127.0.0.1"], false), ip("192.0.2.1"));
        assert_eq!(caller("127.0.0.1", &["127.0.0.1, 203.0.113.7"], true), ip("203.0.113.7"));
        assert_eq!(caller("127.0.0.1", &["127.0.0.1", "203.0.113.7"], true), ip("203.0.113.7"));
        assert_eq!(caller("127.0.0.1", &["nonsense"], true), ip("127.0.0.1"));
        assert_eq!(caller("::ffff:192.0.2.1", &[], false), ip("192.0.2.1"));
    }

    #[test]
    fn one_household_is_one_caller_and_logs_show_less() {
        let v6 = |text: &str| Caller(text.parse().unwrap());
        assert_eq!(v6("2001:db8:1:2:3::4").group(), v6("2001:db8:1:2::9").group());
        assert_ne!(v6("2001:db8:1:2::").group(), v6("2001:db8:1:3::").group());
        assert_eq!(v6("2001:db8:1:2::").to_string(), "2001:db8:1::/48");
        assert_eq!(v6("192.0.2.77").to_string(), "192.0.2.0/24");
    }
}
