//! The client itself: passes inputs to the part that owns the matter, and keeps the timers.

mod signals;

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use proto::{
    ParticipantId, TrackId,
    livekit::{
        self, ClientInfo, ConnectionSettings, JoinRequest, LeaveRequest, MuteTrackRequest, Ping, UpdateSubscription,
        UpdateTrackSettings, client_info, leave_request, signal_request::Message as Request,
    },
    media::{Connection, Wish},
};
use str0m::{
    Candidate, Event as Transport, IceConnectionState, Input as ToTransport, Output as FromTransport, Rtc, RtcConfig,
    net::{Protocol, Receive},
};

use crate::{
    counting::Counting,
    data::{self, Channels},
    negotiation::Negotiation,
    receiving::Receiving,
    roster::Roster,
    sending::{Sending, video_quality},
    synthetic::Flow,
    words::{Action, Codec, Config, End, Event, Input, Output, Stats},
};

/// A participant in a room, from joining to leaving.
#[derive(Debug)]
pub struct Client {
    rtc: Rtc,
    now: Instant,
    start: Instant,
    stage: Stage,
    negotiation: Negotiation,
    sending: Sending,
    receiving: Receiving,
    roster: Roster,
    channels: Channels,
    /// There when what arrives is only counted.
    counting: Option<Counting>,
    timers: Timers,
    /// Something was handed to the transport that it has not worked on yet.
    stirred: bool,
    connected: bool,
    outputs: VecDeque<Output>,
    stats: Stats,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The join request was handed out.
    Joining,
    /// The server let us in, under this id.
    Inside(ParticipantId),
    /// Nothing happens any more.
    Over,
}

/// All the reasons to wake up, besides an answer that is overdue.
#[derive(Debug, Default)]
struct Timers {
    /// The transport has something to do.
    transport: Option<Instant>,
    /// The next ping is due.
    ping: Option<Instant>,
    /// The last ping should have been answered.
    pong: Option<Instant>,
    /// Media should be connected (again).
    media: Option<Instant>,
    /// ICE is restarted (again) unless media is connected.
    restart: Option<Instant>,
    /// How often pings go out and how long answers may take, as the server says.
    every: Duration,
    patience: Duration,
}

impl Client {
    /// A client that joins at once: its first output is the join request.
    pub fn new(config: Config, now: Instant) -> Self {
        let mut rtc = transport(&config, now);
        if let Ok(candidate) = Candidate::host(config.address, "udp") {
            rtc.add_local_candidate(candidate);
        }
        let mut client = Self {
            rtc,
            now,
            start: now,
            stage: Stage::Joining,
            negotiation: Negotiation::new(),
            sending: Sending::default(),
            receiving: Receiving::default(),
            roster: Roster::default(),
            channels: Channels::default(),
            counting: config.counts.then(|| Counting::new(now)),
            timers: Timers::default(),
            stirred: true,
            connected: false,
            outputs: VecDeque::new(),
            stats: Stats::default(),
        };
        let offer = if config.offer_with_join {
            client.stats.offers += 1;
            client.negotiation.offer(now, &mut client.rtc, &mut client.sending)
        } else {
            None
        };
        client.outputs.push_back(Output::Connect(Box::new(join_request(&config, offer))));
        client
    }

    /// Something happened.
    pub fn handle(&mut self, now: Instant, input: Input<'_>) {
        if self.stage == Stage::Over {
            return;
        }
        self.now = self.now.max(now);
        match input {
            Input::Signal(response) => self.signal(*response),
            Input::SignalClosed => self.end(End::SignalClosed),
            Input::Datagram { source, destination, bytes } => {
                self.stats.datagrams_in += 1;
                let (now, way) = (self.now, (destination, source));
                if self.counting.as_mut().is_some_and(|counting| counting.arrived(now, way, bytes)) {
                    self.stats.packets_in += 1;
                    return self.report();
                }
                // What does not parse is noise from somewhere, not a fault.
                if let Ok(receive) = Receive::new(Protocol::Udp, source, destination, bytes) {
                    self.work(ToTransport::Receive(self.now, receive));
                }
            }
            Input::Do(action) => {
                if !self.act(action) {
                    self.stats.ignored += 1;
                }
            }
            Input::Timeout => {}
        }
        self.expire();
        self.offer();
    }

