//! Which of the ways to a peer is taken.
//!
//! The client decides (it is the controlling side, RFC 8445 section 6.1.1), and shows it by what it sends where: str0m
//! would stay on the pair of the highest priority that was ever chosen until nothing was heard on it for many seconds,
//! and so go on sending into a network that has fallen silent, while the client talks over another one. So what the
//! client sends is what leads.

use std::time::{Duration, Instant};

use crate::path::Path;

/// What was heard on a path, after its proof was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Sound, pictures or reports, sealed under the peer's keys: what the client sends where it wants to be answered.
    Content,
    /// A check that asks for this path (`USE-CANDIDATE`, RFC 8445 section 8.1.1). Some clients ask for every path that they
    /// check, so that it counts only where the one in use is silent.
    Nomination,
    /// A check, or part of a handshake.
    Other,
}

/// The way to one peer.
#[derive(Debug, Default)]
pub(crate) struct Way {
    path: Option<Path>,
    /// Whether the peer has shown it; until then it is what ICE says.
    shown: bool,
    /// When the peer's content last came by it, and when anything did.
    content: Option<Instant>,
    anything: Option<Instant>,
}

impl Way {
    /// The path in use.
    pub(crate) fn path(&self) -> Option<Path> {
        self.path
    }

    /// Takes what ICE has chosen, while the peer itself has not shown a way.
    pub(crate) fn suggest(&mut self, path: Path) {
        if !self.shown {
            self.path = Some(path);
        }
    }

    /// Whether the path in use has been silent for so long that it must have ceased to carry anything.
    pub(crate) fn is_broken(&self, now: Instant) -> bool {
        self.anything.is_some_and(|last| now.saturating_duration_since(last) >= BROKEN)
    }

    /// Notes what was heard on `path`; the path to go over to, if there is reason to.
    pub(crate) fn heard(&mut self, now: Instant, path: Path, what: Heard) -> Option<Path> {
        let silent =
            |last: Option<Instant>, patience| last.is_none_or(|last| now.saturating_duration_since(last) >= patience);
        if self.path != Some(path) {
            let moves = match what {
                Heard::Content => silent(self.content, STRAGGLERS),
                Heard::Nomination => self.path.is_some() && silent(self.anything, CHECKS),
                Heard::Other => false,
            };
            if !moves {
                return None;
            }
            *self = Self { path: Some(path), shown: true, content: None, anything: None };
            self.note(now, what);
            return Some(path);
        }
        self.note(now, what);
        None
    }

    fn note(&mut self, now: Instant, what: Heard) {
        self.anything = Some(now);
        if what == Heard::Content {
            self.shown = true;
            self.content = Some(now);
        }
    }
}

/// Packets on two ways overtake each other by less. A client that sends anything at all while it is seen or heard sends
/// more often, and one that does not is asked for reports as often.
const STRAGGLERS: Duration = Duration::from_millis(100);

/// A client that changes its way because it wants another one sends on the old one until it does. What lies between when
/// that one broke is at least what it needs to notice.
const BROKEN: Duration = Duration::from_millis(700);

/// Nothing at all on the path in use for this long, while another one is asked for: clients that suspect a path check it
/// every half second, and go over after two and a half.
const CHECKS: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{path::Over, testing::start};

    fn path(port: u16) -> Path {
        Path { over: Over::Tcp, ..Path::udp(([10, 0, 0, 1], 1).into(), ([10, 0, 0, 2], port).into()) }
    }

    fn at(ms: u64) -> Instant {
        start() + Duration::from_millis(ms)
    }

    #[test]
    fn ice_chooses_until_the_client_has_shown_a_way() {
        let mut way = Way::default();
        way.suggest(path(1));
        way.suggest(path(2));
        assert_eq!(way.path(), Some(path(2)));
        assert_eq!(way.heard(at(0), path(1), Heard::Content), Some(path(1)));
        way.suggest(path(2));
        assert_eq!(way.path(), Some(path(1)));
    }

    #[test]
    fn content_leads_but_stragglers_do_not() {
        let mut way = Way::default();
        way.suggest(path(1));
        assert_eq!(way.heard(at(0), path(1), Heard::Content), None);
        assert_eq!(way.heard(at(99), path(2), Heard::Content), None, "this may have been overtaken");
        assert_eq!(way.heard(at(100), path(2), Heard::Content), Some(path(2)));
        assert_eq!(way.heard(at(101), path(1), Heard::Content), None);
        assert_eq!(way.path(), Some(path(2)));
    }

    #[test]
    fn a_path_that_fell_silent_is_broken() {
        let mut way = Way::default();
        assert!(!way.is_broken(at(0)), "there is none");
        way.suggest(path(1));
        way.heard(at(0), path(1), Heard::Content);
        way.heard(at(500), path(1), Heard::Other);
        assert!(!way.is_broken(at(1_199)));
        assert!(way.is_broken(at(1_200)));
        way.heard(at(1_200), path(2), Heard::Content);
        assert!(!way.is_broken(at(1_201)), "this is another one");
    }

    #[test]
    fn a_nomination_leads_only_from_silence() {
        let mut way = Way::default();
        way.suggest(path(1));
        way.heard(at(0), path(1), Heard::Content);
        way.heard(at(500), path(1), Heard::Other);
        assert_eq!(way.heard(at(1_499), path(2), Heard::Nomination), None);
        assert_eq!(way.heard(at(1_500), path(2), Heard::Other), None, "a check that asks for nothing");
        assert_eq!(way.heard(at(1_500), path(2), Heard::Nomination), Some(path(2)));
        assert_eq!(way.heard(at(1_501), path(1), Heard::Nomination), None);
        way.suggest(path(1));
        assert_eq!(way.path(), Some(path(2)), "ICE itself takes longer to see it");
    }
}
