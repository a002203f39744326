//! Who wants to be told when somebody is free.
//!
//! In memory alone: after a restart nobody is told, and pages learn with their next list that they wait for nobody. **Whoever is
//! waited for learns nothing of it, and whoever does not see them is never told**: for those they are offline, and so not free. Whoever
//! is blocked must not notice, and waits; of whom it is said that they do not show themselves, nobody can wait for.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proto::{
    AccountId, Refusal,
    api::{Contact, Event},
};

use super::{Devices, Found};
use crate::{desk::Desk, timers::Timer};

/// For how many others one can wait at once: a morning of calls that came to nothing. One more is refused.
const OF_ONE: usize = 16;

/// How long somebody is waited for: whoever was wanted yesterday is called anew, or not at all.
pub(crate) const LASTS: Duration = Duration::from_secs(24 * 60 * 60);

/// Everybody who waits for somebody. Bounded by [`OF_ONE`] for each account that is signed in.
#[derive(Debug, Default)]
pub(crate) struct Awaiting {
    wishes: BTreeMap<AccountId, BTreeMap<AccountId, Wish>>,
    /// The same the other way round: who waits for each.
    waiters: BTreeMap<AccountId, BTreeSet<AccountId>>,
}

#[derive(Debug)]
struct Wish {
    /// Whom, as they were called when they were asked for.
    person: Contact,
    until: Instant,
    /// Whether to be free counts: who was free when they did not answer has to be something else first.
    counts: bool,
    /// Whether browsers were woken for it: once is enough.
    woken: bool,
}

impl Awaiting {
    /// Somebody wants to be told when another is free; `anew`: when they are so the next time. Said again it lasts anew.
    pub(crate) fn wait(
        &mut self,
        desk: &mut Desk,
        devices: &Devices,
        who: AccountId,
        person: Contact,
        anew: bool,
    ) -> Result<(), Refusal> {
        let whom = person.account;
        if who == whom {
            return Err(Refusal::OwnNumber);
        }
        // By what is kept, and by what is known of whoever is here: whether they are must make no difference.
        if person.hidden || devices.hides(whom, who) {
            return Err(Refusal::NotShown);
        }
        let own = self.wishes.entry(who).or_default();
        if own.len() >= OF_ONE && !own.contains_key(&whom) {
            return Err(Refusal::TooMany);
        }
        let counts = !(anew && devices.found(whom, who) == Found::Free);
        // Said again it wakes nobody a second time.
        let woken = own.get(&whom).is_some_and(|wish| wish.woken);
        own.insert(whom, Wish { person, until: desk.now + LASTS, counts, woken });
        self.waiters.entry(whom).or_default().insert(who);
        desk.stirred_people.extend([who, whom]);
        self.changed(desk, devices, who);
        Ok(())
    }

    /// Somebody does not want to be told any more.
    pub(crate) fn take_back(&mut self, desk: &mut Desk, devices: &Devices, who: AccountId, whom: AccountId) {
        if self.drop_wish(who, whom) {
            self.changed(desk, devices, who);
        }
    }

    /// Somebody is signed in nowhere any more: nobody is left who could be told.
    pub(crate) fn signed_out(&mut self, desk: &mut Desk, devices: &Devices, who: AccountId) {
        for whom in self.awaited(who) {
            self.take_back(desk, devices, who, whom);
        }
    }

    /// Somebody is shut out: they wait for nobody, and nobody waits for them.
    pub(crate) fn shut_out(&mut self, desk: &mut Desk, devices: &Devices, account: AccountId) {
        self.signed_out(desk, devices, account);
        for who in self.waiters.get(&account).cloned().unwrap_or_default() {
            self.take_back(desk, devices, who, account);
        }
    }

    /// Some wishes of somebody may have lasted for long enough.
    pub(crate) fn ended(&mut self, desk: &mut Desk, devices: &Devices, who: AccountId) {
        let own = self.wishes.get(&who).into_iter().flatten();
        let over: Vec<AccountId> = own.filter(|(_, wish)| wish.until <= desk.now).map(|(whom, _)| *whom).collect();
        for whom in over {
            self.drop_wish(who, whom);
        }
        self.changed(desk, devices, who);
    }

    /// Whether this account is free is looked at for all who wait for it, and so is everybody for whom it waits itself.
    pub(crate) fn look(&mut self, desk: &mut Desk, devices: &Devices, account: AccountId) {
        for who in self.waiters.get(&account).cloned().unwrap_or_default() {
            self.look_for(desk, devices, who, account);
        }
        for whom in self.awaited(account) {
            self.look_for(desk, devices, account, whom);
        }
    }

    fn look_for(&mut self, desk: &mut Desk, devices: &Devices, who: AccountId, whom: AccountId) {
        let Some(wish) = self.wishes.get_mut(&who).and_then(|own| own.get_mut(&whom)) else { return };
        match devices.found(whom, who) {
            Found::Free if wish.counts => {}
            Found::Free | Found::Unsure => return,
            Found::Engaged => {
                wish.counts = true;
                return;
            }
        }
        let (lines, person) = (devices.lines(who), wish.person.clone());
        if !std::mem::replace(&mut wish.woken, true) {
            desk.tell_free(who, devices.here_of(who));
        }
        // Whoever comes later is told when it is still true then.
        if lines.is_empty() {
            return;
        }
        for line in lines {
            desk.tell_line(line, Event::Free { person: person.clone() });
        }
        self.drop_wish(who, whom);
        self.set_timer(desk, who);
    }

    /// For whom somebody waits, as their pages are told.
    pub(crate) fn told(&self, who: AccountId) -> Vec<Contact> {
        self.wishes.get(&who).into_iter().flatten().map(|(_, wish)| wish.person.clone()).collect()
    }

    /// For whom somebody waits.
    pub(crate) fn awaited(&self, who: AccountId) -> Vec<AccountId> {
        self.wishes.get(&who).into_iter().flatten().map(|(whom, _)| *whom).collect()
    }

    /// Forgets all: the server stops.
    pub(crate) fn clear(&mut self) {
        self.wishes.clear();
        self.waiters.clear();
    }

    /// Whether nobody waits for anybody.
    pub(crate) fn is_empty(&self) -> bool {
        self.wishes.is_empty() && self.waiters.is_empty()
    }

    /// All pages of somebody are told for whom they wait now.
    fn changed(&self, desk: &mut Desk, devices: &Devices, who: AccountId) {
        self.set_timer(desk, who);
        let people = self.told(who);
        for line in devices.lines(who) {
            desk.tell_line(line, Event::Awaited { people: people.clone() });
        }
    }

    fn set_timer(&self, desk: &mut Desk, who: AccountId) {
        match self.wishes.get(&who).and_then(|own| own.values().map(|wish| wish.until).min()) {
            Some(next) => desk.timers.set(Timer::WishEnds(who), next),
            None => desk.timers.clear(Timer::WishEnds(who)),
        }
    }

    fn drop_wish(&mut self, who: AccountId, whom: AccountId) -> bool {
        let Some(own) = self.wishes.get_mut(&who) else { return false };
        let dropped = own.remove(&whom).is_some();
        if own.is_empty() {
            self.wishes.remove(&who);
        }
        if let Some(waiters) = self.waiters.get_mut(&whom) {
            waiters.remove(&who);
            if waiters.is_empty() {
                self.waiters.remove(&whom);
            }
        }
        dropped
    }
}
