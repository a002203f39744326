//! What a client is told of the relay.

use std::time::Duration;

use ::turn::Secret;
use proto::{
    ParticipantId,
    livekit::{IceServer, signal_response::Message as Response},
};

use super::Relay;
use crate::clock;

/// Says to one session where the relay is and how to sign in, each time that it may need that.
#[derive(Debug, Clone)]
pub struct Signpost {
    url: String,
    secret: Secret,
    participant: Option<ParticipantId>,
}

impl Signpost {
    /// For a client that reached us as `host` (with the port, if it is not the scheme's own), over TLS or not. `resumed` is who
    /// comes back, if it does.
    pub fn new(relay: &Relay, host: &str, secure: bool, resumed: Option<ParticipantId>) -> Self {
        let (scheme, usual) = if secure { ("turns", 443) } else { ("turn", 80) };
        // TURN's own ports are others than HTTP's, so that it always has to be said. An IPv6 address without one ends with a bracket.
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        let port = if has_port { String::new() } else { format!(":{usual}") };
        Self { url: format!("{scheme}:{host}{port}?transport=tcp"), secret: relay.secret.clone(), participant: resumed }
    }

    /// Adds the relay to what tells a client of ICE servers.
    pub fn furnish(&mut self, response: &mut Response) {
        let servers = match response {
            Response::Join(join) => {
                let sid = join.participant.as_ref().map(|participant| participant.sid.as_str());
                self.participant = sid.and_then(|sid| sid.parse().ok());
                &mut join.ice_servers
            }
            Response::Reconnect(reconnect) => &mut reconnect.ice_servers,
            _ => return,
        };
        if let Some(participant) = self.participant {
            let credentials = self.secret.credentials(participant, Duration::from_secs(clock::unix()));
            servers.push(IceServer {
                urls: vec![self.url.clone()],
                username: credentials.username,
                credential: credentials.password,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::livekit::{JoinResponse, ParticipantInfo, Pong, ReconnectResponse};

    use super::*;
    use crate::turn::tests::relay;

    fn url(host: &str, secure: bool) -> String {
        Signpost::new(&relay(), host, secure, None).url
    }

    #[test]
    fn the_address_is_that_of_the_page() {
        assert_eq!(url("meet.example.org", true), "turns:meet.example.org:443?transport=tcp");
        assert_eq!(url("meet.example.org:7880", true), "turns:meet.example.org:7880?transport=tcp");
        assert_eq!(url("127.0.0.1:7880", false), "turn:127.0.0.1:7880?transport=tcp");
        assert_eq!(url("localhost", false), "turn:localhost:80?transport=tcp");
        assert_eq!(url("[2001:db8::1]", true), "turns:[2001:db8::1]:443?transport=tcp");
        assert_eq!(url("[2001:db8::1]:7880", true), "turns:[2001:db8::1]:7880?transport=tcp");
    }

    #[test]
    fn who_joins_and_who_comes_back_gets_credentials_of_its_own() {
        let mut signpost = Signpost::new(&relay(), "a.example", true, None);
        let participant = ParticipantId::from(5);
        let info = ParticipantInfo { sid: participant.to_string(), ..Default::default() };
        let mut join = Response::Join(JoinResponse { participant: Some(info), ..Default::default() });
        signpost.furnish(&mut join);
        let Response::Join(join) = join else { unreachable!() };
        assert!(join.ice_servers[0].username.ends_with(&format!(":{participant}")), "{:?}", join.ice_servers);
        let mut back = Response::Reconnect(ReconnectResponse::default());
        Signpost::new(&relay(), "a.example", true, Some(participant)).furnish(&mut back);
        let Response::Reconnect(back) = back else { unreachable!() };
        assert!(back.ice_servers[0].username.ends_with(&format!(":{participant}")));
        signpost.furnish(&mut Response::PongResp(Pong::default()));
    }
}
