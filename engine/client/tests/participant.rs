//! A client against a server that echoes: joining, publishing, receiving, and all that ends a stay.

mod echo;

use std::{sync::Arc, time::Duration};

use client::{
    Action, Codec, End, Event, Message, Packet, Track,
    synthetic::{Flow, Picture, Stamp, Tone},
};
use echo::{Pair, sections};
use proto::{
    Source, TrackId,
    livekit::{
        DisconnectReason, LeaveRequest, leave_request, request_response::Reason, signal_request::Message as Request,
        signal_response::Message as Response,
    },
    media::{Layer, Quality},
};

const SECOND: Duration = Duration::from_secs(1);

fn microphone() -> Track {
    Track {
        cid: "mic".to_owned(),
        name: "microphone".to_owned(),
        source: Source::Microphone,
        codec: Codec::Opus,
        layers: Vec::new(),
        muted: false,
    }
}

fn camera(layers: &[(Quality, u32, u32)]) -> Track {
    let layers = layers.iter().map(|&(quality, width, height)| Layer { quality, width, height });
    Track {
        cid: "cam".to_owned(),
        name: "camera".to_owned(),
        source: Source::Camera,
        codec: Codec::Vp8,
        layers: layers.collect(),
        muted: false,
    }
}

fn connected(pair: &Pair) -> bool {
    pair.client.is_connected()
}

fn published(pair: &Pair, name: &str) -> Option<TrackId> {
    pair.events.iter().find_map(|e| match e {
        Event::Published { cid, track } if cid == name => Some(*track),
        _ => None,
    })
}

fn joined(change: impl FnOnce(&mut client::Config)) -> Pair {
    let mut pair = Pair::new(change);
    assert!(pair.run(5 * SECOND, connected), "{:?}", pair.events);
    pair
}

fn publish(pair: &mut Pair, track: Track) -> TrackId {
    let cid = track.cid.clone();
    pair.act(Action::Publish(track));
    assert!(pair.run(5 * SECOND, |p| published(p, &cid).is_some()), "{:?}", pair.events);
    published(pair, &cid).expect("it was just seen")
}

fn send_sound(pair: &mut Pair, track: TrackId, tone: &mut Tone, packets: u32) {
    for _ in 0..packets {
        let payload: Arc<[u8]> = tone.packet(Duration::ZERO).into();
        let time = tone.made() * Tone::TICKS;
        pair.act(Action::Media(Packet { track, layer: None, time, marker: false, level: Some(-30), payload }));
        pair.run(Tone::INTERVAL, |_| false);
    }
}

#[test]
fn the_first_offer_has_three_sections_of_each_kind_and_data() {
    let pair = joined(|_| {});
    let offer = &pair.offers[0];
    assert_eq!(sections(offer, "recvonly").len(), 6);
    assert!(offer.contains("m=application"));
    assert!(!offer.contains("a=ssrc") && !offer.contains("a=msid:"), "what only receives promises nothing");
    assert!(offer.contains("a=setup:actpass"));
    assert_eq!(pair.offers.len(), 1);
    assert!(matches!(pair.events[0], Event::Joined { .. }));
}

#[test]
fn an_offer_after_the_join_does_as_well() {
    let pair = joined(|c| c.offer_with_join = false);
    assert!(matches!(pair.requests[0], Request::Offer(_)));
}

#[test]
fn sound_goes_out_and_comes_back_without_loss() {
    let mut pair = joined(|_| {});
    let track = publish(&mut pair, microphone());
    assert!(pair.offers[1].contains("a=msid:microphone mic\r\n"), "the server binds sections by the client's own id");
    let mut tone = Tone::new(5);
    send_sound(&mut pair, track, &mut tone, 100);
    let mut flow = Flow::new();
    for event in &pair.events {
        if let Event::Media(received) = event {
            let stamp = Stamp::read(&received.payload).unwrap();
            assert_eq!(stamp.flow, 5);
            flow.arrived(stamp.sequence.into());
        }
    }
    flow.ended(99);
    assert_eq!((flow.expected(), flow.lost()), (100, 0));
    let subscribed = pair.events.iter().find_map(|e| match e {
        Event::TrackSubscribed { participant, .. } => *participant,
        _ => None,
    });
    assert!(subscribed.is_some(), "the publisher was known before the section");
}

