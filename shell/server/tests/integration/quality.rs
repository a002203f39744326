//! How meetings were: who says what was measured, and who reads of it afterwards.

use proto::{
    Person,
    api::{PastMeeting, Report},
    quality::{Cause, Minute, Record},
};
use serde_json::{Value, json};
use store::{Store, Target};

use crate::{
    harness::Server,
    people::{Browser, admin as admin_of, sign_up},
};

const MINUTE: u64 = 60_000;

fn path(room: &str, what: &str) -> String {
    format!("/api/v1/rooms/{room}/{what}")
}

fn measured(identity: &str) -> Value {
    json!({"identity": identity, "span": 20_000, "concealed": 10, "frozen": 0, "dropped": 5, "strained": 0})
}

#[tokio::test]
async fn a_client_says_what_it_measured_of_its_own_stay_alone_and_not_all_the_time() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let ada = admin.enter(&room, "Ada").await;
    let measurements = path(&room, "measurements");
    let mine = measured(ada.identity.as_str());
    admin.post(&measurements, mine.clone()).await.done();
    let bob = sign_up(&server, "bob").await;
    bob.post(&measurements, mine.clone()).await.refused(403, "not_in");
    admin.post(&measurements, measured("somebody")).await.refused(403, "not_in");
    Browser::new(&server).post(&measurements, mine.clone()).await.refused(401, "sign_in_first");
    for (name, value) in [
        ("span", 0),
        ("span", 600_001),
        ("concealed", 1_001),
        ("frozen", 600_001),
        ("dropped", 1_001),
        ("strained", 1_001),
    ] {
        let mut nonsense = mine.clone();
        nonsense[name] = json!(value);
        admin.post(&measurements, nonsense).await.refused(422, "bad_setting");
    }
    for nonsense in [json!({}), json!({"identity": 7}), json!([]), {
        let mut more = mine.clone();
        more["weather"] = json!("good");
        more
    }] {
        let reply = admin.post(&measurements, nonsense).await;
        assert!((400..=422).contains(&reply.status), "{reply:?}");
    }
    for _ in 0..3 {
        admin.post(&measurements, mine.clone()).await.done();
    }
    admin.post(&measurements, mine).await.refused(429, "too_often");
    drop(ada);
    server.stop().await;
}

#[tokio::test]
async fn who_was_in_reads_why_it_was_bad_and_the_owner_reads_of_everybody() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let ada = admin.enter(&room, "Ada").await;
    admin.act(&room, json!({"act": "lobby", "lobby": "off"})).await.done();
    let gus = Browser::new(&server);
    let inside = gus.enter(&room, "Gus").await;
    let report = path(&room, "report");
    let nothing: Report = gus.get(&report).await.right();
    assert!(nothing.troubles.is_empty() && nothing.me == inside.person);
    let bob = sign_up(&server, "bob").await;
    bob.get(&report).await.refused(403, "not_in");
    Browser::new(&server).get(&report).await.refused(401, "sign_in_first");

    // As the hub would have written it, an hour ago.
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis() as u64;
    let began = now - 60 * MINUTE;
    let minute = |nth: u64, person: &Person, name: &str, bad: Option<Cause>| Record {
        at: began + nth * MINUTE,
        began,
        identity: person.identity("d1"),
        person: person.clone(),
        name: name.to_owned(),
        seconds: 60,
        bad,
        bad_for: if bad.is_some() { 45 } else { 0 },
        minute: Minute { lost_up: 120, ..Minute::default() },
    };
    let (ann, gina) = (&ada.person, &inside.person);
    let records = [
        minute(0, ann, "Ada", Some(Cause::Computer)),
        minute(1, ann, "Ada", Some(Cause::Server)),
        minute(1, gina, "Gus", Some(Cause::Server)),
        minute(2, ann, "Ada", Some(Cause::Computer)),
        minute(2, gina, "Gus", Some(Cause::Upload)),
        minute(3, ann, "Ada", Some(Cause::Download)),
        minute(3, gina, "Gus", Some(Cause::Upload)),
    ];
    let store = Store::open(&Target::Sqlite(server.folder.path().to_owned())).await.unwrap();
    store.keep_quality(&room, &records, 0).await.unwrap();
    store.close().await;

    let told: Report = gus.get(&report).await.right();
    assert_eq!((told.from, told.until), (began + MINUTE, began + 4 * MINUTE));
    let brief = |troubles: &[proto::api::Trouble]| -> Vec<(String, Cause, u64, u32)> {
        troubles.iter().map(|t| (t.name.clone(), t.cause, (t.from - began) / MINUTE, t.seconds)).collect()
    };
    let of = |name: &str, cause, from, seconds| (name.to_owned(), cause, from, seconds);
    assert_eq!(
        brief(&told.troubles),
        [of("Gus", Cause::Upload, 2, 90), of("Ada", Cause::Computer, 2, 45), of("Gus", Cause::Server, 1, 45)],
        "what was before Gus came is not his, nor that Ada heard badly"
    );

    let meetings = path(&room, "meetings");
    let past: Vec<PastMeeting> = admin.get(&meetings).await.right();
    assert_eq!((past.len(), past[0].began, past[0].until), (1, began, began + 4 * MINUTE));
    assert_eq!(
        past[0].people.iter().map(|one| (&*one.name, one.from)).collect::<Vec<_>>(),
        [("Ada", began), ("Gus", began + MINUTE)]
    );
    assert_eq!(past[0].troubles.len(), 5);
    assert_eq!(brief(&past[0].troubles)[0].3, 90);
    let minutes: Vec<Record> = admin.get(&format!("{meetings}/{began}")).await.right();
    assert_eq!(minutes.len(), 7);
    assert_eq!(minutes[0].minute.lost_up, 120);
    admin.get(&format!("{meetings}/{}", began + 1)).await.refused(404, "not_found");
    admin.get(&format!("{meetings}/yesterday")).await.refused(404, "not_found");
    for path in [meetings.clone(), format!("{meetings}/{began}")] {
        gus.get(&path).await.refused(401, "sign_in_first");
        bob.get(&path).await.refused(403, "not_allowed");
    }
    drop((ada, inside));
    server.stop().await;
}
