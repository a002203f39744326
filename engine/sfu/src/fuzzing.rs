//! Doors for the fuzzer: what reads bytes from the network, each callable alone. Nothing here may panic.

use std::time::{Duration, Instant};

use proto::{
    ParticipantId, Shard,
    media::{AddPeer, Command, Event, Kind, Quality},
};
use str0m::crypto::dtls::{DtlsOutput, DtlsVersion};

use crate::{
    Config, End, Input, Output, Over, Sfu,
    allocate::{
        Allocator, Class, Demand, Given, Standing,
        ladder::{Ladder, Supply},
    },
    data, demux,
    descriptor::{active_length, structure::Layers, write_active},
    egress::{feedback, keys},
    estimate::{Departure, Estimator},
    forward::{frame::Reader, red::Red, select::Select},
    peer::answer,
    peer::offer,
    peer::sections::Sections,
};

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

/// An offer from its arrival to its answer, twice, in a whole engine.
pub fn negotiate(data: &[u8]) {
    answered(&String::from_utf8_lossy(data));
}

/// Lines of candidates, in an offer that is good without them.
pub fn candidates(data: &[u8]) {
    let lines = String::from_utf8_lossy(data);
    let candidates = lines.split(['\r', '\n']).map(|line| format!("a=candidate:{line}\r\n"));
    answered(&format!("{PLAIN_OFFER}{}", candidates.collect::<String>()));
}

fn answered(sdp: &str) {
    #[expect(clippy::disallowed_methods, reason = "virtual time needs one real instant to start from")]
    let now = Instant::now();
    let address = ([192, 0, 2, 1], 7882).into();
    let config =
        Config { shard: Shard(0), addresses: vec![End { over: Over::Udp, address }], public: Vec::new(), seed: 1 };
    let (mut sfu, peer) = (Sfu::new(config, now), ParticipantId::from(1));
    let add = AddPeer { room: 1.into(), peer, identity: identity(), may_send_data: true, hidden: false, tap: None };
    sfu.handle(now, Input::Command(Command::AddPeer(add)));
    for id in 1..=2 {
        sfu.handle(now, Input::Command(Command::Offer { peer, id, sdp: sdp.to_owned() }));
        while let Some(output) = sfu.poll_output() {
            match output {
                Output::Event(Event::OfferRefused { why, .. }) => assert!(!why.contains("panicked"), "{why}"),
                Output::Event(_) => {}
                Output::Transmit { .. } | Output::Train(_) | Output::Tapped(_) => {
                    panic!("an offer made us send something")
                }
            }
        }
        sfu.handle(now + Duration::from_secs(1), Input::Timeout);
    }
    assert_eq!((sfu.stats().rooms_broken, sfu.is_lost()), (0, false));
}

/// What arrives at the answering side of a handshake, each datagram behind its length in two bytes; between them time passes.
pub fn handshake(data: &[u8]) {
    #[expect(clippy::disallowed_methods, reason = "virtual time needs one real instant to start from")]
    let mut now = Instant::now();
    let provider = keys::provider();
    let certificate = provider.dtls_provider.generate_certificate().expect("there is a source of chance");
    let begun = provider.dtls_provider.new_dtls(&certificate, now, DtlsVersion::Dtls12, Some(1_150));
    let mut dtls = begun.expect("the version is known");
    dtls.set_active(false);
    let mut room = vec![0; 2_048];
    let mut rest = data;
    while let [high, low, behind @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]) & 0x7ff);
        let (datagram, next) = behind.split_at(behind.len().min(length));
        rest = next;
        now += Duration::from_millis(u64::from(*high & 0xf8) * 10);
        let late = dtls.handle_timeout(now).is_err();
        let _ = dtls.handle_packet(datagram);
        let mut sent = 0;
        loop {
            match dtls.poll_output(&mut room) {
                DtlsOutput::Packet(packet) => sent += packet.len(),
                DtlsOutput::Connected | DtlsOutput::KeyingMaterial(..) => panic!("nobody proved anything"),
                DtlsOutput::Timeout(_) => break,
                _ => {}
            }
        }
        assert!(sent < 16_384, "a datagram makes us send {sent} bytes");
        if late {
            return;
        }
    }
}

