//! Conversations between people: who reads and writes, who is told, and what is kept.

use proto::api::{Conversation, Deed, Event, FoundLine, Me, Message};
use serde_json::{Value, json};

use crate::{
    harness::Server,
    people::{Browser, Events, admin as admin_of, sign_up},
    scene::png,
};

const TALKS: &str = "/api/v1/conversations";

/// Somebody with a page that is there.
struct Talker<'a> {
    browser: Browser<'a>,
    id: String,
    events: Events,
}

impl<'a> Talker<'a> {
    async fn of(browser: Browser<'a>) -> Self {
        let me: Me = browser.get("/api/v1/me").await.right();
        let events = here(&browser, "d1").await;
        Self { browser, id: me.account.id.to_string(), events }
    }

    async fn with(&self, other: &Self) -> Conversation {
        self.browser.post(TALKS, json!({"people": [other.id]})).await.right()
    }

    async fn group(&self, others: &[&Self], name: &str) -> Conversation {
        let people: Vec<&str> = others.iter().map(|other| other.id.as_str()).collect();
        self.browser.post(TALKS, json!({"people": people, "name": name})).await.right()
    }

    async fn list(&self) -> Vec<Conversation> {
        self.browser.get(TALKS).await.right()
    }

    async fn line(&mut self) -> (u64, Message) {
        let line = |event| match event {
            Event::Line { number, message, .. } => Some((number, message)),
            _ => None,
        };
        self.events.until(line).await
    }

    async fn state(&mut self) -> Conversation {
        let state = |event| match event {
            Event::Conversation { conversation } => Some(conversation),
            _ => None,
        };
        self.events.until(state).await
    }
}

async fn here(browser: &Browser<'_>, device: &str) -> Events {
    let mut events = browser.events().await;
    events.send(json!({"ask": "here", "device": device})).await;
    events.until(|event| matches!(event, Event::Calls { .. }).then_some(())).await;
    events
}

