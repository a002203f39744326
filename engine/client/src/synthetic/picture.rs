//! A camera that shows nothing: frames of a wanted size in any codec, cut into RTP payloads with a stamp at the end of each.

use std::{str::FromStr, time::Duration};

use super::{Stamp, av1::Av1, h264::H264, vp8::Vp8, vp9::Vp9};
use crate::words::Codec;

/// How a [`Picture`] is encoded: a [`Codec`] for pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// VP8 (RFC 7741); decodes to grey.
    #[default]
    Vp8,
    /// H.264 in packetization mode 1 (RFC 6184); decodes to grey.
    H264,
    /// VP9 of one spatial layer in non-flexible mode (RFC 9628); decodes to grey, in whole blocks of 64 pixels.
    Vp9,
    /// AV1 (the RTP payload format of the Alliance for Open Media, version 1.0). What an SFU reads is real; what only a
    /// decoder reads is not there.
    Av1,
}

impl Format {
    /// The codec.
    pub fn codec(self) -> Codec {
        match self {
            Self::Vp8 => Codec::Vp8,
            Self::H264 => Codec::H264,
            Self::Vp9 => Codec::Vp9,
            Self::Av1 => Codec::Av1,
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let all = [Self::Vp8, Self::H264, Self::Vp9, Self::Av1];
        all.into_iter().find(|format| format.codec().name() == name).ok_or(UnknownFormat)
    }
}

/// No [`Format`] has that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is one of vp8, h264, vp9, av1")]
pub struct UnknownFormat;

/// The encoder of one layer of a camera that shows grey.
#[derive(Debug, Clone)]
pub struct Picture {
    flow: u32,
    layer: u8,
    width: u16,
    height: u16,
    sequence: u32,
    encoder: Encoder,
}

#[derive(Debug, Clone)]
enum Encoder {
    Vp8(Vp8),
    H264(H264),
    Vp9(Vp9),
    Av1(Av1),
}

impl Picture {
    /// Wider or higher pictures are cut to this: what a frame really says has to fit into one packet beside a stamp.
    pub const LARGEST: (u16, u16) = (640, 360);

    /// A layer of `width` by `height` pixels in VP8, whose packets are stamped as of `flow` and `layer`.
    pub fn new(flow: u32, layer: u8, width: u16, height: u16) -> Self {
        Self::of(Format::Vp8, flow, layer, width, height)
    }

    /// The same in another format.
    pub fn of(format: Format, flow: u32, layer: u8, width: u16, height: u16) -> Self {
        let width = width.clamp(16, Self::LARGEST.0);
        let height = height.clamp(16, Self::LARGEST.1);
        let encoder = match format {
            Format::Vp8 => Encoder::Vp8(Vp8::new(width, height)),
            Format::H264 => Encoder::H264(H264::new(width, height)),
            Format::Vp9 => Encoder::Vp9(Vp9::new(width, height)),
            Format::Av1 => Encoder::Av1(Av1::new(width, height)),
        };
        Self { flow, layer, width, height, sequence: 0, encoder }
    }

    /// Its size in pixels.
    pub fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// How many packets were made.
    pub fn made(&self) -> u32 {
        self.sequence
    }

    /// The payloads of the next frame, of `bytes` bytes or a little more; the last one is to bear the marker.
    pub fn frame(&mut self, sent: Duration, key: bool, bytes: usize) -> Vec<Vec<u8>> {
        let mut payloads = Vec::with_capacity(bytes / MOST + 1);
        let mut left = bytes;
        loop {
            let mut payload = Vec::with_capacity(MOST);
            let first = payloads.is_empty();
            match &self.encoder {
                Encoder::Vp8(vp8) => vp8.begin(&mut payload, key, first),
                Encoder::H264(h264) => h264.begin(&mut payload, key, first),
                Encoder::Vp9(vp9) => vp9.begin(&mut payload, key, first),
                Encoder::Av1(av1) => av1.begin(&mut payload, key, first),
            }
            let head = payload.len();
            left = if first { left.saturating_sub(head) } else { left };
            let filling = left.min(MOST.saturating_sub(head + Stamp::LONGEST));
            payload.resize(head + filling, self.encoder.filling());
            left -= filling;
            // A packet of its own for less than a stamp would not be worth it.
            let last = left <= Stamp::LENGTH;
            Stamp { flow: self.flow, layer: self.layer, sequence: self.sequence, sent }.write(&mut payload);
            match &self.encoder {
                Encoder::Vp8(_) | Encoder::Vp9(_) => {}
                Encoder::H264(_) if first => H264::close_aggregate(&mut payload, head),
                Encoder::H264(_) => H264::close_fragment(&mut payload, payloads.len() == 1, last),
                Encoder::Av1(_) => Av1::close(&mut payload, last),
            }
            self.sequence = self.sequence.wrapping_add(1);
            payloads.push(payload);
            if last {
                break;
            }
        }
        match &mut self.encoder {
            Encoder::Vp8(vp8) => vp8.next(),
            Encoder::H264(h264) => h264.next(key),
            Encoder::Vp9(vp9) => {
                Vp9::close(&mut payloads);
                vp9.next();
            }
            Encoder::Av1(_) => {}
        }
        payloads
    }
}

impl Encoder {
    /// What fills frames.
    fn filling(&self) -> u8 {
        match self {
            Self::H264(_) => H264::FILLING,
            Self::Vp8(_) | Self::Vp9(_) | Self::Av1(_) => FILLING,
        }
    }
}

/// The most bytes in one RTP payload: what WebRTC senders use, so that the datagram fits into 1200 bytes with all its
/// headers and the retransmission of it as well.
pub(super) const MOST: usize = 1100;

/// What fills frames. Anything would do; zero would look like padding in a dump.
const FILLING: u8 = 0x5a;

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Format; 4] = [Format::Vp8, Format::H264, Format::Vp9, Format::Av1];

    #[test]
    fn every_packet_of_every_format_has_its_stamp_and_fits() {
        for format in ALL {
            let mut picture = Picture::of(format, 3, 1, 4_000, 4_000);
            assert_eq!(picture.size(), Picture::LARGEST);
            let sizes = [(true, 4_000), (false, 0), (false, 1_100), (true, 0), (false, 2_300)];
            let frames = sizes.map(|(key, bytes)| {
                let payloads = picture.frame(Duration::from_secs(1), key, bytes);
                let all: usize = payloads.iter().map(Vec::len).sum();
                assert!(all + Stamp::LENGTH >= bytes && all < bytes + 1_100, "{format:?} {bytes}: {all}");
                payloads
            });
            for (at, payload) in frames.iter().flatten().enumerate() {
                assert!(payload.len() <= MOST, "{format:?}: {}", payload.len());
                let stamp = Stamp::read(payload).unwrap();
                assert_eq!((stamp.flow, stamp.layer, stamp.sequence), (3, 1, at as u32), "{format:?}");
            }
            assert_eq!(picture.made(), frames.iter().flatten().count() as u32);
        }
    }

    #[test]
    fn formats_go_by_the_names_that_signalling_has() {
        for format in ALL {
            assert_eq!(format.codec().name().parse(), Ok(format));
        }
        assert_eq!("opus".parse::<Format>(), Err(UnknownFormat));
    }
}
