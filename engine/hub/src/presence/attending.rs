//! Which accounts are in which live rooms: whoever is in a meeting is in a call, as others see it.

use std::collections::{BTreeMap, BTreeSet};

use proto::{AccountId, RoomId};

/// Bounded by the people in live rooms.
#[derive(Debug, Default)]
pub(crate) struct Attending {
    rooms: BTreeMap<RoomId, BTreeSet<AccountId>>,
    /// In how many rooms each is; nobody stands here with none.
    people: BTreeMap<AccountId, usize>,
}

impl Attending {
    /// Notes who is in a room now; of whom that is new, one way or the other, is given back.
    pub(crate) fn set(&mut self, room: RoomId, now: BTreeSet<AccountId>) -> Vec<AccountId> {
        let before = self.rooms.remove(&room).unwrap_or_default();
        for account in now.difference(&before) {
            *self.people.entry(*account).or_default() += 1;
        }
        for account in before.difference(&now) {
            if let Some(rooms) = self.people.get_mut(account) {
                *rooms -= 1;
                if *rooms == 0 {
                    self.people.remove(account);
                }
            }
        }
        let changed = before.symmetric_difference(&now).copied().collect();
        if !now.is_empty() {
            self.rooms.insert(room, now);
        }
        changed
    }

    /// Whether somebody is in a room.
    pub(crate) fn meets(&self, account: AccountId) -> bool {
        self.people.contains_key(&account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_in_two_rooms_is_in_until_both_are_left() {
        let (ann, bob) = (AccountId::from(1), AccountId::from(2));
        let (one, two) = (RoomId::from(1), RoomId::from(2));
        let mut attending = Attending::default();
        assert_eq!(attending.set(one, [ann, bob].into()), [ann, bob]);
        assert_eq!(attending.set(two, [ann].into()), [ann]);
        assert_eq!(attending.set(one, [ann].into()), [bob], "only whose place changed");
        assert_eq!(attending.set(one, BTreeSet::new()), [ann]);
        assert!(attending.meets(ann) && !attending.meets(bob));
        attending.set(two, BTreeSet::new());
        assert!(!attending.meets(ann) && attending.rooms.is_empty() && attending.people.is_empty());
    }
}
