//! A whole life of the media plane, decided by bytes: peers come with offers that were damaged on the way, tracks are
//! announced and taken, datagrams arrive from anywhere, time passes.
//!
//! What lies behind a DTLS handshake is not reached from here; the targets over single parsers do that.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use proto::{
    ParticipantId, RoomId, Shard, TrackId,
    media::{AddPeer, Command, ExpectedTrack, Kind, Layer, Quality, Wish},
};
use sfu::{Config, End, Input, Output, Over, Path, Sfu};

use super::bytes::Bytes;

/// Runs one life.
pub fn run(data: &[u8]) {
    let mut now = Instant::now();
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 7882));
    let config = Config {
        shard: Shard(0),
        addresses: vec![End { over: Over::Udp, address: here }],
        public: Vec::new(),
        seed: 7,
    };
    let mut sfu = Sfu::new(config, now);
    let mut bytes = Bytes::new(data);
    for _ in 0..STEPS {
        if bytes.is_empty() {
            break;
        }
        match bytes.below(4) {
            0 => {
                let source = SocketAddr::from((Ipv4Addr::new(192, 0, 2, bytes.below(3)), 4000));
                sfu.handle(now, Input::Datagram { path: Path::udp(here, source), bytes: bytes.piece() });
            }
            1 => {
                now += Duration::from_millis(u64::from(bytes.byte()) * 10);
                sfu.handle(now, Input::Timeout);
            }
            _ => sfu.handle(now, Input::Command(command(&mut bytes))),
        }
        drain(&mut sfu, here);
        // A timer that is due must be gone after one time-out, or the media thread would spin.
        if sfu.poll_timeout().is_some_and(|at| at <= now) {
            sfu.handle(now, Input::Timeout);
            drain(&mut sfu, here);
        }
    }
}

fn drain(sfu: &mut Sfu, here: SocketAddr) {
    for _ in 0..OUTPUTS {
        match sfu.poll_output() {
            Some(Output::Transmit { path, bytes }) => {
                assert_eq!(path.ours, here, "a datagram leaves from an address that is not ours");
                assert!(bytes.len() <= 1500, "a datagram of {} bytes does not fit", bytes.len());
            }
            Some(Output::Train(train)) => {
                assert_eq!(train.path.ours, here, "a datagram leaves from an address that is not ours");
                assert!(train.lengths().iter().all(|length| *length <= 1500), "a datagram does not fit");
                sfu.take_back(train);
            }
            Some(Output::Event(_) | Output::Tapped(_)) => {}
            None => return,
        }
    }
    panic!("one input made more than {OUTPUTS} outputs");
}

fn command(bytes: &mut Bytes<'_>) -> Command {
    let peer = ParticipantId::from(u128::from(bytes.below(4)));
    let track = TrackId::from(u128::from(bytes.below(6)));
    match bytes.below(12) {
        0 | 1 => Command::AddPeer(AddPeer {
            room: RoomId::from(u128::from(bytes.below(2))),
            peer,
            identity: ["ann", "bob", "cyd", "dan"][usize::from(bytes.below(4))].parse().expect("a short plain word"),
            may_send_data: bytes.flag(),
            hidden: bytes.flag(),
            // Everybody is recorded: whatever is sent reaches the tap.
            tap: Some(1.into()),
        }),
        2 => Command::RemovePeer { peer },
        3 => Command::ExpectTrack { peer, track: expected(bytes, track) },
        4 | 5 => Command::Offer { peer, id: u32::from(bytes.byte()), sdp: damaged(bytes) },
        6 => Command::Subscribe { peer, track },
        7 => Command::Unsubscribe { peer, track },
        8 => Command::Prefer {
            peer,
            track,
            wish: Wish {
                enabled: bytes.flag(),
                quality: [Quality::Low, Quality::Medium, Quality::High][usize::from(bytes.below(3))],
                size: bytes.flag().then(|| (u32::from(bytes.byte()) << bytes.below(32), u32::from(bytes.byte()))),
                pinned: bytes.flag(),
            },
        },
        9 => Command::Mute { track, muted: bytes.flag() },
        10 => Command::RemoveTrack { track },
        _ => Command::AllowData { peer, allowed: bytes.flag() },
    }
}

fn expected(bytes: &mut Bytes<'_>, track: TrackId) -> ExpectedTrack {
    let kind = if bytes.flag() { Kind::Audio } else { Kind::Video };
    let layers = (0..bytes.below(5)).map(|_| Layer { quality: Quality::Low, width: u32::MAX, height: 0 });
    ExpectedTrack {
        track,
        kind,
        source: bytes.choose(&[None, Some(proto::Source::Screen), Some(proto::Source::Camera)]),
        cids: vec![bytes.text()],
        codecs: (0..bytes.below(3))
            .map(|_| bytes.choose(&["vp9".to_owned(), "av1".to_owned(), String::new()]))
            .collect(),
        layers: layers.collect(),
        muted: bytes.flag(),
    }
}

/// A real browser's offer, in which lines were replaced, repeated or lost.
fn damaged(bytes: &mut Bytes<'_>) -> String {
    let mut lines: Vec<String> = bytes.choose(&OFFERS).lines().map(str::to_owned).collect();
    for _ in 0..bytes.below(4) {
        let at = (usize::from(bytes.byte()) | usize::from(bytes.byte()) << 8) % lines.len();
        match bytes.below(3) {
            0 => lines[at] = bytes.text(),
            1 => lines.insert(at, lines[at].clone()),
            _ => drop(lines.remove(at)),
        }
    }
    lines.join("\r\n") + "\r\n"
}

/// As Chromium and Firefox make them: three sections for sound and pictures each, a microphone, a camera with layers.
const OFFERS: [&str; 2] =
    [include_str!("../seeds/sfu_offer/chromium.sdp"), include_str!("../seeds/sfu_offer/firefox.sdp")];

/// The longest life; offers are slow to answer, since each makes keys.
const STEPS: usize = 64;

/// More than any one input can cause among four peers and six tracks.
const OUTPUTS: usize = 10_000;
