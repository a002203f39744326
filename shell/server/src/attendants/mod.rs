//! Programs and devices that attend: who has a socket open now, what it said of itself, and the way to tell it something.
//!
//! Nothing of it is stored: whoever attends is on the list as long as its socket is open. The hub knows nothing of it, since
//! nothing here touches rooms, calls or presence. The queue that belongs to this file:
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | messages to one attendant | [`WAITING`] | its socket is cut, and whoever wrote is told that it is not there |

pub mod socket;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use proto::{
    AccountId,
    api::{AccountView, Detail, Heard},
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::random;

/// All that attend. Copies share them.
///
/// A lock and not a task, as for `crowd`: it is held for one look into a map when somebody comes, goes, asks or writes.
#[derive(Debug, Clone, Default)]
pub struct Attendants(Arc<Mutex<BTreeMap<String, One>>>);

/// Who attends, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Whose program it is.
    pub user: AccountView,
    /// What it came in by.
    pub device: String,
    /// What it said of itself.
    pub details: Vec<Detail>,
    /// Since when, in milliseconds since 1970.
    pub since: u64,
    /// From where.
    pub address: IpAddr,
    /// From which port, where the connection is its own.
    pub port: Option<u16>,
}

#[derive(Debug)]
struct One {
    card: Card,
    outbox: mpsc::Sender<Heard>,
    cut: CancellationToken,
}

/// Whom somebody may ask about, and write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The programs of one account.
    Own(AccountId),
    /// All of them: an administrator's.
    All,
}

/// As many attend as may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// In all.
    All,
    /// Of that account.
    OfOne,
}

/// Nobody of that channel attends, or nobody whom the asker may know of, or it does not keep up and was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotThere;

/// One attendant's place on the list; given back when it is dropped.
#[derive(Debug)]
pub struct Seat {
    /// What it is called.
    pub channel: String,
    /// What to tell it, in order.
    pub inbox: mpsc::Receiver<Heard>,
    /// Says that the socket has to be dropped at once.
    pub cut: CancellationToken,
    all: Attendants,
}

impl Attendants {
    /// Puts somebody on the list.
    ///
    /// # Errors
    /// When [`MOST`] attend already, or [`MOST_OF_ONE`] of that account.
    pub fn enter(&self, card: Card) -> Result<Seat, Full> {
        let mut all = self.lock();
        if all.len() >= MOST {
            return Err(Full::All);
        }
        if all.values().filter(|one| one.card.user.id == card.user.id).count() >= MOST_OF_ONE {
            return Err(Full::OfOne);
        }
        let channel = random::text::<20>();
        let (outbox, inbox) = mpsc::channel(WAITING);
        let cut = CancellationToken::new();
        all.insert(channel.clone(), One { card, outbox, cut: cut.clone() });
        Ok(Seat { channel, inbox, cut, all: self.clone() })
    }

    /// Those within `scope` with their channels, whoever came first first.
    pub fn list(&self, scope: Scope) -> Vec<(String, Card)> {
        let all = self.lock();
        let known = all.iter().filter(|(_, one)| scope.holds(&one.card));
        let mut known: Vec<_> = known.map(|(channel, one)| (channel.clone(), one.card.clone())).collect();
        known.sort_by(|(one, a), (other, b)| (a.since, one).cmp(&(b.since, other)));
        known
    }

    /// Has something told to the attendant of a channel.
    ///
    /// # Errors
    /// When there is none of that channel within `scope`, or it does not keep up: then it is cut.
    pub fn tell(&self, scope: Scope, channel: &str, heard: Heard) -> Result<(), NotThere> {
        let mut all = self.lock();
        let one = all.get(channel).filter(|one| scope.holds(&one.card)).ok_or(NotThere)?;
        if one.outbox.try_send(heard).is_err() {
            one.cut.cancel();
            all.remove(channel);
            return Err(NotThere);
        }
        Ok(())
    }

    /// How many attend.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, One>> {
        // A panic elsewhere leaves the map whole: every change is one call of it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Card {
    /// With the port of the connection, where it is the attendant's own and not that of a proxy.
    pub fn from_port(mut self, peer: Option<SocketAddr>) -> Self {
        self.port = peer.filter(|peer| peer.ip().to_canonical() == self.address).map(|peer| peer.port());
        self
    }
}

