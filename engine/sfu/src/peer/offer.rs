//! What we read in a client's offer ourselves, before str0m sees it: its sections, and whether it is of a sane size.

use std::collections::BTreeSet;

use proto::media::Kind;
use str0m::media::Mid;

/// One section for sound or pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its name.
    pub(crate) mid: Mid,
    /// What it carries.
    pub(crate) kind: Kind,
    /// Which way.
    pub(crate) flow: Flow,
    /// The client's own id of the track it sends: the second word of `a=msid`.
    pub(crate) cid: Option<String>,
}

/// What the client wants of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// It sends.
    Sending,
    /// It receives, and only that.
    Receiving,
    /// Neither, or the section is rejected.
    Nothing,
}

/// Why an offer is not even tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Oversize {
    #[error("the offer is longer than {MOST_BYTES} bytes")]
    Bytes,
    #[error("the offer has more than {MOST_SECTIONS} sections")]
    Sections,
    #[error("the offer has more than {MOST_CANDIDATES} candidates")]
    Candidates,
    #[error("a section of the offer has more than {MOST_EXTENSIONS} header extensions")]
    Extensions,
}

/// Reads the sections of an offer, in order.
pub(crate) fn sections(sdp: &str) -> Result<Vec<Section>, Oversize> {
    if sdp.len() > MOST_BYTES {
        return Err(Oversize::Bytes);
    }
    let (head, bodies) = split(sdp);
    if bodies.len() > MOST_SECTIONS {
        return Err(Oversize::Sections);
    }
    if sdp.matches("a=candidate:").count() > MOST_CANDIDATES {
        return Err(Oversize::Candidates);
    }
    if bodies.iter().any(|body| body.matches("a=extmap:").count() > MOST_EXTENSIONS) {
        return Err(Oversize::Extensions);
    }
    let bundled: BTreeSet<&str> =
        value(head, "a=group:BUNDLE ").map(|mids| mids.split_whitespace().collect()).unwrap_or_default();
    Ok(bodies.into_iter().filter_map(|body| section(body, &bundled)).collect())
}

fn section(body: &str, bundled: &BTreeSet<&str>) -> Option<Section> {
    let mut line = body.lines().next()?.split_whitespace();
    let kind = match line.next()? {
        "m=audio" => Kind::Audio,
        "m=video" => Kind::Video,
        _ => return None,
    };
    let port = line.next()?;
    let mid = value(body, "a=mid:")?;
    // Port 0 alone does not reject: Firefox offers each new bundled section so (RFC 8843, section 7.2.1).
    let rejected = port == "0" && !bundled.contains(mid);
    let has = |attribute: &str| body.lines().any(|l| l.trim_end() == attribute);
    let flow = match () {
        () if rejected || has("a=inactive") => Flow::Nothing,
        () if has("a=recvonly") => Flow::Receiving,
        () => Flow::Sending, // also of both ways: such a section is taken as one that publishes
    };
    let cid = value(body, "a=msid:").and_then(|msid| msid.split_whitespace().nth(1)).map(str::to_owned);
    Some(Section { mid: mid.into(), kind, flow, cid })
}

/// Divides SDP into its session part and its sections, each beginning with `m=`.
pub(crate) fn split(sdp: &str) -> (&str, Vec<&str>) {
    let starts: Vec<usize> =
        sdp.match_indices("m=").map(|(at, _)| at).filter(|at| *at == 0 || sdp.as_bytes()[at - 1] == b'\n').collect();
    let head = &sdp[..starts.first().copied().unwrap_or(sdp.len())];
    let ends = starts.iter().skip(1).copied().chain([sdp.len()]);
    (head, starts.iter().copied().zip(ends).map(|(from, to)| &sdp[from..to]).collect())
}

/// What follows `prefix` in the first line that begins with it.
pub(crate) fn value<'a>(part: &'a str, prefix: &str) -> Option<&'a str> {
    part.lines().find_map(|line| line.strip_prefix(prefix)).map(str::trim_end)
}

/// Chromium spends 5 kB on a section for pictures and 1 kB on one for sound: with thirty others in the room an offer
/// has some 180 kB. As much as the signalling takes in one message.
const MOST_BYTES: usize = 256 * 1024;
/// Sixty people seen and heard, and some sections that were used before; each costs str0m time in every packet.
const MOST_SECTIONS: usize = 128;
/// Candidates of clients are not used at all: the server answers to whoever proves to know the password.
const MOST_CANDIDATES: usize = 64;
/// Browsers offer fewer than twenty.
const MOST_EXTENSIONS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\na=group:BUNDLE 0 1 2 d\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendonly\r\na=msid:stream cid-1\r\n\
        m=video 0 UDP/TLS/RTP/SAVPF 120\r\na=bundle-only\r\na=mid:1\r\na=sendonly\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 120\r\na=mid:2\r\na=recvonly\r\n\
        m=video 0 UDP/TLS/RTP/SAVPF 120\r\na=mid:3\r\na=sendonly\r\n\
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\n";

    #[test]
    fn sections_are_read_as_firefox_means_them() {
        let read = sections(OFFER).unwrap();
        let brief: Vec<_> = read.iter().map(|s| (s.mid.to_string(), s.kind, s.flow)).collect();
        let expected = [
            ("0", Kind::Audio, Flow::Sending),
            ("1", Kind::Video, Flow::Sending),
            ("2", Kind::Video, Flow::Receiving),
            ("3", Kind::Video, Flow::Nothing),
        ];
        assert_eq!(brief, expected.map(|(mid, kind, flow)| (mid.to_owned(), kind, flow)));
        assert_eq!(read[0].cid.as_deref(), Some("cid-1"));
    }

    #[test]
    fn what_is_too_large_is_not_tried() {
        let many = OFFER.to_owned() + &"m=video 9 X 1\r\n".repeat(MOST_SECTIONS);
        assert_eq!(sections(&many), Err(Oversize::Sections));
        assert_eq!(sections(&"x".repeat(MOST_BYTES + 1)), Err(Oversize::Bytes));
        let flood = OFFER.to_owned() + &"a=candidate:1\r\n".repeat(MOST_CANDIDATES + 1);
        assert_eq!(sections(&flood), Err(Oversize::Candidates));
        let extended = OFFER.to_owned() + &"a=extmap:1 x\r\n".repeat(MOST_EXTENSIONS + 1);
        assert_eq!(sections(&extended), Err(Oversize::Extensions));
        assert_eq!(sections("").unwrap(), []);
    }
}
