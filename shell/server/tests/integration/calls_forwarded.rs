//! Where calls go by what somebody wishes of them, and who rings all the same.

use proto::{
    api::{Call, CallWishes, MissedCalls, Onward, Recording},
    call::{Stage, Why},
};
use serde_json::{Value, json};

use crate::{
    calls::{Phone, over},
    harness::Server,
    people::{admin as admin_of, sign_up},
};

const WISHES: &str = "/api/v1/me/calls";

fn person(phone: &Phone<'_>) -> Value {
    json!({"to": "person", "person": phone.id})
}

async fn wish(phone: &Phone<'_>, wishes: Value) {
    phone.browser.put(WISHES, wishes).await.done();
}

async fn missed(phone: &Phone<'_>) -> u32 {
    phone.browser.get("/api/v1/calls/missed").await.right::<MissedCalls>().count
}

fn stages(call: &Call) -> Vec<Stage> {
    call.others.iter().map(|party| party.stage).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_i_wish_of_calls_is_kept_and_names_only_others_who_are_here() {
    let server = Server::start().await;
    let ann = Phone::of(admin_of(&server).await).await;
    let bob = Phone::of(sign_up(&server, "bob").await).await;
    let read = async || bob.browser.get(WISHES).await.right::<CallWishes>();
    assert_eq!(read().await, CallWishes::default());
    wish(&bob, json!({"always": {"to": "nobody"}, "busy": person(&ann), "unanswered": {"to": "voicemail"}, "favourites": true})).await;
    let wishes = read().await;
    assert_eq!(wishes.busy, Onward::Person { person: ann.id.parse().unwrap() });
    assert_eq!((wishes.always, wishes.unanswered, wishes.favourites), (Onward::Nobody, Onward::Voicemail, true));
    bob.browser.put(WISHES, json!({"busy": person(&bob)})).await.refused(422, "own_number");
    let gone = json!({"to": "person", "person": "AC_00000000000000000000000009"});
    bob.browser.put(WISHES, json!({"busy": gone})).await.refused(404, "not_found");
    assert_eq!(read().await, wishes, "what is refused changes nothing");
    wish(&bob, json!({})).await;
    assert_eq!(read().await, CallWishes::default());
    drop((ann, bob));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_call_stands_in_the_history_of_all_three_and_is_missed_by_two() {
    let server = Server::start().await;
    let ann = Phone::of(admin_of(&server).await).await;
    let mut bob = Phone::of(sign_up(&server, "bob").await).await;
    let mut cid = Phone::of(sign_up(&server, "cid").await).await;
    wish(&bob, json!({"always": person(&cid)})).await;
    // What the other wishes is not looked at: there are no circles.
    wish(&cid, json!({"always": person(&bob)})).await;

    let call = ann.call(&bob, false).await;
    assert_eq!(stages(&call), [over(Why::Forwarded), Stage::Dialing]);
    assert_eq!(call.others[1].forwarder.map(|id| id.to_string()), Some(bob.id.clone()));
    let theirs = cid.calls(|calls| calls.len() == 1).await.pop().unwrap();
    assert_eq!(theirs.forwarder.map(|id| id.to_string()), Some(bob.id.clone()));
    assert_eq!((theirs.stage, theirs.others[0].caller), (Stage::Dialing, true));
    assert_eq!(bob.calls(|calls| calls.len() == 1).await[0].stage, over(Why::Forwarded));
    assert_eq!((missed(&bob).await, missed(&cid).await), (0, 0), "it rings still");

    ann.act(&call, json!({"act": "end"})).await.done();
    assert_eq!((missed(&bob).await, missed(&cid).await), (1, 1));
    for (phone, others) in [
        (&ann, [over(Why::Forwarded), over(Why::Cancelled)]),
        (&bob, [over(Why::HungUp), over(Why::Cancelled)]),
        (&cid, [over(Why::HungUp), over(Why::Forwarded)]),
    ] {
        let [past] = &phone.history().await[..] else { panic!("one call") };
        assert_eq!(stages(&past.call), others);
    }

    // Taken by the other it is missed by nobody.
    let call = ann.call(&bob, false).await;
    let caller = ann.browser.enter(&call.code, "Ann").await;
    cid.act(&call, json!({"act": "answer", "device": "d1"})).await.done();
    let callee = cid.browser.enter(&call.code, "Cid").await;
    cid.calls(|calls| calls.iter().any(|one| one.id == call.id && one.answered.is_some())).await;
    cid.act(&call, json!({"act": "end"})).await.done();
    assert_eq!((missed(&bob).await, missed(&cid).await), (1, 1));
    drop((caller, callee));
    drop((ann, bob, cid));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_nobody_took_over_or_that_goes_to_a_message_may_be_followed_by_one_for_whoever_was_called() {
    let server = Server::start().await;
    let ann = Phone::of(admin_of(&server).await).await;
    let bob = Phone::of(sign_up(&server, "bob").await).await;
    let cid = Phone::of(sign_up(&server, "cid").await).await;
    wish(&bob, json!({"always": {"to": "voicemail"}})).await;
    let call = ann.call(&bob, false).await;
    assert_eq!(stages(&call), [over(Why::Voicemail)]);
    let begin = async |call: &Call| ann.browser.post(&format!("/api/v1/calls/{}/voicemail", call.id), json!({})).await;
    begin(&call).await.right::<Recording>();
    assert_eq!(missed(&bob).await, 1);

    wish(&bob, json!({"busy": person(&cid)})).await;
    bob.browser.put("/api/v1/me/presence", json!({"chosen": "doNotDisturb"})).await.done();
    let call = ann.call(&bob, false).await;
    assert_eq!(stages(&call), [over(Why::Forwarded), Stage::Dialing]);
    begin(&call).await.refused(403, "not_allowed");
    cid.act(&call, json!({"act": "decline"})).await.done();
    begin(&call).await.right::<Recording>();
    drop((ann, bob, cid));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_rung_by_way_of_a_third_for_whom_they_have_blocked_or_when_they_are_gone() {
    let server = Server::start().await;
    let ann = Phone::of(admin_of(&server).await).await;
    let bob = Phone::of(sign_up(&server, "bob").await).await;
    let cid = Phone::of(sign_up(&server, "cid").await).await;
    wish(&bob, json!({"always": person(&cid)})).await;
    for (blocked, other) in [(&ann.id, &bob.id), (&bob.id, &ann.id)] {
        for (whom, blocks) in [(blocked, true), (other, false)] {
            let body = json!({"account": whom, "entry": {"blocked": blocks}});
            cid.browser.post("/api/v1/contacts", body).await.right::<Value>();
        }
        let call = ann.call(&bob, false).await;
        assert_eq!(stages(&call), [over(Why::Forwarded), over(Why::Unreachable)]);
        assert!(cid.history().await.is_empty(), "it was none of theirs");
    }

    // Whoever is shut out takes nothing over.
    let body = r#"{"disabled":true}"#;
    server.by_admin("PATCH", &format!("/api/v1/accounts/{}", cid.id), body).await;
    let call = ann.call(&bob, false).await;
    assert_eq!(stages(&call), [Stage::Dialing]);
    ann.act(&call, json!({"act": "end"})).await.done();
    // And stands in the way of no other wish, though nobody can name them anew.
    wish(&bob, json!({"always": person(&cid), "favourites": true})).await;
    bob.browser.put(WISHES, json!({"always": person(&cid), "busy": person(&cid)})).await.refused(404, "not_found");

    // Whoever is blocked by the one who was called finds nobody at all.
    let dan = Phone::of(sign_up(&server, "dan").await).await;
    wish(&bob, json!({"always": person(&dan)})).await;
    let body = json!({"account": ann.id, "entry": {"blocked": true}});
    bob.browser.post("/api/v1/contacts", body).await.right::<Value>();
    let call = ann.call(&bob, false).await;
    assert_eq!(stages(&call), [over(Why::Unreachable)]);
    assert!(dan.history().await.is_empty());
    drop((ann, bob, cid, dan));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn favourites_ring_all_the_same_when_their_person_wishes_so() {
    let server = Server::start().await;
    let ann = Phone::of(admin_of(&server).await).await;
    let bob = Phone::of(sign_up(&server, "bob").await).await;
    let cid = Phone::of(sign_up(&server, "cid").await).await;
    bob.browser.put("/api/v1/me/presence", json!({"chosen": "doNotDisturb"})).await.done();
    let body = json!({"account": ann.id, "entry": {"favourite": true}});
    bob.browser.post("/api/v1/contacts", body).await.right::<Value>();
    assert_eq!(stages(&ann.call(&bob, false).await), [over(Why::DoNotDisturb)], "as long as that is not wished");
    wish(&bob, json!({"favourites": true})).await;
    let call = ann.call(&bob, false).await;
    assert_eq!(stages(&call), [Stage::Dialing]);
    ann.act(&call, json!({"act": "end"})).await.done();
    assert_eq!(stages(&cid.call(&bob, false).await), [over(Why::DoNotDisturb)], "who is no favourite");
    drop((ann, bob, cid));
    server.stop().await;
}