fn identity() -> proto::Identity {
    "ann".parse().expect("a name")
}

/// What a client offers that sends sound and has data channels.
const PLAIN_OFFER: &str = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic:WMS *\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n\
    a=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 \
    00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n\
    a=setup:actpass\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n";

/// A datagram from an unknown address.
pub fn stun(data: &[u8]) {
    if let Some(demux::Check { target: ufrag, .. }) = demux::read_check(data) {
        demux::read_ufrag(Shard(0), ufrag);
    }
    let answer = crate::stun::answer(data, ([192, 0, 2, 1], 1).into());
    assert!(answer.is_none_or(|answer| answer.len() <= data.len() + 48), "strangers make us send more than they did");
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
    copies(data);
    for codec in [Codec::Vp8, Codec::Vp9, Codec::H264, Codec::Av1] {
        let seen = Reader::default().read(1.into(), codec, data, None);
        if let Some(places) = seen.places {
            let mut copy = data.to_vec();
            places.write(places.counters(), &mut copy);
            assert_eq!(copy, data, "the same counters change something");
        }
    }
}

/// The payload of sound with copies of earlier sound.
fn copies(data: &[u8]) {
    if let Some(red) = Red::read(data) {
        let newest = red.newest(data).to_vec();
        let mut copy = data.to_vec();
        red.rename(&mut copy, 109.into());
        assert_eq!(Red::read(&copy), Some(red), "the number is in the way of the parts");
        assert_eq!(red.newest(&copy), newest, "the sound was changed");
        let mut written = Vec::new();
        let earlier: Vec<_> = red.copies(&copy).collect();
        Red::write(&mut written, 109.into(), earlier.into_iter(), &newest);
        assert_eq!(written, copy, "what was read is not what was written");
    }
}

/// Dependency descriptors, as those of consecutive packets: each has its length in front.
pub fn descriptors(data: &[u8]) {
    use str0m::format::Codec;
    let (mut reader, mut forward) = (Reader::default(), Select::new());
    let mut rest = data;
    let mut timestamp = 0;
    while let [length, behind @ ..] = rest {
        let (descriptor, next) = behind.split_at(behind.len().min(usize::from(*length)));
        rest = next;
        timestamp += u32::from(length & 1);
        forward.limit(Layers { spatial: length >> 6, temporal: (length >> 4) & 3 });
        let seen = reader.read(1.into(), Codec::Av1, &[0], Some(&descriptor.to_vec().into()));
        let choice = forward.judge(&seen.frame, timestamp);
        assert!(!choice.last || choice.wanted, "a picture ends with what is left out");
        if let (Some(shape), Some(active)) = (seen.shape, forward.active()) {
            let mut out = vec![0; active_length(descriptor, shape)];
            write_active(descriptor, shape, active, &mut out).expect("it was read with this shape");
            let again = Reader::default().read(1.into(), Codec::Av1, &[0], Some(&out.into()));
            let structured = seen.frame.keyframe
                && Reader::default()
                    .read(1.into(), Codec::Av1, &[0], Some(&descriptor.to_vec().into()))
                    .shape
                    .is_some();
            assert!(!structured || again.shape.is_some(), "a descriptor cannot be read after it was changed");
        }
    }
}

