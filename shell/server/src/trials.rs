//! The connection test: who has rooms of their own now, for which ways, and for how long.
//!
//! A trial is one run of the test. Its rooms are named [`PREFIX`], the trial, and the way that is proved there; no other
//! room may be named like that, so that a token of a trial opens nothing once the trial is over, however long it is good.
//! Nothing of a trial is stored, listed or told: the hub knows its rooms as those of any token, and they go with it.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use hub::Pass;
use proto::{
    Identity, Rights, RoomName, Source,
    api::{Reach, TrialOver},
    livekit::signal_response::Message as Response,
};

use crate::{addresses, random};

/// All that run now.
#[derive(Debug)]
pub struct Trials {
    offered: Offered,
    running: Mutex<BTreeMap<String, Running>>,
}

/// A trial that runs.
#[derive(Debug, Clone, Copy)]
struct Running {
    ends: Instant,
    /// Whose it is: an address, or a network of them.
    from: IpAddr,
}

/// What this server has to offer those who try.
#[derive(Debug, Clone)]
pub struct Offered {
    /// Where media is received over UDP, as clients are told.
    pub udp: Vec<SocketAddr>,
    /// Where it is received over TCP.
    pub tcp: Vec<SocketAddr>,
}

/// As many trials run as may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// In all.
    All,
    /// From that address; the first of them is over after this time.
    OfOne(Duration),
}

/// A token of a trial that is over, or that never was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this connection test is over; begin another")]
pub struct Over;

impl Trials {
    /// None yet.
    pub fn new(offered: Offered) -> Self {
        Self { offered, running: Mutex::default() }
    }

    /// What there is to try.
    pub fn offered(&self) -> &Offered {
        &self.offered
    }

    /// Begins one for somebody at this address, or in this network; its name.
    ///
    /// # Errors
    /// When [`MOST`] run already, or [`MOST_OF_ONE`] from there.
    pub fn begin(&self, now: Instant, from: IpAddr) -> Result<String, Full> {
        let mut running = self.lock();
        running.retain(|_, trial| trial.ends > now);
        let theirs = running.values().filter(|trial| trial.from == from);
        let (count, first) = theirs.fold((0, now + LASTS), |(count, first), trial| (count + 1, first.min(trial.ends)));
        if count >= MOST_OF_ONE {
            return Err(Full::OfOne(first - now));
        }
        if running.len() >= MOST {
            return Err(Full::All);
        }
        let trial = random::text::<NAME>();
        running.insert(trial.clone(), Running { ends: now + LASTS, from });
        Ok(trial)
    }

