//! Which certificate a handshake is shown. One task writes, every handshake reads.

use std::{collections::BTreeMap, sync::Arc};

use rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::sync::watch;

use super::pair::Pair;

/// All that may be shown. A change is a new value as a whole, so that no handshake sees half of one.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// To whoever asks for one of its names: the certificate of an ACME server.
    pub public: Option<Pair>,
    /// To everybody else: the operator's, or one of our own.
    pub usual: Option<Pair>,
    /// To an ACME server that looks whether a name is ours, by name in lower case (RFC 8737).
    pub challenges: BTreeMap<String, Arc<CertifiedKey>>,
}

impl Shown {
    /// What whoever comes by `name` is shown, and whether that is of an ACME server.
    pub fn choose(&self, name: Option<&str>) -> Option<(&Pair, bool)> {
        let public = self.public.as_ref().map(|pair| (pair, true));
        let named = public.filter(|(pair, _)| name.is_some_and(|name| pair.is_for(name)));
        named.or(self.usual.as_ref().map(|pair| (pair, false))).or(public)
    }
}

/// Chooses for one handshake.
#[derive(Debug)]
pub struct Chooser(pub watch::Receiver<Shown>);

impl ResolvesServerCert for Chooser {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.0.borrow();
        let mut protocols = hello.alpn().into_iter().flatten();
        // RFC 8737, section 3: a check offers this protocol and no other.
        if protocols.next() == Some(CHALLENGE) && protocols.next().is_none() {
            return shown.challenges.get(&hello.server_name()?.to_ascii_lowercase()).cloned();
        }
        shown.choose(hello.server_name()).map(|(pair, _)| pair.key.clone())
    }
}

/// The protocol of a check whether a name is ours (RFC 8737, section 6.2). Nothing is said in it beyond the handshake.
pub const CHALLENGE: &[u8] = b"acme-tls/1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_gets_the_certificate_that_is_for_it() {
        let pair = |name: &str| {
            let own = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
            Pair::read(&own.cert.pem(), &own.signing_key.serialize_pem()).unwrap()
        };
        let mut shown = Shown { usual: Some(pair("own")), ..Shown::default() };
        let chosen = |shown: &Shown, name| shown.choose(name).map(|(pair, _)| pair.names[0].clone());
        assert_eq!(chosen(&shown, Some("a.example")).as_deref(), Some("own"));
        shown.public = Some(pair("a.example"));
        assert_eq!(chosen(&shown, Some("a.example")).as_deref(), Some("a.example"));
        assert_eq!(chosen(&shown, Some("b.example")).as_deref(), Some("own"));
        assert_eq!(chosen(&shown, None).as_deref(), Some("own"));
        shown.usual = None;
        assert_eq!(chosen(&shown, None).as_deref(), Some("a.example"));
        assert_eq!(chosen(&Shown::default(), None), None);
    }
}
