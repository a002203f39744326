//! Asking people into a meeting, over HTTP and the event socket.

use proto::{
    Role,
    api::{Door, Entry, Event, InviteeAnswer, Me, MeetingState, RoomInvitation, RoomView},
};
use serde_json::{Value, json};

use crate::{
    harness::Server,
    people::{Browser, Events, admin, sign_up},
};

/// Somebody with a page that is there.
struct Home<'a> {
    browser: Browser<'a>,
    id: String,
    events: Events,
}

impl<'a> Home<'a> {
    async fn of(browser: Browser<'a>) -> Self {
        let me: Me = browser.get("/api/v1/me").await.right();
        let mut home = Self { id: me.account.id.to_string(), events: browser.events().await, browser };
        home.here().await;
        home
    }

    async fn here(&mut self) {
        self.events.send(json!({"ask": "here", "device": "d1"})).await;
        self.events.until(|event| matches!(event, Event::People { .. }).then_some(())).await;
    }

    /// The next list of what one is asked into.
    async fn asked(&mut self) -> Vec<RoomInvitation> {
        self.events
            .until(|event| match event {
                Event::Invitations { invitations, .. } => Some(invitations),
                _ => None,
            })
            .await
    }

    /// Whether anything was told of being asked, before the answer to a ping.
    async fn was_asked(&mut self) -> bool {
        self.events.so_far().await.iter().any(|event| matches!(event, Event::Invitations { .. }))
    }
}

async fn invite(host: &Browser<'_>, code: &str, people: &[&str]) -> crate::people::Reply {
    host.post(&format!("/api/v1/rooms/{code}/invitees"), json!({"people": people})).await
}

async fn answer(who: &Browser<'_>, code: &str, come: bool) -> crate::people::Reply {
    who.post(&format!("/api/v1/rooms/{code}/invitation"), json!({"come": come})).await
}

fn answers(state: &MeetingState) -> Vec<InviteeAnswer> {
    state.invited.iter().map(|invitee| invitee.answer).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_asked_one_comes_past_the_lock_one_not_now_and_one_hears_nothing() {
    let server = Server::start().await;
    let ann = admin(&server).await;
    let made: Value = ann.post("/api/v1/rooms", json!({"title": "Standup"})).await.right();
    let code = made["room"]["code"].as_str().unwrap().to_owned();
    let inside = ann.enter(&code, "Ann").await;
    ann.act(&code, json!({"act": "lobby", "lobby": "everyone"})).await.done();
    ann.act(&code, json!({"act": "lock", "on": true})).await.done();
    let mut meeting = ann.attend(&code).await;

    let mut bob = Home::of(sign_up(&server, "bob").await).await;
    let mut cy = Home::of(sign_up(&server, "cy").await).await;
    let mut dan = Home::of(sign_up(&server, "dan").await).await;
    let mut eve = Home::of(sign_up(&server, "eve").await).await;
    let door = async |who: &Browser<'_>| who.get(&format!("/api/v1/rooms/{code}")).await.right::<RoomView>().door;
    dan.browser.put("/api/v1/me/presence", json!({"chosen": "doNotDisturb"})).await.done();
    // Who was removed for good is not asked in: the store says so.
    assert_eq!(door(&eve.browser).await, Door::Locked);
    ann.act(&code, json!({"act": "lock", "on": false})).await.done();
    ann.act(&code, json!({"act": "lobby", "lobby": "off"})).await.done();
    let stay = eve.browser.enter(&code, "Eve").await;
    ann.act(&code, json!({"act": "remove", "person": stay.person, "mayReturn": false})).await.done();
    ann.act(&code, json!({"act": "lobby", "lobby": "everyone"})).await.done();
    ann.act(&code, json!({"act": "lock", "on": true})).await.done();

    invite(&ann, &code, &[]).await.refused(404, "not_found");
    invite(&bob.browser, &code, &[&cy.id]).await.refused(403, "not_in");
    Browser::new(&server)
        .post(&format!("/api/v1/rooms/{code}/invitees"), json!({"people": [bob.id]}))
        .await
        .refused(401, "sign_in_first");
    invite(&ann, &code, &[&bob.id, &cy.id, &dan.id, &eve.id]).await.done();
    let [to_bob] = &bob.asked().await[..] else { panic!("one room") };
    assert_eq!((to_bob.code.as_str(), to_bob.title.as_str(), to_bob.name.as_str()), (&*code, "Standup", "Ann"));
    assert_eq!(cy.asked().await.len(), 1);
    let state = meeting.meeting(|state| state.invited.len() == 4).await;
    let (waits, out) = (InviteeAnswer::Waiting, InviteeAnswer::Unreachable);
    assert_eq!(answers(&state), [waits, waits, out, out]);
    invite(&ann, &code, &[&dan.id]).await.refused(429, "too_often");

    answer(&cy.browser, &code, false).await.done();
    assert!(cy.asked().await.is_empty());
    answer(&cy.browser, &code, true).await.refused(404, "not_found");
    answer(&dan.browser, &code, true).await.refused(404, "not_found");
    answer(&eve.browser, &code, true).await.refused(404, "not_found");
    meeting.meeting(|state| answers(state).get(1) == Some(&InviteeAnswer::NotNow)).await;
    assert_eq!((door(&cy.browser).await, door(&bob.browser).await), (Door::Locked, Door::Open));

    // A page that comes later is told as well.
    bob.events = bob.browser.events().await;
    bob.here().await;
    assert_eq!(bob.asked().await.len(), 1);
    answer(&bob.browser, &code, true).await.done();
    assert!(bob.asked().await.is_empty());
    meeting.meeting(|state| answers(state).first() == Some(&InviteeAnswer::Coming)).await;
    let Entry::Admitted { ticket } = bob.browser.join(&code, "Bob").await.right() else { panic!("let in") };
    let bobs = crate::people::use_ticket(&server, ticket).await;
    let state = meeting.meeting(|state| state.people.len() == 2).await;
    assert_eq!((state.invited.len(), state.people[1].role), (3, Role::Member));
    // Who does not lead is told of nobody who was asked, and asks nobody.
    let mut theirs = bob.browser.attend(&code).await;
    assert!(theirs.meeting(|_| true).await.invited.is_empty());
    invite(&bob.browser, &code, &[&cy.id]).await.refused(403, "not_allowed");
    assert!(!dan.was_asked().await && !eve.was_asked().await);
    drop((inside, bobs));
    server.stop().await;
}
