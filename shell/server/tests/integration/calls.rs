//! Calls and presence over HTTP and the event socket, and the rooms that carry them.

use std::time::Duration;

use proto::{
    AccountId, CallId, Presence,
    api::{Call, Contact, Device, Event, Me, MissedCalls, MyPresence, MyRoom, On, PastCall, Reachable},
    call::{CallRecord, LegRecord, Stage, Why},
    presence::Chosen,
};
use serde_json::{Value, json};
use store::{Store, Target};

use crate::{
    harness::{ADMIN, Server},
    people::{Browser, Events, admin as admin_of, sign_in, sign_up},
};

/// Somebody with a page that is there.
pub struct Phone<'a> {
    pub browser: Browser<'a>,
    pub id: String,
    events: Events,
}

impl<'a> Phone<'a> {
    pub async fn of(browser: Browser<'a>) -> Self {
        let me: Me = browser.get("/api/v1/me").await.right();
        let mut events = browser.events().await;
        events.send(json!({"ask": "here", "device": "d1"})).await;
        let mut phone = Self { browser, id: me.account.id.to_string(), events };
        phone.calls(|calls| calls.is_empty()).await;
        phone
    }

    pub async fn call(&self, whom: &Self, anyway: bool) -> Call {
        let body = json!({"people": [whom.id], "device": "d1", "anyway": anyway});
        self.browser.post("/api/v1/calls", body).await.right()
    }

    pub async fn act(&self, call: &Call, act: Value) -> crate::people::Reply {
        self.browser.post(&format!("/api/v1/calls/{}/acts", call.id), act).await
    }

