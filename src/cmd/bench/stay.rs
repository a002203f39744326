//! One participant between joining and leaving: sockets around a `client`.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use client::{Action, Client, Config, End, Event, Input, Output, synthetic::Stamp, wire};
use futures_util::{SinkExt as _, StreamExt as _};
use proto::{ParticipantId, TrackId};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message;

use super::{
    News, Phase,
    device::Device,
    place::{Place, open},
    report::Outcome,
};

/// All that one participant needs.
#[derive(Debug)]
pub struct Setup {
    /// Which one it is.
    pub number: u32,
    /// What the names of all of us begin with.
    pub ours: String,
    /// What lets it in.
    pub token: String,
    /// Where to.
    pub place: Place,
    /// The moment that all stamps count from.
    pub start: Instant,
    /// What it publishes.
    pub devices: Vec<Device>,
}

/// Joins, stays until the last phase, leaves, and tells what it saw.
pub async fn participate(setup: Setup, phases: watch::Receiver<Phase>, tell: mpsc::Sender<News>) -> Outcome {
    let number = setup.number;
    let mut outcome = Outcome { number, ..Outcome::default() };
    let stay = Stay {
        ours: setup.ours.clone(),
        devices: Vec::new(),
        start: setup.start,
        began: Instant::now(),
        strangers: BTreeSet::new(),
        strange: BTreeSet::new(),
        sections: BTreeSet::new(),
        told: None,
    };
    if let Err(error) = stay.run(setup, phases, &tell, &mut outcome).await {
        outcome.failure = Some(format!("{error:#}"));
        let _ = tell.try_send(News::Failed(number));
    }
    outcome
}

/// One participant between joining and leaving.
struct Stay {
    devices: Vec<Device>,
    start: Instant,
    began: Instant,
    ours: String,
    /// Others in the room that are not of this run, and their tracks.
    strangers: BTreeSet<ParticipantId>,
    strange: BTreeSet<TrackId>,
    sections: BTreeSet<TrackId>,
    told: Option<usize>,
}

impl Stay {
    async fn run(
        mut self,
        setup: Setup,
        mut phases: watch::Receiver<Phase>,
        tell: &mpsc::Sender<News>,
        outcome: &mut Outcome,
    ) -> anyhow::Result<()> {
        let Setup { number, token, place, devices, .. } = setup;
        self.devices = devices;
        // One after the other: everybody at once would measure the queue at the door.
        tokio::time::sleep(BETWEEN_JOINS * number).await;
        self.began = Instant::now();
        let (socket, local) = open(place.local)?;
        let mut client = Client::new(Config::new(local), self.began);
        let Some(Output::Connect(join)) = client.poll_output() else { bail!("a client begins with its join request") };
        let url = format!("{}/rtc/v1?access_token={token}&join_request={}", place.url, wire::join_parameter(&join));
        let connecting = tokio_tungstenite::connect_async_with_config(url, None, true);
        let connected = tokio::time::timeout(CONNECT_WITHIN, connecting).await.context("the server does not answer")?;
        let (mut sink, mut stream) = connected.context("the server refused")?.0.split();
        let mut buffer = vec![0; LARGEST_DATAGRAM];
        let mut phase = Phase::Gather;
        loop {
            let now = Instant::now();
            if phase == Phase::Flow {
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
                        self.close(&client, outcome);
                        return if end == End::Left { Ok(()) } else { Err(end.into()) };
                    }
                    Output::Event(event) => self.hear(&mut client, event, outcome),
                }
            }
            if phase == Phase::Gather {
                self.report(number, &client, tell);
            }
            let media =
                (phase == Phase::Flow).then(|| self.devices.iter().filter(|d| d.id.is_some()).map(|d| d.next).min());
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
                    phase = if changed.is_ok() { *phases.borrow_and_update() } else { Phase::Leave };
                    if phase == Phase::Flow {
                        self.stagger(number);
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

    fn report(&mut self, number: u32, client: &Client, tell: &mpsc::Sender<News>) {
        let ready = client.is_connected() && self.devices.iter().all(|d| d.id.is_some());
        let count = self.sections.difference(&self.strange).count();
        if ready && self.told != Some(count) && tell.try_send(News::Has(number, count)).is_ok() {
            self.told = Some(count);
        }
    }

    fn close(&self, client: &Client, outcome: &mut Outcome) {
        outcome.made = self.devices.iter().map(|d| (d.flow, d.made())).collect();
        outcome.sent = client.stats().packets_out;
    }
}

/// Time between two newcomers.
const BETWEEN_JOINS: Duration = Duration::from_millis(20);

/// How long the server may take to accept the signalling connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);

/// Datagrams read before anything else is done, so that signalling and timers are not starved.
const BATCH: usize = 64;

/// The largest datagram that is read; media never has more than 1500 bytes.
const LARGEST_DATAGRAM: usize = 2_048;
