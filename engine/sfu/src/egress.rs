//! How a packet leaves for one subscriber. The only module that writes RTP.
//!
//! Today str0m does it: it numbers, encrypts, keeps packets for retransmission and answers NACKs. All that the rest
//! knows of it is [`Outlet`], so that another way out (headers and encryption of our own, one history per track) can
//! take its place without anybody else noticing.

use std::time::Instant;

use str0m::{
    Rtc,
    format::{CodecConfig, PayloadParams},
    media::{Mid, Pt},
    rtp::{RtpPacket, RtpWrite, Ssrc, Vp8Patch},
};

/// One outgoing stream: a section of the subscriber and the SSRC it currently carries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outlet {
    mid: Mid,
    ssrc: Ssrc,
}

/// A packet as the subscriber is to see it.
pub(crate) struct Departure<'a> {
    /// What arrived: payload, marker and extensions are taken from it as they are.
    pub(crate) packet: &'a RtpPacket,
    /// The subscriber's number for the codec.
    pub(crate) payload_type: Pt,
    /// The sequence number with its rollovers; the first of a stream is below 65,536.
    pub(crate) sequence: u64,
    /// The RTP timestamp.
    pub(crate) timestamp: u32,
    /// Changes to the VP8 payload descriptor.
    pub(crate) vp8: Option<Vp8Patch>,
    /// Whether the subscriber may ask for it again.
    pub(crate) resend: bool,
    /// When it arrived.
    pub(crate) at: Instant,
}

impl Outlet {
    /// The stream of a section that was just negotiated.
    pub(crate) fn open(rtc: &mut Rtc, mid: Mid) -> Option<Self> {
        let ssrc = rtc.direct_api().stream_tx_by_mid(mid, None)?.ssrc();
        Some(Self { mid, ssrc })
    }

    /// Gives a section that carried another track a new SSRC; to be called before the offer is accepted, so that the
    /// answer announces it. `reset_stream_tx` of str0m 0.25 would lose all feedback for the new SSRC: it changes the
    /// SSRC but not the key under which the stream is found.
    pub(crate) fn renew(rtc: &mut Rtc, mid: Mid) {
        let mut api = rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(mid, None) else {
            return; // the section is new to str0m, too
        };
        let (old, resends) = (stream.ssrc(), stream.rtx().is_some());
        api.remove_stream_tx(old);
        let ssrc = api.new_ssrc();
        let rtx = resends.then(|| api.new_ssrc());
        api.declare_stream_tx(ssrc, rtx, mid, None);
    }

    /// The subscriber's number for what the publisher calls `params`; `None` when it offered nothing that fits.
    ///
    /// To be kept by the caller: this is too slow for every packet.
    pub(crate) fn payload_type(&self, rtc: &Rtc, params: PayloadParams) -> Option<Pt> {
        let negotiated = rtc.media(self.mid)?.remote_pts();
        // Only among what was negotiated: of two profiles of H264 a client may have taken the less fitting one.
        let usable = rtc.codec_config().params().iter().filter(|p| negotiated.contains(&p.pt())).copied();
        Some(CodecConfig::new_from_payload_params(usable.collect()).match_params(params)?.pt())
    }

    /// Queues a packet; it leaves when the subscriber is next drained. `false` when the stream is gone.
    pub(crate) fn send(&self, rtc: &mut Rtc, departure: Departure<'_>) -> bool {
        let mut api = rtc.direct_api();
        let Some(stream) = api.stream_tx(&self.ssrc) else {
            return false;
        };
        let Departure { packet, payload_type, sequence, timestamp, vp8, resend, at } = departure;
        let mut write = RtpWrite::new(payload_type, sequence.into(), timestamp, at, packet.payload.clone())
            .marker(packet.header.marker)
            .ext_vals(packet.header.ext_vals.clone())
            .nackable(resend);
        if let Some(patch) = vp8 {
            write = write.vp8_patch(patch);
        }
        stream.write_rtp(write);
        true
    }
}