    /// The first list of calls from now on that is right.
    pub async fn calls(&mut self, right: impl Fn(&[Call]) -> bool) -> Vec<Call> {
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

    pub async fn history(&self) -> Vec<PastCall> {
        self.browser.get("/api/v1/calls").await.right()
    }
}

pub const fn over(why: Why) -> Stage {
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
    bob.act(&call, json!({"act": "decline", "device": "no key", "reply": "x"})).await.refused(400, "bad_request");
    // The browser says where; the server knows what that is called. It need not have a page here.
    bob.act(&call, json!({"act": "decline", "device": "woken", "reply": "In 10 minutes"})).await.done();
    let on = bob.stands(over(Why::Declined), over(Why::Over)).await.declined;
    let agent = bob.browser.get("/api/v1/me/devices").await.right::<Vec<Device>>()[0].name.clone();
    assert_eq!(on, Some(On { device: "woken".parse().unwrap(), name: agent }));
    let declined = ann.stands(over(Why::Over), over(Why::Declined)).await;
    assert_eq!(declined.others[0].reply.as_deref(), Some("In 10 minutes"));

    let call = ann.call(&bob, false).await;
    ann.act(&call, json!({"act": "end"})).await.done();
    bob.stands(over(Why::Cancelled), over(Why::HungUp)).await;
    let missed = |past: &[PastCall]| past.iter().map(|past| past.missed).collect::<Vec<_>>();
    assert_eq!(missed(&bob.history().await), [true, false]);
    let count = async |phone: &Phone<'_>| phone.browser.get("/api/v1/calls/missed").await.right::<MissedCalls>().count;
    assert_eq!((count(&bob).await, count(&ann).await), (1, 0));
    let listed = async |phone: &Phone<'_>, query: String| -> Vec<PastCall> {
        phone.browser.get(&format!("/api/v1/calls?{query}")).await.right()
    };
    assert_eq!(listed(&bob, "missed=true".to_owned()).await[0].call.id, call.id);
    assert_eq!(listed(&bob, format!("before={}", call.id)).await.len(), 1);
    assert_eq!(listed(&bob, format!("with={}&missed=true", ann.id)).await.len(), 1);
    assert!(listed(&ann, "missed=true".to_owned()).await.is_empty());
    assert!(listed(&ann, "with=AC_00000000000000000000000000".to_owned()).await.is_empty());
    bob.browser.get("/api/v1/calls?with=nobody").await.refused(404, "not_found");
    assert_eq!(missed(&ann.history().await), [false, false], "whoever calls misses nothing");
    bob.browser.post("/api/v1/calls/looked", json!({})).await.done();
    bob.events.until(|event| (event == Event::CallsLooked).then_some(())).await;
    assert_eq!(missed(&bob.history().await), [false, false]);
    assert_eq!(count(&bob).await, 0);
    assert_eq!(listed(&bob, "missed=true".to_owned()).await.len(), 1, "it was missed all the same");

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
    let put = async |body: Value| bob.browser.put("/api/v1/me/presence", body).await;
    put(json!({"chosen": "doNotDisturb", "note": " Writing "})).await.done();
    let noted = |event| match event {
        Event::Presence { person } => person.note,
        _ => None,
    };
    assert_eq!(ann.events.until(noted).await, "Writing");
    let listed: Vec<Contact> = ann.browser.get("/api/v1/people").await.right();
    assert_eq!(listed[0].note.as_deref(), Some("Writing"), "it is read where nobody is there, too");
    put(json!({"chosen": "busy", "note": "x".repeat(101)})).await.refused(422, "bad_text");
    put(json!({"chosen": "busy", "note": "a\nb"})).await.refused(422, "bad_text");
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
    bob.browser.patch("/api/v1/me", json!({"displayName": "Robert Ó"})).await.right::<Me>();
    assert!(ann.browser.get("/api/v1/people?find=bob").await.right::<Vec<Contact>>().is_empty(), "to sign in with");
    assert!(ann.browser.get("/api/v1/people?find=T%20%C3%B3").await.right::<Vec<Contact>>().len() == 1);
    assert!(ann.browser.get("/api/v1/people?find=OB").await.right::<Vec<Contact>>().len() == 1);
    assert!(ann.browser.get("/api/v1/people?find=nobody").await.right::<Vec<Contact>>().is_empty());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_has_no_telephone() {
    let server = Server::start().await;
    let room = admin_of(&server).await.make_room().await.room.code;
    let guest = Browser::new(&server);
    guest.join(&room, "Gina").await;
    let mut events = guest.events().await;
    events.send(json!({"ask": "here", "device": "d1"})).await;
    assert!(matches!(events.next().await, Some(Event::Refused { problem }) if problem.code == "sign_in_first"));
    for path in ["/api/v1/people", "/api/v1/calls", "/api/v1/me/presence"] {
        guest.get(path).await.refused(401, "sign_in_first");
    }
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

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_long_ago_does_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_owned();
    let server = Server::start_with(|raw| raw.data = Some(at.clone())).await;
    let admin = admin_of(&server).await;
    let id = admin.get("/api/v1/me").await.right::<Me>().account.id;
    server.stop().await;
    // As a server leaves it that is killed, and not started again for a day.
    let began = server::unix() * 1_000 - 86_400_000;
    let leg = LegRecord {
        account: id,
        name: "Ada".to_owned(),
        avatar: None,
        stage: Stage::Active,
        device: None,
        reply: None,
        held: None,
        by: None,
        back: None,
        returned: None,
        forwarder: None,
        barred: false,
    };
    let legs = vec![leg.clone(), LegRecord { account: AccountId::from(7), stage: Stage::Ringing, ..leg }];
    let (id, room) = (CallId::from(1), "long-ago".parse().unwrap());
    let record = CallRecord { id, room, video: false, began, answered: None, ended: None, legs };
    let store = Store::open(&Target::Sqlite(at.clone())).await.unwrap();
    store.keep_call(&record).await.unwrap();
    store.close().await;

    let server = Server::start_bare(|raw| raw.data = Some(at.clone())).await;
    let mut ann = Phone::of(sign_in(&server, ADMIN).await).await;
    assert!(!format!("{:?}", ann.events.so_far().await).contains("Calls"), "none goes on");
    let [past] = &ann.history().await[..] else { panic!("one call") };
    assert_eq!((past.call.stage, past.call.ended), (over(Why::Lost), Some(began)));
    assert_eq!(past.call.others[0].stage, over(Why::Failed));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_of_a_call_is_kept_only_by_whoever_may_make_rooms_and_goes_when_nobody_was_reached() {
    let server = Server::start().await;
    let ann = Phone::of(admin_of(&server).await).await;
    let bob = Phone::of(sign_up(&server, "bob").await).await;
    let cy = sign_up(&server, "cy").await;
    let me: Me = cy.get("/api/v1/me").await.right();
    let gone: Call =
        bob.browser.post("/api/v1/calls", json!({"people": [me.account.id], "device": "d1"})).await.right();
    bob.browser.get(&format!("/api/v1/rooms/{}", gone.code)).await.refused(404, "room_unknown");

    let call = bob.call(&ann, false).await;
    server.by_admin("PATCH", "/api/v1/settings", r#"{"create":"invited"}"#).await;
    let keep = async || bob.browser.patch(&format!("/api/v1/rooms/{}", call.code), json!({"listed": true})).await;
    keep().await.refused(403, "not_allowed");
    server.by_admin("PATCH", "/api/v1/settings", r#"{"create":"anyone"}"#).await;
    assert_eq!(keep().await.status, 200);
    let rooms: Vec<MyRoom> = bob.browser.get("/api/v1/rooms").await.right();
    assert_eq!(rooms.len(), 1);

    let body = json!({"people": [me.account.id], "device": "d1"});
    for _ in 0..11 {
        ann.browser.post("/api/v1/calls", body.clone()).await.right::<Call>();
    }
    let mut last = ann.browser.post("/api/v1/calls", body.clone()).await;
    while last.status == 201 {
        last = ann.browser.post("/api/v1/calls", body.clone()).await;
    }
    last.refused(429, "too_often");
    server.stop().await;
}
