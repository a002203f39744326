//! Phone books over HTTP, and what it means to be blocked.

use proto::{
    Presence,
    api::{BookEntry, Call, Contact, Event, Imported, Me, MissedCalls, PastCall, Reachable, Visibility},
    call::{Stage, Why},
    presence::SeenBy,
};
use serde_json::{Value, json};

use crate::{
    harness::Server,
    people::{Browser, Events, admin, sign_up},
};

const CONTACTS: &str = "/api/v1/contacts";

async fn id_of(browser: &Browser<'_>) -> String {
    browser.get("/api/v1/me").await.right::<Me>().account.id.to_string()
}

/// A page of somebody, who is there from now on.
async fn page_of(browser: &Browser<'_>) -> Events {
    let mut events = browser.events().await;
    events.send(json!({"ask": "here", "device": "d1"})).await;
    events.until(|event| matches!(event, Event::Calls { .. }).then_some(())).await;
    events
}

async fn book(browser: &Browser<'_>) -> Vec<BookEntry> {
    browser.get(CONTACTS).await.right()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_book_is_its_owners_own() {
    let server = Server::start().await;
    let (ann, bob) = (admin(&server).await, sign_up(&server, "bob").await);
    let (me, him) = (id_of(&ann).await, id_of(&bob).await);
    let card: BookEntry = ann
        .post(
            CONTACTS,
            json!({"entry": {"name": " Town hall ", "circle": "Town", "phones": ["+33 1", " "], "mails": []}}),
        )
        .await
        .right();
    assert_eq!(
        (card.name.as_str(), card.circle.as_str(), card.phones.as_slice()),
        ("Town hall", "Town", &["+33 1".to_owned()][..])
    );
    let entry: BookEntry = ann.post(CONTACTS, json!({"account": him, "entry": {"favourite": true}})).await.right();
    let again: BookEntry = ann.post(CONTACTS, json!({"account": him, "entry": {"name": "Bobby"}})).await.right();
    assert!(again.id == entry.id && again.favourite && again.name == "Bobby", "one entry for each: {again:?}");
    assert_eq!(book(&ann).await, [card.clone(), again.clone()]);
    assert_eq!(book(&bob).await, []);

    let path = format!("{CONTACTS}/{}", card.id);
    let changed: BookEntry = ann.patch(&path, json!({"mails": ["a@example.org"], "circle": ""})).await.right();
    assert_eq!(changed, BookEntry { mails: vec!["a@example.org".to_owned()], circle: String::new(), ..card });
    for (wanted, code) in [
        (json!({"name": ""}), "bad_name"),
        (json!({"name": "x".repeat(129)}), "bad_name"),
        (json!({"circle": "x".repeat(65)}), "bad_text"),
        (json!({"phones": ["x".repeat(65)]}), "bad_text"),
        (json!({"mails": ["a\nb"]}), "bad_text"),
    ] {
        ann.patch(&path, wanted).await.refused(422, code);
    }
    ann.patch(&path, json!({"phones": vec!["1"; 11]})).await.refused(409, "too_many");
    ann.post(CONTACTS, json!({"entry": {}})).await.refused(422, "bad_name");
    ann.post(CONTACTS, json!({"account": me, "entry": {}})).await.refused(403, "not_allowed");
    ann.post(CONTACTS, json!({"account": "AC_00000000000000000000000000", "entry": {}}))
        .await
        .refused(404, "not_found");
    bob.patch(&path, json!({"name": "Mine"})).await.refused(404, "not_found");
    bob.delete(&path).await.refused(404, "not_found");
    ann.delete(&path).await.done();
    ann.delete(&path).await.refused(404, "not_found");
    assert_eq!(book(&ann).await, [again]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_book_goes_out_and_comes_in_as_cards() {
    let server = Server::start().await;
    let (ann, bob, cy) = (admin(&server).await, sign_up(&server, "bob").await, sign_up(&server, "cy").await);
    ann.post(CONTACTS, json!({"entry": {"name": "Town hall", "phones": ["+33 1"]}})).await.right::<BookEntry>();
    ann.post(CONTACTS, json!({"account": id_of(&bob).await, "entry": {}})).await.right::<BookEntry>();
    ann.post(CONTACTS, json!({"account": id_of(&cy).await, "entry": {"blocked": true}})).await.right::<BookEntry>();
    let reply = ann.get("/api/v1/contacts/export").await;
    assert_eq!(reply.status, 200);
    let file = reply.body.clone();
    let text = String::from_utf8_lossy(&file);
    assert!(text.contains("FN:Town hall\r\n") && text.contains("FN:bob\r\n") && !text.contains("cy"), "{text}");

    let import = async |browser: &Browser<'_>, file: &[u8]| -> Imported {
        let headers = [("content-type", "application/octet-stream")];
        browser.ask("POST", "/api/v1/contacts/import", &headers, file).await.right()
    };
    assert_eq!(import(&cy, &file).await, Imported { added: 2, skipped: 0 });
    assert_eq!(import(&cy, &file).await, Imported { added: 0, skipped: 2 }, "twice is once");
    let mut entries = book(&cy).await;
    // Those of one file came in one moment.
    entries.sort_by_key(|entry| entry.account.is_some());
    assert!(entries[0].name == "Town hall" && entries[0].phones == ["+33 1"]);
    assert_eq!(entries[1].account.map(|id| id.to_string()), Some(id_of(&bob).await));
    assert_eq!(import(&bob, &file).await, Imported { added: 1, skipped: 1 }, "nobody stands in their own");
    assert_eq!(import(&bob, b"no cards at all").await, Imported { added: 0, skipped: 0 });
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_book_has_an_end() {
    let server = Server::start().await;
    let ann = admin(&server).await;
    let headers = [("content-type", "application/octet-stream")];
    let import = async |from: usize, until: usize| {
        let file: String = (from..until).map(|at| format!("BEGIN:VCARD\nFN:Card {at}\nEND:VCARD\n")).collect();
        ann.ask("POST", "/api/v1/contacts/import", &headers, file.as_bytes()).await
    };
    assert_eq!(import(0, 1_999).await.right::<Imported>().added, 1_999);
    import(2_000, 2_002).await.refused(409, "too_many");
    assert_eq!(import(2_000, 2_001).await.right::<Imported>().added, 1);
    ann.post(CONTACTS, json!({"entry": {"name": "One more"}})).await.refused(409, "too_many");
    let large = vec![b'x'; 2 * 1024 * 1024 + 1];
    ann.ask("POST", "/api/v1/contacts/import", &headers, &large).await.refused(413, "too_large");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_finds_nobody_there_and_leaves_no_trace() {
    let server = Server::start().await;
    let (ann, bob) = (admin(&server).await, sign_up(&server, "bob").await);
    let (me, him) = (id_of(&ann).await, id_of(&bob).await);
    let (mut anns, mut bobs) = (page_of(&ann).await, page_of(&bob).await);
    ann.put("/api/v1/me/presence", json!({"chosen": "busy", "note": "Library"})).await.done();
    let of_ann = |presence: Presence, event: Event| match event {
        Event::Presence { person: Reachable { account, presence: now, note, .. } } if account.to_string() == me => {
            (now == presence).then_some(note)
        }
        _ => None,
    };
    assert_eq!(bobs.until(|event| of_ann(Presence::Busy, event)).await.as_deref(), Some("Library"));
    let entry: BookEntry = ann.post(CONTACTS, json!({"account": him, "entry": {"blocked": true}})).await.right();
    assert_eq!(bobs.until(|event| of_ann(Presence::Offline, event)).await, None);
    let people: Vec<Contact> = bob.get("/api/v1/people").await.right();
    assert_eq!((people.len(), people[0].note.as_deref()), (1, None));

    let call = async || -> Call { bob.post("/api/v1/calls", json!({"people": [me], "device": "d1"})).await.right() };
    let unreachable = Stage::Ended { why: Why::Unreachable };
    anns.so_far().await;
    assert_eq!(call().await.others[0].stage, unreachable);
    // Also where nothing of her is here, and only what is kept says so.
    drop(anns);
    assert_eq!(call().await.others[0].stage, unreachable);
    assert_eq!(ann.get("/api/v1/calls").await.right::<Vec<PastCall>>(), []);
    assert_eq!(ann.get("/api/v1/calls/missed").await.right::<MissedCalls>(), MissedCalls { count: 0, unheard: 0 });
    assert_eq!(bob.get("/api/v1/calls").await.right::<Vec<PastCall>>().len(), 2, "whoever calls has called");

    let mut anns = page_of(&ann).await;
    ann.patch(&format!("{CONTACTS}/{}", entry.id), json!({"blocked": false})).await.right::<Value>();
    assert_eq!(bobs.until(|event| of_ann(Presence::Busy, event)).await.as_deref(), Some("Library"));
    let rung = call().await;
    assert_eq!(rung.others[0].stage, Stage::Dialing);
    let told = |event| match event {
        Event::Calls { calls, .. } => calls.first().map(|call| call.id),
        _ => None,
    };
    assert_eq!(anns.until(told).await, rung.id);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_somebody_is_theirs_to_say_and_a_call_rings_all_the_same() {
    const SEEN: &str = "/api/v1/me/visibility";
    let server = Server::start().await;
    let (ann, bob) = (admin(&server).await, sign_up(&server, "bob").await);
    let (me, him) = (id_of(&ann).await, id_of(&bob).await);
    let (mut anns, mut bobs) = (page_of(&ann).await, page_of(&bob).await);
    assert_eq!(ann.get(SEEN).await.right::<Visibility>(), Visibility { seen_by: SeenBy::Everyone });
    ann.put("/api/v1/me/presence", json!({"chosen": "busy", "note": "Library"})).await.done();
    let found = async |events: &mut Events, presence: Presence| -> Option<String> {
        let of_ann = |event| match event {
            Event::Presence { person } if person.account.to_string() == me && person.presence == presence => {
                Some(person.note)
            }
            _ => None,
        };
        events.until(of_ann).await
    };
    let listed = async || -> Contact { bob.get("/api/v1/people").await.right::<Vec<Contact>>().remove(0) };
    assert_eq!(found(&mut bobs, Presence::Busy).await.as_deref(), Some("Library"));
    assert!(!listed().await.hidden && listed().await.note.is_some());

    ann.put(SEEN, json!({"seenBy": "contacts"})).await.done();
    assert_eq!(found(&mut bobs, Presence::Offline).await, None);
    assert!(listed().await.hidden && listed().await.note.is_none());
    let wait = async || bob.put(&format!("/api/v1/people/{me}/awaited"), json!({})).await;
    wait().await.refused(403, "not_shown");
    // What is chosen meanwhile, and whoever comes anew, make no difference.
    ann.put("/api/v1/me/presence", json!({"chosen": "away", "note": "Cellar"})).await.done();
    found(&mut anns, Presence::Away).await;
    let mut fresh = bob.events().await;
    fresh.send(json!({"ask": "here", "device": "d2"})).await;
    let people = fresh.until(|event| match event {
        Event::People { people, .. } => Some(people),
        _ => None,
    });
    let people = people.await;
    let untold =
        Reachable { presence: Presence::Offline, since: 0, note: None, hidden: true, account: me.parse().unwrap() };
    assert_eq!(people.iter().find(|person| person.account == untold.account), Some(&untold), "nothing else is told");

    // Whoever stands in the phone book sees her, whether by hand or out of a file; whoever is blocked there does not.
    let entry: BookEntry = ann.post(CONTACTS, json!({"account": him, "entry": {}})).await.right();
    assert_eq!(found(&mut bobs, Presence::Away).await.as_deref(), Some("Cellar"));
    assert!(!listed().await.hidden);
    let file = ann.get("/api/v1/contacts/export").await.body;
    let path = format!("{CONTACTS}/{}", entry.id);
    ann.patch(&path, json!({"blocked": true})).await.right::<Value>();
    found(&mut bobs, Presence::Offline).await;
    assert!(listed().await.hidden);
    ann.delete(&path).await.done();
    let headers = [("content-type", "application/octet-stream")];
    ann.ask("POST", "/api/v1/contacts/import", &headers, &file).await.right::<Imported>();
    assert_eq!(found(&mut bobs, Presence::Away).await.as_deref(), Some("Cellar"));

    ann.put(SEEN, json!({"seenBy": "nobody"})).await.done();
    found(&mut bobs, Presence::Offline).await;
    let call = bob.post("/api/v1/calls", json!({"people": [me], "device": "d1"})).await.right::<Call>();
    assert_eq!(call.others[0].stage, Stage::Dialing, "it rings all the same");
    // Of whoever has no page it is told as well, also to a page that is there already.
    let cy = sign_up(&server, "cy").await;
    let hers = id_of(&cy).await;
    let hides = async |events: &mut Events| -> bool {
        let told = |event| match event {
            Event::Presence { person } if person.account.to_string() == hers => Some(person.hidden),
            _ => None,
        };
        events.until(told).await
    };
    cy.put(SEEN, json!({"seenBy": "nobody"})).await.done();
    assert!(hides(&mut bobs).await);
    cy.put(SEEN, json!({"seenBy": "contacts"})).await.done();
    cy.post(CONTACTS, json!({"account": him, "entry": {}})).await.right::<BookEntry>();
    assert!(!hides(&mut bobs).await);
    // Kept, also where nothing of her is here.
    drop(anns);
    assert_eq!(ann.get(SEEN).await.right::<Visibility>(), Visibility { seen_by: SeenBy::Nobody });
    wait().await.refused(403, "not_shown");
    ann.put(SEEN, json!({"seenBy": "friends"})).await.refused(400, "bad_request");
    Browser::new(&server).put(SEEN, json!({"seenBy": "nobody"})).await.refused(401, "sign_in_first");
    server.stop().await;
}
