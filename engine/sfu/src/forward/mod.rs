//! Whether a packet goes to one subscriber, and under which numbers.
//!
//! A subscription forwards one layer at a time and changes layers at a keyframe only: until one arrives on the layer
//! it aims at, the old one goes on. Which layer to aim at is [`choice`]'s business, the numbers are [`rewrite`]'s.

pub(crate) mod choice;
pub(crate) mod rewrite;
pub(crate) mod vp8;

use proto::media::{Kind, Quality, Wish};
use str0m::rtp::Ssrc;

use rewrite::{Arrival, Numbers, Origin, Rewrite};
use vp8::Vp8;

/// The state of one subscription's flow.
pub(crate) struct Forward {
    kind: Kind,
    wish: Wish,
    target: Option<Quality>,
    current: Option<(Quality, Ssrc)>,
    rewrite: Rewrite,
}

/// What becomes of a packet.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is not for this subscriber.
    Drop,
    /// It is of the layer aimed at, but only a keyframe may begin it.
    AwaitKeyframe,
    /// It goes out.
    Send {
        /// Its numbers for this subscriber.
        numbers: Numbers,
        /// Whether the subscriber sees another layer from here on.
        switched: bool,
    },
}

impl Forward {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, wish: Wish::default(), target: None, current: None, rewrite: Rewrite::default() }
    }

    pub(crate) fn wish(&self) -> Wish {
        self.wish
    }

    /// Notes what the subscriber wants; a pause ends the flow at once and only a keyframe resumes it.
    pub(crate) fn set_wish(&mut self, wish: Wish) {
        self.wish = wish;
        if !wish.enabled {
            self.current = None;
        }
    }

    /// Sets the layer to get to; `None` keeps what flows. Returns whether a keyframe of it is needed.
    pub(crate) fn aim(&mut self, layer: Option<Quality>) -> bool {
        if layer.is_some() {
            self.target = layer;
        }
        self.waits_for().is_some()
    }

    /// The layer whose keyframe is awaited.
    pub(crate) fn waits_for(&self) -> Option<Quality> {
        let waits = self.kind == Kind::Video && self.wish.enabled;
        self.target.filter(|target| waits && self.current.is_none_or(|(layer, _)| layer != *target))
    }

    /// The layer that flows, or the one to come.
    pub(crate) fn layer(&self) -> Option<Quality> {
        self.current.map(|(layer, _)| layer).or(self.target)
    }

    /// Goes on after a pause in which nothing was sent: the numbers continue without a gap, pictures from a keyframe.
    pub(crate) fn begin_again(&mut self) {
        self.current = None;
    }

    /// Starts over with a new outgoing stream, whose receiver has seen nothing yet.
    pub(crate) fn restart(&mut self) {
        self.current = None;
        self.rewrite = Rewrite::default();
    }

    /// Decides about one packet.
    pub(crate) fn decide(&mut self, layer: Quality, ssrc: Ssrc, keyframe: bool, arrival: &Arrival) -> Verdict {
        if !self.wish.enabled {
            return Verdict::Drop;
        }
        let here = (layer, ssrc);
        if self.current == Some(here) {
            return self.number(arrival, false);
        }
        let anywhere = self.kind == Kind::Audio;
        if !anywhere && self.target != Some(layer) {
            return Verdict::Drop;
        }
        if !anywhere && !keyframe {
            return Verdict::AwaitKeyframe;
        }
        let switched = self.current.is_some_and(|(old, _)| old != layer);
        self.rewrite.splice(arrival, ssrc);
        self.current = Some(here);
        self.number(arrival, switched)
    }

    /// Which packet was sent under a number, as far as it is remembered.
    pub(crate) fn origin(&self, sequence: u16) -> Option<Origin> {
        self.rewrite.origin(sequence)
    }

    /// The numbers under which it was sent.
    pub(crate) fn renumber(&self, origin: &Origin, timestamp: u32, vp8: Option<Vp8>) -> Option<Numbers> {
        self.rewrite.renumber(origin, timestamp, vp8)
    }

    /// The publisher's stream that flows, and how far its timestamps are shifted.
    pub(crate) fn clock(&self) -> Option<(Ssrc, u32)> {
        self.rewrite.clock()
    }

    fn number(&mut self, arrival: &Arrival, switched: bool) -> Verdict {
        match self.rewrite.number(arrival) {
            Some(numbers) => Verdict::Send { numbers, switched },
            None => Verdict::Drop,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::start;

    struct Flow {
        forward: Forward,
        next: u64,
    }

    impl Flow {
        fn new(kind: Kind) -> Self {
            Self { forward: Forward::new(kind), next: 0 }
        }

        /// What becomes of the next packet of `layer`: `x` dropped, `?` keyframe awaited, `>` sent, `!` switched.
        fn packet(&mut self, layer: Quality, keyframe: bool) -> char {
            self.next += 1;
            let at = start() + Duration::from_millis(self.next);
            let arrival = Arrival { sequence: self.next, timestamp: self.next as u32, at, clock: 90_000, vp8: None };
            match self.forward.decide(layer, (layer as u32 + 1).into(), keyframe, &arrival) {
                Verdict::Drop => 'x',
                Verdict::AwaitKeyframe => '?',
                Verdict::Send { switched: false, .. } => '>',
                Verdict::Send { switched: true, .. } => '!',
            }
        }
    }

    #[test]
    fn the_old_layer_flows_until_the_new_one_has_a_keyframe() {
        let mut flow = Flow::new(Kind::Video);
        flow.forward.aim(Some(Quality::Low));
        assert_eq!(flow.packet(Quality::Low, false), '?');
        assert_eq!(flow.packet(Quality::Low, true), '>');
        assert!(flow.forward.aim(Some(Quality::High)));
        assert_eq!(flow.packet(Quality::Low, false), '>');
        assert_eq!(flow.packet(Quality::High, false), '?');
        assert_eq!(flow.packet(Quality::High, true), '!');
        assert_eq!(flow.packet(Quality::Low, true), 'x');
        assert_eq!(flow.packet(Quality::High, false), '>');
        assert_eq!(flow.forward.waits_for(), None);
    }

    #[test]
    fn a_pause_lets_nothing_through_and_ends_with_a_keyframe() {
        let mut flow = Flow::new(Kind::Video);
        flow.forward.aim(Some(Quality::High));
        assert_eq!(flow.packet(Quality::High, true), '>');
        flow.forward.set_wish(Wish { enabled: false, ..Wish::default() });
        assert_eq!(flow.packet(Quality::High, true), 'x');
        assert_eq!(flow.forward.waits_for(), None);
        flow.forward.set_wish(Wish::default());
        assert_eq!(flow.packet(Quality::High, false), '?');
        assert_eq!(flow.packet(Quality::High, true), '>');
    }

    #[test]
    fn sound_flows_from_any_packet() {
        let mut flow = Flow::new(Kind::Audio);
        assert_eq!(flow.packet(Quality::High, false), '>');
        assert_eq!(flow.packet(Quality::High, false), '>');
    }
}
