//! Cuts a stream into messages (RFC 8656, section 12.5, and RFC 8489, section 6.2.2).

use turn_types::channel::ChannelData;

/// The bytes of one connection, cut into messages.
///
/// Read into [`Framing::space`], say how much with [`Framing::filled`], then take [`Framing::next_message`] until there is none:
///
/// ```
/// let mut framing = turn::Framing::new();
/// let mut stream: &[u8] = &[0x40, 0, 0, 3, b'a', b'b', b'c', 0, 0x40, 1];
/// let read = std::io::Read::read(&mut stream, framing.space())?;
/// framing.filled(read);
/// assert_eq!(framing.next_message(), Ok(Some(&[0x40, 0, 0, 3, b'a', b'b', b'c'][..])));
/// assert_eq!(framing.next_message(), Ok(None));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Framing {
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
}

/// Why no message of a stream can be found any more. The connection is of no use and should be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FramingError {
    /// Neither STUN nor ChannelData begins like this.
    #[error("neither STUN nor ChannelData")]
    Unknown,
    /// A message says that it is longer than [`MESSAGE`].
    #[error("a message of {0} bytes is too long")]
    TooLong(usize),
}

impl Default for Framing {
    fn default() -> Self {
        Self::new()
    }
}

impl Framing {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self { buffer: vec![0; BUFFER].into(), start: 0, end: 0 }
    }

    /// Where to read to. Never empty after [`Framing::next_message`] had nothing more.
    pub fn space(&mut self) -> &mut [u8] {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        &mut self.buffer[self.end..]
    }

    /// Says that so many bytes were read to the beginning of [`Framing::space`].
    pub fn filled(&mut self, bytes: usize) {
        self.end = (self.end + bytes).min(self.buffer.len());
    }

    /// Takes in what was read elsewhere; returns how much of it there was room for.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        let space = self.space();
        let taken = bytes.len().min(space.len());
        space[..taken].copy_from_slice(&bytes[..taken]);
        self.filled(taken);
        taken
    }

    /// The next message, without its padding; none before the rest of it was read.
    ///
    /// # Errors
    /// When the stream holds no message here, as early as that can be seen. It will not get better.
    pub fn next_message(&mut self) -> Result<Option<&[u8]>, FramingError> {
        let waiting = &self.buffer[self.start..self.end];
        let Some((length, padded)) = measure(waiting)? else {
            return Ok(None);
        };
        if waiting.len() < padded {
            return Ok(None);
        }
        let start = self.start;
        self.start += padded;
        Ok(Some(&self.buffer[start..start + length]))
    }
}

/// The length of the message that begins here, without and with padding.
fn measure(waiting: &[u8]) -> Result<Option<(usize, usize)>, FramingError> {
    let Some(first) = waiting.first() else {
        return Ok(None);
    };
    let (length, padded) = match first {
        0x00..=0x3f => {
            let cookie = waiting.get(4..waiting.len().min(8)).unwrap_or_default();
            if !COOKIE.starts_with(cookie) {
                return Err(FramingError::Unknown);
            }
            let Some(length) = waiting.get(2..4) else {
                return Ok(None);
            };
            let body = usize::from(u16::from_be_bytes([length[0], length[1]]));
            // All attributes are padded to four bytes (RFC 8489, section 5).
            if body % 4 != 0 {
                return Err(FramingError::Unknown);
            }
            (HEADER + body, HEADER + body)
        }
        0x40..=0x7f => {
            let Ok((_, payload)) = ChannelData::parse_header(waiting) else {
                return Ok(None); // a channel number like this is always good, so it is too short
            };
            (CHANNEL_HEADER + payload, CHANNEL_HEADER + payload.next_multiple_of(4))
        }
        _ => return Err(FramingError::Unknown),
    };
    if padded > MESSAGE { Err(FramingError::TooLong(padded)) } else { Ok(Some((length, padded))) }
}

/// The longest message that is taken, in a stream and as a datagram, headers and padding included. Media packets are at most 1,500
/// bytes; this leaves room for everything around them.
pub const MESSAGE: usize = 2_048;

/// What is read at once: four of the longest messages.
const BUFFER: usize = 4 * MESSAGE;

/// Before the attributes of STUN (RFC 8489, section 5).
const HEADER: usize = 20;

/// Before the payload of ChannelData (RFC 8656, section 12.4).
pub(crate) const CHANNEL_HEADER: usize = 4;

/// RFC 8489, section 5.
const COOKIE: [u8; 4] = 0x2112_a442_u32.to_be_bytes();
