//! `parlor bench`: people made of nothing join rooms of a running server, send and receive, and report what was lost, how
//! long it took and what it cost.
//!
//! Each is one `client` engine with a socket of its own; packets carry stamps, so that loss, order and delay are
//! measured for every pair of sender and receiver. All run in this process, so its clock is the clock of both ends. On one
//! machine server and load share the cores: what counts is then the server's processor time for a packet, and checking all
//! that arrives, which is dearer than sending it, can be left to a few (`--verify`). It speaks LiveKit's protocol and works
//! on any server that does; what only Parlor tells is then absent.

pub mod calls;
mod device;
mod histogram;
mod place;
mod report;
mod server;
mod stay;
mod trust;

use std::{
    collections::BTreeMap,
    net::IpAddr,
    process::ExitCode,
    time::{Duration, Instant},
};

use ::server::{keys::Keys, token};
use anyhow::{Context as _, ensure};
use client::synthetic::Format;
use proto::{Rights, RoomName};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use place::Place;
use report::Report;
use server::Probe;
use stay::Setup;

/// How many people do what for how long.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The server, as clients reach it: ws, wss, http or https. With TLS its certificate has to be of a CA that the system
    /// trusts, or of those in the file that the variable SSL_CERT_FILE names.
    #[arg(long, default_value = "ws://127.0.0.1:7880")]
    url: String,
    /// The API key that signs the tokens.
    #[arg(long)]
    key: String,
    /// Its secret.
    #[arg(long, env = "PARLOR_BENCH_SECRET", hide_env_values = true)]
    secret: String,
    /// The room; of several, what their names begin with.
    #[arg(long, default_value = "bench")]
    room: RoomName,
    /// How many rooms, each with as many participants.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    rooms: u32,
    /// What names of participants begin with.
    #[arg(long, default_value = "bench")]
    name: String,
    /// Participants who may publish and who receive everybody else, unless `--deaf`.
    #[arg(long, default_value_t = 3)]
    publishers: u32,
    /// They take nothing of each other: a crowd for somebody else, which costs the server little.
    #[arg(long)]
    deaf: bool,
    /// Participants who only receive.
    #[arg(long, default_value_t = 0)]
    subscribers: u32,
    /// How many publishers have a microphone [default: all].
    #[arg(long)]
    audio: Option<u32>,
    /// How many publishers have a camera [default: all].
    #[arg(long)]
    video: Option<u32>,
    /// They speak one after the other, for so many seconds each; 0: all at the same time.
    #[arg(long, default_value_t = 0)]
    turns: u64,
    /// What cameras encode in: vp8, h264, vp9 or av1. Pictures are grey; of av1 only what a server reads is real.
    #[arg(long, default_value = "vp8")]
    codec: Format,
    /// Simulcast layers of a camera, 1 to 3.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
    layers: u8,
    /// Kilobits per second of a camera's largest layer; each smaller one has a quarter of the next.
    #[arg(long, default_value_t = 150)]
    bitrate: u32,
    /// Frames per second of a camera.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=60))]
    fps: u32,
    /// How long media flows.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Joins in a second; 0: all at once. Subscribers join once the publishers send.
    #[arg(long, default_value_t = 50)]
    join_rate: u32,
    /// How many participants of each room check every packet, subscribers first; the others count packets by their headers,
    /// answer with real feedback, and ask for nothing that was lost [default: all].
    #[arg(long)]
    verify: Option<u32>,
    /// The server's process, when it runs here and is not the one that listens.
    #[arg(long)]
    pid: Option<u32>,
    /// The own address that media is sent from [default: the one that leads to the server].
    #[arg(long)]
    bind: Option<IpAddr>,
    /// Print one JSON object in place of the table.
    #[arg(long)]
    json: bool,
}

/// Runs it. The exit code is 1 when somebody could not join, or anything was lost.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let people = args.people();
    ensure!(people > 0, "Nobody to join: give --publishers or --subscribers.");
    ensure!(people <= MOST_PEOPLE.into(), "At most {MOST_PEOPLE} participants fit into one run.");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("No threads can be started")?;
    let json = args.json;
    let report = runtime.block_on(measure(args))?;
    if json {
        println!("{}", report.json());
    } else {
        print!("{}", report.table());
    }
    Ok(if report.is_right() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What everybody does at the moment, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// Publishers join, publish, subscribe.
    Gather,
    /// Media flows; subscribers join.
    Flow,
    /// Media flows, and everybody is there.
    Measure,
    /// Media has stopped; what is under way arrives.
    Settle,
    /// It is over.
    Leave,
}

/// What a participant tells while it runs.
#[derive(Debug)]
enum News {
    /// Media is connected, own tracks are published, and this many tracks of others have sections.
    Has(u32, usize),
    /// It will not get there.
    Failed(u32),
}

