//! All that can happen to the media plane, and all that it can do.

use proto::{Shard, media};

use crate::{
    Train,
    path::{End, Path},
};

/// What a media thread is told at its start.
#[derive(Debug, Clone)]
pub struct Config {
    /// Which thread this is; written into each ICE user name so that the first packet finds its peer.
    pub shard: Shard,
    /// Where our own sockets are, offered as host candidates; over TCP as passive ones (RFC 6544, section 4.5). A relay of
    /// our own leads to those over UDP.
    pub addresses: Vec<End>,
    /// Where the outside reaches us (behind a one-to-one NAT): offered as further candidates.
    pub public: Vec<End>,
    /// Seed of everything random that is ours (ICE names, SSRCs); keys are str0m's own.
    pub seed: u64,
}

/// Everything that can happen to the media plane.
#[derive(Debug)]
pub enum Input<'a> {
    /// The hub decided.
    Command(media::Command),
    /// A datagram arrived.
    Datagram {
        /// By which way.
        path: Path,
        /// What.
        bytes: &'a [u8],
    },
    /// The time asked for by `poll_timeout` has come.
    Timeout,
}

/// Everything that the media plane can do.
#[derive(Debug)]
pub enum Output {
    /// Send a datagram.
    Transmit {
        /// By which way.
        path: Path,
        /// What.
        bytes: Vec<u8>,
    },
    /// Send several datagrams to one destination. To be given back when they have left: see `Sfu::take_back`.
    Train(Train),
    /// Tell the hub.
    Event(media::Event),
    /// Write down what somebody says whose microphone is recorded.
    Tapped(media::Tapped),
}

/// What the media plane has counted since its start, and how much it holds now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Peers now.
    pub peers: usize,
    /// Published tracks now.
    pub tracks: usize,
    /// Subscriptions now.
    pub subscriptions: usize,
    /// Datagrams received.
    pub datagrams_in: u64,
    /// Datagrams from nobody we know, dropped.
    pub datagrams_unknown: u64,
    /// Datagrams that came from a peer's address or named a peer, and were not the peer's by their seal or signature, or of
    /// more streams than a peer may have: dropped before anything in them was believed.
    pub datagrams_forged: u64,
    /// RTP packets of published tracks received.
    pub packets_in: u64,
    /// RTP packets forwarded to subscribers.
    pub packets_forwarded: u64,
    /// RTP packets sent again to subscribers who asked.
    pub packets_repaired: u64,
    /// RTP packets that had their numbers and were then held back until they would have come too late.
    pub packets_given_up: u64,
    /// Packets of sound that were lost on the way here, and found in the copies that later ones brought.
    pub packets_found: u64,
    /// Keyframe requests passed to publishers.
    pub keyframe_requests: u64,
    /// Times a subscription changed its layer.
    pub layer_switches: u64,
    /// Data packets passed on.
    pub data_forwarded: u64,
    /// Data packets that could not be read, dropped.
    pub data_malformed: u64,
    /// Data packets for which a receiver had no room or no channel, dropped.
    pub data_dropped: u64,
    /// Peers that were ended because their state broke (a panic or a fatal error).
    pub peers_broken: u64,
    /// Rooms that were ended because something broke while it was done for them (a panic).
    pub rooms_broken: u64,
}
