//! One str0m instance, behind a wall: whatever breaks inside ends this peer and nobody else.
//!
//! str0m promises not to panic on input, and mostly keeps that. The wall (`catch_unwind`) is for the rest: nothing is
//! shared with other peers, so an instance that broke is dropped whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use str0m::{
    Candidate, IceCreds, Input, Output, Rtc, RtcConfig, RtcError,
    change::SdpOffer,
    config::DtlsCert,
    crypto::CryptoProvider,
    error::SdpError,
    format::{Codec, FormatParams},
    media::{Frequency, Mid},
    net::{Protocol, TcpType},
    rtp::{Extension, Ssrc},
};

use crate::{
    demux::{self, Check},
    descriptor::DependencyDescriptor,
    egress::keys::{self, Keying},
    path::{End, Over},
};

/// What all transports of a media thread have in common.
pub(crate) struct Settings {
    crypto: Arc<CryptoProvider>,
    certificate: Option<DtlsCert>,
    addresses: Vec<End>,
}

/// A peer's ICE, DTLS, SRTP and SCTP.
pub(crate) struct Transport {
    rtc: Rtc,
    credentials: IceCreds,
    /// What DTLS agreed on, until it is taken.
    keying: Option<Keying>,
    keyed: bool,
    /// The streams of sections on which we may send. str0m has them while it answers and not between: it never sends on
    /// them, but would keep memory for each, and report on it every second.
    streams: BTreeMap<Mid, Announced>,
}

/// A stream as answers announce it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Announced {
    pub(crate) ssrc: Ssrc,
    /// For packets sent again.
    pub(crate) repair: Option<Ssrc>,
}