#[test]
fn each_layer_of_a_camera_travels_as_its_own_stream() {
    let mut pair = joined(|_| {});
    let sizes = [(Quality::Low, 160, 90), (Quality::Medium, 320, 180), (Quality::High, 640, 360)];
    let track = publish(&mut pair, camera(&sizes));
    assert!(pair.offers[1].contains("a=simulcast:send q;h;f"), "{}", pair.offers[1]);
    let mut layers = sizes.map(|(q, w, h)| (q, Picture::new(1, q as u8, w as u16, h as u16)));
    for frame in 0..15_u32 {
        for (quality, picture) in &mut layers {
            let payloads = picture.frame(Duration::ZERO, frame == 0, 3_000);
            let last = payloads.len() - 1;
            for (at, payload) in payloads.into_iter().enumerate() {
                let (layer, time, marker) = (Some(*quality), frame * 6_000, at == last);
                pair.act(Action::Media(Packet { track, layer, time, marker, level: None, payload: payload.into() }));
            }
        }
        pair.run(Duration::from_millis(66), |_| false);
    }
    for rid in ["q", "h", "f"] {
        let arrived: u64 =
            pair.arrived.iter().filter(|((_, r), _)| r.as_deref() == Some(rid)).map(|(_, count)| *count).sum();
        assert_eq!(arrived, 45, "{rid}: {:?}", pair.arrived);
    }
    let mid = pair.arrived.keys().next().unwrap().0.clone();
    pair.ask_for_keyframe(&mid, Some("h"));
    let wanted = |p: &Pair| {
        p.events
            .iter()
            .any(|e| matches!(e, Event::KeyframeWanted { track: t, layer: Some(Quality::Medium) } if *t == track))
    };
    assert!(pair.run(SECOND, wanted));
}

#[test]
fn a_requirement_brings_more_sections_and_always_an_offer() {
    let mut pair = joined(|_| {});
    pair.ask_for_sections(2, 1);
    assert!(pair.run(SECOND, |p| p.offers.len() == 2));
    assert_eq!(sections(&pair.offers[1], "recvonly").len(), 9);
    pair.ask_for_sections(0, 0);
    assert!(pair.run(SECOND, |p| p.offers.len() == 3));
    assert_eq!(sections(&pair.offers[2], "recvonly").len(), 9, "free sections are offered again");
    // With every section in use nothing is there to change, and the server must be able to answer all the same.
    for at in 0..5 {
        publish(&mut pair, Track { cid: format!("mic{at}"), ..microphone() });
    }
    for at in 0..4 {
        publish(&mut pair, Track { cid: format!("cam{at}"), ..camera(&[(Quality::High, 320, 180)]) });
    }
    let offers = pair.offers.len();
    pair.ask_for_sections(0, 0);
    assert!(pair.run(SECOND, |p| p.offers.len() == offers + 1));
    assert!(pair.run(SECOND, |p| p.client.is_connected()));
}

#[test]
fn what_is_unpublished_is_offered_as_inactive_and_can_be_published_anew() {
    let mut pair = joined(|_| {});
    let track = publish(&mut pair, microphone());
    let mut tone = Tone::new(1);
    send_sound(&mut pair, track, &mut tone, 5);
    pair.act(Action::Unpublish(track));
    let ended = |p: &Pair| p.events.iter().any(|e| matches!(e, Event::TrackUnsubscribed { .. }));
    assert!(pair.run(SECOND, ended), "{:?}", pair.events);
    assert_eq!(sections(pair.offers.last().unwrap(), "inactive").len(), 1);
    pair.events.clear();
    let again = publish(&mut pair, microphone());
    assert_ne!(again, track);
    let mut tone = Tone::new(2);
    send_sound(&mut pair, again, &mut tone, 5);
    let heard =
        pair.events.iter().filter(|e| matches!(e, Event::Media(m) if Stamp::read(&m.payload).unwrap().flow == 2));
    assert_eq!(heard.count(), 5);
}

