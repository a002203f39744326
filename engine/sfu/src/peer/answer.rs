//! Rewrites the text of an answer where str0m has no say: what each section carries, the order of codecs, candidates.
//!
//! str0m keeps the `msid` of a section for ever, answers in one codec order for all sections and offers every section
//! it may send on as active. It never reads the text again, so what is changed here changes nothing in it.

use std::{collections::BTreeMap, fmt::Write};

use proto::{ParticipantId, TrackId};

use super::offer::{split, value};
use crate::path::{End, Over};

/// What an answer says of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// It carries a track of somebody to this client.
    Carries {
        /// Who publishes the track.
        publisher: ParticipantId,
        /// The track.
        track: TrackId,
    },
    /// It carries nothing now.
    Idle,
    /// The client sends on it, best in the first of these codecs (lower case) that it offered.
    Receives {
        /// In the order wanted.
        codecs: Vec<String>,
    },
}

/// What to change in an answer.
#[derive(Debug, Default)]
pub(crate) struct Changes<'a> {
    /// By section; a section not named here is left alone.
    pub(crate) roles: BTreeMap<String, Role>,
    /// User name fragment and password in place of str0m's, after an ICE restart.
    pub(crate) credentials: Option<(&'a str, &'a str)>,
    /// Candidates beside our own addresses.
    pub(crate) public: &'a [End],
}

/// The answer for the client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The SDP.
    pub(crate) sdp: String,
    /// The first payload type of each section on which the client sends, and its codec's name as in `a=rtpmap`.
    pub(crate) first_codecs: BTreeMap<String, (u8, String)>,
}

/// Applies `changes` to the text of an answer.
pub(crate) fn rewrite(text: &str, changes: &Changes<'_>) -> Answer {
    let (head, bodies) = split(text);
    let mut answer = Answer { sdp: String::with_capacity(text.len() + 256), first_codecs: BTreeMap::new() };
    for line in head.lines() {
        let line = if line.starts_with("a=msid-semantic:") { "a=msid-semantic: WMS *" } else { line };
        answer.push(line);
    }
    for (index, body) in bodies.into_iter().enumerate() {
        let mid = value(body, "a=mid:").unwrap_or_default();
        let role = changes.roles.get(mid);
        if let Some(Role::Receives { .. }) = role
            && let Some(first) = first_codec(body, role)
        {
            answer.first_codecs.insert(mid.to_owned(), first);
        }
        for line in body.lines() {
            answer.section_line(line, body, role, changes);
        }
        if index == 0 {
            for (rank, end) in changes.public.iter().enumerate() {
                answer.push(&candidate(rank, *end));
            }
            answer.push("a=end-of-candidates");
        }
    }
    answer
}

impl Answer {
    fn push(&mut self, line: &str) {
        self.sdp.push_str(line);
        self.sdp.push_str("\r\n");
    }

    fn section_line(&mut self, line: &str, body: &str, role: Option<&Role>, changes: &Changes<'_>) {
        if line.starts_with("m=") {
            return self.push(&media_line(line, body, role));
        }
        if let Some(candidate) = line.strip_prefix("a=candidate:") {
            // str0m ends each with its user name fragment, which may be about to change.
            let plain = candidate.split(" ufrag ").next().unwrap_or(candidate);
            return self.push(&format!("a=candidate:{plain}"));
        }
        if let Some((ufrag, password)) = changes.credentials {
            if line.starts_with("a=ice-ufrag:") {
                return self.push(&format!("a=ice-ufrag:{ufrag}"));
            }
            if line.starts_with("a=ice-pwd:") {
                return self.push(&format!("a=ice-pwd:{password}"));
            }
        }
        let Some(role) = role else {
            return self.push(line);
        };
        let names_stream = line.starts_with("a=msid:");
        let names_ssrc = line.starts_with("a=ssrc:") || line.starts_with("a=ssrc-group:");
        let directs = ["a=sendonly", "a=sendrecv", "a=recvonly", "a=inactive"].contains(&line);
        match role {
            Role::Carries { publisher, track } if names_stream => {
                self.push(&format!("a=msid:{publisher}|{track} {track}"))
            }
            Role::Carries { .. } if line.starts_with("a=ssrc:") && line.contains(" msid:") => {}
            Role::Idle | Role::Receives { .. } if names_stream || names_ssrc => {}
            Role::Idle if directs => self.push("a=inactive"),
            Role::Receives { .. } if directs => self.push("a=recvonly"),
            _ => self.push(line),
        }
    }
}