/// Why a transport cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the transport panicked")]
    Panicked,
    #[error("the offer cannot be read: {0}")]
    Unreadable(#[from] SdpError),
    #[error("the transport failed: {0}")]
    Failed(#[from] RtcError),
}

/// The text of an answer before it is rewritten.
pub(crate) struct RawAnswer {
    pub(crate) sdp: String,
    /// Our credentials, when str0m had made its own for an ICE restart.
    pub(crate) restarted: Option<IceCreds>,
}

impl Settings {
    pub(crate) fn new(addresses: Vec<End>) -> Self {
        let crypto = Arc::new(keys::provider());
        // One certificate for all: making one costs more than the rest of a join.
        let certificate = crypto.dtls_provider.generate_certificate();
        Self { crypto, certificate, addresses }
    }
}

impl Transport {
    /// A transport that answers to `ufrag`.
    pub(crate) fn open(settings: &Settings, now: Instant, ufrag: String) -> Result<Self, Fault> {
        let credentials = IceCreds { ufrag, ..IceCreds::new() };
        let build = || {
            let mut rtc = config(settings, credentials.clone()).build(now);
            for candidate in settings.addresses.iter().filter_map(|end| candidate(*end)) {
                rtc.add_local_candidate(candidate);
            }
            rtc
        };
        let rtc = catch_unwind(AssertUnwindSafe(build)).map_err(|_| Fault::Panicked)?;
        Ok(Self { rtc, credentials, keying: None, keyed: false, streams: BTreeMap::new() })
    }

    /// Lets `act` work on the instance.
    pub(crate) fn with<T>(&mut self, act: impl FnOnce(&mut Rtc) -> T) -> Result<T, Fault> {
        catch_unwind(AssertUnwindSafe(|| act(&mut self.rtc))).map_err(|_| Fault::Panicked)
    }

    /// The keys for packets, once, as soon as they are there.
    pub(crate) fn take_keying(&mut self) -> Option<Keying> {
        self.keying.take()
    }

    /// The stream of a section, once an answer has announced one.
    pub(crate) fn stream(&self, mid: Mid) -> Option<Announced> {
        self.streams.get(&mid).copied()
    }

    /// Gives a section a new SSRC with the next answer. What a section carries next must not go on under the SSRC of
    /// what it carried before: its numbers begin anew, and a lane is given out once.
    pub(crate) fn renew_stream(&mut self, mid: Mid) {
        self.streams.remove(&mid);
    }

    /// Accepts an offer of these sections. After an ICE restart, which str0m answers with a name of its own, `next_ufrag` makes the new
    /// name: packets must still find their peer.
    pub(crate) fn accept(
        &mut self,
        sdp: &str,
        sections: impl Iterator<Item = Mid>,
        next_ufrag: impl FnOnce() -> String,
    ) -> Result<RawAnswer, Fault> {
        let streams = std::mem::take(&mut self.streams);
        let (sdp, theirs, streams) = self.with(|rtc| {
            let offer = SdpOffer::from_sdp_string(sdp)?;
            for (mid, stream) in streams {
                if rtc.media(mid).is_some() {
                    rtc.direct_api().declare_stream_tx(stream.ssrc, stream.repair, mid, None);
                }
            }
            let answer = rtc.sdp_api().accept_offer(offer)?;
            let mut api = rtc.direct_api();
            let take = |mid| {
                let stream = api.stream_tx_by_mid(mid, None)?;
                let announced = Announced { ssrc: stream.ssrc(), repair: stream.rtx() };
                api.remove_stream_tx(announced.ssrc);
                Some((mid, announced))
            };
            let streams = sections.filter_map(take).collect();
            Ok::<_, Fault>((answer.to_sdp_string(), api.local_ice_credentials(), streams))
        })??;
        self.streams = streams;
        if theirs == self.credentials {
            return Ok(RawAnswer { sdp, restarted: None });
        }
        let ours = IceCreds { ufrag: next_ufrag(), pass: theirs.pass };
        self.credentials = ours.clone();
        self.with(|rtc| rtc.direct_api().set_local_ice_credentials(ours.clone()))?;
        Ok(RawAnswer { sdp, restarted: Some(ours) })
    }

    /// Whether a check is meant for this peer and signed as only its client can. `Rtc::accepts` would not do: what comes from
    /// the address that it sends to, it takes for proven.
    pub(crate) fn accepts(&self, check: &Check<'_>, datagram: &[u8]) -> bool {
        check.target == self.credentials.ufrag.as_bytes() && demux::is_signed(datagram, &self.credentials.pass)
    }

    /// The streams of `known` that carry a track, with those of their repairs.
    pub(crate) fn used(&mut self, known: impl Iterator<Item = u32>, carries: impl Fn(Mid) -> bool) -> BTreeSet<u32> {
        let known: Vec<u32> = known.collect();
        self.with(|rtc| {
            let mut api = rtc.direct_api();
            let mut used = BTreeSet::new();
            for ssrc in known {
                if let Some(stream) = api.stream_rx(&ssrc.into()).filter(|stream| carries(stream.mid())) {
                    used.insert(ssrc);
                    used.extend(stream.rtx().map(|repair| *repair));
                }
            }
            used
        })
        .unwrap_or_default()
    }

    /// Hands in a datagram. A bad one is the network's fault and ends nothing.
    pub(crate) fn receive(&mut self, input: Input<'_>) -> Result<(), Fault> {
        match self.with(|rtc| rtc.handle_input(input))? {
            Ok(()) => Ok(()),
            Err(error) if self.rtc.is_alive() => {
                tracing::debug!(%error, "a datagram was dropped");
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Lets time pass; what was queued since then is on its way.
    pub(crate) fn advance(&mut self, now: Instant) -> Result<(), Fault> {
        Ok(self.with(|rtc| rtc.handle_input(Input::Timeout(now)))??)
    }

    /// What comes out next; a time to wait for comes last.
    pub(crate) fn poll(&mut self) -> Result<Output, Fault> {
        let (output, keying) = keys::passed(|| self.with(Rtc::poll_output));
        // Once for each transport: DTLS is not negotiated anew, and a second key would begin all counts again.
        if self.keyed {
            debug_assert!(keying.is_none());
        } else if keying.is_some() {
            self.keyed = true;
            self.keying = keying;
        }
        Ok(output??)
    }

    /// Whether ICE and DTLS are up.
    pub(crate) fn is_connected(&self) -> bool {
        self.rtc.is_connected()
    }
}

/// The candidate for one of our own sockets; `None` for an address that ICE does not take.
fn candidate(end: End) -> Option<Candidate> {
    let host = match end.over {
        Over::Udp => Candidate::host(end.address, Protocol::Udp),
        Over::Tcp => Candidate::builder().tcp().host(end.address).tcptype(TcpType::Passive).build(),
        Over::Relay => return None,
    };
    host.ok()
}

fn config(settings: &Settings, credentials: IceCreds) -> RtcConfig {
    let mut config = RtcConfig::new()
        .set_crypto_provider(settings.crypto.clone())
        .set_local_ice_credentials(credentials)
        .set_ice_lite(true)
        .set_rtp_mode(true)
        .set_stats_interval(Some(STATS_INTERVAL))
        .set_sctp_max_buffered_amount(DATA_BUFFER)
        .clear_codecs()
        .enable_opus(true, true)
        .enable_vp8(true)
        .enable_av1(true)
        .set_extension(
            DEPENDENCY_DESCRIPTOR_ID,
            Extension::with_serializer(DependencyDescriptor::URI, DependencyDescriptor::default()),
        );
    let codecs = config.codec_config();
    // Few formats: with all that str0m knows, each video section would add 2.5 kB to every answer.
    codecs.add_config(98.into(), Some(99.into()), Codec::Vp9, Frequency::NINETY_KHZ, None, vp9_profile_0());
    codecs.add_h264(108.into(), Some(109.into()), true, H264_CONSTRAINED_BASELINE);
    codecs.add_h264(127.into(), Some(121.into()), true, H264_BASELINE);
    if let Some(certificate) = &settings.certificate {
        config = config.set_dtls_cert(certificate.clone());
    }
    config
}

fn vp9_profile_0() -> FormatParams {
    FormatParams { profile_id: Some(0), ..FormatParams::default() }
}

/// As often as verdicts on connections are made.
const STATS_INTERVAL: Duration = crate::quality::TICK;
/// What str0m keeps of data on its way: as much as the longest message (256 KiB, the limit it announces).
const DATA_BUFFER: usize = 256 * 1024;
/// The number that we propose; the client's own wins.
const DEPENDENCY_DESCRIPTOR_ID: u8 = 12;
/// RFC 6184, section 8.1: what every client with H264 offers.
const H264_CONSTRAINED_BASELINE: u32 = 0x42_e0_1f;
/// What some hardware encoders say in its place.
const H264_BASELINE: u32 = 0x42_00_1f;
