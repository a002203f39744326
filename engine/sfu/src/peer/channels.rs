//! A client's data channels, known by their labels, and what waits for room in the reliable one.

use std::{collections::VecDeque, sync::Arc};

use str0m::{Rtc, channel::ChannelId};

/// The ways for data, which every client opens itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// In order, nothing lost.
    Reliable,
    /// Newest first, anything may be lost.
    Lossy,
}

/// The channels of one client.
#[derive(Default)]
pub(crate) struct Channels {
    reliable: Option<ChannelId>,
    lossy: Option<ChannelId>,
    backlog: VecDeque<Arc<[u8]>>,
    backlog_bytes: usize,
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It is on its way, or waits for its turn.
    Taken,
    /// There was no room, or no channel.
    Dropped,
    /// The client is so far behind that all that waited was thrown away.
    Overflow,
}

impl Channels {
    /// Notes a channel that the client opened.
    pub(crate) fn opened(&mut self, id: ChannelId, label: &str) {
        match label {
            "_reliable" => self.reliable = Some(id),
            "_lossy" => self.lossy = Some(id),
            _ => {} // `_data_track` and whatever comes later: frames which nobody asked for yet
        }
    }

    /// Notes that a channel is gone.
    pub(crate) fn closed(&mut self, id: ChannelId) {
        if self.reliable == Some(id) {
            self.reliable = None;
            self.clear();
        }
        if self.lossy == Some(id) {
            self.lossy = None;
        }
    }

    /// Which way the data of channel `id` came.
    pub(crate) fn lane(&self, id: ChannelId) -> Option<Lane> {
        match id {
            id if self.reliable == Some(id) => Some(Lane::Reliable),
            id if self.lossy == Some(id) => Some(Lane::Lossy),
            _ => None,
        }
    }

    /// Sends `bytes`, or keeps them until there is room.
    pub(crate) fn send(&mut self, rtc: &mut Rtc, lane: Lane, bytes: &Arc<[u8]>) -> Sent {
        let id = match lane {
            Lane::Reliable => self.reliable,
            Lane::Lossy => self.lossy,
        };
        let Some(id) = id else {
            return Sent::Dropped;
        };
        if lane == Lane::Lossy {
            return if write(rtc, id, bytes) == Wrote::Yes { Sent::Taken } else { Sent::Dropped };
        }
        if self.backlog.is_empty() {
            match write(rtc, id, bytes) {
                Wrote::Yes => return Sent::Taken,
                Wrote::Never => return Sent::Dropped,
                Wrote::NotNow => {}
            }
        }
        if self.backlog_bytes + bytes.len() > MOST_BACKLOG {
            self.clear();
            return Sent::Overflow;
        }
        self.backlog_bytes += bytes.len();
        self.backlog.push_back(bytes.clone());
        Sent::Taken
    }

    /// Sends of what waits as much as there is room for. Returns whether anything went.
    pub(crate) fn flush(&mut self, rtc: &mut Rtc) -> bool {
        let mut went = false;
        while let (Some(id), Some(bytes)) = (self.reliable, self.backlog.front()) {
            match write(rtc, id, bytes) {
                Wrote::NotNow => break,
                Wrote::Yes => went = true,
                Wrote::Never => {}
            }
            self.backlog_bytes -= bytes.len();
            self.backlog.pop_front();
        }
        went
    }

    fn clear(&mut self) {
        self.backlog.clear();
        self.backlog_bytes = 0;
    }
}

#[derive(PartialEq)]
enum Wrote {
    Yes,
    /// The channel is full.
    NotNow,
    /// The channel is gone, or the message is longer than the client takes.
    Never,
}

fn write(rtc: &mut Rtc, id: ChannelId, bytes: &[u8]) -> Wrote {
    match rtc.channel(id).map(|mut channel| channel.write(true, bytes)) {
        Some(Ok(true)) => Wrote::Yes,
        Some(Ok(false)) => Wrote::NotNow,
        Some(Err(_)) | None => Wrote::Never,
    }
}

/// What may wait for one client. A client this far behind will not catch up with a meeting: on overflow all that
/// waits is dropped and counted, and what comes next goes out again.
const MOST_BACKLOG: usize = 768 * 1024;