async fn measure(args: Args) -> anyhow::Result<Report> {
    let place = Place::find(&args.url, args.bind)?;
    let probe = Probe::new(&place, args.pid);
    let idle = probe.read().await;
    let (phase, phases) = watch::channel(Phase::Gather);
    let (tell, mut news) = mpsc::channel(NEWS);
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    let (mut publishers, mut subscribers) = (BTreeMap::new(), BTreeMap::new());
    for setup in setups(&args, &place, start)? {
        let waiting = if setup.is_subscriber { &mut subscribers } else { &mut publishers };
        let others = args.tracks() - setup.devices.len();
        waiting.insert(setup.number, if args.deaf { 0 } else { others });
        tasks.spawn(stay::participate(setup, phases.clone(), tell.clone()));
    }
    drop(tell);
    gather(&mut publishers, &mut news, args.way_in(args.publishers)).await;
    phase.send_replace(Phase::Flow);
    gather(&mut subscribers, &mut news, args.way_in(args.subscribers)).await;
    // Nobody listens to news any more; the channel is bounded, and participants do not wait for it.
    drop(news);
    tokio::time::sleep(WARM_UP).await;
    phase.send_replace(Phase::Measure);
    let (before, own) = (probe.read().await, server::own_busy());
    tokio::time::sleep(Duration::from_secs(args.seconds)).await;
    let after = probe.read().await;
    let own = server::own_busy().zip(own).map(|(after, before)| after.saturating_sub(before));
    phase.send_replace(Phase::Settle);
    tokio::time::sleep(SETTLE).await;
    let overflow = server::own_overflow();
    phase.send_replace(Phase::Leave);
    let mut report = Report::new(&args, publishers.len() + subscribers.len());
    report.cost(&idle, &before, &after, own, overflow);
    let mut outcomes = Vec::new();
    while let Some(outcome) = tasks.join_next().await {
        outcomes.push(outcome.context("a participant's task broke")?);
    }
    report.add(outcomes);
    Ok(report)
}

/// What each participant needs, room by room, publishers first.
fn setups(args: &Args, place: &Place, start: Instant) -> anyhow::Result<Vec<Setup>> {
    let keys = Keys::of(BTreeMap::from([(args.key.clone(), args.secret.clone())])).context("there is one key")?;
    let each = args.publishers + args.subscribers;
    let checks = args.verify.unwrap_or(each);
    let mut setups = Vec::new();
    for number in 0..each * args.rooms {
        let (room, place_in_room) = (number / each, number % each);
        let is_subscriber = place_in_room >= args.publishers;
        let room_name = match args.rooms {
            1 => args.room.clone(),
            _ => format!("{}-{room}", args.room).parse().context("The name of the room is too long.")?,
        };
        let pass = token::Pass {
            room: room_name,
            identity: format!("{}-{number:03}", args.name).parse().context("The name is too long.")?,
            name: format!("{} {number}", args.name),
            metadata: String::new(),
            attributes: Vec::new(),
            rights: Rights { publish: !is_subscriber, ..Rights::FULL },
        };
        // Its place among those who join in the same phase.
        let turn = if is_subscriber {
            room * args.subscribers + place_in_room - args.publishers
        } else {
            room * args.publishers + place_in_room
        };
        let rank = (place_in_room + args.subscribers) % each.max(1);
        setups.push(Setup {
            number,
            room,
            ours: format!("{}-", args.name),
            token: token::sign(&keys, &pass, ::server::unix(), token::LIFE),
            place: place.clone(),
            start,
            is_subscriber,
            deaf: args.deaf,
            codec: args.codec.codec(),
            hears: args.tracks() > 0 && !args.deaf,
            counts: rank >= checks,
            wait: args.turn(turn),
            devices: device::devices(args, number, place_in_room),
        });
    }
    Ok(setups)
}

/// Waits until everybody has what they wait for, or cannot get it.
async fn gather(waiting: &mut BTreeMap<u32, usize>, news: &mut mpsc::Receiver<News>, way_in: Duration) {
    let all = async {
        while !waiting.is_empty() {
            match news.recv().await {
                Some(News::Has(number, count)) if waiting.get(&number).is_some_and(|wanted| count >= *wanted) => {
                    waiting.remove(&number);
                }
                Some(News::Has(..)) => {}
                Some(News::Failed(number)) => {
                    waiting.remove(&number);
                }
                None => break,
            }
        }
    };
    // Who is late stays in `waiting`, and in the report.
    let _ = tokio::time::timeout(way_in + GATHER_WITHIN, all).await;
}

impl Args {
    fn people(&self) -> u64 {
        u64::from(self.publishers + self.subscribers) * u64::from(self.rooms)
    }

    /// How many publishers of a room have a microphone, and a camera.
    fn devices(&self) -> (u32, u32) {
        let some = |wish: Option<u32>| wish.unwrap_or(self.publishers).min(self.publishers);
        (some(self.audio), some(self.video))
    }

    /// Tracks in a room.
    fn tracks(&self) -> usize {
        let (audio, video) = self.devices();
        (audio + video) as usize
    }

    /// How long the participant at this place in the row waits before it joins.
    fn turn(&self, place: u32) -> Duration {
        (Duration::from_secs(1) * place).checked_div(self.join_rate).unwrap_or_default()
    }

    /// How long it takes until as many in each room have begun to join.
    fn way_in(&self, people: u32) -> Duration {
        self.turn(people * self.rooms)
    }
}

/// More would not measure the server but this process; run it several times with other names.
const MOST_PEOPLE: u32 = 1_000;

/// How long it may take until everybody is subscribed to everybody: a thousand subscriptions on a busy small machine.
const GATHER_WITHIN: Duration = Duration::from_secs(60);

/// Time between the last one's coming and the measurement: joining is over, estimates have climbed a little.
const WARM_UP: Duration = Duration::from_secs(1);

/// How long what was sent last may take to arrive, repairs included.
const SETTLE: Duration = Duration::from_secs(2);

/// News that wait for whoever coordinates. What does not fit is told again with the next change.
const NEWS: usize = 4_096;
