//! Where a browser believes to be: the host and scheme in its address bar. Cookies and passkeys are bound to that.

use std::{convert::Infallible, net::IpAddr, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use super::{App, Connection};

/// The host and scheme that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The host with its port, as it stands in the address bar.
    authority: String,
    /// Whether the browser speaks TLS, to us or to the proxy in front.
    tls: bool,
}

impl Place {
    /// Whether cookies can be marked `Secure`: over TLS, and on this machine, where Chromium and Firefox trust without.
    pub fn keeps_secure_cookies(&self) -> bool {
        self.tls || self.is_loopback()
    }

    /// The host without its port.
    pub fn host(&self) -> &str {
        let port = self.authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        port.map_or(self.authority.as_str(), |(host, _)| host)
    }

    /// The origin of the page, such as `https://talk.example`.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.authority)
    }

    fn is_loopback(&self) -> bool {
        let host = self.host().trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.ends_with(".localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// The host with its port.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    fn of(parts: &Parts, behind_proxy: bool) -> Self {
        let secure = parts.extensions.get::<Connection>().is_some_and(|connection| connection.secure);
        Self::named_by(&parts.headers, secure, behind_proxy)
    }

    /// The place that headers name. `secure`: they came over TLS.
    pub fn named_by(headers: &HeaderMap, secure: bool, behind_proxy: bool) -> Self {
        let forwarded = |name| if behind_proxy { last(headers, name) } else { None };
        let authority = forwarded("x-forwarded-host").or_else(|| last(headers, header::HOST.as_str()));
        let tls = match forwarded("x-forwarded-proto") {
            Some(scheme) => scheme.eq_ignore_ascii_case("https"),
            // Nobody puts a proxy in front to do without TLS, which cameras need.
            None => secure || behind_proxy,
        };
        Self { authority: authority.unwrap_or_default().to_ascii_lowercase(), tls }
    }
}

impl FromRequestParts<Arc<App>> for Place {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self::of(parts, app.behind_proxy))
    }
}

/// The last entry of a list: the one that our own proxy wrote.
fn last<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn place(secure: bool, behind_proxy: bool, headers: &[(&str, &str)]) -> Place {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(Connection { peer: ([192, 0, 2, 1], 1).into(), secure });
        Place::of(&parts, behind_proxy)
    }

    #[test]
    fn the_address_bar_is_what_the_request_names() {
        let here = place(false, false, &[("host", "LocalHost:7880")]);
        assert_eq!((here.host(), here.origin().as_str()), ("localhost", "http://localhost:7880"));
        assert!(here.keeps_secure_cookies());
        for (authority, host) in [("127.0.0.1:1", "127.0.0.1"), ("[::1]:7880", "[::1]"), ("[::1]", "[::1]")] {
            let loopback = place(false, false, &[("host", authority)]);
            assert_eq!((loopback.host(), loopback.keeps_secure_cookies()), (host, true));
        }
        for open in ["192.168.1.7:7880", "talk.example", "127.0.0.1.talk.example"] {
            assert!(!place(false, false, &[("host", open)]).keeps_secure_cookies(), "{open}");
        }
        let named = place(true, false, &[("host", "talk.example")]);
        assert_eq!((named.host(), named.origin().as_str()), ("talk.example", "https://talk.example"));
        assert!(named.keeps_secure_cookies());
        assert!(!place(false, false, &[]).keeps_secure_cookies());
    }

    #[test]
    fn only_a_proxy_is_believed() {
        let forwarded =
            [("host", "10.0.0.2:7880"), ("x-forwarded-host", "talk.example"), ("x-forwarded-proto", "https")];
        assert_eq!(place(false, true, &forwarded).origin(), "https://talk.example");
        assert_eq!(place(false, false, &forwarded).origin(), "http://10.0.0.2:7880");
        assert!(
            place(false, true, &forwarded[..2]).keeps_secure_cookies(),
            "a proxy speaks TLS unless it says otherwise"
        );
        assert!(!place(false, true, &[("host", "talk.example"), ("x-forwarded-proto", "http")]).keeps_secure_cookies());
    }
}