    /// What is to be done, until there is nothing more.
    pub fn poll_output(&mut self) -> Option<Output> {
        if self.outputs.is_empty() && self.stirred {
            self.work(ToTransport::Timeout(self.now));
            self.offer();
        }
        self.outputs.pop_front()
    }

    /// When to send [`Input::Timeout`] at the latest.
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.stage == Stage::Over {
            return None;
        }
        let Timers { transport, ping, pong, media, restart, .. } = self.timers;
        let counting = self.counting.as_ref().and_then(Counting::deadline);
        [transport, ping, pong, media, restart, self.negotiation.deadline(), counting].into_iter().flatten().min()
    }

    /// What was counted so far.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// What was counted of each stream of sound or pictures, where packets are only counted ([`Config::counts`]).
    pub fn counted(&self) -> impl Iterator<Item = &Flow> {
        let repairs =
            |payload_type: u8| self.rtc.codec_config().find(|p| p.resend() == Some(payload_type.into())).is_some();
        let flows = self.counting.iter().flat_map(Counting::flows);
        flows.filter(move |(payload_type, _)| !repairs(*payload_type)).map(|(_, flow)| flow)
    }

    /// Whether media is connected.
    pub fn is_connected(&self) -> bool {
        self.connected
    }

    /// Whether the action made sense.
    fn act(&mut self, action: Action) -> bool {
        if let Action::Leave = action {
            self.leave();
            return true;
        }
        if !matches!(self.stage, Stage::Inside(_)) {
            return false;
        }
        match action {
            Action::Publish(track) => {
                let Some(add) = self.sending.ask(track) else { return false };
                self.request(Request::AddTrack(add));
            }
            Action::Unpublish(track) => {
                let Some(mid) = self.sending.remove(track) else { return false };
                if let Some(mid) = mid {
                    self.negotiation.retire(mid);
                }
            }
            Action::Mute { track, muted } => {
                if !self.sending.owns(track) {
                    return false;
                }
                self.request(Request::Mute(MuteTrackRequest { sid: track.to_string(), muted }));
            }
            Action::Subscribe(track) => self.subscription(track, true),
            Action::Unsubscribe(track) => self.subscription(track, false),
            Action::Prefer { track, wish } => self.request(Request::TrackSetting(settings(track, wish))),
            Action::SendData { message, to } => {
                self.stirred = true;
                if !self.channels.send(&mut self.rtc, message, &to) {
                    self.stats.data_dropped += 1;
                }
            }
            Action::Media(packet) => {
                if !self.sending.wants(&packet) {
                    self.stats.packets_unwanted += 1;
                    return true;
                }
                if !self.connected || !self.sending.write(self.now, &mut self.rtc, packet) {
                    return false;
                }
                self.stirred = true;
                self.stats.packets_out += 1;
            }
            Action::AskForKeyframe(track) => {
                self.stirred = true;
                let asked = self.receiving.ask_for_keyframe(&mut self.rtc, track);
                self.stats.keyframes_asked += u64::from(asked);
                return asked;
            }
            Action::RestartIce => self.negotiation.restart_ice(),
            Action::Leave => {}
        }
        true
    }

    fn subscription(&mut self, track: TrackId, subscribe: bool) {
        let track_sids = vec![track.to_string()];
        self.request(Request::Subscription(UpdateSubscription { track_sids, subscribe, ..Default::default() }));
    }

    fn leave(&mut self) {
        self.request(Request::Leave(LeaveRequest {
            reason: livekit::DisconnectReason::ClientInitiated.into(),
            action: leave_request::Action::Disconnect.into(),
            ..Default::default()
        }));
        self.end(End::Left);
    }

    fn end(&mut self, end: End) {
        if self.stage == Stage::Over {
            return;
        }
        self.stage = Stage::Over;
        self.connected = false;
        // Says goodbye in RTCP and DTLS where there is a connection; where there is none there is nothing to say.
        if self.rtc.close().is_ok() {
            self.drain();
        }
        self.stirred = false;
        self.tell(Event::Ended(end));
    }

    fn expire(&mut self) {
        self.report();
        let due = |timer: Option<Instant>| timer.is_some_and(|at| at <= self.now);
        if self.stage == Stage::Over {
            return;
        }
        if due(self.timers.pong) {
            return self.end(End::PingTimeout);
        }
        if due(self.timers.media) {
            return self.end(End::MediaTimeout);
        }
        if due(self.negotiation.deadline()) {
            return self.end(End::AnswerTimeout);
        }
        if due(self.timers.transport) {
            self.timers.transport = None;
            self.stirred = true;
        }
        if due(self.timers.restart) {
            self.negotiation.restart_ice();
            self.timers.restart = Some(self.now + RESTART_EVERY);
        }
        if due(self.timers.ping) {
            self.timers.ping = Some(self.now + self.timers.every);
            self.timers.pong = self.timers.pong.or(Some(self.now + self.timers.patience));
            // Clients send both forms; an engine knows no calendar, and servers only send the number back.
            let timestamp = self.now.saturating_duration_since(self.start).as_millis() as i64;
            self.request(Request::Ping(timestamp));
            self.request(Request::PingReq(Ping { timestamp, rtt: 0 }));
        }
    }

    /// Tells the server what was counted, where nobody else does.
    fn report(&mut self) {
        let (outputs, stats) = (&mut self.outputs, &mut self.stats);
        if let Some(counting) = self.counting.as_mut().filter(|c| c.deadline().is_some_and(|at| at <= self.now)) {
            counting.report(self.now, |(source, destination), bytes| {
                stats.datagrams_out += 1;
                outputs.push_back(Output::Transmit { source, destination, bytes });
            });
        }
    }

    fn offer(&mut self) {
        if !matches!(self.stage, Stage::Inside(_)) {
            return;
        }
        if let Some(offer) = self.negotiation.offer(self.now, &mut self.rtc, &mut self.sending) {
            self.stirred = true;
            self.stats.offers += 1;
            self.request(Request::Offer(offer));
        }
    }

    /// Lets the transport work on an input and takes all it gives.
    fn work(&mut self, input: ToTransport<'_>) {
        self.stirred = false;
        if let Err(error) = self.rtc.handle_input(input) {
            return self.end(End::Transport(error.to_string()));
        }
        self.channels.flush(&mut self.rtc);
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            let rtc = &mut self.rtc;
            let output = match &mut self.counting {
                Some(counting) => counting.watch(|| rtc.poll_output()),
                None => rtc.poll_output(),
            };
            match output {
                Ok(FromTransport::Timeout(at)) => {
                    self.timers.transport = Some(at);
                    return;
                }
                Ok(FromTransport::Transmit(transmit)) => {
                    self.stats.datagrams_out += 1;
                    let (source, destination) = (transmit.source, transmit.destination);
                    let bytes: Vec<u8> = transmit.contents.into();
                    let bytes = match &mut self.counting {
                        Some(counting) => counting.departs(bytes),
                        None => bytes,
                    };
                    self.outputs.push_back(Output::Transmit { source, destination, bytes });
                }
                Ok(FromTransport::Event(event)) => self.transport_event(event),
                Err(error) => return self.end(End::Transport(error.to_string())),
            }
            if !self.rtc.is_alive() {
                return self.end(End::Transport("closed by the server".to_owned()));
            }
        }
    }

    fn transport_event(&mut self, event: Transport) {
        match event {
            Transport::Connected => self.media_is(true),
            Transport::IceConnectionStateChange(IceConnectionState::Disconnected) => self.media_is(false),
            // The first time DTLS is still to come, and `Connected` says when; later it goes on as it was.
            Transport::IceConnectionStateChange(IceConnectionState::Connected | IceConnectionState::Completed)
                if self.timers.restart.is_some() =>
            {
                self.media_is(true);
            }
            Transport::ChannelOpen(id, label) => {
                self.channels.opened(id, &label);
                self.channels.flush(&mut self.rtc);
            }
            Transport::ChannelData(data) => {
                if let Some((from, message)) = data::decode(&data) {
                    self.tell(Event::Data { from, message });
                }
            }
            Transport::KeyframeRequest(request) => {
                if let Some((track, layer)) = self.sending.source(request.mid, request.rid.as_deref()) {
                    self.tell(Event::KeyframeWanted { track, layer });
                }
            }
            Transport::RtpPacket(packet) => {
                match self.receiving.packet(self.now, &mut self.rtc, &self.negotiation, packet) {
                    Some((received, asked)) => {
                        self.stats.packets_in += 1;
                        self.stats.keyframes_asked += u64::from(asked);
                        self.tell(Event::Media(received));
                    }
                    None => self.stats.packets_unknown += 1,
                }
            }
            _ => {}
        }
    }

    fn media_is(&mut self, connected: bool) {
        if self.connected == connected {
            return;
        }
        self.connected = connected;
        if connected {
            self.timers.media = None;
            self.timers.restart = None;
            self.tell(Event::Connected);
        } else {
            self.timers.media = Some(self.now + RECONNECT_WITHIN);
            self.timers.restart = Some(self.now);
            self.tell(Event::Disconnected);
        }
    }

    fn request(&mut self, request: Request) {
        self.outputs.push_back(Output::Request(Box::new(request)));
    }

    fn tell(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }
}

