//! The chat of a room: who writes, who reads, and what happens to a line.

use proto::api::{Event, History, Message};
use serde_json::json;

use crate::{
    harness::Server,
    people::{Browser, admin as admin_of, sign_up},
};

fn line(room: &str, message: &Message) -> String {
    format!("/api/v1/rooms/{room}/messages/{}", message.id)
}

#[tokio::test]
async fn a_line_is_told_to_all_and_kept_with_the_room() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let room = admin.make_room().await.room.code;
    bob.write(&room, json!({"text": "hello"})).await.refused(403, "not_in");
    Browser::new(&server).write(&room, json!({"text": "hello"})).await.refused(401, "sign_in_first");
    let (host, guest) = (admin.enter(&room, "Ann").await, bob.enter(&room, "Bob").await);
    let mut events = admin.attend(&room).await;
    events.meeting(|_| true).await;

    let said = bob.say(&room, " **hello**\n ").await;
    assert_eq!((said.text.as_str(), said.name.as_str(), &said.from), ("**hello**", "Bob", &guest.person));
    assert_eq!(events.message().await, said);
    for (text, problem) in [("", "bad_text"), (" ", "bad_text"), ("a\u{0}b", "bad_text"), ("a\u{1b}[31m", "bad_text")] {
        bob.write(&room, json!({"text": text})).await.refused(422, problem);
    }
    bob.write(&room, json!({"text": "x".repeat(4_001)})).await.refused(422, "bad_text");
    bob.write(&room, json!({"text": "a", "more": 1})).await.refused(400, "bad_request");
    bob.write(&room, json!({"text": "x".repeat(20_000)})).await.refused(413, "too_large");
    let answer: Message = admin.write(&room, json!({"text": "yes", "replyTo": said.id})).await.right();
    assert_eq!(answer.reply_to, Some(said.id));
    let nowhere = "MS_00000000000000000000000000";
    admin.write(&room, json!({"text": "yes", "replyTo": nowhere})).await.refused(404, "not_found");

    // After the meeting, and after a restart, it is there for those who lead.
    drop((host, guest, events));
    let (_, folder) = server.stop().await;
    let server = Server::start_bare(|raw| raw.data = Some(folder.path().to_owned())).await;
    assert_eq!(admin_of(&server).await.texts(&room).await, ["**hello**", "yes"]);
    server.stop().await;
}

#[tokio::test]
async fn a_line_is_changed_by_its_writer_and_deleted_by_those_who_lead_too() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let (bob, cy) = (sign_up(&server, "bob").await, sign_up(&server, "cy").await);
    let room = admin.make_room().await.room.code;
    let inside = (admin.enter(&room, "Ann").await, bob.enter(&room, "Bob").await, cy.enter(&room, "Cy").await);
    let mut events = cy.attend(&room).await;
    events.meeting(|_| true).await;
    let said = bob.say(&room, "one").await;
    events.message().await;

    cy.patch(&line(&room, &said), json!({"text": "two"})).await.refused(403, "not_allowed");
    admin.patch(&line(&room, &said), json!({"text": "two"})).await.refused(403, "not_allowed");
    bob.patch(&line(&room, &said), json!({"text": ""})).await.refused(422, "bad_text");
    let edited: Message = bob.patch(&line(&room, &said), json!({"text": "two"})).await.right();
    assert_eq!((edited.text.as_str(), edited.edited, edited.id), ("two", true, said.id));
    assert_eq!(events.message().await, edited);

    let thumb = format!("{}/reactions/%F0%9F%91%8D", line(&room, &said));
    let liked: Message = cy.put(&thumb, json!({})).await.right();
    assert_eq!((liked.reactions[0].emoji.as_str(), liked.reactions[0].people.len()), ("👍", 1));
    assert_eq!(events.message().await, liked);
    assert_eq!(cy.put(&thumb, json!({})).await.right::<Message>(), liked, "twice is once");
    cy.put(&format!("{}/reactions/word", line(&room, &said)), json!({})).await.refused(422, "bad_text");
    assert!(cy.delete(&thumb).await.right::<Message>().reactions.is_empty());
    events.message().await;

    cy.delete(&line(&room, &said)).await.refused(403, "not_allowed");
    let other = bob.say(&room, "three").await;
    bob.delete(&line(&room, &other)).await.done();
    events.sees(&Event::MessageDeleted { id: other.id }).await;
    admin.delete(&line(&room, &said)).await.done();
    events.sees(&Event::MessageDeleted { id: said.id }).await;
    admin.delete(&line(&room, &said)).await.refused(404, "not_found");
    admin.delete(&format!("/api/v1/rooms/{room}/messages/nonsense")).await.refused(404, "not_found");
    assert!(bob.texts(&room).await.is_empty());
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn what_is_said_to_one_person_alone_is_read_by_those_two() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let (bob, cy) = (sign_up(&server, "bob").await, sign_up(&server, "cy").await);
    let room = admin.make_room().await.room.code;
    let host = admin.enter(&room, "Ann").await;
    let inside = (bob.enter(&room, "Bob").await, cy.enter(&room, "Cy").await);
    let (mut for_admin, mut for_cy) = (admin.attend(&room).await, cy.attend(&room).await);
    for_admin.meeting(|_| true).await;
    for_cy.meeting(|_| true).await;

    let secret: Message = bob.write(&room, json!({"text": "psst", "to": host.person})).await.right();
    assert_eq!(for_admin.message().await, secret);
    let aloud = bob.say(&room, "aloud").await;
    assert_eq!(for_cy.message().await, aloud, "the other one was not told");
    assert_eq!(cy.texts(&room).await, ["aloud"]);
    assert_eq!(bob.texts(&room).await, ["psst", "aloud"]);
    assert_eq!(admin.texts(&room).await, ["psst", "aloud"]);
    for reply in [
        cy.patch(&line(&room, &secret), json!({"text": "x"})).await,
        cy.delete(&line(&room, &secret)).await,
        cy.put(&format!("{}/reactions/%F0%9F%91%8D", line(&room, &secret)), json!({})).await,
        cy.write(&room, json!({"text": "x", "replyTo": secret.id})).await,
    ] {
        reply.refused(404, "not_found");
    }
    admin.write(&room, json!({"text": "loud", "replyTo": secret.id})).await.refused(403, "not_allowed");
    bob.write(&room, json!({"text": "psst", "to": "guest_0123456789abcdef"})).await.refused(404, "not_found");
    drop((host, inside));
    server.stop().await;
}

