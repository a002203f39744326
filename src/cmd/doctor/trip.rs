//! Sound through the running server and back: one client sends, another takes, each over one way alone.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use client::{
    Action, Client, Codec, Config, Event, Input, Output, Packet, Track,
    synthetic::{Stamp, Tone},
    wire,
};
use futures_util::{SinkExt as _, StreamExt as _};
use proto::{
    Source, TrackId,
    api::{TrialOver, TrialWay},
    livekit::signal_response::Message as Response,
};
use tokio::{
    net::UdpSocket,
    sync::{oneshot, watch},
    time::timeout,
};
use tokio_tungstenite::{Connector, tungstenite::Message};

use super::{
    line::{Line, Login, as_udp},
    live::Live,
};

/// What came back.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Until the first packet.
    pub first: Duration,
    /// Packets that came.
    pub packets: u32,
    /// How long they were under way, on the average.
    pub delay: Duration,
}

/// Sends sound over one way until enough of it has come back.
pub async fn run(live: &Live, way: &TrialWay) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let (done, over) = watch::channel(false);
    let sends = Seat { live, way, token: &way.sender, start, sends: true };
    let takes = Seat { live, way, token: &way.receiver, start, sends: false };
    let taking = async {
        let outcome = takes.stay(over.clone()).await;
        let _ = done.send(true);
        outcome
    };
    let both = async {
        // Whichever fails first says why; the other could only wait.
        let (_, taken) = tokio::try_join!(sends.stay(over.clone()), taking)?;
        taken.context("nothing came back")
    };
    match timeout(PATIENCE, both).await {
        Ok(outcome) => outcome,
        Err(_) => bail!("no sound came back within {} s", PATIENCE.as_secs()),
    }
}

struct Seat<'a> {
    live: &'a Live,
    way: &'a TrialWay,
    token: &'a str,
    start: Instant,
    sends: bool,
}

impl Seat<'_> {
    /// Stays until `over` says so, or it has heard enough itself.
    async fn stay(&self, mut over: watch::Receiver<bool>) -> anyhow::Result<Option<Outcome>> {
        let (local, mut line, mut login) = self.line().await?;
        let mut client = Client::new(Config { auto_subscribe: !self.sends, ..Config::new(local) }, Instant::now());
        let Some(Output::Connect(join)) = client.poll_output() else { bail!("a client begins with its join request") };
        let scheme = if self.live.tls.is_some() { "wss" } else { "ws" };
        let (at, token) = (self.live.at, self.token);
        let url = format!("{scheme}://{at}/rtc/v1?access_token={token}&join_request={}", wire::join_parameter(&join));
        let tls = self.live.tls.clone().map_or(Connector::Plain, Connector::Rustls);
        let connecting = tokio_tungstenite::connect_async_tls_with_config(url, None, true, Some(tls));
        let (mut sink, mut stream) = connecting.await.context("no WebSocket")?.0.split();
        let mut sound = Sound { track: None, tone: Tone::new(1), time: 0, next: Instant::now() };
        let mut heard = Heard::default();
        loop {
            let now = Instant::now();
            if client.is_connected() {
                sound.send(now, self.start, &mut client);
            }
            while let Some(output) = client.poll_output() {
                match output {
                    Output::Connect(_) => {}
                    Output::Request(request) => {
                        // A closed socket is noticed where it is read.
                        let _ = sink.send(Message::Binary(wire::encode(*request).into())).await;
                    }
                    Output::Transmit { destination, bytes, .. } => {
                        let _ = line.out.try_send((destination, bytes.to_vec()));
                    }
                    Output::Event(Event::Ended(client::End::Left)) => return Ok(heard.outcome()),
                    Output::Event(Event::Ended(end)) => bail!("{end}"),
                    Output::Event(Event::Joined { .. }) if self.sends => {
                        client.handle(Instant::now(), Input::Do(Action::Publish(microphone())));
                    }
                    Output::Event(Event::Published { track, .. }) => sound.track = Some(track),
                    Output::Event(Event::Media(received)) => heard.note(self.start, &received.payload),
                    Output::Event(_) => {}
                }
            }
            if heard.packets >= ENOUGH {
                return Ok(heard.outcome());
            }
            let sounds = (client.is_connected() && sound.track.is_some()).then_some(sound.next);
            let wake = [client.poll_timeout(), sounds].into_iter().flatten().min().unwrap_or(now + PATIENCE);
            tokio::select! {
                came = line.inbox.recv() => match came {
                    Some((source, bytes)) => {
                        let datagram = Input::Datagram { source, destination: local, bytes: &bytes };
                        client.handle(Instant::now(), datagram);
                    }
                    None => bail!((&mut line.failed).await.unwrap_or_else(|_| "the line ended".to_owned())),
                },
                frame = stream.next() => match frame {
                    Some(Ok(Message::Binary(bytes))) => {
                        let Some(mut response) = wire::decode(&bytes).context("no signal response")? else { continue };
                        self.prepare(&mut response, &mut login);
                        client.handle(Instant::now(), Input::Signal(Box::new(response)));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => client.handle(Instant::now(), Input::SignalClosed),
                },
                _ = over.wait_for(|over| *over) => return Ok(heard.outcome()),
                () = tokio::time::sleep_until(wake.into()) => client.handle(Instant::now(), Input::Timeout),
            }
        }
    }

    /// The line, the address that the client takes for its own, and whom to tell how to sign in at the relay.
    async fn line(&self) -> anyhow::Result<(SocketAddr, Line, Option<oneshot::Sender<Login>>)> {
        let first: Option<SocketAddr> = self.way.addresses.first().and_then(|address| address.parse().ok());
        let local = way_to(first.context("the server names no address")?)?;
        let made_up = SocketAddr::new(local, 9);
        Ok(match self.way.over {
            TrialOver::Any | TrialOver::Udp => {
                let socket = UdpSocket::bind(SocketAddr::new(local, 0)).await.context("no UDP socket")?;
                (socket.local_addr()?, Line::udp(socket), None)
            }
            TrialOver::Tcp => (made_up, Line::tcp(), None),
            TrialOver::Relay => {
                let (tell, told) = oneshot::channel();
                let chance = getrandom::u64().context("no random numbers")?;
                (made_up, Line::relay(self.live.clone(), told, chance), Some(tell))
            }
        })
    }

    /// What the client has to be told in other words, and the line to be told at all.
    fn prepare(&self, response: &mut Response, login: &mut Option<oneshot::Sender<Login>>) {
        match response {
            Response::Answer(answer) if self.way.over == TrialOver::Tcp => answer.sdp = as_udp(&answer.sdp),
            Response::Join(join) => {
                if let (Some(server), Some(tell)) = (join.ice_servers.first(), login.take()) {
                    // The line may have ended; then it says so itself.
                    let _ = tell.send((server.username.clone(), server.credential.clone()));
                }
            }
            _ => {}
        }
    }
}

