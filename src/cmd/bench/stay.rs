//! One participant between joining and leaving: sockets around a `client`.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use client::{Action, Client, Codec, Config, End, Event, Input, Output, synthetic::Stamp, wire};
use futures_util::{SinkExt as _, StreamExt as _};
use proto::{ParticipantId, TrackId};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};

use super::{
    News, Phase,
    device::Device,
    histogram::Histogram,
    place::{Place, open},
    report::Outcome,
    trust,
};

/// All that one participant needs.
#[derive(Debug)]
pub struct Setup {
    /// Which one it is.
    pub number: u32,
    /// Which room it is in.
    pub room: u32,
    /// What the names of all of us begin with.
    pub ours: String,
    /// What lets it in.
    pub token: String,
    /// Where to.
    pub place: Place,
    /// The moment that all stamps count from.
    pub start: Instant,
    /// Whether it takes nothing.
    pub deaf: bool,
    /// Whether it joins only when others send.
    pub is_subscriber: bool,
    /// What cameras of ours encode in.
    pub codec: Codec,
    /// Whether anybody in its room sends.
    pub hears: bool,
    /// Whether it counts packets by their headers and checks none.
    pub counts: bool,
    /// How long after the others of its kind it joins.
    pub wait: Duration,
    /// What it publishes.
    pub devices: Vec<Device>,
}

/// Joins, stays until the last phase, leaves, and tells what it saw.
pub async fn participate(setup: Setup, phases: watch::Receiver<Phase>, tell: mpsc::Sender<News>) -> Outcome {
    let number = setup.number;
    let mut outcome = Outcome { number, room: setup.room, counts: setup.counts, ..Outcome::default() };
    let stay = Stay {
        ours: setup.ours.clone(),
        deaf: setup.deaf,
        devices: Vec::new(),
        start: setup.start,
        began: Instant::now(),
        strangers: BTreeSet::new(),
        strange: BTreeSet::new(),
        sections: BTreeSet::new(),
        told: None,
        window: 0,
        listens: setup.is_subscriber && setup.hears,
    };
    if let Err(error) = stay.run(setup, phases, &tell, &mut outcome).await {
        outcome.failure = Some(format!("{error:#}"));
        let _ = tell.try_send(News::Failed(number));
    }
    outcome
}

/// One participant between joining and leaving.
struct Stay {
    /// It takes nothing of the others, and nothing is missing to them.
    deaf: bool,
    devices: Vec<Device>,
    start: Instant,
    began: Instant,
    ours: String,
    /// Others in the room that are not of this run, and their tracks.
    strangers: BTreeSet<ParticipantId>,
    strange: BTreeSet<TrackId>,
    sections: BTreeSet<TrackId>,
    told: Option<usize>,
    /// Whether its join ends with the first packet that it hears.
    listens: bool,
    /// Packets that had come when the measurement began.
    window: u64,
}

