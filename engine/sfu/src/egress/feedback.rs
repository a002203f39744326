//! Reads the reports (RTCP) of a subscriber: what it says of the streams that we send.

/// One thing said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feedback<'a> {
    /// How a stream arrives (RFC 3550, section 6.4.1).
    Reception(Reception),
    /// Packets of a stream did not come (RFC 4585, section 6.2.1).
    Missing {
        /// The stream.
        ssrc: u32,
        /// Pairs of a number and a mask for the sixteen behind it.
        entries: &'a [u8],
    },
    /// When packets arrived, of all streams together (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1).
    Arrivals {
        /// Behind the first word of the report.
        body: &'a [u8],
    },
    /// The picture of a stream is lost (RFC 4585, section 6.3.1; RFC 5104, section 4.3.1).
    Picture {
        /// The stream.
        ssrc: u32,
    },
}

/// How a stream arrives, in the words of a block of a report (RFC 3550, section 6.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reception {
    /// The stream.
    pub(crate) ssrc: u32,
    /// The part lost since the last report, in 1/256.
    pub(crate) lost: u8,
    /// How many packets were lost in all.
    pub(crate) missing: i32,
    /// The highest sequence number that came, with rollovers.
    pub(crate) highest: u32,
    /// By how much the time that packets take swings, in ticks of the stream's timestamps.
    pub(crate) jitter: u32,
    /// The middle of the time in our last report that came; zero for none.
    pub(crate) last_report: u32,
    /// How long ago it came, in 1/65536 s.
    pub(crate) delay: u32,
}

/// Hands out what `reports` say, in order, as far as they can be read.
pub(crate) fn read<'a>(reports: &'a [u8], mut each: impl FnMut(Feedback<'a>)) {
    for Report { kind, count, body, .. } in split(reports) {
        match (kind, count) {
            (SENDER, _) => receptions(body.get(24..).unwrap_or_default(), &mut each),
            (RECEIVER, _) => receptions(body.get(4..).unwrap_or_default(), &mut each),
            (TRANSPORT_FEEDBACK, MISSING) => {
                if let (Some(ssrc), Some(entries)) = (word(body, 4), body.get(8..)) {
                    each(Feedback::Missing { ssrc, entries });
                }
            }
            (TRANSPORT_FEEDBACK, ARRIVALS) => each(Feedback::Arrivals { body }),
            (PAYLOAD_FEEDBACK, PICTURE_LOSS) => {
                word(body, 4).into_iter().for_each(|ssrc| each(Feedback::Picture { ssrc }))
            }
            (PAYLOAD_FEEDBACK, FULL_INTRA) => {
                for entry in body.get(8..).unwrap_or_default().chunks_exact(8).take(MOST_ENTRIES) {
                    word(entry, 0).into_iter().for_each(|ssrc| each(Feedback::Picture { ssrc }));
                }
            }
            _ => {}
        }
    }
}

/// The sequence numbers that entries of [`Feedback::Missing`] name.
pub(crate) fn missing(entries: &[u8]) -> impl Iterator<Item = u16> {
    entries.chunks_exact(4).take(MOST_ENTRIES).flat_map(|entry| {
        let [first, mask] = [[entry[0], entry[1]], [entry[2], entry[3]]].map(u16::from_be_bytes);
        let behind = (0..16).filter(move |bit| mask & (1 << bit) != 0).map(move |bit| first.wrapping_add(bit + 1));
        std::iter::once(first).chain(behind)
    })
}

/// Whether there is something about what the peer itself sends, which is str0m's business: its sender reports, its
/// questions for the time, its farewell.
pub(crate) fn concerns_sending(reports: &[u8]) -> bool {
    split(reports).any(|report| matches!(report.kind, SENDER | FAREWELL | EXTENDED))
}