/// A microphone that was published, perhaps.
struct Sound {
    track: Option<TrackId>,
    tone: Tone,
    time: u32,
    next: Instant,
}

impl Sound {
    fn send(&mut self, now: Instant, start: Instant, client: &mut Client) {
        let Some(track) = self.track else { return };
        if self.next > now {
            return;
        }
        self.next = now + Tone::INTERVAL;
        self.time = self.time.wrapping_add(Tone::TICKS);
        let payload = self.tone.packet(now.saturating_duration_since(start)).into();
        let packet = Packet { track, layer: None, time: self.time, marker: false, level: Some(LEVEL), payload };
        client.handle(now, Input::Do(Action::Media(packet)));
    }
}

#[derive(Default)]
struct Heard {
    first: Option<Duration>,
    packets: u32,
    delays: Duration,
}

impl Heard {
    fn note(&mut self, start: Instant, payload: &[u8]) {
        // Padding that looks for more bandwidth carries nothing.
        let Some(stamp) = Stamp::read(payload) else { return };
        let now = start.elapsed();
        self.first.get_or_insert(now);
        self.packets += 1;
        self.delays += now.saturating_sub(stamp.sent);
    }

    fn outcome(&self) -> Option<Outcome> {
        let first = self.first?;
        Some(Outcome { first, packets: self.packets, delay: self.delays / self.packets.max(1) })
    }
}

fn microphone() -> Track {
    Track {
        cid: "microphone".to_owned(),
        name: "microphone".to_owned(),
        source: Source::Microphone,
        codec: Codec::Opus,
        layers: Vec::new(),
        muted: false,
    }
}

/// The own address from which the system would send to there. Nothing is sent.
fn way_to(target: SocketAddr) -> anyhow::Result<IpAddr> {
    let any: SocketAddr = if target.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = std::net::UdpSocket::bind(any).context("no UDP socket")?;
    socket.connect(target).with_context(|| format!("no way leads to {}", target.ip()))?;
    Ok(socket.local_addr()?.ip())
}

/// Packets after which a way is proved: half a second of sound.
const ENOUGH: u32 = 25;
/// How loud the sound is, in dBov.
const LEVEL: i8 = -30;
/// How long it may take in all. On one machine it takes a second.
const PATIENCE: Duration = Duration::from_secs(12);