/// The `m=` line with the wanted codecs (each followed by its retransmission format) first.
fn media_line(line: &str, body: &str, role: Option<&Role>) -> String {
    let Some(order) = payload_types(body, role) else {
        return line.to_owned();
    };
    let head: Vec<&str> = line.split(' ').take(3).collect();
    format!("{} {}", head.join(" "), order.join(" "))
}

fn payload_types<'a>(body: &'a str, role: Option<&Role>) -> Option<Vec<&'a str>> {
    let Some(Role::Receives { codecs }) = role else {
        return None;
    };
    let offered: Vec<&str> = body.lines().next()?.split(' ').skip(3).collect();
    let name = |pt: &str| codec_name(body, pt).map(str::to_ascii_lowercase);
    let repairs = |pt: &str, main: &str| {
        let parameters = body.lines().find_map(|l| l.strip_prefix("a=fmtp:")?.strip_prefix(pt)?.strip_prefix(' '));
        parameters.and_then(|p| p.trim_end().strip_prefix("apt=")) == Some(main)
    };
    let mut order = Vec::with_capacity(offered.len());
    for codec in codecs {
        for main in offered.iter().filter(|pt| name(pt).as_ref() == Some(codec)) {
            order.push(*main);
            order.extend(offered.iter().filter(|pt| repairs(pt, main)));
        }
    }
    let rest: Vec<&str> = offered.iter().filter(|pt| !order.contains(pt)).copied().collect();
    order.extend(rest);
    Some(order)
}

fn first_codec(body: &str, role: Option<&Role>) -> Option<(u8, String)> {
    let first = *payload_types(body, role)?.first()?;
    Some((first.parse().ok()?, codec_name(body, first)?.to_owned()))
}

fn codec_name<'a>(body: &'a str, pt: &str) -> Option<&'a str> {
    let map = body.lines().find_map(|l| l.strip_prefix("a=rtpmap:")?.strip_prefix(pt)?.strip_prefix(' '))?;
    map.split('/').next()
}

/// A host candidate (RFC 8839, section 5.1; over TCP RFC 6544, section 4.5) for an address that only the outside knows.
fn candidate(rank: usize, end: End) -> String {
    let (protocol, preference, role) = match end.over {
        Over::Udp | Over::Relay => ("udp", PREFERENCE, ""),
        Over::Tcp => ("tcp", TCP_PREFERENCE, " tcptype passive"),
    };
    let priority = (preference << 24) | (LOCAL_PREFERENCE.saturating_sub(rank as u32) << 8) | 255;
    let (ip, port) = (end.address.ip(), end.address.port());
    let mut line = String::new();
    // Writing to a string cannot fail.
    let _ = write!(line, "a=candidate:public{rank} 1 {protocol} {priority} {ip} {port} typ host{role}");
    line
}

