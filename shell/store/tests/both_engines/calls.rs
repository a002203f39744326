//! Calls, their history, and what people say of themselves.

use proto::{
    AccountId, CallId,
    call::{CallRecord, LegRecord, Stage, Why},
    presence::Chosen,
};
use store::StoredCall;

use crate::{
    people::{NOW, kept_account, room},
    support::{execute, on_both},
};

fn leg(account: AccountId, stage: Stage) -> LegRecord {
    let device = Some("d1".parse().unwrap());
    LegRecord { account, name: "Ann 'the' Ärztin".to_owned(), avatar: None, stage, device, reply: None }
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
        let of = async |account, before| store.calls_of(account, before, 9).await.unwrap();
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
        assert_eq!(store.calls_of(bob, None, 1).await.unwrap(), [stored(&later, false)]);

        store.look_at_calls(bob).await.unwrap();
        store.keep_call(&over).await.unwrap();
        assert_eq!(of(bob, Some(later.id)).await, [stored(&over, false)], "who has looked is not told again");

        store.forget_calls(NOW + 31).await.unwrap();
        assert_eq!(of(bob, None).await, [stored(&later, false)]);
        let nobody = call(3, None, vec![leg(AccountId::from(99), Stage::Connecting)]);
        store.keep_call(&nobody).await.unwrap();
        assert_eq!(of(AccountId::from(99), None).await, [], "who has no account has no history");
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
        assert_eq!(store.calls_of(ann, None, 9).await.unwrap(), [StoredCall { record: one, missed: false }]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_room_of_a_call_is_led_by_its_parties_and_listed_nowhere() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let mut stored = room(1);
        stored.owner = Some(ann);
        store.create_call_room(&stored, &[bob, AccountId::from(99)]).await.unwrap();
        assert!(store.create_call_room(&stored, &[bob]).await.is_err(), "the code is taken");
        let members = store.room_members(stored.room.id).await.unwrap();
        assert_eq!(members.iter().map(|(account, _)| account.id).collect::<Vec<_>>(), [bob]);
        assert_eq!(store.rooms_of(ann, 9).await.unwrap().len(), 1);
        store.keep_call(&call(1, None, vec![leg(ann, Stage::Connecting), leg(bob, Stage::Dialing)])).await.unwrap();
        assert_eq!(store.rooms_of(ann, 9).await.unwrap(), []);
        assert_eq!(store.rooms_of(bob, 9).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_says_of_themselves_stays_until_they_say_otherwise() {
    on_both(async |store, target| {
        let ann = kept_account(&store, 1).await.id;
        assert_eq!(store.chosen(ann).await.unwrap(), Chosen::Automatic);
        for chosen in [Chosen::DoNotDisturb, Chosen::Away, Chosen::Automatic, Chosen::Busy] {
            store.choose(ann, chosen).await.unwrap();
            assert_eq!(store.chosen(ann).await.unwrap(), chosen);
        }
        store.choose(AccountId::from(99), Chosen::Busy).await.unwrap();
        execute(&target, "UPDATE presence SET chosen = 'asleep'").await;
        assert!(store.chosen(ann).await.is_err());
    })
    .await;
}
