//! Calls and presence over HTTP and the event socket, and the rooms that carry them.

use std::time::Duration;

use proto::{
    Presence,
    api::{Call, Contact, Event, Me, MyPresence, MyRoom, PastCall, Reachable},
    call::{Stage, Why},
    presence::Chosen,
};
use serde_json::{Value, json};

use crate::{
    harness::{ADMIN, Server},
    people::{Browser, Events, admin as admin_of, sign_in, sign_up},
};

/// Somebody with a page that is there.
struct Phone<'a> {
    browser: Browser<'a>,
    id: String,
    events: Events,
}

impl<'a> Phone<'a> {
    async fn of(browser: Browser<'a>) -> Self {
        let me: Me = browser.get("/api/v1/me").await.right();
        let mut events = browser.events().await;
        events.send(json!({"ask": "here", "device": "d1"})).await;
        let mut phone = Self { browser, id: me.account.id.to_string(), events };
        phone.calls(|calls| calls.is_empty()).await;
        phone
    }

    async fn call(&self, whom: &Self, anyway: bool) -> Call {
        let body = json!({"people": [whom.id], "device": "d1", "anyway": anyway});
        self.browser.post("/api/v1/calls", body).await.right()
    }

    async fn act(&self, call: &Call, act: Value) -> crate::people::Reply {
        self.browser.post(&format!("/api/v1/calls/{}/acts", call.id), act).await
    }

    /// The first list of calls from now on that is right.
    async fn calls(&mut self, right: impl Fn(&[Call]) -> bool) -> Vec<Call> {
        self.events
            .until(|event| match event {
                Event::Calls { calls, .. } if right(&calls) => Some(calls),
                _ => None,
            })
            .await
    }

    /// Waits until the last call stands so for oneself and for the other.
    async fn stands(&mut self, own: Stage, other: Stage) -> Call {
        let right =
            |calls: &[Call]| calls.last().is_some_and(|call| (call.stage, call.others[0].stage) == (own, other));
        self.calls(right).await.pop().unwrap()
    }

    async fn history(&self) -> Vec<PastCall> {
        self.browser.get("/api/v1/calls").await.right()
    }
}

const fn over(why: Why) -> Stage {
    Stage::Ended { why }
}

