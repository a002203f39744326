//! What hosts decide holds on the wire: RTP packets are counted at the UDP sockets of real clients, whose senders do not
//! obey.

use std::time::{Duration, Instant};

use proto::{
    Person, Source,
    api::{Entry, Event, Ticket},
    livekit::signal_response::Message as Response,
    media::Kind,
};
use serde_json::{Value, json};
use tokio::{net::UdpSocket, time::timeout_at};

use crate::{
    harness::{Server, claims, sign},
    people::{Browser, admin as admin_of, sign_up},
    wire::{Peer, rtp},
};

/// A host, who acts over REST and listens; somebody who sends; and one more who listens.
struct Three<'a> {
    host: Browser<'a>,
    room: String,
    ann: Peer,
    bob: Peer,
    bob_is: Person,
    cy: Peer,
}

impl<'a> Three<'a> {
    async fn meet(server: &'a Server) -> Self {
        let (bob, cy) = (sign_up(server, "bob").await, sign_up(server, "cy").await);
        Self::meet_with(server, &bob, &cy).await
    }

    /// In a new room.
    async fn meet_with(server: &'a Server, bob: &Browser<'_>, cy: &Browser<'_>) -> Self {
        let host = admin_of(server).await;
        let room = host.make_room().await.room.code;
        let ann = Peer::join(server, &host.ticket(&room, "Ann").await.token).await;
        let ticket = bob.ticket(&room, "Bob").await;
        let bob = Peer::join(server, &ticket.token).await;
        let cy = Peer::join(server, &cy.ticket(&room, "Cy").await.token).await;
        Self { host, room, ann, bob, bob_is: ticket.person, cy }
    }

    /// Does it, and says when it was done.
    async fn act(&self, act: Value) -> Instant {
        self.host.act(&self.room, act).await.done();
        Instant::now()
    }

    async fn both_get(&mut self, kind: Kind) {
        tokio::join!(self.ann.flows(kind), self.cy.flows(kind));
    }