impl Scope {
    fn holds(self, card: &Card) -> bool {
        match self {
            Self::All => true,
            Self::Own(account) => card.user.id == account,
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.all.lock().remove(&self.channel);
    }
}

/// Attendants in all: a quarter of what else may be connected, each of some tens of kilobytes.
const MOST: usize = 1_000;
/// Attendants of one account: a house full of devices.
const MOST_OF_ONE: usize = 50;
/// Messages that wait for one attendant. It takes them as they come; one this far behind has stopped reading.
const WAITING: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn card(account: u128, since: u64) -> Card {
        let user = AccountView {
            id: AccountId::from(account),
            name: format!("name-{account}"),
            display_name: format!("Name {account}"),
            avatar: None,
        };
        Card {
            user,
            device: "Door bell".to_owned(),
            details: Vec::new(),
            since,
            address: "192.0.2.7".parse().unwrap(),
            port: None,
        }
    }

    fn notice(number: usize) -> Heard {
        Heard::Notice { message: number.to_string(), from: "Ann".to_owned(), at: 7 }
    }

    #[test]
    fn whoever_attends_is_listed_until_the_seat_is_given_back() {
        let all = Attendants::default();
        let (later, first) = (all.enter(card(1, 9)).unwrap(), all.enter(card(2, 3)).unwrap());
        let channels = |scope| all.list(scope).into_iter().map(|(channel, _)| channel).collect::<Vec<_>>();
        assert_eq!(channels(Scope::All), [first.channel.clone(), later.channel.clone()]);
        assert_eq!(channels(Scope::Own(AccountId::from(1))), std::slice::from_ref(&later.channel));
        assert_eq!(channels(Scope::Own(AccountId::from(3))), Vec::<String>::new());
        drop(first);
        assert_eq!(channels(Scope::All), std::slice::from_ref(&later.channel));
        assert_eq!(all.count(), 1);
    }

    #[test]
    fn nobody_writes_to_the_programs_of_others() {
        let all = Attendants::default();
        let mut seat = all.enter(card(1, 0)).unwrap();
        let (own, others) = (Scope::Own(AccountId::from(1)), Scope::Own(AccountId::from(2)));
        assert_eq!(all.tell(others, &seat.channel, notice(0)), Err(NotThere));
        assert_eq!(all.tell(own, "nobody", notice(0)), Err(NotThere));
        assert_eq!(all.tell(own, &seat.channel, notice(1)), Ok(()));
        assert_eq!(all.tell(Scope::All, &seat.channel, notice(2)), Ok(()));
        assert_eq!(seat.inbox.try_recv(), Ok(notice(1)));
        assert_eq!(seat.inbox.try_recv(), Ok(notice(2)));
        assert!(seat.inbox.try_recv().is_err());
    }

    #[test]
    fn who_takes_nothing_is_cut_and_off_the_list() {
        let all = Attendants::default();
        let slow = all.enter(card(1, 0)).unwrap();
        let awake = all.enter(card(1, 1)).unwrap();
        for number in 0..WAITING {
            assert_eq!(all.tell(Scope::All, &slow.channel, notice(number)), Ok(()));
        }
        assert!(!slow.cut.is_cancelled());
        assert_eq!(all.tell(Scope::All, &slow.channel, notice(WAITING)), Err(NotThere));
        assert!(slow.cut.is_cancelled());
        assert_eq!(all.list(Scope::All).len(), 1);
        assert_eq!(all.tell(Scope::All, &slow.channel, notice(0)), Err(NotThere));
        assert_eq!(all.tell(Scope::All, &awake.channel, notice(0)), Ok(()), "another goes on");
    }

    #[test]
    fn so_many_attend_of_one_account_and_in_all() {
        let all = Attendants::default();
        let mut seats: Vec<_> = (0..MOST_OF_ONE).map(|_| all.enter(card(1, 0)).unwrap()).collect();
        assert_eq!(all.enter(card(1, 0)).err(), Some(Full::OfOne));
        for account in 2.. {
            match all.enter(card(account, 0)) {
                Ok(seat) => seats.push(seat),
                Err(full) => {
                    assert_eq!((full, seats.len()), (Full::All, MOST));
                    break;
                }
            }
        }
        seats.truncate(MOST_OF_ONE - 1);
        assert!(all.enter(card(1, 0)).is_ok(), "who goes makes place");
    }
}
