//! DTLS for str0m (RFC 5764): the implementation that it comes with, set up once for all and watched for the keys.
//!
//! **One handshake at a time, and one that fails begins anew.** Until it is through, nothing in a handshake is authentic, so
//! somebody who writes the client's address on datagrams could break it off with one bad greeting, or with an alarm in
//! the clear. Here a handshake that fails begins anew without a word, as long as the client may still come with a good one
//! ([`Handshake::handle_packet`]); one that was answered is not disturbed by other greetings; and an alarm in the clear
//! ends nothing. More is not promised: whoever writes the client's address, and is faster than the client with a good greeting of its
//! own or with the message that follows our answer, wins a race that nobody can decide before keys are there. Then the
//! session ends after [`LONGEST`] and the client comes anew.
//!
//! Setting it up tries every cipher, curve and signature it knows on examples, among them an agreement between two ends on
//! P-384. str0m's own provider does so for each connection anew, which was nearly half of what a join cost this thread; here
//! one setting serves all connections of a thread.

use std::{
    cell::RefCell,
    sync::Arc,
    time::{Duration, Instant},
};

use dimpl::{Config, Dtls, DtlsCertificate, TimeoutError};
use str0m::crypto::{
    CryptoError,
    dtls::{DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion},
    from_feature_flags,
};

use super::keys::{self, Keying};

/// Begins handshakes.
#[derive(Debug)]
pub(super) struct Handshakes;

thread_local! {
    /// The setting, and the largest datagram that it is for.
    static SETTING: RefCell<Option<(Option<usize>, Arc<Config>)>> = const { RefCell::new(None) };
}

fn setting(mtu: Option<usize>) -> Result<Arc<Config>, CryptoError> {
    SETTING.with_borrow_mut(|kept| {
        if let Some((_, config)) = kept.as_ref().filter(|(of, _)| *of == mtu) {
            return Ok(config.clone());
        }
        // ICE has proved the address already, which is all that a cookie is for (RFC 6347, section 4.2.1).
        let builder = Config::builder().use_server_cookie(false).handshake_timeout(LONGEST).max_queue_rx(QUEUE);
        let builder = mtu.into_iter().fold(builder, |builder, mtu| builder.mtu(mtu));
        let config = builder.build().map_err(|error| CryptoError::Other(format!("DTLS cannot be set up: {error}")))?;
        Ok(kept.insert((mtu, Arc::new(config))).1.clone())
    })
}

impl DtlsProvider for Handshakes {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        from_feature_flags().dtls_provider.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let DtlsCert { certificate, private_key } = certificate.clone();
        let terms = Terms { config: setting(mtu)?, certificate: DtlsCertificate { certificate, private_key }, version };
        let dtls = terms.begin(now)?;
        Ok(Box::new(Handshake { dtls, terms, now, stage: Stage::Open, greeted: None, began: None }))
    }
}

/// What a handshake begins with.
struct Terms {
    config: Arc<Config>,
    certificate: DtlsCertificate,
    version: DtlsVersion,
}

impl Terms {
    fn begin(&self, now: Instant) -> Result<Dtls, CryptoError> {
        let (config, certificate) = (self.config.clone(), self.certificate.clone());
        Ok(match self.version {
            DtlsVersion::Dtls12 => Dtls::new_12(config, certificate, now),
            DtlsVersion::Dtls13 => Dtls::new_13(config, certificate, now),
            DtlsVersion::Auto => Dtls::new_auto(config, certificate, now),
            other => return Err(CryptoError::Other(format!("{other} is no version of DTLS that is known here"))),
        })
    }
}

struct Handshake {
    dtls: Dtls,
    terms: Terms,
    now: Instant,
    stage: Stage,
    /// The random number of the greeting that it works on (RFC 5246, section 7.4.1.2).
    greeted: Option<[u8; RANDOM]>,
    /// When the first greeting came, good or bad: the time that there is does not begin anew.
    began: Option<Instant>,
}

/// How far it is, as the answering side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// No greeting was answered.
    Open,
    /// One was.
    Answered,
    /// There are keys.
    Through,
}

impl Handshake {
    /// When it has to be through.
    fn ends(&self) -> Option<Instant> {
        self.began.filter(|_| self.stage != Stage::Through).map(|began| began + LONGEST)
    }

    /// Forgets what came, and is as it was at first.
    fn begin_anew(&mut self) -> Result<(), DtlsImplError> {
        if let Ok(dtls) = self.terms.begin(self.now) {
            self.dtls = dtls;
        }
        (self.stage, self.greeted) = (Stage::Open, None);
        self.dtls.handle_timeout(self.now)
    }
}

