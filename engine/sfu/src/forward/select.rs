//! Which frames of one stream a subscriber gets: the layers inside it.
//!
//! Less detail or fewer pictures begin with the next picture, where what is left can be decoded; more only where the
//! stream says that it can be begun. So every frame that goes out refers to frames that went out. What that takes:
//!
//! - **Dependency descriptor.** A decode target is *whole* while no frame that it needs was left out. A frame which can be
//!   decoded and has a switch indication for a target makes that target whole. A picture goes on with the best target
//!   that is whole, and with a worse one than is wanted, or a better one than is allowed, rather than with a broken one:
//!   with K-SVC (`L3T3_KEY`) the lower layers are left out as the descriptor says, and can only be gone back to with a
//!   keyframe.
//! - **VP8.** A temporal layer is begun at a picture of it which refers to the base layer only, one layer at a time.
//! - **VP9.** All layers up to the one shown. Temporal layers are begun at a switching-up point, or, where each frame says
//!   what it refers to, at one whose references went out; spatial layers at a keyframe.
//!
//! Frames come in order, or late: a late one gets what the others of its time got.

use std::sync::Arc;

use super::{
    frame::{Frame, View},
    vp9::MOST_REFERENCES,
};
use crate::descriptor::structure::{Indications, Layers, Structure, bit};

/// One subscription's choice.
#[derive(Debug)]
pub(crate) struct Select {
    limit: Layers,
    /// The newest frame, and the timestamp of its picture.
    newest: u64,
    timestamp: u32,
    flow: Flow,
}

/// What becomes of a packet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) wanted: bool,
    /// Whether the picture ends with it, as this subscriber sees it.
    pub(crate) last: bool,
    /// Whether it is left out only because nothing but a keyframe can begin its layer.
    pub(crate) awaits: bool,
    /// Whether it is the first packet that came of the newest frame.
    pub(crate) fresh: bool,
}

#[derive(Debug)]
enum Flow {
    /// All there is.
    Whole,
    Targets(Targets),
    Stack(Stack),
}

/// By decode targets.
#[derive(Debug)]
struct Targets {
    structure: Arc<Structure>,
    active: u32,
    now: Since<u8>,
    /// The one to get to.
    aim: u8,
    whole: u32,
    /// Whether the receiver may believe that some decode targets are not made.
    told_less: bool,
}

/// By layers.
#[derive(Debug)]
struct Stack {
    now: Since<Layers>,
    /// Whether more pictures can begin with the next one.
    rising: bool,
    /// Which of the latest pictures were left out, the newest in the lowest bit.
    missing: u128,
    /// Which of them have not come yet, so that nobody knows whether they will go out.
    unseen: u128,
}

/// What holds since which frame, and what held before: the latest few, newest first.
#[derive(Debug, Clone, Copy)]
struct Since<T>([(u64, T); MOST_CHANGES]);

impl Select {
    pub(crate) fn new() -> Self {
        Self { limit: Layers::ALL, newest: 0, timestamp: 0, flow: Flow::Whole }
    }

    /// Sets how much is shown at most.
    pub(crate) fn limit(&mut self, limit: Layers) {
        self.limit = limit;
    }

    /// Begins anew, at a keyframe of whatever stream.
    pub(crate) fn restart(&mut self) {
        (self.newest, self.timestamp, self.flow) = (0, 0, Flow::Whole);
    }

    /// The decode targets that the receiver is to be told of, where they are not all that the publisher makes.
    pub(crate) fn active(&self) -> Option<u32> {
        let Flow::Targets(targets) = &self.flow else {
            return None;
        };
        let shown = targets.shown();
        (targets.told_less || shown != targets.active).then_some(shown)
    }