/// Appends what of str0m's own reports shall leave: all but what it says as the sender it is not. A sender report that
/// carries receptions, too, becomes a receiver report.
pub(crate) fn retell(reports: &[u8], out: &mut Vec<u8>) {
    for Report { kind, count, body, whole } in split(reports) {
        match kind {
            SENDER if count == 0 => {}
            SENDER => {
                if let (Some(from), Some(receptions)) = (body.get(..4), body.get(24..)) {
                    let words = (from.len() + receptions.len()) / 4;
                    out.extend_from_slice(&[VERSION | count, RECEIVER]);
                    out.extend_from_slice(&(words as u16).to_be_bytes());
                    out.extend_from_slice(from);
                    out.extend_from_slice(receptions);
                }
            }
            DESCRIPTION => {}
            PAYLOAD_FEEDBACK if count == PICTURE_LOSS && word(body, 4) == Some(NO_STREAM) => {}
            // To the letter: what fills the last word up is counted in the length, and said in the first byte.
            _ => out.extend_from_slice(whole),
        }
    }
}

/// Whether a datagram is RTP or RTCP, and which (RFC 7983, RFC 5761).
pub(crate) fn is_report(datagram: &[u8]) -> Option<bool> {
    match datagram {
        [128..=191, kind, ..] => Some((192..=223).contains(kind)),
        _ => None,
    }
}

struct Report<'a> {
    kind: u8,
    count: u8,
    /// Behind the first word, without what only fills the last word up.
    body: &'a [u8],
    whole: &'a [u8],
}

fn split(mut rest: &[u8]) -> impl Iterator<Item = Report<'_>> {
    std::iter::from_fn(move || {
        let [first, kind, high, low, behind @ ..] = rest else {
            return None;
        };
        let (body, next) = behind.split_at_checked(4 * usize::from(u16::from_be_bytes([*high, *low])))?;
        let whole = rest.get(..4 + body.len())?;
        rest = next;
        let padding = if first & PADDED == 0 { 0 } else { usize::from(*body.last()?) };
        let body = body.get(..body.len().checked_sub(padding)?)?;
        (first >> 6 == 2).then_some(Report { kind: *kind, count: first & 0x1f, body, whole })
    })
}

