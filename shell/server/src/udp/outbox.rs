//! The trains that wait to leave through one socket, in the order of their arrival.

use std::{collections::VecDeque, net::SocketAddr};

use sfu::Train;

use super::runs::{self, Run};

/// What waits. Its memory is kept from flush to flush.
#[derive(Debug)]
pub struct Outbox {
    trains: VecDeque<Train>,
    /// Of the first train: the next datagram, and where it begins.
    next: usize,
    offset: usize,
    datagrams: usize,
    /// Trains that have left or were given up.
    gone: Vec<Train>,
    /// Memory for the runs of one call.
    runs: Vec<Run>,
    /// Whether the poll was last asked to tell when the socket takes more.
    watched: bool,
}

impl Outbox {
    pub fn new() -> Self {
        Self {
            trains: VecDeque::new(),
            next: 0,
            offset: 0,
            datagrams: 0,
            gone: Vec::new(),
            runs: Vec::new(),
            watched: false,
        }
    }

    /// Datagrams that wait.
    pub fn len(&self) -> usize {
        self.datagrams
    }

    pub fn is_empty(&self) -> bool {
        self.datagrams == 0
    }

    pub fn push(&mut self, train: Train) {
        // An empty datagram says nothing in any of our protocols.
        if train.bytes().is_empty() {
            return self.gone.push(train);
        }
        self.datagrams += train.lengths().len();
        self.trains.push_back(train);
    }

    /// The first runs that wait, at most `count`, each with at most `most` datagrams.
    pub fn runs(&mut self, count: usize, most: usize) -> &[Run] {
        let mut runs = std::mem::take(&mut self.runs);
        runs.clear();
        for (index, train) in self.trains.iter().enumerate() {
            let (next, offset) = if index == 0 { (self.next, self.offset) } else { (0, 0) };
            runs::group(index, &train.lengths()[next..], offset, most, count, &mut runs);
            if runs.len() >= count {
                break;
            }
        }
        self.runs = runs;
        &self.runs
    }

    /// What [`Outbox::runs`] has found.
    pub fn last_runs(&self) -> &[Run] {
        &self.runs
    }

    /// Where a run goes, and its bytes.
    pub fn content(&self, run: &Run) -> (SocketAddr, &[u8]) {
        let train = &self.trains[run.train];
        (train.path.theirs, &train.bytes()[run.offset..run.offset + run.bytes])
    }

    /// The first datagrams, as many as `count`, need no more attention: they were sent, or given up.
    pub fn done(&mut self, mut count: usize) {
        self.datagrams -= count;
        while let Some(train) = self.trains.front() {
            let rest = &train.lengths()[self.next..];
            let taken = count.min(rest.len());
            self.offset += rest[..taken].iter().map(|length| usize::from(*length)).sum::<usize>();
            self.next += taken;
            count -= taken;
            if self.next < train.lengths().len() {
                return;
            }
            (self.next, self.offset) = (0, 0);
            self.gone.extend(self.trains.pop_front());
        }
    }

    /// Trains that have left since the last time.
    pub fn gone(&mut self) -> impl Iterator<Item = Train> + '_ {
        self.gone.drain(..)
    }

    /// Whether the poll has to be asked anew, now that the socket is blocked or not.
    pub fn interest_changed(&mut self, blocked: bool) -> bool {
        std::mem::replace(&mut self.watched, blocked) != blocked
    }
}

#[cfg(test)]
mod tests {
    use sfu::Path;

    use super::*;

    #[test]
    fn what_is_done_is_not_shown_again() {
        let mut outbox = Outbox::new();
        let address = SocketAddr::from(([127, 0, 0, 1], 9));
        for number in 0..3_u8 {
            outbox.push(Train::row(
                Path::udp(address, address),
                &[&[number; 10], &[number; 10], &[number; 4], &[number; 4]],
            ));
        }
        let shown = |outbox: &mut Outbox| {
            let runs = outbox.runs(4, 64).to_vec();
            runs.iter().map(|run| (outbox.content(run).1[0], run.count, run.bytes)).collect::<Vec<_>>()
        };
        assert_eq!(shown(&mut outbox), [(0, 3, 24), (0, 1, 4), (1, 3, 24), (1, 1, 4)]);
        outbox.done(5);
        assert_eq!(shown(&mut outbox), [(1, 2, 14), (1, 1, 4), (2, 3, 24), (2, 1, 4)]);
        assert_eq!((outbox.len(), outbox.gone().count()), (7, 1));
        outbox.done(7);
        assert!(outbox.is_empty() && shown(&mut outbox).is_empty());
        assert_eq!(outbox.gone().count(), 2);
    }
}