impl Stay {
    async fn run(
        mut self,
        setup: Setup,
        mut phases: watch::Receiver<Phase>,
        tell: &mpsc::Sender<News>,
        outcome: &mut Outcome,
    ) -> anyhow::Result<()> {
        let Setup { number, token, place, devices, is_subscriber, codec, counts, wait, .. } = setup;
        self.devices = devices;
        if is_subscriber {
            phases.wait_for(|phase| *phase >= Phase::Flow).await?;
        }
        let turn = tokio::time::Instant::now() + wait;
        tokio::time::sleep_until(turn).await;
        let (socket, local) = open(place.local)?;
        // What a client does before its first byte is no part of a join, and must not delay those of others.
        let mut config = Config { counts, auto_subscribe: !self.deaf, ..Config::new(local) };
        if !config.codecs.contains(&codec) {
            // Ahead of the one that others in the room may have.
            config.codecs.insert(1, codec);
        }
        let mut client = Client::new(config, Instant::now());
        let Some(Output::Connect(join)) = client.poll_output() else { bail!("a client begins with its join request") };
        let url = format!("{}/rtc/v1?access_token={token}&join_request={}", place.url, wire::join_parameter(&join));
        tokio::time::sleep_until(turn + PREPARATION).await;
        self.began = Instant::now();
        let (way, tls) = (Some(signalling()), Some(place.connector()));
        let connecting = tokio_tungstenite::connect_async_tls_with_config(url, way, true, tls);
        let connected = tokio::time::timeout(CONNECT_WITHIN, connecting).await.context("the server does not answer")?;
        let (mut sink, mut stream) = connected.map_err(trust::explain)?.0.split();
        let mut buffer = vec![0; LARGEST_DATAGRAM];
        let mut phase = *phases.borrow_and_update();
        loop {
            let now = Instant::now();
            if phase.has_media() {
                let sent = now.saturating_duration_since(self.start);
                self.devices.iter_mut().for_each(|d| d.capture(now, sent, &mut client));
            }
            while let Some(output) = client.poll_output() {
                match output {
                    Output::Connect(_) => {}
                    Output::Request(request) => {
                        let frame = Message::Binary(wire::encode(*request).into());
                        if sink.send(frame).await.is_err() {
                            client.handle(Instant::now(), Input::SignalClosed);
                        }
                    }
                    Output::Transmit { destination, bytes, .. } => {
                        // A refused datagram is like a lost one; a full buffer is waited for.
                        let _ = socket.send_to(&bytes, destination).await;
                    }
                    Output::Event(Event::Ended(end)) => {
                        self.close(&client, is_subscriber, outcome);
                        return if end == End::Left { Ok(()) } else { Err(end.into()) };
                    }
                    Output::Event(event) => self.hear(&mut client, event, outcome),
                }
            }
            if phase < Phase::Measure {
                self.report(number, &client, tell, outcome);
            }
            let media = phase.has_media().then(|| self.devices.iter().filter(|d| d.id.is_some()).map(|d| d.next).min());
            let wake = [client.poll_timeout(), media.flatten()].into_iter().flatten().min();
            let wake = wake.unwrap_or(now + CONNECT_WITHIN);
            tokio::select! {
                ready = socket.readable() => {
                    ready.context("the media socket broke")?;
                    for _ in 0..BATCH {
                        let Ok((length, source)) = socket.try_recv_from(&mut buffer) else { break };
                        let bytes = &buffer[..length];
                        client.handle(Instant::now(), Input::Datagram { source, destination: local, bytes });
                    }
                }
                frame = stream.next() => match frame {
                    Some(Ok(Message::Binary(bytes))) => {
                        if let Some(response) = wire::decode(&bytes).context("the server sent no signal response")? {
                            client.handle(Instant::now(), Input::Signal(Box::new(response)));
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => client.handle(Instant::now(), Input::SignalClosed),
                },
                changed = phases.changed() => {
                    let before = phase;
                    phase = if changed.is_ok() { *phases.borrow_and_update() } else { Phase::Leave };
                    if phase.has_media() && !before.has_media() {
                        self.stagger(number);
                    }
                    match phase {
                        Phase::Measure => {
                            self.window = client.stats().packets_in;
                            outcome.latency = Histogram::default();
                        }
                        Phase::Settle => outcome.window = client.stats().packets_in - self.window,
                        _ => {}
                    }
                    if phase == Phase::Leave {
                        client.handle(Instant::now(), Input::Do(Action::Leave));
                    }
                }
                () = tokio::time::sleep_until(wake.into()) => client.handle(Instant::now(), Input::Timeout),
            }
        }
    }

    /// Spreads the devices of all over their interval, as those of real people are.
    fn stagger(&mut self, number: u32) {
        let now = Instant::now();
        for device in &mut self.devices {
            let place = number.wrapping_mul(7) % 32;
            device.next = now + device.every * place / 32;
        }
    }

    fn hear(&mut self, client: &mut Client, event: Event, outcome: &mut Outcome) {
        let now = Instant::now();
        match event {
            Event::Joined { .. } => {
                for device in &self.devices {
                    client.handle(now, Input::Do(Action::Publish(device.track.clone())));
                }
            }
            Event::Connected if outcome.joined.is_none() => outcome.joined = Some(self.began.elapsed()),
            Event::Published { cid, track } => {
                self.devices.iter_mut().filter(|d| d.track.cid == cid).for_each(|d| d.id = Some(track));
            }
            Event::ParticipantJoined { participant, identity } if !identity.as_str().starts_with(&self.ours) => {
                self.strangers.insert(participant);
            }
            Event::TrackPublished { participant, track } if self.strangers.contains(&participant) => {
                self.strange.insert(track.track);
            }
            Event::TrackSubscribed { track, .. } => {
                self.sections.insert(track);
            }
            Event::TrackUnsubscribed { track } => {
                self.sections.remove(&track);
            }
            Event::KeyframeWanted { track, layer } => {
                for device in self.devices.iter_mut().filter(|d| d.id == Some(track)) {
                    device.want_keyframe(layer);
                }
            }
            // Padding that looks for more bandwidth.
            Event::Media(received) if received.payload.is_empty() => {}
            Event::Media(received) => match Stamp::read(&received.payload) {
                Some(stamp) => {
                    let way = now.saturating_duration_since(self.start).saturating_sub(stamp.sent);
                    outcome.latency.add(way);
                    outcome.layers.entry((stamp.flow, stamp.layer)).or_default().arrived(stamp.sequence.into());
                    outcome.streams.entry(stamp.flow).or_default().arrived(received.sequence);
                }
                None => outcome.foreign.entry(received.track).or_default().arrived(received.sequence),
            },
            Event::Refused { request, why, .. } => outcome.failure = Some(format!("{request} was refused ({why:?})")),
            _ => {}
        }
    }

    fn report(&mut self, number: u32, client: &Client, tell: &mpsc::Sender<News>, outcome: &mut Outcome) {
        let ready = client.is_connected() && self.devices.iter().all(|d| d.id.is_some());
        let hears = !self.listens || client.stats().packets_in > 0;
        if ready && hears && outcome.ready.is_none() {
            outcome.ready = Some(self.began.elapsed());
        }
        let count = self.sections.difference(&self.strange).count();
        if ready && self.told != Some(count) && tell.try_send(News::Has(number, count)).is_ok() {
            self.told = Some(count);
        }
    }

    fn close(&self, client: &Client, is_subscriber: bool, outcome: &mut Outcome) {
        outcome.is_subscriber = is_subscriber;
        if !self.deaf {
            outcome.made = self.devices.iter().map(|d| (d.flow, d.made())).collect();
        }
        outcome.sent = client.stats().packets_out;
        outcome.counted = client.counted().cloned().collect();
    }
}

impl Phase {
    fn has_media(self) -> bool {
        matches!(self, Self::Flow | Self::Measure)
    }
}

/// How the signalling connection is read. By default each read clears 128 KiB, which costs more than all that a crowd has to
/// say to each other; longer messages take several reads.
fn signalling() -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(4 * 1024)
}

/// Time in which clients are made before the first of them joins; a client takes some milliseconds of a processor.
const PREPARATION: Duration = Duration::from_secs(1);

/// How long the server may take to accept the signalling connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);

/// Datagrams read before anything else is done, so that signalling and timers are not starved.
const BATCH: usize = 64;

/// The largest datagram that is read; media never has more than 1500 bytes.
const LARGEST_DATAGRAM: usize = 2_048;
