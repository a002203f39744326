//! What is kept of how meetings were.

use proto::{
    Person,
    api::Attended,
    quality::{Cause, Felt, Minute, Record, Way},
};
use store::{MOST_RECORDS, Stay, StoredTrouble};

use crate::{
    people::{NOW, guest, room},
    support::{execute, on_both},
};

const MINUTE: u64 = 60_000;

/// A minute of one meeting, which began at `NOW`.
fn record(minute: u64, who: u32, bad: Option<Cause>) -> Record {
    let person = guest(who);
    Record {
        at: NOW + minute * MINUTE,
        began: NOW,
        identity: person.identity("d1"),
        person,
        name: format!("G{who}"),
        seconds: 60,
        bad,
        bad_for: if bad.is_some() { 30 } else { 0 },
        minute: Minute {
            lost_up: 7,
            way: Some(Way::Turn),
            client: Some(Felt { frozen: 400, ..Felt::default() }),
            ..Minute::default()
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn minutes_are_kept_and_read_by_meeting_and_by_person() {
    on_both(async |store, _| {
        let (id, code) = (room(1).room.id, "code-1");
        store.create_room(&room(1)).await.unwrap();
        let first = [record(0, 1, None), record(0, 2, Some(Cause::Upload))];
        store.keep_quality(code, &first, 0).await.unwrap();
        store.keep_quality(code, &first, 0).await.unwrap();
        let second = [record(1, 2, Some(Cause::Computer))];
        store.keep_quality(code, &second, 0).await.unwrap();
        let later = Record { began: NOW + 90 * MINUTE, ..record(100, 2, None) };
        store.keep_quality(code, std::slice::from_ref(&later), 0).await.unwrap();
        store.keep_quality("no-such-room", &first, 0).await.unwrap();

        assert_eq!(store.quality(id, NOW).await.unwrap(), [&first[..], &second].concat());
        assert_eq!(store.quality(id, NOW + 1).await.unwrap(), []);
        let meetings = [(NOW + 90 * MINUTE, NOW + 101 * MINUTE), (NOW, NOW + 2 * MINUTE)];
        assert_eq!(store.past_meetings(id, 9).await.unwrap(), meetings);
        assert_eq!(store.past_meetings(id, 1).await.unwrap(), meetings[..1]);
        let attended = |who: u32, from: u64, until: u64| Attended {
            person: guest(who),
            name: format!("G{who}"),
            from: NOW + from * MINUTE,
            until: NOW + until * MINUTE,
        };
        let of_first = [(NOW, attended(1, 0, 1)), (NOW, attended(2, 0, 2))];
        let of_last = [(NOW + 90 * MINUTE, attended(2, 100, 101))];
        assert_eq!(store.attended(id, 0).await.unwrap(), [&of_first[..], &of_last].concat());
        assert_eq!(store.attended(id, NOW + 1).await.unwrap(), of_last);
        let trouble = |minute: u64, cause| StoredTrouble {
            began: NOW,
            at: NOW + minute * MINUTE,
            seconds: 60,
            person: guest(2),
            name: "G2".to_owned(),
            cause,
            bad_for: 30,
        };
        let bad = [trouble(0, Cause::Upload), trouble(1, Cause::Computer)];
        assert_eq!(store.bad_minutes(id, NOW, NOW).await.unwrap(), bad);
        assert_eq!(store.bad_minutes(id, NOW + 1, u64::MAX).await.unwrap(), []);

        let stay = |began, from, until| Some(Stay { began, from: NOW + from * MINUTE, until: NOW + until * MINUTE });
        let last = async |who: Person, since| store.last_stay(id, &who, since).await.unwrap();
        assert_eq!(last(guest(1), 0).await, stay(NOW, 0, 1));
        assert_eq!(last(guest(2), 0).await, stay(NOW + 90 * MINUTE, 100, 101));
        assert_eq!(last(guest(2), NOW + 101 * MINUTE).await, None);
        assert_eq!(last(guest(3), 0).await, None);

        store.delete_room(id).await.unwrap();
        assert_eq!(store.past_meetings(id, 9).await.unwrap(), []);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_minutes_go_and_a_room_keeps_so_many() {
    on_both(async |store, target| {
        let id = room(1).room.id;
        store.create_room(&room(1)).await.unwrap();
        store.create_room(&room(2)).await.unwrap();
        store.keep_quality("code-1", &[record(0, 1, None)], 0).await.unwrap();
        store.keep_quality("code-2", &[record(0, 1, None)], 0).await.unwrap();
        store.keep_quality("code-1", &[record(2, 1, None)], NOW + MINUTE).await.unwrap();
        let ats: Vec<u64> = store.quality(id, NOW).await.unwrap().iter().map(|record| record.at).collect();
        assert_eq!(ats, [NOW + 2 * MINUTE]);
        assert_eq!(store.quality(room(2).room.id, NOW).await.unwrap().len(), 1, "of that room alone");
        let many: Vec<Record> = (10..10 + u64::from(MOST_RECORDS)).map(|minute| record(minute, 1, None)).collect();
        store.keep_quality("code-1", &many, 0).await.unwrap();
        let kept = store.quality(id, NOW).await.unwrap();
        assert_eq!((kept.len(), kept[0].at), (MOST_RECORDS as usize, NOW + 10 * MINUTE), "the oldest went");
        execute(&target, "UPDATE quality SET minute = 'nonsense'").await;
        assert_eq!(store.quality(id, NOW).await.unwrap()[0].minute, Minute::default());
        execute(&target, "UPDATE quality SET bad = 'weather'").await;
        assert!(store.quality(id, NOW).await.is_err());
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_minutes_go_from_rooms_in_which_nobody_meets_any_more() {
    on_both(async |store, _| {
        for number in [1, 2] {
            store.create_room(&room(number)).await.unwrap();
            let minutes = [record(0, 1, None), record(1, 2, Some(Cause::Upload)), record(2, 1, None)];
            store.keep_quality(&format!("code-{number}"), &minutes, 0).await.unwrap();
        }
        assert_eq!(store.forget_quality(NOW + 2 * MINUTE).await.unwrap(), 4);
        assert_eq!(store.forget_quality(NOW + 2 * MINUTE).await.unwrap(), 0);
        for number in [1, 2] {
            let kept = store.quality(room(number).room.id, NOW).await.unwrap();
            assert_eq!(kept.iter().map(|record| record.at).collect::<Vec<_>>(), [NOW + 2 * MINUTE]);
        }
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_no_column_holds_costs_nobody_a_minute() {
    on_both(async |store, _| {
        store.create_room(&room(1)).await.unwrap();
        let odd = Record { name: "G\0ina".to_owned(), ..record(0, 1, None) };
        store.keep_quality("code-1", &[odd, record(0, 2, None)], 0).await.unwrap();
        let kept = store.quality(room(1).room.id, NOW).await.unwrap();
        assert_eq!(kept.iter().map(|record| &*record.name).collect::<Vec<_>>(), ["Gina", "G2"]);
        store.close().await;
    })
    .await;
}
