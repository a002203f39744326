//! Opus packets of 20 ms that decode to silence.

use std::time::Duration;

use super::Stamp;

/// The microphone of somebody who says nothing: one packet per 20 ms.
#[derive(Debug, Clone)]
pub struct Tone {
    flow: u32,
    sequence: u32,
}

impl Tone {
    /// Time between two packets.
    pub const INTERVAL: Duration = Duration::from_millis(20);
    /// What one packet adds to the RTP timestamp: 20 ms at 48 kHz.
    pub const TICKS: u32 = 960;

    /// A microphone whose packets are stamped as of `flow`.
    pub fn new(flow: u32) -> Self {
        Self { flow, sequence: 0 }
    }

    /// The next packet.
    pub fn packet(&mut self, sent: Duration) -> Vec<u8> {
        let mut packet = Vec::with_capacity(5 + Stamp::LENGTH);
        packet.extend_from_slice(&HEAD);
        packet.extend_from_slice(&SILENCE);
        Stamp { flow: self.flow, layer: 0, sequence: self.sequence, sent }.write(&mut packet);
        self.sequence = self.sequence.wrapping_add(1);
        packet
    }

    /// How many packets were made.
    pub fn made(&self) -> u32 {
        self.sequence
    }
}

/// RFC 6716, section 3.2.5: CELT, full band, 20 ms, mono, code 3 (0xfb); constant rate, padding, one frame (0x41); then
/// the length of the padding, which is where the stamp lies.
const HEAD: [u8; 3] = [0xfb, 0x41, Stamp::LENGTH as u8];

/// A CELT frame whose silence flag is set.
const SILENCE: [u8; 2] = [0xff, 0xfe];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_carry_their_stamp() {
        let mut tone = Tone::new(7);
        tone.packet(Duration::ZERO);
        let stamp = Stamp::read(&tone.packet(Duration::from_millis(20))).unwrap();
        assert_eq!(stamp, Stamp { flow: 7, layer: 0, sequence: 1, sent: Duration::from_millis(20) });
        assert_eq!(tone.made(), 2);
    }

    #[test]
    fn media_of_others_has_no_stamp() {
        assert_eq!(Stamp::read(&[0; 100]), None);
        assert_eq!(Stamp::read(&[]), None);
    }
}
