//! Calls, their history, and what people say of themselves.

use proto::{
    AccountId, CallId, ContactId,
    api::{BookEntry, CallWishes, ChangeContact, MyPresence, Onward},
    call::{CallRecord, LegRecord, Stage, Why},
    presence::{Chosen, SeenBy},
};
use store::{CallsAsked, RoomChange, StoredCall};

use crate::{
    people::{NOW, kept_account, room},
    support::{execute, on_both},
};

fn leg(account: AccountId, stage: Stage) -> LegRecord {
    let device = Some("d1".parse().unwrap());
    LegRecord {
        account,
        name: "Ann 'the' Ärztin".to_owned(),
        avatar: None,
        stage,
        device,
        reply: None,
        held: None,
        by: None,
        back: None,
        returned: None,
        forwarder: None,
        barred: false,
    }
}

fn call(number: u64, ended: Option<u64>, legs: Vec<LegRecord>) -> CallRecord {
    CallRecord {
        id: CallId::from(u128::from(NOW + number) << 80),
        room: format!("code-{number}").parse().unwrap(),
        video: true,
        began: NOW + number,
        answered: None,
        ended,
        legs,
    }
}

const OVER: Stage = Stage::Ended { why: Why::Over };
const UNANSWERED: Stage = Stage::Ended { why: Why::NoAnswer };

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_kept_as_they_are_now_and_read_by_party() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let ringing = call(1, None, vec![leg(ann, Stage::Connecting), leg(bob, Stage::Ringing)]);
        store.keep_call(&ringing).await.unwrap();
        assert_eq!(store.open_calls().await.unwrap(), std::slice::from_ref(&ringing));
        let asked = async |account, asked| store.calls_of(account, asked, 9).await.unwrap();
        let of = async |account, before| asked(account, CallsAsked { before, ..CallsAsked::default() }).await;
        assert_eq!(of(bob, None).await, [StoredCall { record: ringing, missed: false }]);

        let over = call(1, Some(NOW + 30), vec![leg(ann, OVER), leg(bob, UNANSWERED)]);
        store.keep_call(&over).await.unwrap();
        assert_eq!(store.open_calls().await.unwrap(), []);
        let later = call(2, Some(NOW + 90), vec![leg(bob, OVER), leg(ann, Stage::Ended { why: Why::Declined })]);
        store.keep_call(&later).await.unwrap();
        let stored = |record: &CallRecord, missed| StoredCall { record: record.clone(), missed };
        assert_eq!(of(ann, None).await, [stored(&later, false), stored(&over, false)], "a caller misses nothing");
        assert_eq!(of(bob, None).await, [stored(&later, false), stored(&over, true)]);
        assert_eq!(of(bob, Some(later.id)).await, [stored(&over, true)]);
        assert_eq!(store.calls_of(bob, CallsAsked::default(), 1).await.unwrap(), [stored(&later, false)]);
        let missed = CallsAsked { missed: true, ..CallsAsked::default() };
        assert_eq!(asked(bob, missed).await, [stored(&over, true)]);
        assert_eq!(asked(ann, missed).await, []);
        assert_eq!((store.missed_calls(bob).await.unwrap(), store.missed_calls(ann).await.unwrap()), (1, 0));

        store.look_at_calls(bob).await.unwrap();
        store.keep_call(&over).await.unwrap();
        assert_eq!(of(bob, Some(later.id)).await, [stored(&over, false)], "who has looked is not told again");
        assert_eq!(store.missed_calls(bob).await.unwrap(), 0);
        assert_eq!(asked(bob, missed).await, [stored(&over, false)], "it was missed all the same");

        let with = |with| CallsAsked { with: Some(with), ..CallsAsked::default() };
        let cy = kept_account(&store, 3).await.id;
        let group = call(4, Some(NOW + 95), vec![leg(cy, OVER), leg(bob, OVER)]);
        store.keep_call(&group).await.unwrap();
        assert_eq!(asked(bob, with(cy)).await, [stored(&group, false)]);
        assert_eq!(asked(bob, with(ann)).await, [stored(&later, false), stored(&over, false)]);
        assert_eq!(asked(ann, with(cy)).await, []);
        assert_eq!(asked(bob, CallsAsked { before: Some(later.id), ..with(ann) }).await, [stored(&over, false)]);

        store.forget_calls(NOW + 31).await.unwrap();
        assert_eq!(of(bob, None).await, [stored(&group, false), stored(&later, false)]);
        let lost = call(5, None, vec![leg(ann, Stage::Active), leg(bob, Stage::Active)]);
        store.keep_call(&lost).await.unwrap();
        store.forget_calls(NOW + 5).await.unwrap();
        assert_eq!(store.open_calls().await.unwrap(), std::slice::from_ref(&lost));
        store.forget_calls(NOW + 6).await.unwrap();
        assert_eq!(store.open_calls().await.unwrap(), [], "its end was never kept");
        let nobody = call(3, None, vec![leg(AccountId::from(99), Stage::Connecting)]);
        store.keep_call(&nobody).await.unwrap();
        assert_eq!(of(AccountId::from(99), None).await, [], "who has no account has no history");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rang_when_the_server_ended_is_missed_and_what_was_answered_is_not() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let failed = Stage::Ended { why: Why::Failed };
        for (number, device) in [(1, None), (2, Some("d1".parse().unwrap()))] {
            let legs = vec![leg(ann, failed), LegRecord { device, ..leg(bob, failed) }];
            store.keep_call(&call(number, Some(NOW + 9), legs)).await.unwrap();
        }
        let missed =
            async |of| store.calls_of(of, CallsAsked::default(), 9).await.unwrap().into_iter().map(|call| call.missed);
        assert!(missed(bob).await.eq([false, true]));
        assert!(missed(ann).await.eq([false, false]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_bounded() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let most = u64::from(store::MOST_CALLS);
        let record = |number| call(number, Some(NOW + number), vec![leg(ann, OVER), leg(bob, OVER)]);
        let first = call(0, Some(NOW), vec![leg(bob, OVER), leg(AccountId::from(99), OVER)]);
        store.keep_call(&first).await.unwrap();
        let records: Vec<CallRecord> = (1..=most + 1).map(record).collect();
        // Many at once are written together.
        for some in records.chunks(200) {
            let mut writes = tokio::task::JoinSet::new();
            for record in some {
                let (store, record) = (store.clone(), record.clone());
                writes.spawn(async move { store.keep_call(&record).await });
            }
            assert!(writes.join_all().await.into_iter().all(|kept| kept.is_ok()));
        }
        for (of, oldest) in [(ann, 2), (bob, 2)] {
            let calls = store.calls_of(of, CallsAsked::default(), u32::MAX).await.unwrap();
            assert_eq!(calls.len() as u64, most);
            assert_eq!(calls.last().unwrap().record.id, record(oldest).id);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_cannot_be_read_is_left_out() {
    on_both(async |store, target| {
        let ann = kept_account(&store, 1).await.id;
        let one = call(1, None, vec![leg(ann, Stage::Connecting)]);
        store.keep_call(&one).await.unwrap();
        store.keep_call(&call(2, None, vec![leg(ann, Stage::Connecting)])).await.unwrap();
        execute(&target, "UPDATE call SET record = '{}' WHERE room = 'code-2'").await;
        assert_eq!(store.open_calls().await.unwrap(), std::slice::from_ref(&one));
        assert_eq!(
            store.calls_of(ann, CallsAsked::default(), 9).await.unwrap(),
            [StoredCall { record: one, missed: false }]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_room_of_a_call_is_listed_nowhere() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let mut stored = room(1);
        stored.owner = Some(ann);
        store.create_call_room(&stored).await.unwrap();
        assert!(store.create_call_room(&stored).await.is_err(), "the code is taken");
        assert_eq!(store.rooms_of(ann, 9).await.unwrap(), [], "from the first moment on");
        store.keep_call(&call(1, None, vec![leg(ann, Stage::Connecting), leg(bob, Stage::Dialing)])).await.unwrap();
        assert_eq!(store.rooms_of(ann, 9).await.unwrap(), []);
        assert_eq!(store.rooms_of(bob, 9).await.unwrap(), []);
        // Whoever keeps it has a room as any other; the rest goes with the call, and not before.
        let mut other = room(2);
        other.owner = Some(ann);
        store.create_call_room(&other).await.unwrap();
        store.keep_call(&call(2, None, vec![leg(ann, OVER), leg(bob, OVER)])).await.unwrap();
        let keep = RoomChange { listed: Some(true), ..RoomChange::default() };
        store.change_room(stored.room.id, &keep).await.unwrap();
        let listed = async |of| store.rooms_of(of, 9).await.unwrap().into_iter().map(|(room, _)| room.room.id);
        assert!(listed(ann).await.eq([stored.room.id]) && listed(bob).await.eq([]));
        store.forget_calls(NOW + 2).await.unwrap();
        assert!(store.room_by_id(other.room.id).await.unwrap().is_some(), "its call is remembered");
        store.forget_calls(NOW + 1_000).await.unwrap();
        assert!(store.room_by_id(other.room.id).await.unwrap().is_none());
        assert!(listed(ann).await.eq([stored.room.id]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_says_of_themselves_stays_until_they_say_otherwise() {
    on_both(async |store, target| {
        let ann = kept_account(&store, 1).await.id;
        assert_eq!(store.chosen(ann).await.unwrap(), MyPresence::default());
        for (chosen, note) in [
            (Chosen::DoNotDisturb, "Writing 'til five"),
            (Chosen::Away, ""),
            (Chosen::Automatic, "Bibliothèque"),
            (Chosen::Busy, "Second floor"),
        ] {
            let said = MyPresence { chosen, note: note.to_owned() };
            store.choose(ann, &said).await.unwrap();
            assert_eq!(store.chosen(ann).await.unwrap(), said);
        }
        let bob = kept_account(&store, 2).await.id;
        store.choose(bob, &MyPresence { chosen: Chosen::Busy, note: String::new() }).await.unwrap();
        assert_eq!(store.notes().await.unwrap(), [(ann, "Second floor".to_owned())]);
        store.choose(AccountId::from(99), &MyPresence::default()).await.unwrap();
        execute(&target, "UPDATE presence SET chosen = 'asleep'").await;
        assert!(store.chosen(ann).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_somebody_stays_as_it_was_chosen() {
    on_both(async |store, target| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        assert_eq!(store.seen_by(ann).await.unwrap(), SeenBy::Everyone);
        let said = MyPresence { chosen: Chosen::Busy, note: "Library".to_owned() };
        store.choose(bob, &said).await.unwrap();
        for account in [ann, bob] {
            for seen_by in SeenBy::ALL {
                store.show_to(account, seen_by).await.unwrap();
                assert_eq!(store.seen_by(account).await.unwrap(), seen_by);
            }
        }
        assert_eq!(store.chosen(bob).await.unwrap(), said, "what is said stays");
        assert_eq!(store.chosen(ann).await.unwrap(), MyPresence::default());
        assert_eq!(store.unseen(ann).await.unwrap(), [bob], "everybody sees themselves");
        store.show_to(bob, SeenBy::Contacts).await.unwrap();
        store.choose(bob, &said).await.unwrap();
        assert_eq!(store.unseen(ann).await.unwrap(), [bob]);
        let entry = |account, blocked| BookEntry {
            id: ContactId::from(1),
            account: Some(account),
            name: String::new(),
            circle: String::new(),
            phones: Vec::new(),
            mails: Vec::new(),
            favourite: false,
            blocked,
        };
        store.add_contacts(bob, &[entry(ann, false)], 9).await.unwrap();
        assert_eq!(store.known(bob).await.unwrap(), [ann]);
        assert_eq!(store.unseen(ann).await.unwrap(), []);
        let block = ChangeContact { blocked: Some(true), ..ChangeContact::default() };
        store.change_contact(bob, ContactId::from(1), &block).await.unwrap();
        assert_eq!(store.known(bob).await.unwrap(), []);
        assert_eq!(store.unseen(ann).await.unwrap(), [bob], "whoever is blocked is no contact");
        store.show_to(AccountId::from(99), SeenBy::Nobody).await.unwrap();
        assert_eq!(store.seen_by(AccountId::from(99)).await.unwrap(), SeenBy::Everyone);
        execute(&target, "UPDATE presence SET seen_by = 'friends'").await;
        assert!(store.seen_by(ann).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_wishes_of_calls_stays_until_they_wish_otherwise() {
    on_both(async |store, target| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        assert_eq!(store.call_wishes(ann).await.unwrap(), CallWishes::default());
        for wishes in [
            CallWishes { always: Onward::Person { person: bob }, ..CallWishes::default() },
            CallWishes { busy: Onward::Voicemail, unanswered: Onward::Person { person: bob }, ..CallWishes::default() },
            CallWishes { favourites: true, ..CallWishes::default() },
            CallWishes::default(),
        ] {
            store.wish_calls(ann, &wishes).await.unwrap();
            assert_eq!(store.call_wishes(ann).await.unwrap(), wishes);
        }
        assert_eq!(store.call_wishes(bob).await.unwrap(), CallWishes::default());
        store.wish_calls(AccountId::from(99), &CallWishes { favourites: true, ..CallWishes::default() }).await.unwrap();
        assert_eq!(store.call_wishes(AccountId::from(99)).await.unwrap(), CallWishes::default());
        execute(&target, "UPDATE call_wish SET busy_to = 'the moon'").await;
        assert!(store.call_wishes(ann).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_call_is_missed_once_it_is_known_that_the_other_did_not_take_it() {
    on_both(async |store, _| {
        let (ann, bob, cid) =
            (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id, kept_account(&store, 3).await.id);
        const FORWARDED: Stage = Stage::Ended { why: Why::Forwarded };
        let forwarded = |number, ended: bool, stage| {
            let next = LegRecord { forwarder: Some(bob), ..leg(cid, stage) };
            let own = if ended { OVER } else { Stage::Active };
            call(number, ended.then_some(NOW + 50), vec![leg(ann, own), leg(bob, FORWARDED), next])
        };
        store.keep_call(&forwarded(1, false, Stage::Ringing)).await.unwrap();
        assert_eq!((store.missed_calls(bob).await.unwrap(), store.missed_calls(cid).await.unwrap()), (0, 0));
        store.keep_call(&forwarded(1, true, UNANSWERED)).await.unwrap();
        assert_eq!((store.missed_calls(bob).await.unwrap(), store.missed_calls(cid).await.unwrap()), (1, 1));
        store.keep_call(&forwarded(2, false, Stage::Active)).await.unwrap();
        store.keep_call(&forwarded(2, true, OVER)).await.unwrap();
        assert_eq!(store.missed_calls(bob).await.unwrap(), 1, "the other took it");
        store.keep_call(&forwarded(3, true, Stage::Ended { why: Why::Declined })).await.unwrap();
        assert_eq!((store.missed_calls(bob).await.unwrap(), store.missed_calls(cid).await.unwrap()), (2, 1));
        let left = call(4, Some(NOW + 50), vec![leg(ann, OVER), leg(bob, Stage::Ended { why: Why::Voicemail })]);
        store.keep_call(&left).await.unwrap();
        assert_eq!((store.missed_calls(bob).await.unwrap(), store.missed_calls(ann).await.unwrap()), (3, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_somebody_who_was_called_again_the_last_time_says_whether_they_missed_it() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let missed = async || store.missed_calls(bob).await.unwrap();
        let again = |stage| call(1, None, vec![leg(ann, Stage::Active), leg(bob, UNANSWERED), leg(bob, stage)]);
        store.keep_call(&call(1, None, vec![leg(ann, Stage::Active), leg(bob, UNANSWERED)])).await.unwrap();
        assert_eq!(missed().await, 1);
        store.keep_call(&again(Stage::Ringing)).await.unwrap();
        assert_eq!(missed().await, 1, "it rings again");
        store.keep_call(&again(OVER)).await.unwrap();
        assert_eq!(missed().await, 0, "answered then");
        // Who left the others to somebody, and did not answer when the call came back.
        let left = leg(bob, Stage::Ended { why: Why::Transferred });
        store.keep_call(&call(2, None, vec![leg(ann, Stage::Active), left.clone()])).await.unwrap();
        assert_eq!(missed().await, 0);
        let back = call(2, Some(NOW + 9), vec![leg(ann, OVER), left, leg(bob, UNANSWERED)]);
        store.keep_call(&back).await.unwrap();
        assert_eq!(missed().await, 1);
        store.look_at_calls(bob).await.unwrap();
        store.keep_call(&back).await.unwrap();
        assert_eq!(missed().await, 0, "looked at stays looked at");
    })
    .await;
}