    /// Chooses.
    pub(crate) fn judge(&mut self, frame: &Frame, timestamp: u32) -> Choice {
        let fresh = frame.number > self.newest;
        let begins = fresh && (timestamp != self.timestamp || self.newest == 0);
        let limit = self.limit;
        let choice = match &frame.view {
            View::Whole => return Choice { wanted: true, ..Choice::default() },
            View::Nothing => return Choice::default(),
            View::Described { layers, indications, active, structure } => {
                let targets = self.flow.targets(structure);
                if !Arc::ptr_eq(&targets.structure, structure) {
                    if !fresh {
                        return Choice::default(); // of before the keyframe with which all began anew
                    }
                    *targets = Targets { whole: 0, ..Targets::new(structure.clone()) };
                }
                targets.active = *active;
                if fresh {
                    if frame.number - self.newest > 1 {
                        targets.skipped();
                    }
                    targets.arrived(frame, *layers, *indications, begins, limit);
                }
                targets.choose(frame, *layers, *indications)
            }
            View::Vp8 { temporal, sync } => {
                let stack = self.flow.stack();
                let layers = Layers { spatial: 0, temporal: *temporal };
                if fresh {
                    stack.go_on(frame.number - self.newest);
                    let may = if frame.keyframe {
                        limit.temporal
                    } else if *sync {
                        stack.next_layer(*temporal)
                    } else {
                        0
                    };
                    stack.change(frame.number, layers, limit, Layers { spatial: 0, temporal: may });
                }
                stack.choose(frame, layers, limit, self.newest)
            }
            View::Vp9 { layers, alone, up, references } => {
                let stack = self.flow.stack();
                if fresh {
                    let rising = std::mem::take(&mut stack.rising) && frame.number - self.newest == 1;
                    stack.go_on(frame.number - self.newest);
                    let refers = references.unwrap_or_default();
                    let may = if *alone {
                        (stack.missing, stack.unseen) = (0, 0);
                        limit
                    } else if rising {
                        Layers { spatial: 0, temporal: limit.temporal }
                    } else if references.is_some() && !any_of(stack.missing | stack.unseen, refers) {
                        Layers { spatial: 0, temporal: stack.next_layer(layers.temporal) }
                    } else {
                        Layers::default()
                    };
                    stack.change(frame.number, *layers, limit, may);
                    if any_of(stack.missing, refers) {
                        stack.missing |= 1;
                    }
                }
                let choice = stack.choose(frame, *layers, limit, self.newest);
                if *up && choice.wanted && references.is_none() && frame.number >= self.newest {
                    stack.rising = true;
                }
                choice
            }
        };
        if fresh {
            (self.newest, self.timestamp) = (frame.number, timestamp);
        }
        Choice { fresh, ..choice }
    }
}

impl Flow {
    fn targets(&mut self, structure: &Arc<Structure>) -> &mut Targets {
        // So far all went out, whatever it was.
        if !matches!(self, Self::Targets(_)) {
            *self = Self::Targets(Targets::new(structure.clone()));
        }
        let Self::Targets(targets) = self else { unreachable!("it was just made") };
        targets
    }

    fn stack(&mut self) -> &mut Stack {
        if !matches!(self, Self::Stack(_)) {
            *self = Self::Stack(Stack { now: Since::new(Layers::ALL), rising: false, missing: 0, unseen: 0 });
        }
        let Self::Stack(stack) = self else { unreachable!("it was just made") };
        stack
    }
}

impl Targets {
    fn new(structure: Arc<Structure>) -> Self {
        let all = structure.all();
        let best = structure.best(all, Layers::ALL).unwrap_or_default();
        Self { structure, active: all, now: Since::new(best), aim: best, whole: all, told_less: false }
    }

    /// Frames have not come. Those of what is shown go out when they do; what else they were part of may break then.
    fn skipped(&mut self) {
        self.whole &= self.structure.parts_of(self.now.now());
    }

    /// Takes a new frame into account, and goes over to another target where a picture begins.
    fn arrived(&mut self, frame: &Frame, layers: Layers, indications: Indications, begins: bool, limit: Layers) {
        let decodes = frame.keyframe || indications.present() & self.whole != 0;
        let startable = if decodes { indications.switches() } else { 0 };
        if begins {
            let open = (self.whole | startable) & self.active;
            if let Some(best) = self.structure.best(open, limit) {
                // The picture's lower layers may still come.
                self.now.set(best, frame.number.saturating_sub(layers.spatial.into()));
            }
            self.aim = self.structure.best(self.active, limit).unwrap_or(self.now.now());
        }
        if indications.present() & bit(self.now.now()) != 0 {
            self.whole |= startable;
        } else {
            self.whole &= !indications.needed();
        }
        // A structure makes receivers believe in all of its targets; what is said with it, and after it, counts.
        let less = self.shown() != self.active;
        self.told_less = less || (self.told_less && !frame.keyframe);
    }