fn path(talk: &Conversation, rest: &str) -> String {
    format!("{TALKS}/{}{rest}", talk.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_write_to_each_other_and_nobody_else_reads_it() {
    let server = Server::start().await;
    let admin = Talker::of(admin_of(&server).await).await;
    let (mut bob, mut cid) =
        (Talker::of(sign_up(&server, "bob").await).await, Talker::of(sign_up(&server, "cid").await).await);

    let talk = bob.with(&cid).await;
    assert_eq!(cid.with(&bob).await.id, talk.id, "there is one for each pair");
    assert_eq!((talk.name.as_ref(), talk.people[0].name.as_str(), talk.unread), (None, "cid", 0));
    assert!(bob.list().await.is_empty() && cid.list().await.is_empty(), "nothing was said yet");
    bob.browser.post(TALKS, json!({"people": [bob.id]})).await.refused(422, "own_number");
    bob.browser.post(TALKS, json!({"people": []})).await.refused(404, "not_found");
    bob.browser.post(TALKS, json!({"people": [cid.id, admin.id]})).await.refused(422, "bad_name");

    let code = talk.id.to_string();
    let said = bob.browser.say(&code, "hello").await;
    assert_eq!(cid.line().await, (1, said.clone()));
    assert_eq!(bob.line().await, (1, said.clone()));
    let theirs = cid.list().await.remove(0);
    assert_eq!((theirs.unread, theirs.number, theirs.last.map(|line| line.id)), (1, 1, Some(said.id)));
    assert_eq!(bob.list().await[0].unread, 0);
    let answer: Message = cid.browser.write(&code, json!({"text": "yes", "replyTo": said.id})).await.right();
    assert_eq!(bob.line().await.1, answer);
    assert_eq!(bob.browser.texts(&code).await, ["hello", "yes"]);
    cid.browser.write(&code, json!({"text": "psst", "to": bob.id})).await.refused(403, "not_allowed");
    let line = format!("/api/v1/rooms/{code}/messages/{}", said.id);
    cid.browser.patch(&line, json!({"text": "not mine"})).await.refused(403, "not_allowed");
    cid.browser.delete(&line).await.refused(403, "not_allowed");
    bob.browser.patch(&line, json!({"text": "Hello"})).await.right::<Message>();
    cid.browser.put(&format!("{line}/reactions/%F0%9F%91%8D"), json!({})).await.right::<Message>();
    let given = bob.browser.send_file(&code, "dot.png", &png()).await;
    let file = format!("/api/v1/rooms/{code}/files/{}", given.id);
    assert_eq!(cid.browser.get(&file).await.status, 200);

    // An administrator is somebody else like any other, and so is who has no account.
    for other in [&admin.browser, &Browser::new(&server)] {
        for path in [&file, &format!("/api/v1/rooms/{code}/messages"), &path(&talk, "")] {
            assert!([401, 404].contains(&other.get(path).await.status), "{path}");
        }
    }
    admin.browser.write(&code, json!({"text": "hi"})).await.refused(404, "room_unknown");
    admin.browser.get(&format!("/api/v1/rooms/{code}")).await.refused(404, "room_unknown");
    admin.browser.join(&code, "Ada").await.refused(404, "room_unknown");
    bob.browser.join(&code, "Bob").await.refused(404, "room_unknown");
    bob.browser.delete(&format!("/api/v1/rooms/{code}")).await.refused(404, "room_unknown");
    let hello = format!("{TALKS}/lines?find=HELL");
    assert_eq!(cid.browser.get(&hello).await.right::<Vec<FoundLine>>()[0].message.id, said.id);
    assert_eq!(admin.browser.get(&hello).await.right::<Vec<FoundLine>>(), []);

    bob.browser.delete(&line).await.done();
    let gone = cid.events.until(|event| match event {
        Event::LineDeleted { number, id, .. } => Some((number, id)),
        _ => None,
    });
    assert_eq!(gone.await, (6, said.id));
    // It is there after a restart.
    drop((admin, bob, cid));
    let (_, folder) = server.stop().await;
    let server = Server::start_bare(|raw| raw.data = Some(folder.path().to_owned())).await;
    let bob = crate::people::sign_in(&server, "bob").await;
    assert_eq!(bob.texts(&code).await, ["yes", ""]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_on_one_device_is_read_on_the_others() {
    let server = Server::start().await;
    let mut ann = Talker::of(admin_of(&server).await).await;
    let mut bob = Talker::of(sign_up(&server, "bob").await).await;
    let mut telephone = here(&bob.browser, "d2").await;
    let talk = ann.with(&bob).await;
    let code = talk.id.to_string();
    let said = ann.browser.say(&code, "one").await;
    let last = ann.browser.say(&code, "two").await;
    assert_eq!(bob.list().await[0].unread, 2);
    bob.browser.put(&path(&talk, "/read"), json!({"message": said.id})).await.done();
    let read = |event| match event {
        Event::Read { message, unread, .. } => Some((message, unread)),
        _ => None,
    };
    assert_eq!(telephone.until(read).await, (said.id, 1));
    assert_eq!(bob.events.until(read).await, (said.id, 1));
    bob.browser.put(&path(&talk, "/read"), json!({"message": last.id})).await.done();
    assert_eq!(telephone.until(read).await, (last.id, 0));
    assert_eq!(bob.list().await[0].unread, 0);

    bob.browser.post(&path(&talk, "/typing"), json!({})).await.done();
    let typing = |event| match event {
        Event::Typing { account, .. } => Some(account.to_string()),
        Event::Read { .. } => panic!("what others have read is theirs to know"),
        _ => None,
    };
    assert_eq!(ann.events.until(typing).await, bob.id);
    let nothing = telephone.so_far().await;
    assert!(!nothing.iter().any(|event| matches!(event, Event::Typing { .. })), "{nothing:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_says_who_did_what_and_who_left_is_told_no_more() {
    let server = Server::start().await;
    let mut ann = Talker::of(admin_of(&server).await).await;
    let mut bob = Talker::of(sign_up(&server, "bob").await).await;
    let mut cid = Talker::of(sign_up(&server, "cid").await).await;
    let talk = ann.group(&[&bob], "Planning").await;
    let code = talk.id.to_string();
    assert_eq!(bob.state().await.last.unwrap().deed, Some(Deed::Made { name: "Planning".to_owned() }));
    ann.browser.say(&code, "before").await;
    bob.line().await;

    let added: Conversation =
        bob.browser.post(&path(&talk, "/people"), json!({"people": [cid.id, ann.id]})).await.right();
    assert_eq!(added.people.len(), 2);
    assert_eq!(cid.state().await.name.as_deref(), Some("Planning"));
    let (_, line) = cid.line().await;
    assert_eq!(line.deed, Some(Deed::Added { names: vec!["cid".to_owned()] }));
    assert_eq!(cid.browser.texts(&code).await, [""], "what was said before is not theirs");
    let deed = format!("/api/v1/rooms/{code}/messages/{}", line.id);
    bob.browser.delete(&deed).await.refused(403, "not_allowed");
    bob.browser.patch(&deed, json!({"text": "I did not"})).await.refused(403, "not_allowed");
    bob.browser.put(&format!("{deed}/reactions/%F0%9F%91%8D"), json!({})).await.refused(403, "not_allowed");

    let renamed: Conversation = cid.browser.patch(&path(&talk, ""), json!({"name": " Party "})).await.right();
    assert_eq!(renamed.name.as_deref(), Some("Party"));
    cid.browser.patch(&path(&talk, ""), json!({"name": ""})).await.refused(422, "bad_name");
    let said = |event| match event {
        Event::Line { message, .. } if message.deed == Some(Deed::Renamed { name: "Party".to_owned() }) => Some(()),
        _ => None,
    };
    ann.events.until(said).await;

    bob.browser.post(&path(&talk, "/leave"), json!({})).await.done();
    bob.events.until(|event| matches!(event, Event::ConversationLeft { .. }).then_some(())).await;
    let left = |event| match event {
        Event::Line { message, .. } if message.deed == Some(Deed::Left) => Some(message.name),
        _ => None,
    };
    assert_eq!(ann.events.until(left).await, "bob");
    ann.browser.say(&code, "after").await;
    cid.line().await;
    assert!(!bob.events.so_far().await.iter().any(|event| matches!(event, Event::Line { .. })));
    bob.browser.write(&code, json!({"text": "still?"})).await.refused(404, "room_unknown");
    bob.browser.post(&path(&talk, "/people"), json!({"people": [bob.id]})).await.refused(404, "room_unknown");

    let pair = ann.with(&cid).await;
    ann.browser.patch(&path(&pair, ""), json!({"name": "Us"})).await.refused(403, "not_allowed");
    ann.browser.post(&path(&pair, "/leave"), json!({})).await.refused(403, "not_allowed");
    ann.browser.post(&path(&pair, "/people"), json!({"people": [bob.id]})).await.refused(403, "not_allowed");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_and_what_is_looked_for_have_limits() {
    let server = Server::start().await;
    let ann = Talker::of(admin_of(&server).await).await;
    let bob = Talker::of(sign_up(&server, "bob").await).await;
    let nobody: Vec<String> = (0..50).map(|number| format!("AC_{number:026}")).collect();
    ann.browser.post(TALKS, json!({"people": nobody, "name": "All"})).await.refused(409, "too_many");
    ann.browser.post(TALKS, json!({"people": [nobody[1]], "name": "All"})).await.refused(404, "not_found");
    for wrong in ["", "%20", &"x".repeat(101)] {
        ann.browser.get(&format!("{TALKS}/lines?find={wrong}")).await.refused(422, "bad_text");
    }
    ann.browser.get(&format!("{TALKS}/lines?find=a&in=room")).await.refused(400, "bad_request");

    // Whoever is shut out is not written to.
    let talk = ann.with(&bob).await;
    ann.browser.say(&talk.id.to_string(), "hello").await;
    ann.browser.patch(&format!("/api/v1/accounts/{}", bob.id), json!({"disabled": true})).await.right::<Value>();
    ann.browser.write(&talk.id.to_string(), json!({"text": "hello?"})).await.refused(403, "not_allowed");
    ann.browser.post(TALKS, json!({"people": [bob.id], "name": "All"})).await.refused(403, "not_allowed");
    server.stop().await;
}