    /// That nothing of that kind reaches the two who listen, although Bob goes on sending it.
    async fn neither_gets(&mut self, kind: Option<Kind>, since: Instant) {
        let before = self.bob.sent();
        tokio::join!(self.ann.is_left_alone(kind, since), self.cy.is_left_alone(kind, since));
        let sent = self.bob.sent() - before;
        assert!(sent >= 50, "Bob goes on sending, else silence says nothing: {sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_somebody_muted_not_one_packet_goes_out() {
    let server = Server::start().await;
    let mut three = Three::meet(&server).await;
    three.bob.publish(Source::Microphone);
    three.bob.publish(Source::Camera);
    three.both_get(Kind::Audio).await;
    three.both_get(Kind::Video).await;

    let muted = three.act(json!({"act": "mute", "person": three.bob_is, "what": "microphone"})).await;
    three.neither_gets(Some(Kind::Audio), muted).await;
    three.both_get(Kind::Video).await;

    let stopped = three.act(json!({"act": "mute", "person": three.bob_is, "what": "camera"})).await;
    three.neither_gets(None, stopped).await;

    three.bob.mute(Source::Microphone, false);
    three.both_get(Kind::Audio).await;
    let all = three.act(json!({"act": "muteAll"})).await;
    three.neither_gets(None, all).await;
    three.bob.mute(Source::Camera, false);
    three.both_get(Kind::Video).await;
    three.bob.mute(Source::Microphone, false);
    three.both_get(Kind::Audio).await;
    drop(three);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_is_forbidden_not_one_packet_goes_out() {
    let server = Server::start().await;
    let mut three = Three::meet(&server).await;
    three.bob.publish(Source::Microphone);
    for (source, what) in [(Source::Camera, "camera"), (Source::Screen, "share")] {
        three.bob.publish(source);
        three.both_get(Kind::Video).await;
        let forbidden = three.act(json!({"act": "allow", "what": what, "on": false})).await;
        three.neither_gets(Some(Kind::Video), forbidden).await;
        // Nor when Bob asks for it.
        three.bob.mute(source, false);
        three.both_get(Kind::Audio).await;
        three.neither_gets(Some(Kind::Video), Instant::now()).await;
    }
    let forbidden = three.act(json!({"act": "allow", "what": "microphone", "on": false})).await;
    three.bob.mute(Source::Microphone, false);
    three.neither_gets(None, forbidden).await;

    three.act(json!({"act": "allow", "what": "camera", "on": true})).await;
    three.bob.mute(Source::Camera, false);
    three.both_get(Kind::Video).await;
    let again = three.act(json!({"act": "stopCameras"})).await;
    three.neither_gets(None, again).await;
    three.act(json!({"act": "allow", "what": "microphone", "on": true})).await;
    three.bob.mute(Source::Microphone, false);
    three.both_get(Kind::Audio).await;
    drop(three);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_removed_gets_and_gives_not_one_packet() {
    let server = Server::start().await;
    let (bob, cy) = (sign_up(&server, "bob").await, sign_up(&server, "cy").await);
    for may_return in [true, false] {
        let mut three = Three::meet_with(&server, &bob, &cy).await;
        three.cy.publish(Source::Microphone);
        three.cy.publish(Source::Camera);
        for kind in [Kind::Audio, Kind::Video] {
            tokio::join!(three.ann.flows(kind), three.bob.flows(kind));
        }
        three.bob.publish(Source::Microphone);
        three.cy.flows(Kind::Audio).await;
        let act = json!({"act": "remove", "person": three.bob_is, "mayReturn": may_return});
        let removed = three.act(act).await;
        let before = three.bob.sent();
        // Cy sends, Bob listens and sends on; Cy hears nobody any more.
        tokio::join!(three.bob.is_left_alone(None, removed), three.cy.is_left_alone(None, removed));
        assert!(three.bob.sent() - before >= 50, "Bob goes on sending");
        three.ann.flows(Kind::Audio).await;
        three.ann.flows(Kind::Video).await;
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_gets_no_ticket_and_not_one_packet() {
    let server = Server::start().await;
    let host = admin_of(&server).await;
    let room = host.make_room().await.room.code;
    let mut ann = Peer::join(&server, &host.ticket(&room, "Ann").await.token).await;
    ann.publish(Source::Microphone);
    let mut cy = Peer::join(&server, &sign_up(&server, "cy").await.ticket(&room, "Cy").await.token).await;
    cy.publish(Source::Camera);
    cy.flows(Kind::Audio).await;
    ann.flows(Kind::Video).await;

    // Gina was in, with a ticket that is not old, and has to come by the door again.
    host.act(&room, json!({"act": "lobby", "lobby": "off"})).await.done();
    let gina = Browser::new(&server);
    let old = gina.ticket(&room, "Gina").await;
    let mut inside = Peer::join(&server, &old.token).await;
    inside.flows(Kind::Audio).await;
    host.act(&room, json!({"act": "remove", "person": old.person, "mayReturn": true})).await.done();
    host.act(&room, json!({"act": "lobby", "lobby": "guests"})).await.done();
    assert!(matches!(gina.join(&room, "Gina").await.right(), Entry::Waiting { .. }));
    let mut page = gina.attend(&room).await;
    assert_eq!(page.next().await, Some(Event::Waiting { host_present: true, moved: false }));
    let waiting = Instant::now();

    // Another room of which she has a ticket opens that room alone.
    let elsewhere = host.make_room().await.room.code;
    host.patch(&format!("/api/v1/rooms/{elsewhere}"), json!({"policy": proto::Policy::OPEN})).await;
    let other: Ticket = gina.ticket(&elsewhere, "Gina").await;
    let mut there = Peer::join(&server, &other.token).await;

    // Nothing that she has or can make opens this one.
    let mut forged = claims(&room, "gina");
    forged["sub"] = json!(old.identity);
    forged["attributes"] = json!({"role": "owner"});
    let tokens = [String::new(), "nonsense".to_owned(), sign(&forged, "a guess of hers, as long as a secret is"), {
        let mut parts: Vec<&str> = other.token.split('.').collect();
        let claims = old.token.split('.').nth(1).unwrap();
        parts[1] = claims;
        parts.join(".")
    }];
    for token in &tokens {
        let refused = server.socket(&format!("access_token={token}"), &[]).await;
        assert!(refused.is_err_and(|reply| reply.status == 401), "{token}");
    }
    assert!(server.socket("", &[]).await.is_err_and(|reply| reply.status == 401));
    // The one that was good is understood, and refused by the rules; so is a try to resume the stay.
    for more in ["", "&reconnect=1&sid=PA_00000000000000000000000001"] {
        match server.socket(&format!("access_token={}{more}", old.token), &[]).await {
            Ok(mut socket) => assert!(matches!(socket.response().await, Some(Response::Leave(_)) | None), "{more}"),
            Err(reply) => assert_eq!(reply.status, 403, "{reply:?}"),
        }
    }

    // Nor does the media port say anything to a stranger who tries.
    let stranger = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let media = format!("127.0.0.1:{}", server.started.media_port);
    for datagram in [binding_request().as_slice(), &[0x80, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xff]] {
        stranger.send_to(datagram, &media).await.unwrap();
    }
    let strange = async {
        let mut buffer = [0; 2_048];
        let until = waiting + Duration::from_secs(3);
        while let Ok(received) = timeout_at(until.into(), stranger.recv(&mut buffer)).await {
            assert_eq!(rtp(&buffer[..received.unwrap()]), None);
        }
    };
    tokio::join!(
        inside.is_left_alone(None, waiting),
        there.is_left_alone(None, waiting),
        strange,
        ann.flows(Kind::Video),
        cy.flows(Kind::Audio),
    );
    assert_eq!(page.so_far().await, [], "she was told nothing more, and given no ticket");

    // Let in, it flows: she could have heard it.
    host.act(&room, json!({"act": "admit", "person": old.person})).await.done();
    let ticket = page
        .until(|event| match event {
            Event::Admitted { ticket } => Some(ticket),
            _ => None,
        })
        .await;
    let mut gina = Peer::join(&server, &ticket.token).await;
    gina.flows(Kind::Audio).await;
    gina.flows(Kind::Video).await;
    drop((ann, cy, inside, there, gina));
    server.stop().await;
}

/// A STUN binding request of somebody whom nobody knows (RFC 8489): header, and a user name.
fn binding_request() -> Vec<u8> {
    let name = b"stranger:stranger...";
    let mut request = vec![0, 1, 0, (name.len() + 4) as u8, 0x21, 0x12, 0xa4, 0x42];
    request.extend([7; 12]);
    request.extend([0, 6, 0, name.len() as u8]);
    request.extend(name);
    request
}
