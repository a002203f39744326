//! Microphones and cameras that show nothing, at the rates asked for.

use std::time::{Duration, Instant};

use client::{
    Action, Client, Codec, Input, Packet, Track,
    synthetic::{Picture, Tone},
};
use proto::{
    Source, TrackId,
    media::{Layer, Quality},
};

use super::Args;

/// A microphone or camera.
#[derive(Debug)]
pub struct Device {
    /// What it publishes.
    pub track: Track,
    /// The server's name for it, once it may send.
    pub id: Option<TrackId>,
    /// When it captures next.
    pub next: Instant,
    /// How often it captures.
    pub every: Duration,
    ticks: u32,
    ticks_each: u32,
    /// What its stamps say.
    pub flow: u32,
    maker: Maker,
}

#[derive(Debug)]
enum Maker {
    Sound(Tone, Turn),
    Pictures(Vec<Shot>),
}

/// When a microphone is heard.
#[derive(Debug, Clone, Copy)]
struct Turn {
    /// How long a turn is; 0 where there are none.
    seconds: u64,
    of: u64,
    mine: u64,
}

impl Turn {
    fn level(self, sent: Duration) -> i8 {
        let speaks = sent.as_secs().checked_div(self.seconds).is_none_or(|turn| turn % self.of == self.mine);
        if speaks { LEVEL } else { SILENT }
    }
}

#[derive(Debug)]
struct Shot {
    quality: Quality,
    picture: Picture,
    bytes: usize,
    key: bool,
}

/// What participant `number` has, who is at this place in its room, as the arguments say.
pub fn devices(args: &Args, number: u32, place: u32) -> Vec<Device> {
    let now = Instant::now();
    let (audios, videos) = args.devices();
    let (audio, video) = (place < audios, place < videos);
    let mut devices = Vec::new();
    if audio {
        let track = Track {
            cid: format!("microphone-{number}"),
            name: "microphone".to_owned(),
            source: Source::Microphone,
            codec: Codec::Opus,
            layers: Vec::new(),
            muted: false,
        };
        let flow = number * 2;
        let turn = Turn { seconds: args.turns, of: audios.into(), mine: place.into() };
        let maker = Maker::Sound(Tone::new(flow), turn);
        let (every, ticks_each) = (Tone::INTERVAL, Tone::TICKS);
        devices.push(Device { track, id: None, next: now, every, ticks: 0, ticks_each, flow, maker });
    }
    if video {
        let sizes = [(Quality::Low, 160, 90), (Quality::Medium, 320, 180), (Quality::High, 640, 360)];
        let sizes = &sizes[sizes.len() - usize::from(args.layers)..];
        let flow = number * 2 + 1;
        let shot = |(at, &(quality, width, height)): (usize, &(Quality, u16, u16))| {
            let below = (sizes.len() - 1 - at) as u32;
            let bytes = (args.bitrate * 1000 / 8 / args.fps / 4_u32.pow(below)) as usize;
            Shot { quality, picture: Picture::of(args.codec, flow, at as u8, width, height), bytes, key: true }
        };
        let track = Track {
            cid: format!("camera-{number}"),
            name: "camera".to_owned(),
            source: Source::Camera,
            codec: args.codec.codec(),
            layers: sizes.iter().map(|&(quality, w, h)| Layer { quality, width: w.into(), height: h.into() }).collect(),
            muted: false,
        };
        let maker = Maker::Pictures(sizes.iter().enumerate().map(shot).collect());
        let (every, ticks_each) = (Duration::from_secs(1) / args.fps, 90_000 / args.fps);
        devices.push(Device { track, id: None, next: now, every, ticks: 0, ticks_each, flow, maker });
    }
    devices
}

impl Device {
    /// Hands over what was captured by `now`.
    pub fn capture(&mut self, now: Instant, sent: Duration, client: &mut Client) {
        let Some(track) = self.id else { return };
        while self.next <= now {
            self.next += self.every;
            self.ticks = self.ticks.wrapping_add(1);
            let time = self.ticks.wrapping_mul(self.ticks_each);
            let mut send = |layer, marker, level, payload: Vec<u8>| {
                let packet = Packet { track, layer, time, marker, level, payload: payload.into() };
                client.handle(now, Input::Do(Action::Media(packet)));
            };
            match &mut self.maker {
                Maker::Sound(tone, turn) => send(None, false, Some(turn.level(sent)), tone.packet(sent)),
                Maker::Pictures(shots) => {
                    for shot in shots {
                        let mut payloads = shot.picture.frame(sent, std::mem::take(&mut shot.key), shot.bytes);
                        let last = payloads.pop();
                        payloads.into_iter().for_each(|p| send(Some(shot.quality), false, None, p));
                        last.into_iter().for_each(|p| send(Some(shot.quality), true, None, p));
                    }
                }
            }
        }
    }

    /// Makes the next frame of one layer, or of all, a keyframe.
    pub fn want_keyframe(&mut self, layer: Option<Quality>) {
        if let Maker::Pictures(shots) = &mut self.maker {
            let wanted = shots.iter_mut().filter(|s| layer.is_none_or(|l| l == s.quality));
            wanted.for_each(|s| s.key = true);
        }
    }

    /// Packets made in each layer.
    pub fn made(&self) -> Vec<u32> {
        match &self.maker {
            Maker::Sound(tone, _) => vec![tone.made()],
            Maker::Pictures(shots) => shots.iter().map(|s| s.picture.made()).collect(),
        }
    }
}

/// How loud a microphone is that speaks, in dBov.
const LEVEL: i8 = -30;

/// How loud one is that does not: the least that can be told.
const SILENT: i8 = -127;