fn receptions<'a>(blocks: &'a [u8], each: &mut impl FnMut(Feedback<'a>)) {
    for block in blocks.chunks_exact(24).take(MOST_ENTRIES) {
        let at = |place| word(block, place).unwrap_or_default();
        each(Feedback::Reception(Reception {
            ssrc: at(0),
            lost: block[4],
            // Three bytes with a sign: what came twice counts against what is missing.
            missing: (at(4) << 8) as i32 >> 8,
            highest: at(8),
            jitter: at(12),
            last_report: at(16),
            delay: at(20),
        }));
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The SSRC that a report names which only asks str0m for the way it sends; see [`super::wire`].
pub(crate) const NO_STREAM: u32 = 0;
/// More entries than fit an Ethernet frame are not read.
const MOST_ENTRIES: usize = 375;
/// RFC 3550, section 6.4.1: version 2 in the two highest bits.
const VERSION: u8 = 2 << 6;
/// RFC 3550, section 6.4.1: the bit which says that the last byte counts some that mean nothing.
const PADDED: u8 = 1 << 5;
/// RFC 3550, section 12.1, and its likes below.
pub(crate) const SENDER: u8 = 200;
const RECEIVER: u8 = 201;
const DESCRIPTION: u8 = 202;
const FAREWELL: u8 = 203;
/// RFC 4585, section 6.1.
const TRANSPORT_FEEDBACK: u8 = 205;
const PAYLOAD_FEEDBACK: u8 = 206;
/// RFC 3611, section 2.
const EXTENDED: u8 = 207;
/// RFC 4585, section 6.2: the generic NACK.
const MISSING: u8 = 1;
/// draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
const ARRIVALS: u8 = 15;
/// RFC 4585, section 6.3: PLI.
const PICTURE_LOSS: u8 = 1;
/// RFC 5104, section 4.3: FIR.
const FULL_INTRA: u8 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: u8, count: u8, words: &[u32]) -> Vec<u8> {
        let mut bytes = vec![VERSION | count, kind, 0, words.len() as u8];
        words.iter().for_each(|word| bytes.extend(word.to_be_bytes()));
        bytes
    }

    fn said(reports: &[u8]) -> Vec<String> {
        let mut said = Vec::new();
        read(reports, |feedback| said.push(format!("{feedback:?}")));
        said
    }

    #[test]
    fn a_subscriber_says_what_it_got_and_what_not() {
        let reports = [
            report(RECEIVER, 1, &[1, 77, 0x2000_0005, 9, 10, 0xaaaa_bbbb, 0x8000]),
            report(TRANSPORT_FEEDBACK, MISSING, &[1, 77, 0x0064_0003, 0xffff_8000]),
            report(PAYLOAD_FEEDBACK, PICTURE_LOSS, &[1, 78]),
            report(PAYLOAD_FEEDBACK, FULL_INTRA, &[1, 0, 79, 0, 80, 0]),
            report(PAYLOAD_FEEDBACK, 15, &[1, 0, 5]),
        ]
        .concat();
        let mut numbers = Vec::new();
        let mut others = Vec::new();
        read(&reports, |feedback| match feedback {
            Feedback::Missing { ssrc: 77, entries } => numbers.extend(missing(entries)),
            other => others.push(other),
        });
        assert_eq!(numbers, [100, 101, 102, 0xffff, 15]);
        let reception = Feedback::Reception(Reception {
            ssrc: 77,
            lost: 0x20,
            missing: 5,
            highest: 9,
            jitter: 10,
            last_report: 0xaaaa_bbbb,
            delay: 0x8000,
        });
        let picture = |ssrc| Feedback::Picture { ssrc };
        assert_eq!(others, [reception, picture(78), picture(79), picture(80)]);
        assert!(!concerns_sending(&reports));
        (0..reports.len()).for_each(|end| drop(said(&reports[..end])));
    }

    #[test]
    fn what_a_publisher_says_of_itself_is_passed_on() {
        assert!(concerns_sending(&report(SENDER, 0, &[1, 2, 3, 4, 5, 6])));
        assert!(concerns_sending(&[report(RECEIVER, 0, &[1]), report(FAREWELL, 1, &[1])].concat()));
        assert!(!concerns_sending(&[0x80]));
    }

    #[test]
    fn str0m_speaks_as_a_receiver_only() {
        let block = [77, 0, 0, 0, 0, 0];
        let with_block: Vec<u32> = [1, 2, 3, 4, 5, 6].into_iter().chain(block).collect();
        let reports = [
            report(SENDER, 1, &with_block),
            report(SENDER, 0, &[1, 2, 3, 4, 5, 6]),
            report(DESCRIPTION, 1, &[1, 0]),
            report(PAYLOAD_FEEDBACK, PICTURE_LOSS, &[1, 77]),
            report(PAYLOAD_FEEDBACK, PICTURE_LOSS, &[1, NO_STREAM]),
        ]
        .concat();
        let mut out = Vec::new();
        retell(&reports, &mut out);
        let receptions: Vec<u32> = [1].into_iter().chain(block).collect();
        let expected = [report(RECEIVER, 1, &receptions), report(PAYLOAD_FEEDBACK, PICTURE_LOSS, &[1, 77])].concat();
        assert_eq!(out, expected);
    }

    #[test]
    fn what_fills_a_word_up_is_passed_on_with_it() {
        // Transport-wide feedback is rarely whole words long: cut, a publisher throws it away and never sends more than a
        // little, since it hears of nothing that arrived.
        let mut transport = report(TRANSPORT_FEEDBACK, 15, &[1, 77, 0x0001_0002, 0x0000_0300, 0x2002_0403]);
        transport[0] |= PADDED;
        let reports = [transport.clone(), report(PAYLOAD_FEEDBACK, PICTURE_LOSS, &[1, 77])].concat();
        let mut out = Vec::new();
        retell(&reports, &mut out);
        assert_eq!(out, reports);
    }

    #[test]
    fn packets_and_reports_are_told_apart() {
        assert_eq!(
            [&[128, 200][..], &[144, 96], &[22, 254], &[128], &[]].map(is_report),
            [Some(true), Some(false), None, None, None]
        );
    }
}