#[test]
fn data_packets_keep_their_topic_kind_and_order() {
    let mut pair = joined(|_| {});
    pair.run(SECOND, |_| false); // the channels open after media is connected
    let packet = |reliable, byte| Message { reliable, topic: Some("t".to_owned()), payload: vec![byte; 5_000] };
    for byte in 0..20 {
        pair.act(Action::SendData { message: packet(true, byte), to: Vec::new() });
    }
    pair.act(Action::SendData { message: Message { payload: vec![99], ..packet(false, 0) }, to: Vec::new() });
    let data = |p: &Pair| -> Vec<Message> {
        let messages = p.events.iter().filter_map(|e| match e {
            Event::Data { from, message } if from.as_str() == "echo" => Some(message.clone()),
            _ => None,
        });
        messages.collect()
    };
    assert!(pair.run(5 * SECOND, |p| data(p).len() == 21), "{}", data(&pair).len());
    let reliable: Vec<Message> = data(&pair).into_iter().filter(|m| m.reliable).collect();
    assert_eq!(reliable, (0..20).map(|byte| packet(true, byte)).collect::<Vec<_>>());
    assert_eq!(pair.client.stats().data_dropped, 0);
}

#[test]
fn a_refused_track_is_told_and_its_id_is_free_again() {
    let mut pair = Pair::new(|_| {});
    pair.run(5 * SECOND, connected);
    pair.answering = false;
    let refusal = proto::livekit::RequestResponse {
        reason: Reason::NotAllowed.into(),
        request: Some(proto::livekit::request_response::Request::AddTrack(proto::livekit::AddTrackRequest {
            cid: "cam".to_owned(),
            ..Default::default()
        })),
        ..Default::default()
    };
    pair.act(Action::Publish(camera(&[(Quality::High, 320, 180)])));
    pair.signal(Response::RequestResponse(refusal));
    let told = |p: &Pair| p.events.iter().any(|e| matches!(e, Event::Refused { why: Reason::NotAllowed, .. }));
    assert!(pair.run(SECOND, told));
    pair.act(Action::Publish(camera(&[(Quality::High, 320, 180)])));
    assert_eq!(pair.client.stats().ignored, 0);
}

#[test]
fn leaving_says_so_and_nothing_follows() {
    let mut pair = joined(|_| {});
    pair.act(Action::Leave);
    pair.run(SECOND, |_| false);
    assert!(matches!(pair.requests.last(), Some(Request::Leave(_))));
    assert!(matches!(pair.events.last(), Some(Event::Ended(End::Left))));
    assert_eq!(pair.client.poll_timeout(), None);
    pair.act(Action::Publish(microphone()));
    assert!(pair.client.poll_output().is_none());
}

#[test]
fn the_server_can_send_us_away() {
    let mut pair = joined(|_| {});
    pair.signal(Response::Leave(LeaveRequest {
        reason: DisconnectReason::DuplicateIdentity.into(),
        action: leave_request::Action::Disconnect.into(),
        ..Default::default()
    }));
    pair.run(SECOND, |_| false);
    let end = pair.events.last();
    assert!(matches!(end, Some(Event::Ended(End::Dismissed(DisconnectReason::DuplicateIdentity)))), "{end:?}");
}

#[test]
fn a_server_that_falls_silent_is_given_up() {
    let mut pair = joined(|_| {});
    pair.answering = false;
    let ended = |p: &Pair| p.events.iter().any(|e| matches!(e, Event::Ended(_)));
    assert!(!pair.run(15 * SECOND, ended), "not before its patience is over");
    assert!(pair.run(15 * SECOND, ended));
    assert!(matches!(pair.events.last(), Some(Event::Ended(End::PingTimeout))));
}

#[test]
fn an_offer_without_answer_is_given_up() {
    let mut pair = joined(|_| {});
    pair.answering = false;
    pair.ask_for_sections(1, 0);
    let ended = |p: &Pair| p.events.iter().any(|e| matches!(e, Event::Ended(End::AnswerTimeout)));
    assert!(pair.run(16 * SECOND, ended), "{:?}", pair.events.last());
}