impl std::fmt::Debug for Handshake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Handshake").finish_non_exhaustive() // it holds keys
    }
}

impl DtlsInstance for Handshake {
    fn set_active(&mut self, active: bool) {
        self.dtls.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        if self.dtls.is_active() || self.stage == Stage::Through {
            return self.dtls.handle_packet(packet);
        }
        // Until a greeting was answered nothing else makes sense, and what waits would be in the way of the real one.
        if is_clear_alert(packet) || (self.stage == Stage::Open && !greets(packet)) {
            return Ok(());
        }
        match greeting(packet) {
            Some(random) if self.greeted == Some(random) => {}
            Some(_) if self.stage == Stage::Answered => return Ok(()),
            Some(random) => {
                self.began.get_or_insert(self.now);
                if self.greeted.is_some() {
                    self.begin_anew()?;
                }
                self.greeted = Some(random);
            }
            // Another part, which came before the first: the client sends both again.
            None if self.greeted.is_none() => return Ok(()),
            None => {}
        }
        match self.dtls.handle_packet(packet) {
            Ok(()) => Ok(()),
            Err(error) => {
                tracing::debug!(%error, "a handshake begins anew");
                self.begin_anew()
            }
        }
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let client = self.dtls.is_active();
        let output = self.dtls.poll_output(buffer);
        match &output {
            DtlsOutput::KeyingMaterial(material, profile) => {
                keys::pass(Keying::divide(*profile, material.as_ref(), client));
                self.stage = Stage::Through;
            }
            DtlsOutput::Packet(_) if self.stage == Stage::Open => self.stage = Stage::Answered,
            _ => {}
        }
        match output {
            DtlsOutput::Timeout(at) => DtlsOutput::Timeout(self.ends().map_or(at, |end| at.min(end))),
            other => other,
        }
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.now = now;
        if self.ends().is_some_and(|end| end <= now) {
            return Err(DtlsImplError::Timeout(TimeoutError::Handshake));
        }
        self.dtls.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.dtls.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.dtls.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.dtls.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.dtls.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.dtls.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.dtls.close()
    }
}

/// The random number of a greeting, if a datagram begins with the beginning of one (RFC 6347, sections 4.1 and 4.3.2).
fn greeting(packet: &[u8]) -> Option<[u8; RANDOM]> {
    let (head, message) = packet.split_at_checked(RECORD)?;
    let (message, body) = message.split_at_checked(MESSAGE)?;
    let in_clear = head[0] == HANDSHAKE && head[3..5] == [0, 0];
    let first = message[0] == CLIENT_HELLO && message[4..6] == [0, 0] && message[6..9] == [0, 0, 0];
    let random = body.get(2..2 + RANDOM)?.try_into().ok()?;
    (in_clear && first).then_some(random)
}

/// Whether all that is in a datagram are parts of greetings.
fn greets(mut packet: &[u8]) -> bool {
    while let Some((head, rest)) = packet.split_at_checked(RECORD) {
        let length = usize::from(u16::from_be_bytes([head[11], head[12]]));
        let Some((message, rest)) = rest.split_at_checked(length) else {
            return false;
        };
        let whole = message.get(..MESSAGE).is_some_and(|head| head[0] == CLIENT_HELLO && head[4..6] == [0, 0]);
        if head[0] != HANDSHAKE || head[3..5] != [0, 0] || !whole {
            return false;
        }
        packet = rest;
    }
    packet.is_empty()
}

/// Whether a datagram is an alert that nothing protects: anybody may have written it.
fn is_clear_alert(packet: &[u8]) -> bool {
    matches!(packet, [ALERT, _, _, 0, 0, ..])
}

/// How long a handshake may take (R14): some round trips, and as many repetitions as a poor line needs. Clients give up
/// after fifteen.
const LONGEST: Duration = Duration::from_secs(10);

/// Datagrams of a handshake that wait for others, of at most 2,048 bytes each: 32 kilobytes. A client sends six in a row.
const QUEUE: usize = 16;

/// RFC 6347, section 4.1: bytes in front of a record, and its kinds.
const RECORD: usize = 13;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;

/// RFC 6347, section 4.3.2: bytes in front of a message, and the kind of the first.
const MESSAGE: usize = 12;
const CLIENT_HELLO: u8 = 1;

/// RFC 5246, section 7.4.1.2.
const RANDOM: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_setting_serves_all_connections() {
        let (first, second) = (setting(Some(1150)).unwrap(), setting(Some(1150)).unwrap());
        assert!(Arc::ptr_eq(&first, &second));
        assert!(!Arc::ptr_eq(&first, &setting(Some(1200)).unwrap()), "for datagrams of another size there is another");
    }
}
