//! What is done to a line while programs run, as one line of text: in timelines, and on the standard input of
//! `netlab hold`.
//!
//! ```text
//! cut phone [up|down]              nothing passes
//! cut-udp phone [up|down]          no datagrams pass
//! cut-tcp phone [up|down]          no streams pass
//! cut-port phone 443 [up|down]     nothing from or to that port passes
//! heal phone                       all cuts are forgotten
//! change-address phone             another address, another network; the old address vanishes
//! rebind phone                     its NAT forgets everything
//! unplug phone, plug phone         its device goes down, and up again
//! set phone up|down|both NAME=VALUE...   changes what is named; `value` says how it is written
//! counters phone                   what happened so far, as JSON
//! ```

use std::str::FromStr;

use crate::{
    engine::{cut::Cut, router::Direction},
    value::{Setting, Unreadable, wrong},
};

/// Something to do to one client's line.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// The client's name.
    pub client: String,
    /// What to do.
    pub act: Act,
}

/// What can be done to a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Some packets pass no more, in these directions.
    Cut(Cut, Ways),
    /// All pass again.
    Heal,
    /// The client moves to another network.
    ChangeAddress,
    /// The NAT forgets everything.
    Rebind,
    /// The client's device goes down.
    Unplug,
    /// The client's device comes up.
    Plug,
    /// These settings change, in these directions.
    Set(Ways, Vec<Setting>),
    /// Tells what happened so far.
    Counters,
}

/// One direction or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ways {
    /// From the client.
    Up,
    /// To the client.
    Down,
    /// Either.
    Both,
}

impl Ways {
    /// The directions that are meant.
    pub fn directions(self) -> &'static [Direction] {
        match self {
            Self::Up => &[Direction::Up],
            Self::Down => &[Direction::Down],
            Self::Both => &[Direction::Up, Direction::Down],
        }
    }

    fn parse(word: &str) -> Result<Self, Unreadable> {
        match word {
            "up" => Ok(Self::Up),
            "down" => Ok(Self::Down),
            "both" => Ok(Self::Both),
            _ => Err(wrong(word, "up, down or both")),
        }
    }
}

impl FromStr for Action {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let mut words = text.split_whitespace();
        let verb = words.next().ok_or_else(|| wrong(text, "an action such as `cut-udp phone`"))?;
        let client = words.next().ok_or_else(|| Unreadable(format!("`{verb}` of whom? Name a client")))?.to_owned();
        let mut ways_of = |cut| words.next().map_or(Ok(Ways::Both), Ways::parse).map(|ways| Act::Cut(cut, ways));
        let act = match verb {
            "cut" => ways_of(Cut::Everything)?,
            "cut-udp" => ways_of(Cut::Udp)?,
            "cut-tcp" => ways_of(Cut::Tcp)?,
            "cut-port" => {
                let port = words.next().unwrap_or_default();
                let port = port.parse().map_err(|_| wrong(port, "a port"))?;
                Act::Cut(Cut::Port(port), words.next().map_or(Ok(Ways::Both), Ways::parse)?)
            }
            "heal" => Act::Heal,
            "change-address" => Act::ChangeAddress,
            "rebind" => Act::Rebind,
            "unplug" => Act::Unplug,
            "plug" => Act::Plug,
            "set" => {
                let ways = Ways::parse(words.next().unwrap_or_default())?;
                let settings = words.by_ref().map(Setting::parse).collect::<Result<Vec<_>, _>>()?;
                if settings.is_empty() {
                    return Err(Unreadable("`set` what? Such as `loss=1%`".to_owned()));
                }
                Act::Set(ways, settings)
            }
            "counters" => Act::Counters,
            _ => {
                return Err(wrong(
                    verb,
                    "one of cut, cut-udp, cut-tcp, cut-port, heal, change-address, rebind, unplug, plug, set, counters",
                ));
            }
        };
        match words.next() {
            Some(word) => Err(Unreadable(format!("`{word}` is too much behind `{verb}`"))),
            None => Ok(Self { client, act }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, Action, Ways};
    use crate::{engine::cut::Cut, value::Setting};

    #[test]
    fn actions_are_read() {
        for (text, act) in [
            ("cut phone", Act::Cut(Cut::Everything, Ways::Both)),
            ("cut-udp phone up", Act::Cut(Cut::Udp, Ways::Up)),
            ("  cut-tcp   phone  down ", Act::Cut(Cut::Tcp, Ways::Down)),
            ("cut-port phone 443", Act::Cut(Cut::Port(443), Ways::Both)),
            ("cut-port phone 443 up", Act::Cut(Cut::Port(443), Ways::Up)),
            ("heal phone", Act::Heal),
            ("change-address phone", Act::ChangeAddress),
            ("rebind phone", Act::Rebind),
            ("unplug phone", Act::Unplug),
            ("plug phone", Act::Plug),
            ("set phone both loss=5% rate=off", Act::Set(Ways::Both, vec![Setting::Loss(0.05), Setting::Rate(None)])),
            ("counters phone", Act::Counters),
        ] {
            assert_eq!(text.parse(), Ok(Action { client: "phone".to_owned(), act }), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "cut",
            "cut phone sideways",
            "cut phone up down",
            "cut-port phone",
            "cut-port phone 70000",
            "set phone",
            "set phone up",
            "set phone loss=1%",
            "heal phone now",
            "explode phone",
        ] {
            assert!(text.parse::<Action>().is_err(), "`{text}` was read");
        }
    }
}