fn answer() -> Value {
    json!({"act": "answer", "device": "d1"})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_placed_answered_held_in_its_room_and_ended() {
    let server = Server::start().await;
    let mut ann = Phone::of(admin_of(&server).await).await;
    let mut bob = Phone::of(sign_up(&server, "bob").await).await;

    let call = ann.call(&bob, false).await;
    assert!(call.outgoing && call.ended.is_none());
    assert_eq!((call.stage, call.others[0].stage), (Stage::Connecting, Stage::Dialing));
    let theirs = bob.stands(Stage::Dialing, Stage::Connecting).await;
    assert!(theirs.id == call.id && !theirs.outgoing && theirs.others[0].caller);

    bob.act(&call, json!({"act": "ring", "device": "d1"})).await.done();
    assert_eq!(ann.stands(Stage::Connecting, Stage::Ringing).await.others[0].devices, 1);
    bob.act(&call, json!({"act": "ring", "device": "other"})).await.refused(404, "not_found");

    let caller = ann.browser.enter(&call.code, "Ann").await;
    bob.act(&call, answer()).await.done();
    bob.act(&call, json!({"act": "answer", "device": "d2"})).await.refused(409, "answered_elsewhere");
    ann.stands(Stage::Active, Stage::Connecting).await;
    // Who is called is no guest in the call: nobody has to let them in.
    let callee = bob.browser.enter(&call.code, "Bob").await;
    let both = bob.stands(Stage::Active, Stage::Active).await;
    assert!(both.answered.is_some());

    // Somebody else who knows the code has to wait.
    let cy = sign_up(&server, "cy").await;
    let entry: Value = cy.join(&call.code, "Cy").await.right();
    assert_eq!(entry["state"], "waiting", "{entry}");

    ann.act(&call, json!({"act": "end"})).await.done();
    let ended = bob.stands(over(Why::Over), over(Why::HungUp)).await;
    assert!(ended.ended.is_some());
    bob.act(&call, answer()).await.refused(409, "call_over");
    drop((caller, callee));

    for (phone, outgoing) in [(&ann, true), (&bob, false)] {
        let [past] = &phone.history().await[..] else { panic!("one call") };
        assert!(past.call.id == call.id && past.call.outgoing == outgoing && !past.missed);
        assert!(past.call.answered.is_some() && past.call.ended == ended.ended);
        let rooms: Vec<MyRoom> = phone.browser.get("/api/v1/rooms").await.right();
        assert!(rooms.is_empty(), "the room of a call is none of mine");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_declined_missed_or_cannot_be_made() {
    let server = Server::start().await;
    let mut ann = Phone::of(admin_of(&server).await).await;
    let mut bob = Phone::of(sign_up(&server, "bob").await).await;

    let call = ann.call(&bob, false).await;
    bob.act(&call, json!({"act": "decline", "reply": " "})).await.refused(422, "bad_text");
    bob.act(&call, json!({"act": "decline", "reply": "x".repeat(201)})).await.refused(422, "bad_text");
    bob.act(&call, json!({"act": "decline", "reply": "In 10 minutes"})).await.done();
    let declined = ann.stands(over(Why::Over), over(Why::Declined)).await;
    assert_eq!(declined.others[0].reply.as_deref(), Some("In 10 minutes"));

    let call = ann.call(&bob, false).await;
    ann.act(&call, json!({"act": "end"})).await.done();
    bob.stands(over(Why::Cancelled), over(Why::HungUp)).await;
    let missed = |past: &[PastCall]| past.iter().map(|past| past.missed).collect::<Vec<_>>();
    assert_eq!(missed(&bob.history().await), [true, false]);
    assert_eq!(missed(&ann.history().await), [false, false], "whoever calls misses nothing");
    bob.browser.post("/api/v1/calls/looked", json!({})).await.done();
    assert_eq!(missed(&bob.history().await), [false, false]);

    let cy = sign_up(&server, "cy").await;
    let me: Me = cy.get("/api/v1/me").await.right();
    let post = async |people: Value| ann.browser.post("/api/v1/calls", json!({"people": people, "device": "d1"})).await;
    let gone: Call = post(json!([me.account.id])).await.right();
    assert_eq!((gone.others[0].stage, gone.ended.is_some()), (over(Why::Unreachable), true));
    post(json!([ann.id])).await.refused(422, "own_number");
    post(json!(["AC_00000000000000000000000000"])).await.refused(404, "not_found");
    post(json!([])).await.refused(404, "not_found");
    cy.post("/api/v1/calls/CA_nonsense/acts", answer()).await.refused(404, "not_found");
    cy.post(&format!("/api/v1/calls/{}/acts", call.id), answer()).await.refused(404, "not_found");
    Browser::new(&server)
        .post("/api/v1/calls", json!({"people": [ann.id], "device": "d1"}))
        .await
        .refused(401, "sign_in_first");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_is_seen_by_everybody_and_kept() {
    let server = Server::start().await;
    let mut ann = Phone::of(admin_of(&server).await).await;
    let bob = Phone::of(sign_up(&server, "bob").await).await;
    let presence = async |ann: &mut Phone<'_>| {
        let of_bob = |event| match event {
            Event::Presence { person: Reachable { account, presence, .. } } if account.to_string() == bob.id => {
                Some(presence)
            }
            _ => None,
        };
        ann.events.until(of_bob).await
    };
    assert_eq!(presence(&mut ann).await, Presence::Available);
    for (chosen, seen) in
        [(Chosen::DoNotDisturb, Presence::DoNotDisturb), (Chosen::Away, Presence::Away), (Chosen::Busy, Presence::Busy)]
    {
        bob.browser.put("/api/v1/me/presence", json!({"chosen": chosen})).await.done();
        assert_eq!(presence(&mut ann).await, seen);
        assert_eq!(bob.browser.get("/api/v1/me/presence").await.right::<MyPresence>().chosen, chosen);
    }
    bob.browser.put("/api/v1/me/presence", json!({"chosen": "doNotDisturb"})).await.done();
    let call = ann.call(&bob, false).await;
    assert_eq!(call.others[0].stage, over(Why::DoNotDisturb));

    // A meeting is a call as well, as others see it; the wish comes first.
    bob.browser.put("/api/v1/me/presence", json!({"chosen": "automatic"})).await.done();
    ann.events.so_far().await;
    let room = bob.browser.make_room().await.room.code;
    let inside = bob.browser.enter(&room, "Bob").await;
    assert_eq!(presence(&mut ann).await, Presence::InCall);
    assert_eq!(ann.call(&bob, false).await.others[0].stage, over(Why::Busy));
    assert_eq!(ann.call(&bob, true).await.others[0].stage, Stage::Dialing);
    drop(inside);

    let people: Vec<Contact> = ann.browser.get("/api/v1/people").await.right();
    assert_eq!(people.iter().map(|one| one.account.to_string()).collect::<Vec<_>>(), std::slice::from_ref(&bob.id));
    assert!(ann.browser.get("/api/v1/people?find=OB").await.right::<Vec<Contact>>().len() == 1);
    assert!(ann.browser.get("/api/v1/people?find=nobody").await.right::<Vec<Contact>>().is_empty());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_has_no_telephone_and_nobody_learns_an_address() {
    let server = Server::start().await;
    let mut ann = Phone::of(admin_of(&server).await).await;
    let room = ann.browser.make_room().await.room.code;
    let guest = Browser::new(&server);
    guest.join(&room, "Gina").await;
    let mut events = guest.events().await;
    events.send(json!({"ask": "here", "device": "d1"})).await;
    assert!(matches!(events.next().await, Some(Event::Refused { problem }) if problem.code == "sign_in_first"));
    for path in ["/api/v1/people", "/api/v1/calls", "/api/v1/me/presence"] {
        guest.get(path).await.refused(401, "sign_in_first");
    }
    let bob = Phone::of(sign_up(&server, "bob").await).await;
    let call = ann.call(&bob, false).await;
    bob.act(&call, answer()).await.done();
    let _in = (ann.browser.enter(&call.code, "Ann").await, bob.browser.enter(&call.code, "Bob").await);
    ann.stands(Stage::Active, Stage::Active).await;
    let told = format!("{:?}{:?}", ann.events.so_far().await, ann.history().await);
    assert!(!told.contains("127.0.0.1"), "{told}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_taken_up_by_the_next_server() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_owned();
    let server = Server::start_with(|raw| raw.data = Some(at.clone())).await;
    let ann = Phone::of(admin_of(&server).await).await;
    let mut bob = Phone::of(sign_up(&server, "bob").await).await;
    let call = ann.call(&bob, false).await;
    let rung: Call = bob.stands(Stage::Dialing, Stage::Connecting).await;
    assert_eq!(rung.id, call.id);
    drop((ann, bob));
    server.stop().await;

    let server = Server::start_bare(|raw| raw.data = Some(at.clone())).await;
    for name in [ADMIN, "bob"] {
        let browser = sign_in(&server, name).await;
        let past = tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                let past: Vec<PastCall> = browser.get("/api/v1/calls").await.right();
                if past[0].call.ended.is_some() {
                    return past;
                }
                tokio::task::yield_now().await;
            }
        });
        let past = past.await.expect("what rang is over");
        let stages = [past[0].call.stage, past[0].call.others[0].stage];
        assert_eq!(stages, [over(Why::Failed), over(Why::Failed)]);
    }
    server.stop().await;
}
