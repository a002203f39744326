//! Doors for the fuzzer: what reads bytes from the network, each callable alone. Nothing here may panic.

use proto::{ParticipantId, Shard};

use crate::{data, demux, egress::feedback, peer::answer, peer::offer, peer::sections::Sections, track::keyframe};

/// An offer: its sections, the table made of them, and the rewriting of such a text as an answer.
pub fn offer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(sections) = offer::sections(&text) {
        let mut table = Sections::new();
        table.update(&sections);
        table.update(&sections);
        let receives = || answer::Role::Receives { codecs: vec!["vp9".into()] };
        let roles = sections.iter().map(|s| (s.mid.to_string(), receives())).collect();
        answer::rewrite(&text, &answer::Changes { roles, ..answer::Changes::default() });
    }
}

/// A datagram from an unknown address.
pub fn stun(data: &[u8]) {
    if let Some(ufrag) = demux::stun_target(data) {
        demux::read_ufrag(Shard(0), ufrag);
    }
}

/// A message on a data channel.
pub fn data_packet(data: &[u8]) {
    if let Ok(identity) = "ann".parse() {
        let _ = data::stamp(data, Some((ParticipantId::from(1), &identity)));
    }
}

/// Reports of a client, and reports of str0m's.
pub fn reports(data: &[u8]) {
    use feedback::Feedback;
    feedback::is_report(data);
    feedback::concerns_sending(data);
    feedback::read(data, |said| {
        if let Feedback::Missing { entries, .. } = said {
            assert!(feedback::missing(entries).count() <= 17 * 375, "more is asked for than a datagram holds");
        }
    });
    let mut retold = Vec::new();
    feedback::retell(data, &mut retold);
    assert!(retold.len() <= data.len(), "reports grew on their way");
}

/// The payload of an RTP packet, taken for each codec in turn.
pub fn payload(data: &[u8]) {
    use str0m::format::Codec;
    for codec in [Codec::Vp8, Codec::Vp9, Codec::H264, Codec::Av1] {
        keyframe::glance(codec, data, false);
    }
}
