//! DTLS for str0m (RFC 5764): the implementation that it comes with, set up once for all and watched for the keys.
//!
//! Setting it up tries every cipher, curve and signature it knows on examples, among them an agreement between two ends on
//! P-384. str0m's own provider does so for each connection anew, which was nearly half of what a join cost this thread; here
//! one setting serves all connections of a thread.

use std::{cell::RefCell, sync::Arc, time::Instant};

use dimpl::{Config, Dtls, DtlsCertificate};
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
        let builder = Config::builder().use_server_cookie(false);
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
        let config = setting(mtu)?;
        let DtlsCert { certificate, private_key } = certificate.clone();
        let certificate = DtlsCertificate { certificate, private_key };
        let dtls = match version {
            DtlsVersion::Dtls12 => Dtls::new_12(config, certificate, now),
            DtlsVersion::Dtls13 => Dtls::new_13(config, certificate, now),
            DtlsVersion::Auto => Dtls::new_auto(config, certificate, now),
            other => return Err(CryptoError::Other(format!("{other} is no version of DTLS that is known here"))),
        };
        Ok(Box::new(Handshake(dtls)))
    }
}

struct Handshake(Dtls);

impl std::fmt::Debug for Handshake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Handshake").finish_non_exhaustive() // it holds keys
    }
}

impl DtlsInstance for Handshake {
    fn set_active(&mut self, active: bool) {
        self.0.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.0.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let client = self.0.is_active();
        let output = self.0.poll_output(buffer);
        if let DtlsOutput::KeyingMaterial(material, profile) = &output {
            keys::pass(Keying::divide(*profile, material.as_ref(), client));
        }
        output
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.0.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.0.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.0.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.0.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.0.close()
    }
}

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
