//! The event sockets of pages, as the hub task knows them.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use hub::Pass;
use proto::{
    LineId,
    api::{Event, MeetingState},
};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// One event socket, as its own task knows it.
#[derive(Debug)]
pub struct Page {
    /// Its number.
    pub line: LineId,
    /// What to tell, in order.
    pub news: mpsc::Receiver<News>,
    /// The meeting as it is now. Only the last one counts: a page that is slow misses the states between.
    pub state: watch::Receiver<Option<Arc<MeetingState>>>,
    /// The bytes in `news`; see [`News::weight`].
    pub waiting: Arc<AtomicUsize>,
    /// Says that the socket has to be dropped at once.
    pub cut: CancellationToken,
}

/// What a page is told.
#[derive(Debug)]
pub enum News {
    /// This, which is no [`Event::Meeting`].
    Event(Box<Event>),
    /// That it was let in: sign this and tell it.
    Admit(Box<Pass>),
}

/// The hub task's end of a [`Page`].
#[derive(Debug)]
pub struct Outlet {
    news: mpsc::Sender<News>,
    state: watch::Sender<Option<Arc<MeetingState>>>,
    waiting: Arc<AtomicUsize>,
    cut: CancellationToken,
}

/// All pages.
#[derive(Debug, Default)]
pub struct Pages {
    outlets: BTreeMap<LineId, Outlet>,
}

/// The page does not keep up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind;

/// The two ends of a new page.
pub fn open(line: LineId) -> (Outlet, Page) {
    let (sender, news) = mpsc::channel(NEWS);
    let (states, state) = watch::channel(None);
    let outlet = Outlet { news: sender, state: states, waiting: Arc::default(), cut: CancellationToken::new() };
    let page = Page { line, news, state, waiting: outlet.waiting.clone(), cut: outlet.cut.clone() };
    (outlet, page)
}

impl News {
    /// About how many bytes it keeps in memory.
    pub fn weight(&self) -> usize {
        match self {
            Self::Event(event) => match event.as_ref() {
                Event::Message { message } | Event::Line { message, .. } => {
                    let people: usize = message.reactions.iter().map(|reaction| reaction.people.len()).sum();
                    message.text.len() + people * PERSON + LITTLE
                }
                // The last line is shortened.
                Event::Conversation { conversation } => conversation.people.len() * PARTY + 2 * LITTLE,
                Event::Calls { calls, .. } => {
                    calls.iter().map(|call| LITTLE + call.others.len() * PARTY).sum::<usize>() + LITTLE
                }
                Event::People { people, awaited } => people.len() * PERSON + awaited.len() * PARTY + LITTLE,
                Event::Awaited { people } => people.len() * PARTY + LITTLE,
                Event::Invitations { invitations, .. } => invitations.len() * PARTY + LITTLE,
                _ => LITTLE,
            },
            Self::Admit(_) => LITTLE,
        }
    }
}

impl Pages {
    /// Takes a page in.
    pub fn add(&mut self, line: LineId, outlet: Outlet) {
        self.outlets.insert(line, outlet);
    }

    /// Lets a page go. Says whether it was there.
    pub fn remove(&mut self, line: LineId) -> bool {
        self.outlets.remove(&line).inspect(|outlet| outlet.cut.cancel()).is_some()
    }

    /// Whether a page is there.
    pub fn contains(&self, line: LineId) -> bool {
        self.outlets.contains_key(&line)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.outlets.len()
    }

    /// Tells a page something.
    ///
    /// # Errors
    /// When it does not keep up.
    pub fn tell(&self, line: LineId, event: Box<Event>) -> Result<(), Behind> {
        let Some(outlet) = self.outlets.get(&line) else { return Ok(()) };
        match *event {
            Event::Meeting { state } => {
                outlet.state.send_replace(Some(Arc::new(state)));
                return Ok(());
            }
            // A state from before must not come after the word that it is over.
            Event::Waiting { .. } | Event::Outside | Event::Denied | Event::Removed { .. } | Event::Ended => {
                outlet.state.send_replace(None);
            }
            _ => {}
        }
        outlet.send(News::Event(event))
    }

    /// Tells a page that it was let in.
    ///
    /// # Errors
    /// When it does not keep up.
    pub fn admit(&self, line: LineId, pass: Box<Pass>) -> Result<(), Behind> {
        self.outlets.get(&line).map_or(Ok(()), |outlet| outlet.send(News::Admit(pass)))
    }
}

impl Outlet {
    fn send(&self, news: News) -> Result<(), Behind> {
        if self.waiting.fetch_add(news.weight(), Ordering::Relaxed) > NEWS_BYTES {
            return Err(Behind);
        }
        match self.news.try_send(news) {
            // A page that has ended says so itself.
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => Err(Behind),
        }
    }
}

/// Events waiting for one page, its meeting's state not among them. A page this far behind will not catch up: its socket
/// is cut, and it comes back to a fresh state.
const NEWS: usize = 256;
/// Bytes waiting for one page before it counts as too far behind: some hundred long lines of chat.
const NEWS_BYTES: usize = 512 * 1024;
/// An event that carries no text of people, and what surrounds one that does.
const LITTLE: usize = 512;
/// One party of a call: a name, the address of a picture, a word.
const PARTY: usize = 512;
/// One person in a list.
const PERSON: usize = 48;

#[cfg(test)]
mod tests {
    use proto::{Policy, Role};

    use super::*;

    fn state(number: u64) -> Box<Event> {
        let me = "guest_0123456789abcdef".parse().unwrap();
        let (people, hands, waiting) = (Vec::new(), Vec::new(), Vec::new());
        let state = MeetingState {
            number,
            me,
            role: Role::Guest,
            policy: Policy::OPEN,
            people,
            hands,
            spotlight: None,
            paused: false,
            waiting,
            invited: Vec::new(),
            marks: Vec::new(),
        };
        Box::new(Event::Meeting { state })
    }

    fn one() -> (Pages, Page) {
        let mut pages = Pages::default();
        let (outlet, page) = open(LineId(1));
        pages.add(LineId(1), outlet);
        (pages, page)
    }

    #[test]
    fn a_slow_page_gets_the_last_state_and_none_after_the_end() {
        let (pages, mut page) = one();
        for number in 0..10_000 {
            pages.tell(LineId(1), state(number)).unwrap();
        }
        assert_eq!(page.state.borrow_and_update().as_ref().unwrap().number, 9_999);
        pages.tell(LineId(1), state(10_000)).unwrap();
        pages.tell(LineId(1), Box::new(Event::Ended)).unwrap();
        assert!(page.state.borrow_and_update().is_none());
        assert!(matches!(page.news.try_recv(), Ok(News::Event(event)) if *event == Event::Ended));
    }

    #[test]
    fn a_page_that_reads_nothing_is_behind_at_last() {
        let (mut pages, page) = one();
        let told = (0..10_000).take_while(|_| pages.tell(LineId(1), Box::new(Event::Pong)).is_ok()).count();
        assert_eq!(told, NEWS);
        assert!(pages.remove(LineId(1)) && page.cut.is_cancelled());
        assert!(!pages.remove(LineId(1)));
        assert_eq!(pages.tell(LineId(1), Box::new(Event::Pong)), Ok(()), "nobody is behind who is not there");
    }
}