/// Type preference of host candidates (RFC 8445, section 5.1.2.2).
const PREFERENCE: u32 = 126;
/// Below all that goes over UDP (RFC 6544, section 4.2).
const TCP_PREFERENCE: u32 = 90;
/// Below that of our own interfaces.
const LOCAL_PREFERENCE: u32 = 32_767;

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "v=0\r\na=group:BUNDLE 0 1 2\r\na=msid-semantic:WMS abc def\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99\r\n\
        a=candidate:123 1 udp 2130706175 10.0.0.1 7882 typ host ufrag old\r\n\
        a=ice-ufrag:old\r\na=ice-pwd:oldpassword\r\na=mid:0\r\na=recvonly\r\na=msid:their own\r\n\
        a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n\
        a=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=0\r\na=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\na=sendonly\r\na=msid:abc def\r\n\
        a=ssrc:11 cname:abc\r\na=ssrc:11 msid:abc def\r\na=ssrc:12 cname:abc\r\na=ssrc-group:FID 11 12\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:2\r\na=sendonly\r\na=msid:abc def\r\na=ssrc:21 cname:abc\r\n";

    fn rewritten(changes: Changes<'_>) -> Answer {
        rewrite(ANSWER, &changes)
    }

    fn roles(roles: impl IntoIterator<Item = (&'static str, Role)>) -> BTreeMap<String, Role> {
        roles.into_iter().map(|(mid, role)| (mid.to_owned(), role)).collect()
    }

    #[test]
    fn a_section_says_what_it_carries_and_nothing_else() {
        let (publisher, track) = (ParticipantId::from(1), TrackId::from(2));
        let roles = roles([("1", Role::Carries { publisher, track }), ("2", Role::Idle)]);
        let answer = rewritten(Changes { roles, ..Changes::default() }).sdp;
        let (head, bodies) = split(&answer);
        assert!(head.contains("a=msid-semantic: WMS *\r\n"));
        assert!(bodies[1].contains(&format!("a=msid:{publisher}|{track} {track}\r\n")), "{}", bodies[1]);
        assert!(bodies[1].contains("a=ssrc:11 cname:abc\r\n") && bodies[1].contains("a=ssrc-group:FID 11 12\r\n"));
        assert!(!bodies[1].contains(" msid:"));
        assert!(bodies[2].contains("a=inactive\r\n"));
        assert!(!bodies[2].contains("msid") && !bodies[2].contains("ssrc") && !bodies[2].contains("sendonly"));
    }

    #[test]
    fn the_wanted_codec_comes_first_with_its_retransmissions() {
        let vp9 = || roles([("0", Role::Receives { codecs: vec!["vp9".into()] })]);
        let answer = rewritten(Changes { roles: vp9(), ..Changes::default() });
        assert!(answer.sdp.contains("m=video 9 UDP/TLS/RTP/SAVPF 98 99 96 97\r\n"), "{}", answer.sdp);
        assert!(!answer.sdp.contains("their own"));
        assert_eq!(answer.first_codecs["0"], (98, "VP9".to_owned()));
        let any = roles([("0", Role::Receives { codecs: vec!["av1".into()] })]);
        let answer = rewritten(Changes { roles: any, ..Changes::default() });
        assert_eq!(answer.first_codecs["0"], (96, "VP8".to_owned()));
    }

    #[test]
    fn credentials_and_candidates_are_ours() {
        let address = "203.0.113.9:7882".parse().unwrap();
        let public = [End { over: Over::Udp, address }, End { over: Over::Tcp, address }];
        let changes = Changes { credentials: Some(("new", "newpassword")), public: &public, ..Changes::default() };
        let answer = rewritten(changes).sdp;
        assert!(answer.contains("a=ice-ufrag:new\r\na=ice-pwd:newpassword\r\n"));
        assert!(answer.contains("typ host\r\n") && !answer.contains("old"), "{answer}");
        assert_eq!(answer.matches("203.0.113.9 7882 typ host\r\n").count(), 1);
        assert_eq!(answer.matches("203.0.113.9 7882 typ host tcptype passive\r\n").count(), 1);
        assert_eq!(answer.matches("a=end-of-candidates").count(), 1);
    }

    #[test]
    fn sections_without_a_role_stay_as_they_are() {
        let answer = rewritten(Changes::default()).sdp;
        assert!(answer.contains("a=msid:their own\r\n") && answer.contains("a=ssrc:11 msid:abc def\r\n"));
    }
}
