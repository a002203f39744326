//! Whether a packet goes to one subscriber, and under which numbers.
//!
//! A subscription forwards one layer of a simulcast at a time and changes layers at a keyframe only: until one arrives
//! on the layer it aims at, the old one goes on. Which layer to aim at is [`choice`]'s business, which frames of it go
//! out is [`select`]'s, the numbers are [`rewrite`]'s. [`frame`] says what a packet is, in the words of [`vp8`], [`vp9`]
//! or the dependency descriptor; [`red`] finds the newest piece of sound among copies of earlier ones.

pub(crate) mod choice;
pub(crate) mod counters;
pub(crate) mod frame;
#[cfg(test)]
mod model;
pub(crate) mod red;
pub(crate) mod rewrite;
pub(crate) mod select;
pub(crate) mod vp8;
pub(crate) mod vp9;

use proto::media::{Kind, Quality, Wish};
use str0m::rtp::Ssrc;

use crate::descriptor::structure::Layers;
use frame::Frame;
use rewrite::{Arrival, Numbers, Origin, Placed, Rewrite};
use select::Select;

/// The state of one subscription's flow.
pub(crate) struct Forward {
    kind: Kind,
    wish: Wish,
    target: Option<Quality>,
    current: Option<(Quality, Ssrc)>,
    /// The most that may be shown, and the spatial layers that the subscriber has a use for.
    allowed: Layers,
    useful: u8,
    select: Select,
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
        Self {
            kind,
            wish: Wish::default(),
            target: None,
            current: None,
            allowed: Layers::ALL,
            useful: u8::MAX,
            select: Select::new(),
            rewrite: Rewrite::default(),
        }
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

    /// Allows no more than these layers inside a stream, both counted from zero; where a stream has fewer, all of it. Less
    /// is shown from the next picture on, more as soon as the stream lets it begin.
    pub(crate) fn limit(&mut self, spatial: u8, temporal: u8) {
        self.allowed = Layers { spatial, temporal };
        self.set_limit();
    }

    /// Notes the highest spatial layer inside a stream that makes a difference to the subscriber.
    pub(crate) fn show(&mut self, spatial: u8) {
        self.useful = spatial;
        self.set_limit();
    }

    fn set_limit(&mut self) {
        self.select.limit(self.allowed.min(Layers { spatial: self.useful, temporal: u8::MAX }));
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

    /// Goes on after packets were given up that had their numbers: with a keyframe, and without ever sending them.
    pub(crate) fn give_up(&mut self) {
        self.current = None;
        self.rewrite.give_up();
    }

    /// Starts over with a new outgoing stream, whose receiver has seen nothing yet.
    pub(crate) fn restart(&mut self) {
        self.current = None;
        self.rewrite = Rewrite::default();
    }

    /// Decides about one packet.
    pub(crate) fn decide(&mut self, layer: Quality, ssrc: Ssrc, frame: &Frame, arrival: &Arrival) -> Verdict {
        if !self.wish.enabled {
            return Verdict::Drop;
        }
        let here = (layer, ssrc);
        if self.current == Some(here) {
            return self.number(frame, arrival, false);
        }
        let anywhere = self.kind == Kind::Audio;
        if !anywhere && self.target != Some(layer) {
            return Verdict::Drop;
        }
        // A keyframe that comes a second time, or late, must not take a stream back to where it was.
        if !anywhere && (!frame.keyframe || self.rewrite.is_past(arrival, ssrc)) {
            return Verdict::AwaitKeyframe;
        }
        let switched = self.current.is_some_and(|(old, _)| old != layer);
        self.rewrite.splice(arrival, ssrc);
        self.select.restart();
        self.current = Some(here);
        self.number(frame, arrival, switched)
    }

    /// Notes that an empty packet has left under number `out`, as decided.
    pub(crate) fn emptied(&mut self, out: u64) {
        self.rewrite.emptied(out);
    }

    /// Which packet was sent under a number, as far as it is remembered.
    pub(crate) fn origin(&self, sequence: u16) -> Option<Origin> {
        self.rewrite.origin(sequence)
    }

    /// The numbers under which it was sent.
    pub(crate) fn renumber(&self, origin: &Origin, arrival: &Arrival) -> Option<Numbers> {
        // The targets of now: what comes again is told as late as what comes now.
        let active = self.select.active();
        self.rewrite.renumber(origin, arrival).map(|numbers| Numbers { active, ..numbers })
    }

    /// The publisher's stream that flows, and how far its timestamps are shifted.
    pub(crate) fn clock(&self) -> Option<(Ssrc, u32)> {
        self.rewrite.clock()
    }

    fn number(&mut self, frame: &Frame, arrival: &Arrival, switched: bool) -> Verdict {
        let choice = self.select.judge(frame, arrival.timestamp);
        match self.rewrite.place(arrival, &choice) {
            Placed::Send(numbers) => {
                let active = self.select.active().filter(|_| !numbers.empty);
                Verdict::Send { numbers: Numbers { active, ..numbers }, switched }
            }
            Placed::Out if choice.awaits => Verdict::AwaitKeyframe,
            Placed::Out => Verdict::Drop,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{forward::frame::View, testing::start};

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
            let (sequence, timestamp) = (self.next, self.next as u32);
            let arrival = Arrival { sequence, timestamp, marker: true, at, clock: 90_000, places: None };
            let frame = Frame { number: 0, keyframe, ends: true, view: View::Whole };
            match self.forward.decide(layer, (layer as u32 + 1).into(), &frame, &arrival) {
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