/// The life of a bandwidth estimator: packets leave, reports come, honest ones and others, time passes.
pub fn estimates(data: &[u8]) {
    #[expect(clippy::disallowed_methods, reason = "virtual time needs one real instant to start from")]
    let start = Instant::now();
    let (mut now, mut place, mut probes, mut rest) = (start, 0_u16, 0, data);
    let mut estimator = Estimator::new(start);
    while let [what, amount, more @ ..] = rest {
        rest = more;
        match what % 6 {
            0 => now += Duration::from_millis(u64::from(*amount)),
            1 => now += Duration::from_micros(1 << (amount % 36)),
            2 => {
                for _ in 0..*amount {
                    estimator.sent(now, place, usize::from(*what) * 8, Departure::Media);
                    place = place.wrapping_add(1);
                }
            }
            3 => {
                let (body, more) = rest.split_at(usize::from(*amount).min(rest.len()));
                rest = more;
                estimator.feedback(now, body);
            }
            4 => {
                // The last packets came, each a little later than the one before.
                let reference = (now - start).as_millis() as u32 / 64;
                let mut body = vec![0; 8];
                body.extend(place.wrapping_sub(u16::from(*amount)).to_be_bytes());
                body.extend(u16::from(*amount).to_be_bytes());
                body.extend((reference << 8).to_be_bytes());
                body.extend((1 << 13 | u16::from(*amount)).to_be_bytes());
                body.extend(std::iter::repeat_n(what / 6, usize::from(*amount)));
                estimator.feedback(now, &body);
            }
            _ => {
                if let Some(probe) = estimator.tick(now, 1 << (amount % 64)) {
                    probes += 1;
                    for _ in 0..what % 10 {
                        let bytes = probe.bytes.div_ceil(probe.packets);
                        estimator.sent(now, place, bytes, Departure::Probe(probe.id));
                        place = place.wrapping_add(1);
                    }
                }
            }
        }
        let available = estimator.available();
        assert!(available.is_none_or(|rate| (50_000..=50_000_000).contains(&rate)), "{available:?} is allowed");
        assert!((0.0..=1.0).contains(&estimator.lost()), "more than all is lost");
        assert!(available.is_some() || !estimator.pressed(), "pressed by nobody");
        assert!(estimator.round_trip() <= Some(now - start), "a round trip longer than all time");
        assert!(estimator.queued() < Duration::MAX && estimator.acknowledged() < Some(u64::MAX), "without bounds");
    }
    assert!(probes <= 1 + (now - start).as_millis() / 100, "{probes} probes");
}

/// A person's budgets, one after the other, over tracks that change meanwhile. No more is given than there is, and sound
/// never stops.
pub fn budgets(data: &[u8]) {
    #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
    let mut now = Instant::now();
    let mut bytes = data.iter().copied();
    let mut allocator = Allocator::default();
    let mut demands: Vec<Demand> = Vec::new();
    while let Some(act) = bytes.next() {
        let mut number = || u64::from(bytes.next().unwrap_or_default());
        match act % 4 {
            0 if demands.len() < 100 => {
                let demand = any_demand(&mut number, Standing::default());
                demands.push(demand);
            }
            1 if !demands.is_empty() => {
                let at = number() as usize % demands.len();
                demands[at] = any_demand(&mut number, demands[at].standing);
            }
            2 => now += Duration::from_millis(number() * 50),
            _ => {
                let budget = number() << (number() % 48);
                let outcome = allocator.divide(now, budget, &mut demands);
                let sound = demands.iter().filter(|demand| demand.kind == Kind::Audio);
                let (rates, flows) = sound.fold((0, true), |(rates, flows), demand| {
                    let rate = demand.ladder.top().map_or(0, |step| step.rate);
                    (rates + rate, flows && demand.standing.given != Given::Paused)
                });
                assert!(flows, "sound was paused");
                assert!(outcome.given <= budget.max(rates), "more was given than there is");
                assert!((0.0..=1.0).contains(&outcome.deficit), "a part is a part");
            }
        }
    }
}

fn any_demand(number: &mut impl FnMut() -> u64, standing: Standing) -> Demand {
    let how = number();
    let kind = if how & 1 == 0 { Kind::Video } else { Kind::Audio };
    let class = [Class::First, Class::Screen, Class::Rest][(how >> 1) as usize % 3];
    let most = [Quality::Low, Quality::Medium, Quality::High][(how >> 3) as usize % 3];
    let supplies =
        [0; 3].map(|_| Supply { rate: number() << (number() % 20), temporal: [0; 3].map(|_| number() as u16 * 5) });
    Demand::new(kind, class, number() << (number() % 40), Ladder::new(&supplies, most), standing)
}
