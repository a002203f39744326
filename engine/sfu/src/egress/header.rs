//! Writes RTP headers (RFC 3550, section 5.1) with their extensions (RFC 8285).

use std::{sync::Arc, time::Instant};

use str0m::{
    media::{Media, Mid},
    rtp::{Extension, ExtensionMap, ExtensionValues},
};

use crate::descriptor::{DependencyDescriptor, active_length, structure::Shape, write_active};

/// The numbers that a section gave to header extensions; zero for those it did not ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ExtensionIds {
    mid: u8,
    transport: u8,
    send_time: u8,
    level: u8,
    orientation: u8,
    descriptor: u8,
}

/// What a publisher said in extensions that every subscriber gets as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    /// RFC 6464: whether it is speech, and how loud.
    pub(crate) level: Option<u8>,
    /// How the picture is to be turned.
    pub(crate) orientation: Option<u8>,
    pub(crate) descriptor: Option<Arc<DependencyDescriptor>>,
    /// Where the descriptor can be changed.
    pub(crate) shape: Option<Shape>,
}

/// What a header says for one subscriber.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    pub(crate) marker: bool,
    /// Whether there are bytes at the end which mean nothing.
    pub(crate) padded: bool,
    pub(crate) payload_type: u8,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) ssrc: u32,
    /// The section, while its receiver may not know the stream.
    pub(crate) mid: Option<Mid>,
    /// Its place in all that goes to the subscriber.
    pub(crate) transport: Option<u16>,
    /// When it leaves, in a clock of ours; left out where the place says enough.
    pub(crate) send_time: Option<u32>,
    /// The decode targets which the descriptor is to name, if they are others than the publisher's.
    pub(crate) active: Option<u32>,
}

impl ExtensionIds {
    pub(crate) fn of(media: &Media) -> Self {
        Self::read(media.remote_extmap())
    }

    pub(crate) fn read(map: &ExtensionMap) -> Self {
        let id = |extension| map.id_of(extension).unwrap_or(0);
        Self {
            mid: id(Extension::RtpMid),
            transport: id(Extension::TransportSequenceNumber),
            send_time: id(Extension::AbsoluteSendTime),
            level: id(Extension::AudioLevel),
            orientation: id(Extension::VideoOrientation),
            descriptor: id(Extension::with_serializer(DependencyDescriptor::URI, DependencyDescriptor::default())),
        }
    }

    /// Whether packets of the section are counted with all others to that subscriber.
    pub(crate) fn counts(&self) -> bool {
        self.transport != 0
    }

    /// Whether the receiver learns when packets left by their extension alone.
    pub(crate) fn needs_send_time(&self) -> bool {
        self.send_time != 0 && self.transport == 0
    }
}

impl Marks {
    /// Takes what is for subscribers; the rest concerns the publisher's path only. Of a track with several layers the
    /// descriptor stays behind: each layer counts its frames alone, so that after a change of layers the descriptors
    /// would not add up. Layers of this kind decode without.
    pub(crate) fn of(values: &ExtensionValues, layered: bool, shape: Option<Shape>) -> Self {
        let level = |level: i8| {
            let speech = values.voice_activity.unwrap_or_default();
            (level.unsigned_abs() & 0x7f) | (u8::from(speech) << 7)
        };
        Self {
            level: values.audio_level.map(level),
            orientation: values.video_orientation.map(|orientation| orientation as u8),
            descriptor: if layered { None } else { values.user_values.get_arc() },
            shape,
        }
    }
}