fn transport(config: &Config, now: Instant) -> Rtc {
    let mut rtc = RtcConfig::new().set_rtp_mode(true).clear_codecs();
    for codec in &config.codecs {
        rtc = match codec {
            Codec::Opus => rtc.enable_opus(true, false),
            Codec::Vp8 => rtc.enable_vp8(true),
            Codec::Vp9 => rtc.enable_vp9(true),
            Codec::H264 => rtc.enable_h264(true),
            Codec::Av1 => rtc.enable_av1(true),
        };
    }
    if config.counts {
        rtc = rtc.set_crypto_provider(Arc::new(Counting::provider()));
    }
    rtc.build(now)
}

fn join_request(config: &Config, offer: Option<livekit::SessionDescription>) -> JoinRequest {
    JoinRequest {
        client_info: Some(ClientInfo {
            sdk: client_info::Sdk::Rust.into(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            protocol: PROTOCOL,
            os: std::env::consts::OS.to_owned(),
            ..Default::default()
        }),
        connection_settings: Some(ConnectionSettings { auto_subscribe: config.auto_subscribe, ..Default::default() }),
        publisher_offer: offer,
        ..Default::default()
    }
}

fn settings(track: TrackId, wish: Wish) -> UpdateTrackSettings {
    let (width, height) = wish.size.unwrap_or_default();
    UpdateTrackSettings {
        track_sids: vec![track.to_string()],
        disabled: !wish.enabled,
        quality: video_quality(wish.quality).into(),
        width,
        height,
        ..Default::default()
    }
}

fn connection(quality: livekit::ConnectionQuality) -> Connection {
    match quality {
        livekit::ConnectionQuality::Poor => Connection::Poor,
        livekit::ConnectionQuality::Good => Connection::Good,
        livekit::ConnectionQuality::Excellent => Connection::Excellent,
        livekit::ConnectionQuality::Lost => Connection::Lost,
    }
}

/// The version of the client protocol that is spoken: that of LiveKit's SDKs which use one peer connection.
const PROTOCOL: i32 = 16;

/// No ping is slower than this, in seconds, whatever the server says.
const SLOWEST_PING: i32 = 120;

/// How long lost media may take to come back. The server keeps a silent participant for less, so this only ends waits
/// that are without hope.
const RECONNECT_WITHIN: Duration = Duration::from_secs(60);

/// Time between two tries to reconnect media: long enough for an answer and a few checks over a slow network.
const RESTART_EVERY: Duration = Duration::from_secs(5);
