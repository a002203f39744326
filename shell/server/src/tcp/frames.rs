//! Datagrams in a stream: each behind its length in two bytes (RFC 4571, section 2).

use std::io::{self, Read};

/// What has arrived of a stream and is not taken yet.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    /// Where the next frame begins.
    start: usize,
}

/// A frame that is longer than any datagram of ours: whoever sends it speaks something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a frame of {0} bytes")]
pub struct TooLong(pub usize);

impl Frames {
    /// Reads once from `source`. Returns how much came; nothing means that the stream has ended.
    ///
    /// # Errors
    /// As the source says, `WouldBlock` among them.
    pub fn read(&mut self, source: &mut impl Read) -> io::Result<usize> {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        let before = self.bytes.len();
        self.bytes.resize(before + READ, 0);
        let result = source.read(&mut self.bytes[before..]);
        self.bytes.truncate(before + result.as_ref().map_or(0, |count| *count));
        result
    }

    /// The next whole frame. Empty ones, which say nothing, are passed over.
    ///
    /// # Errors
    /// When the next one is longer than any datagram: the stream is then of no use any more.
    pub fn next(&mut self) -> Result<Option<&[u8]>, TooLong> {
        let Some((from, to)) = self.find()? else {
            return Ok(None);
        };
        self.start = to;
        Ok(Some(&self.bytes[from..to]))
    }

    /// The same, which stays the next.
    ///
    /// # Errors
    /// As [`Frames::next`].
    pub fn peek(&mut self) -> Result<Option<&[u8]>, TooLong> {
        Ok(self.find()?.map(|(from, to)| &self.bytes[from..to]))
    }

    fn find(&mut self) -> Result<Option<(usize, usize)>, TooLong> {
        loop {
            let Some(head) = self.bytes.get(self.start..self.start + HEAD) else {
                return Ok(None);
            };
            let length = usize::from(u16::from_be_bytes([head[0], head[1]]));
            if length > LONGEST {
                return Err(TooLong(length));
            }
            let (from, to) = (self.start + HEAD, self.start + HEAD + length);
            if self.bytes.len() < to {
                return Ok(None);
            }
            if length > 0 {
                return Ok(Some((from, to)));
            }
            self.start = to;
        }
    }
}

/// Appends `datagram` to a stream. One that is longer than a frame can say is left out.
pub fn put(stream: &mut Vec<u8>, datagram: &[u8]) -> bool {
    let Ok(length) = u16::try_from(datagram.len()) else {
        return false;
    };
    stream.extend_from_slice(&length.to_be_bytes());
    stream.extend_from_slice(datagram);
    true
}

/// What `put` adds to a datagram.
pub const HEAD: usize = 2;
/// Media, handshakes and data of browsers stay within 1,500 bytes; one that is larger was never meant for a network.
pub const LONGEST: usize = 2_048;
/// As much as a few packets of pictures, so that a sender's burst takes few calls. A connection that rests keeps none of it
/// but what belongs to a frame that has begun.
const READ: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    /// All frames of `stream`, of which `step` bytes arrive at a time.
    fn frames(stream: &[u8], step: usize) -> Result<Vec<Vec<u8>>, TooLong> {
        let (mut frames, mut found) = (Frames::default(), Vec::new());
        for mut part in stream.chunks(step) {
            frames.read(&mut part).unwrap();
            while let Some(frame) = frames.next()? {
                found.push(frame.to_vec());
            }
        }
        Ok(found)
    }

    #[test]
    fn frames_come_out_whole_however_they_arrive() {
        let sent: Vec<Vec<u8>> = (0..60_u8).map(|n| vec![n; usize::from(n) * 20 + 1]).collect();
        let mut stream = Vec::new();
        assert!(sent.iter().all(|datagram| put(&mut stream, datagram)));
        for step in [1, 2, 3, 7, 500, READ] {
            assert_eq!(frames(&stream, step).unwrap(), sent, "{step} at a time");
        }
    }

    #[test]
    fn empty_frames_are_passed_over_and_long_ones_refused() {
        assert_eq!(frames(&[0, 0, 0, 0, 0, 1, 9, 0, 0], 1).unwrap(), [[9]]);
        assert_eq!(frames(b"GET / HTTP/1.1\r\n", 3), Err(TooLong(0x4745)));
        assert_eq!(frames(&[8, 1], 2), Err(TooLong(LONGEST + 1)));
        assert_eq!(frames(&[8, 0, 1], 3), Ok(Vec::new()), "the longest is waited for");
        assert!(!put(&mut Vec::new(), &[0; 65_536]));
    }

    #[test]
    fn what_was_taken_takes_no_room() {
        let mut frames = Frames::default();
        for _ in 0..1_000 {
            frames.read(&mut [0, 2, 7, 7, 0].as_slice()).unwrap();
            assert_eq!(frames.next(), Ok(Some([7, 7].as_slice())));
            assert_eq!(frames.next(), Ok(None));
            frames.read(&mut [1, 7].as_slice()).unwrap();
            assert_eq!(frames.next(), Ok(Some([7].as_slice())));
            assert!(frames.bytes.len() <= 5);
        }
    }
}