#[tokio::test]
async fn late_comers_see_what_was_said_before_as_the_room_allows() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let host = admin.enter(&room, "Ann").await;
    admin.say(&room, "before").await;
    let bob = sign_up(&server, "bob").await;
    let early = bob.enter(&room, "Bob").await;
    assert_eq!(bob.texts(&room).await, ["before"]);

    let policy = proto::Policy { history: false, ..proto::Policy::OWNED };
    let path = format!("/api/v1/rooms/{room}");
    admin.patch(&path, json!({"policy": policy})).await.right::<proto::api::Room>();
    let cy = sign_up(&server, "cy").await;
    let late = cy.enter(&room, "Cy").await;
    assert!(cy.texts(&room).await.is_empty());
    admin.say(&room, "after").await;
    assert_eq!(cy.texts(&room).await, ["after"]);
    assert_eq!(admin.texts(&room).await, ["before", "after"], "those who lead see all");
    drop((host, early, late));
    server.stop().await;
}

#[tokio::test]
async fn chat_can_be_forbidden() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let room = admin.make_room().await.room.code;
    let inside = (admin.enter(&room, "Ann").await, bob.enter(&room, "Bob").await);
    let said = bob.say(&room, "before").await;
    admin.act(&room, json!({"act": "allow", "what": "chat", "on": false})).await.done();
    bob.write(&room, json!({"text": "after"})).await.refused(403, "not_allowed");
    bob.patch(&line(&room, &said), json!({"text": "after"})).await.refused(403, "not_allowed");
    bob.give(&room, "a.txt", b"hello").await.refused(403, "not_allowed");
    admin.say(&room, "those who lead may").await;
    assert_eq!(bob.texts(&room).await.len(), 2, "reading goes on");
    bob.delete(&line(&room, &said)).await.done();
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn nobody_writes_faster_than_others_read_and_history_comes_in_pages() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let host = admin.enter(&room, "Ann").await;
    let began = std::time::Instant::now();
    let mut said = 0;
    loop {
        let reply = admin.write(&room, json!({"text": format!("{said}")})).await;
        if reply.status == 429 {
            break reply.refused(429, "too_often");
        }
        said += 1;
        // Ten at once, and one more every second that the test took.
        assert!(said <= 11 + began.elapsed().as_secs());
    }
    assert!(said >= 10, "{said}");
    // Six others fill two pages.
    let mut inside = Vec::new();
    for n in 0..6 {
        let browser = sign_up(&server, &format!("talker{n}")).await;
        inside.push(browser.enter(&room, "Talker").await);
        for line in 0..10 {
            browser.say(&room, &format!("{n}/{line}")).await;
        }
    }
    let path = format!("/api/v1/rooms/{room}/messages");
    let last: History = admin.get(&path).await.right();
    assert_eq!((last.messages.len(), last.more), (50, true));
    assert!(last.messages.is_sorted_by_key(|message| message.id));
    let first: History = admin.get(&format!("{path}?before={}", last.messages[0].id)).await.right();
    assert_eq!((first.messages.len() as u64, first.more), (said + 10, false));
    assert!(first.messages.last().unwrap().id < last.messages[0].id);
    admin.get(&format!("{path}?before=x")).await.refused(400, "bad_request");
    drop((host, inside));
    server.stop().await;
}
