//! Who speaks: from the levels that come with each packet of sound (RFC 6464) to a verdict that does not flicker.
//!
//! A [`Voice`] gathers the packets of one track between two ticks; a [`Speaking`] turns what it heard into a level
//! and a verdict per person. Neither knows the time: the caller's tick is the measure.

use std::time::Duration;

/// What was heard of one track since the last tick.
#[derive(Debug, Default)]
pub(crate) struct Voice {
    packets: u32,
    loud: u32,
    sum: f32,
    /// Whether a packet came, and one that was not all silence.
    came: bool,
    sounded: bool,
}

impl Voice {
    /// Notes a packet, and its level where the client says one. Whoever says none is taken to be heard.
    pub(crate) fn arrive(&mut self, level: Option<i8>) {
        self.came = true;
        self.sounded |= level.is_none_or(|level| level > NO_SOUND);
        level.into_iter().for_each(|level| self.hear(level));
    }

    /// Whether a packet came since the last tick, and one with a sound in it.
    pub(crate) fn traces(&self) -> (bool, bool) {
        (self.came, self.sounded)
    }

    /// Notes a packet at `level`, in dBov: 0 is the loudest, -127 is silence.
    pub(crate) fn hear(&mut self, level: i8) {
        self.packets += 1;
        if level > THRESHOLD {
            self.loud += 1;
            self.sum += 10_f32.powf(f32::from(level) / 20.0);
        }
    }

    /// How loud it was, linear from 0 to 1, and starts over. A cough is not speech: it takes a part of the time.
    pub(crate) fn take(&mut self) -> f32 {
        let Self { packets, loud, sum, .. } = std::mem::take(self);
        let speech = loud >= LEAST_PACKETS && loud * 100 >= packets * LEAST_PART;
        if speech { (sum / loud as f32).min(1.0) } else { 0.0 }
    }
}

/// Whether one person speaks.
#[derive(Debug, Default)]
pub(crate) struct Speaking {
    level: f32,
    quiet: u32,
    told: Option<f32>,
}

impl Speaking {
    /// Takes the loudness since the last tick. Returns the level (0 for silent) when others should hear of a change.
    pub(crate) fn tick(&mut self, loudness: f32) -> Option<f32> {
        self.level += (loudness - self.level) * SMOOTHING;
        self.quiet = if loudness > 0.0 { 0 } else { self.quiet.saturating_add(1) };
        match self.told {
            None if loudness > 0.0 => {
                self.level = loudness;
                self.tell(loudness)
            }
            Some(_) if self.quiet >= QUIET_TICKS => self.hush(),
            Some(told) if (self.level - told).abs() >= CHANGE => self.tell(self.level),
            _ => None,
        }
    }

    /// Whether others were told that the person speaks.
    pub(crate) fn is_active(&self) -> bool {
        self.told.is_some()
    }

    /// Ends it at once: the person was muted. Returns 0 when others should hear of it.
    pub(crate) fn hush(&mut self) -> Option<f32> {
        self.level = 0.0;
        self.told.take().map(|_| 0.0)
    }

    fn tell(&mut self, level: f32) -> Option<f32> {
        self.told = Some(level);
        Some(level)
    }
}

/// How often verdicts are made: quicker than people notice, slow enough to hear several syllables.
pub(crate) const TICK: Duration = Duration::from_millis(300);
/// Louder than this is speech; microphones in quiet rooms stay below.
const THRESHOLD: i8 = -40;
/// This part of the packets, in percent, has to be loud.
const LEAST_PART: u32 = 40;
/// And at least this many: with the usual 20 ms, a fifth of a tick.
const LEAST_PACKETS: u32 = 3;
/// How far a level moves towards the newest one in a tick.
const SMOOTHING: f32 = 0.5;
/// The level of digital silence (RFC 6464, section 3).
const NO_SOUND: i8 = -127;
/// So many quiet ticks end it: pauses between words do not.
const QUIET_TICKS: u32 = 2;
/// Smaller changes of level are kept to ourselves: an eighth of the scale.
const CHANGE: f32 = 0.125;

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(voice: &mut Voice, speaking: &mut Speaking, level: i8, packets: usize) -> Option<f32> {
        (0..packets).for_each(|_| voice.hear(level));
        speaking.tick(voice.take())
    }

    #[test]
    fn speech_begins_at_once_and_ends_after_a_pause() {
        let (mut voice, mut speaking) = (Voice::default(), Speaking::default());
        assert_eq!(tick(&mut voice, &mut speaking, -60, 15), None);
        let level = tick(&mut voice, &mut speaking, -20, 15).unwrap();
        assert!((level - 0.1).abs() < 0.01, "{level}");
        assert_eq!(tick(&mut voice, &mut speaking, -20, 15), None, "nothing changed");
        assert_eq!(tick(&mut voice, &mut speaking, -90, 15), None, "a pause between words");
        assert_eq!(tick(&mut voice, &mut speaking, -90, 15), Some(0.0));
        assert_eq!(tick(&mut voice, &mut speaking, -90, 15), None);
    }

    #[test]
    fn a_cough_is_no_speech() {
        let (mut voice, mut speaking) = (Voice::default(), Speaking::default());
        (0..12).for_each(|_| voice.hear(-90));
        assert_eq!(tick(&mut voice, &mut speaking, -5, 3), None);
        assert_eq!(tick(&mut voice, &mut speaking, -5, 2), None, "too little was heard");
    }

    #[test]
    fn silence_is_told_from_nothing_and_from_a_quiet_room() {
        let mut voice = Voice::default();
        assert_eq!(voice.traces(), (false, false));
        voice.arrive(Some(-127));
        assert_eq!(voice.traces(), (true, false));
        voice.arrive(Some(-126));
        assert_eq!(voice.traces(), (true, true));
        voice.take();
        assert_eq!(voice.traces(), (false, false));
        voice.arrive(None);
        assert_eq!(voice.traces(), (true, true), "who says nothing is believed");
    }

    #[test]
    fn much_louder_is_told() {
        let (mut voice, mut speaking) = (Voice::default(), Speaking::default());
        tick(&mut voice, &mut speaking, -30, 15).unwrap();
        assert!(tick(&mut voice, &mut speaking, -3, 15).unwrap() > 0.3);
        assert_eq!(speaking.hush(), Some(0.0));
        assert_eq!(speaking.hush(), None);
    }
}