    /// Which way is proved in a room; `None` in every room that is none of a trial.
    ///
    /// # Errors
    /// When the room is one of a trial that does not run.
    pub fn way(&self, room: &RoomName, now: Instant) -> Result<Option<TrialOver>, Over> {
        let Some(rest) = room.as_str().strip_prefix(PREFIX) else { return Ok(None) };
        let (trial, over) = rest.split_once(':').ok_or(Over)?;
        let over = WAYS.into_iter().find(|way| name(*way) == over).ok_or(Over)?;
        self.lock().get(trial).filter(|trial| trial.ends > now).map(|_| Some(over)).ok_or(Over)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Running>> {
        // A panic elsewhere leaves the map whole: every change is one assignment.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The room in which a trial proves a way.
pub fn room(trial: &str, over: TrialOver) -> RoomName {
    format!("{PREFIX}{trial}:{}", name(over)).parse().expect("letters, digits and colons, and few of them, are a name")
}

/// What the two clients of a room may do: one sends sound and a picture, the other takes them.
pub fn passes(trial: &str, over: TrialOver) -> [Pass; 2] {
    ["sender", "receiver"].map(|who| {
        let sends = who == "sender";
        let identity: Identity = who.parse().expect("a short word is an identity");
        Pass {
            room: room(trial, over),
            name: who.to_owned(),
            identity,
            metadata: String::new(),
            attributes: Vec::new(),
            rights: Rights {
                publish: sends,
                sources: if sends { vec![Source::Camera, Source::Microphone] } else { Vec::new() },
                subscribe: !sends,
                data: false,
                own_metadata: false,
                hidden: false,
            },
        }
    })
}

/// Takes out of what a client is told all that leads over another way. The client alone opens ways (RFC 8445, section 2.5:
/// the server is ICE-lite and answers), so that it takes none of which it does not know.
pub fn narrow(over: TrialOver, response: &mut Response) {
    let servers = match response {
        Response::Answer(answer) => return answer.sdp = only(over, &answer.sdp),
        Response::Join(join) => &mut join.ice_servers,
        Response::Reconnect(reconnect) => &mut reconnect.ice_servers,
        _ => return,
    };
    if matches!(over, TrialOver::Udp | TrialOver::Tcp) {
        servers.clear();
    }
}

/// An answer without the candidates of other ways. A relay reaches the media plane at its UDP addresses.
fn only(over: TrialOver, sdp: &str) -> String {
    let leads = |line: &str| {
        let Some(candidate) = line.strip_prefix("a=candidate:") else { return true };
        // RFC 8839, section 5.1: foundation, component, transport.
        let transport = candidate.split(' ').nth(2).unwrap_or_default();
        match over {
            TrialOver::Any => true,
            TrialOver::Udp | TrialOver::Relay => transport.eq_ignore_ascii_case("udp"),
            TrialOver::Tcp => transport.eq_ignore_ascii_case("tcp"),
        }
    };
    sdp.split_inclusive("\r\n").filter(|line| leads(line)).collect()
}

/// From how far the best of these addresses can be reached.
pub fn reach(all: &[SocketAddr]) -> Reach {
    all.iter().map(|address| addresses::reach(address.ip())).max().unwrap_or(Reach::Machine)
}

/// The sockets as clients are told of them: as they are, and at the addresses under which the outside reaches them.
pub fn told(sockets: &[SocketAddr], public: &[IpAddr]) -> Vec<SocketAddr> {
    let outside = public.iter().filter_map(|ip| {
        let socket = sockets.iter().find(|socket| socket.is_ipv4() == ip.is_ipv4()).or(sockets.first())?;
        Some(SocketAddr::new(*ip, socket.port()))
    });
    outside.chain(sockets.iter().copied()).collect()
}

fn name(over: TrialOver) -> &'static str {
    match over {
        TrialOver::Any => "any",
        TrialOver::Udp => "udp",
        TrialOver::Tcp => "tcp",
        TrialOver::Relay => "relay",
    }
}

/// What names of rooms of trials begin with.
pub const PREFIX: &str = "parlor-trial:";
/// All ways, the ordinary one last: it is tried when it is known what there is.
pub const WAYS: [TrialOver; 4] = [TrialOver::Udp, TrialOver::Tcp, TrialOver::Relay, TrialOver::Any];
/// How long a trial lasts: a run takes half a minute, and two where everything is slow and fails.
pub const LASTS: Duration = Duration::from_secs(150);
/// Trials at once. Each sends at most one picture after the other, so that all together weigh as a meeting of so many.
pub const MOST: usize = 24;
/// Of them, those of one address: half, so that nobody alone keeps all others from trying.
pub const MOST_OF_ONE: usize = 12;
/// Letters of a name: 100 bits, which nobody guesses.
const NAME: usize = 20;

#[cfg(test)]
mod tests {
    use proto::livekit::{IceServer, JoinResponse, SessionDescription};

    use super::*;

    fn trials() -> Trials {
        Trials::new(Offered { udp: Vec::new(), tcp: Vec::new() })
    }

    fn address(n: u8) -> IpAddr {
        [192, 0, 2, n].into()
    }

    #[test]
    fn a_room_of_a_trial_opens_while_it_runs_and_no_longer() {
        let (trials, now) = (trials(), Instant::now());
        let trial = trials.begin(now, address(1)).unwrap();
        assert_eq!(trials.way(&room(&trial, TrialOver::Tcp), now), Ok(Some(TrialOver::Tcp)));
        let end = now + LASTS;
        assert_eq!(trials.way(&room(&trial, TrialOver::Tcp), end), Err(Over));
        for made_up in ["parlor-trial:abc:udp", "parlor-trial:", "parlor-trial:abc"] {
            assert_eq!(trials.way(&made_up.parse().unwrap(), now), Err(Over), "{made_up}");
        }
        let strange = format!("{PREFIX}{trial}:carrier pigeon");
        assert_eq!(trials.way(&strange.parse().unwrap(), now), Err(Over));
        assert_eq!(trials.way(&"standup".parse().unwrap(), now), Ok(None), "every other room");
    }

    #[test]
    fn so_many_run_at_once_and_make_room_when_they_are_over() {
        let (trials, now) = (trials(), Instant::now());
        assert!((0..MOST as u8).all(|n| trials.begin(now, address(n)).is_ok()));
        assert_eq!(trials.begin(now, address(99)), Err(Full::All));
        assert!(trials.begin(now + LASTS, address(99)).is_ok());
    }

    #[test]
    fn one_address_leaves_trials_to_others() {
        let (trials, now) = (trials(), Instant::now());
        let second = Duration::from_secs(1);
        let begun = (0..MOST as u32).filter(|n| trials.begin(now + *n * second, address(1)).is_ok()).count();
        assert_eq!(begun, MOST_OF_ONE);
        assert_eq!(trials.begin(now + 10 * second, address(1)), Err(Full::OfOne(LASTS - 10 * second)));
        assert!(trials.begin(now, address(2)).is_ok());
        assert!(trials.begin(now + LASTS, address(1)).is_ok(), "the first is over");
    }

    #[test]
    fn an_answer_keeps_the_candidates_of_its_way_alone() {
        let sdp = "v=0\r\na=candidate:1 1 udp 9 10.0.0.1 7882 typ host\r\n\
                   a=candidate:2 1 tcp 8 10.0.0.1 7882 typ host tcptype passive\r\na=mid:0\r\n";
        let answer = |over| {
            let mut response = Response::Answer(SessionDescription { sdp: sdp.to_owned(), ..Default::default() });
            narrow(over, &mut response);
            let Response::Answer(answer) = response else { unreachable!() };
            (answer.sdp.contains(" udp "), answer.sdp.contains(" tcp "), answer.sdp.ends_with("a=mid:0\r\n"))
        };
        assert_eq!(answer(TrialOver::Any), (true, true, true));
        assert_eq!(answer(TrialOver::Udp), (true, false, true));
        assert_eq!(answer(TrialOver::Tcp), (false, true, true));
        assert_eq!(answer(TrialOver::Relay), (true, false, true));
    }

    #[test]
    fn a_relay_is_named_where_it_is_what_is_tried() {
        for (over, named) in [(TrialOver::Udp, 0), (TrialOver::Tcp, 0), (TrialOver::Relay, 1), (TrialOver::Any, 1)] {
            let join = JoinResponse { ice_servers: vec![IceServer::default()], ..Default::default() };
            let mut response = Response::Join(join);
            narrow(over, &mut response);
            let Response::Join(join) = response else { unreachable!() };
            assert_eq!(join.ice_servers.len(), named, "{over:?}");
        }
    }

    #[test]
    fn the_two_clients_of_a_room_may_do_one_thing_each() {
        let [sender, receiver] = passes("abc", TrialOver::Udp);
        assert!(sender.rights.may_publish(Some(Source::Camera)) && !sender.rights.subscribe);
        assert!(!sender.rights.may_publish(Some(Source::Screen)) && !sender.rights.data);
        assert!(!receiver.rights.may_publish(Some(Source::Camera)) && receiver.rights.subscribe);
        assert_eq!(sender.room, receiver.room);
        assert_ne!(sender.room, passes("abc", TrialOver::Tcp)[0].room);
    }

    #[test]
    fn the_outside_is_named_first() {
        let sockets = ["10.0.0.1:7882".parse().unwrap()];
        let all = told(&sockets, &["203.0.113.7".parse().unwrap()]);
        assert_eq!(all, ["203.0.113.7:7882".parse().unwrap(), "10.0.0.1:7882".parse().unwrap()]);
        assert_eq!(reach(&sockets), Reach::Network);
    }
}