    fn choose(&self, frame: &Frame, layers: Layers, indications: Indications) -> Choice {
        let target = self.now.at(frame.number);
        let shown = self.structure.layers(target);
        let wanted = indications.present() & bit(target) != 0;
        let detail = self.structure.layers(self.aim).spatial != shown.spatial;
        Choice {
            wanted,
            last: wanted && frame.ends && layers.spatial == shown.spatial,
            awaits: !wanted && detail && indications.present() & bit(self.aim) != 0,
            fresh: false,
        }
    }

    /// The decode targets that are part of what is shown.
    fn shown(&self) -> u32 {
        self.structure.within(self.structure.layers(self.now.now())) & self.active
    }
}

impl Stack {
    /// Counts on to a new picture.
    fn go_on(&mut self, pictures: u64) {
        let pictures = u32::try_from(pictures).unwrap_or(u32::MAX);
        let shift = |mask: u128| mask.checked_shl(pictures).unwrap_or(0);
        let skipped = (1_u128.checked_shl(pictures).unwrap_or(0)).wrapping_sub(2);
        (self.missing, self.unseen) = (shift(self.missing), shift(self.unseen) | skipped);
    }

    /// The temporal layer above the one shown, if `temporal` is that.
    fn next_layer(&self, temporal: u8) -> u8 {
        if self.now.now().temporal.checked_add(1) == Some(temporal) { temporal } else { 0 }
    }

    /// Goes over to what is allowed, and down at once; up to what `may` be begun. Notes whether the picture is left out
    /// with its temporal layer.
    fn change(&mut self, number: u64, layers: Layers, limit: Layers, may: Layers) {
        let now = self.now.now();
        let up = Layers { spatial: now.spatial.max(may.spatial), temporal: now.temporal.max(may.temporal) };
        self.now.set(up.min(limit), number);
        if layers.temporal > self.now.now().temporal {
            self.missing |= 1;
        }
    }

    fn choose(&mut self, frame: &Frame, layers: Layers, limit: Layers, newest: u64) -> Choice {
        let shown = self.now.at(frame.number);
        let ago = u32::try_from(newest.saturating_sub(frame.number)).unwrap_or(u32::MAX);
        let bit = 1_u128.checked_shl(ago).unwrap_or(0);
        let pictured = layers.temporal <= shown.temporal && self.missing & bit == 0;
        let wanted = pictured && layers.spatial <= shown.spatial;
        if wanted {
            self.unseen &= !bit;
        }
        Choice {
            wanted,
            last: wanted && frame.ends && layers.spatial == shown.spatial,
            awaits: pictured && !wanted && layers.spatial <= limit.spatial,
            fresh: false,
        }
    }
}

/// Whether one of these pictures, counted back from the newest one, is in the mask.
fn any_of(mask: u128, pictures: [u8; MOST_REFERENCES]) -> bool {
    pictures.iter().any(|ago| *ago != 0 && mask.checked_shr((*ago).into()).unwrap_or(0) & 1 != 0)
}

impl<T: Copy + PartialEq> Since<T> {
    fn new(value: T) -> Self {
        Self([(0, value); MOST_CHANGES])
    }

    fn now(&self) -> T {
        self.0[0].1
    }

    fn set(&mut self, value: T, frame: u64) {
        if value != self.now() {
            self.0.rotate_right(1);
            self.0[0] = (frame, value);
        }
    }

    fn at(&self, frame: u64) -> T {
        let known = self.0.iter().find(|(since, _)| *since <= frame);
        known.unwrap_or(&self.0[MOST_CHANGES - 1]).1
    }
}

/// Changes of layers that are remembered for the sake of frames that come late: two turns through three layers, while a
/// lost packet is sent again. A frame that is older still gets what the oldest of them says.
const MOST_CHANGES: usize = 6;