impl Header {
    /// Appends the header to `bytes` and returns its length.
    pub(crate) fn write(&self, bytes: &mut Vec<u8>, ids: &ExtensionIds, marks: &Marks) -> usize {
        let start = bytes.len();
        let mut fixed = [0; FIXED];
        fixed[0] = VERSION | if self.padded { PADDED } else { 0 };
        fixed[1] = (u8::from(self.marker) << 7) | self.payload_type;
        fixed[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        fixed[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        fixed[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        bytes.extend_from_slice(&fixed);

        // What an empty packet would say of a frame concerns nobody.
        let descriptor = marks.descriptor.as_ref().filter(|_| !self.padded).map(|descriptor| descriptor.bytes());
        let descriptor = descriptor.filter(|_| ids.descriptor != 0).unwrap_or_default();
        let changed = self.active.zip(marks.shape).map(|change| (change, active_length(descriptor, change.1)));
        let changed = changed.filter(|(_, length)| !descriptor.is_empty() && *length <= usize::from(u8::MAX));
        let length = changed.map_or(descriptor.len(), |(_, length)| length);
        let long = length > SHORT_FORM;
        let largest = [ids.mid, ids.transport, ids.send_time, ids.level, ids.orientation, ids.descriptor];
        let long = long || largest.iter().any(|id| *id > SHORT_FORM_IDS);
        bytes.extend_from_slice(&if long { LONG } else { SHORT }.to_be_bytes());
        bytes.extend_from_slice(&[0, 0]);
        let head = |bytes: &mut Vec<u8>, id: u8, length: usize| match long {
            true => bytes.extend_from_slice(&[id, length as u8]),
            false => bytes.push((id << 4) | (length - 1) as u8),
        };
        let mut extension = |id: u8, value: &[u8]| {
            if id == 0 || value.is_empty() || value.len() > usize::from(u8::MAX) {
                return;
            }
            head(bytes, id, value.len());
            bytes.extend_from_slice(value);
        };
        if let Some(place) = self.transport {
            extension(ids.transport, &place.to_be_bytes());
        }
        if let Some(time) = self.send_time {
            extension(ids.send_time, &time.to_be_bytes()[1..]);
        }
        if let Some(mid) = &self.mid {
            extension(ids.mid, mid.as_bytes());
        }
        if let Some(level) = marks.level {
            extension(ids.level, &[level]);
        }
        if let Some(orientation) = marks.orientation {
            extension(ids.orientation, &[orientation]);
        }
        match changed {
            None => extension(ids.descriptor, descriptor),
            Some(((active, shape), length)) => {
                head(bytes, ids.descriptor, length);
                let value = bytes.len();
                bytes.resize(value + length, 0);
                // It was read with this shape; were it another, the receiver would take the zeros for a frame of its own.
                let written = write_active(descriptor, shape, active, &mut bytes[value..]);
                debug_assert!(written.is_some(), "a descriptor of another shape");
            }
        }

        let body = start + FIXED + 4;
        if bytes.len() == body {
            bytes.truncate(start + FIXED);
            return FIXED;
        }
        bytes.resize(body + (bytes.len() - body).next_multiple_of(4), 0);
        let words = ((bytes.len() - body) / 4) as u16;
        bytes[start] |= EXTENDED;
        bytes[body - 2..body].copy_from_slice(&words.to_be_bytes());
        bytes.len() - start
    }
}

/// When a packet leaves, as `abs-send-time` wants it: seconds with 18 bits behind the point, 24 bits in all. Only
/// differences are looked at, so any start will do.
pub(crate) fn send_time(start: Instant, now: Instant) -> u32 {
    let passed = now.saturating_duration_since(start);
    let units = (passed.as_micros() << 18) / 1_000_000;
    (units & 0x00ff_ffff) as u32
}

/// The largest header: the fixed part, a descriptor of full length, and the small extensions.
pub(crate) const MOST_HEADER: usize = FIXED + 4 + 2 + 255 + 80;
/// RFC 3550, section 5.1.
const FIXED: usize = 12;
/// RFC 3550, section 5.1: version 2 in the two highest bits.
const VERSION: u8 = 2 << 6;
/// RFC 3550, section 5.1: the bit which says that the last byte counts some that mean nothing.
const PADDED: u8 = 1 << 5;
/// RFC 3550, section 5.1: the bit which says that extensions follow.
const EXTENDED: u8 = 1 << 4;
/// RFC 8285, section 4.2: the one-byte form.
const SHORT: u16 = 0xbede;
/// RFC 8285, section 4.3: the two-byte form.
const LONG: u16 = 0x1000;
/// RFC 8285, section 4.2: bytes that a value of the one-byte form may have.
const SHORT_FORM: usize = 16;
/// RFC 8285, section 4.2: the highest number in the one-byte form.
const SHORT_FORM_IDS: u8 = 14;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::start;

    const HEADER: Header = Header {
        marker: true,
        padded: false,
        active: None,
        payload_type: 96,
        sequence: 0x1234,
        timestamp: 0x0102_0304,
        ssrc: 0x0506_0708,
        mid: None,
        transport: None,
        send_time: None,
    };

    fn written(header: Header, ids: ExtensionIds, marks: &Marks) -> Vec<u8> {
        let mut bytes = vec![7, 7, 7];
        let length = header.write(&mut bytes, &ids, marks);
        let header = bytes.split_off(3);
        assert_eq!(header.len(), length);
        assert!(length <= MOST_HEADER && length.is_multiple_of(4));
        header
    }

    #[test]
    fn without_extensions_it_is_twelve_bytes() {
        let ids = ExtensionIds { mid: 4, ..ExtensionIds::default() };
        let marks = Marks { level: Some(3), ..Marks::default() };
        assert_eq!(written(HEADER, ids, &marks), [0x80, 0xe0, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn extensions_are_written_and_filled_up() {
        let mut map = ExtensionMap::standard();
        map.set(12, Extension::with_serializer(DependencyDescriptor::URI, DependencyDescriptor::default()));
        let ids = ExtensionIds::read(&map);
        assert!(ids.counts() && !ids.needs_send_time());
        let header = Header { mid: Some("ab".into()), transport: Some(0x0a0b), ..HEADER };
        let marks = Marks { level: Some(0x85), orientation: Some(3), ..Marks::default() };
        let bytes = written(header, ids, &marks);
        assert_eq!(bytes[0], 0x90);
        assert_eq!(bytes[12..16], [0xbe, 0xde, 0, 3]);
        assert_eq!(bytes[16..], [0x31, 0x0a, 0x0b, 0x41, b'a', b'b', 0x10, 0x85, 0xd0, 3, 0, 0]);
    }

    #[test]
    fn a_long_descriptor_takes_the_long_form() {
        for length in [16, 17, 255] {
            let descriptor = Arc::new(DependencyDescriptor::from(vec![9; length]));
            let ids = ExtensionIds { descriptor: 12, transport: 3, ..ExtensionIds::default() };
            let marks = Marks { descriptor: Some(descriptor), ..Marks::default() };
            let bytes = written(Header { transport: Some(1), ..HEADER }, ids, &marks);
            match length {
                16 => assert_eq!(bytes[12..20], [0xbe, 0xde, 0, 5, 0x31, 0, 1, 0xcf]),
                _ => assert_eq!(bytes[16..22], [3, 2, 0, 1, 12, length as u8]),
            }
        }
    }

    #[test]
    fn a_descriptor_names_other_targets() {
        // A frame of the second template, in a structure of three targets, with nothing but the mandatory fields.
        let descriptor = Arc::new(DependencyDescriptor::from(vec![0xc1, 0x12, 0x34]));
        let ids = ExtensionIds { descriptor: 12, ..ExtensionIds::default() };
        let shape = Some(Shape { front: 24, behind: 24, targets: 3 });
        let marks = Marks { descriptor: Some(descriptor), shape, ..Marks::default() };
        let bytes = written(Header { active: Some(0b011), ..HEADER }, ids, &marks);
        assert_eq!(bytes[12..], [0xbe, 0xde, 0, 2, 0xc3, 0xc1, 0x12, 0x34, 0b0100_0011, 0, 0, 0]);
        let empty = written(Header { active: Some(0b011), padded: true, ..HEADER }, ids, &marks);
        assert_eq!(empty[0], 0xa0, "no extension");
    }

    #[test]
    fn a_send_time_counts_in_fractions_of_a_second() {
        assert_eq!(send_time(start(), start()), 0);
        let start = start();
        assert_eq!(send_time(start, start + Duration::from_millis(1500)), 3 << 17);
        assert_eq!(send_time(start, start + Duration::from_secs(65)), 1 << 18);
    }
}
