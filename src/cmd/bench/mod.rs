//! `parlor bench`: people made of nothing join a room of a running server, send and receive, and report what was lost.
//!
//! Each is one `client` engine with a socket of its own; packets carry stamps, so that loss, order and delay are
//! measured for every pair of sender and receiver. All run in this process, so its clock is the clock of both ends. It
//! measures the server and itself together: on one machine both share the cores.

mod device;
mod histogram;
mod place;
mod report;
mod stay;

use std::{
    collections::BTreeMap,
    net::IpAddr,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use proto::{Rights, RoomName};
use server::{keys::Keys, token};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use place::Place;
use report::Report;
use stay::Setup;

/// How many people do what for how long.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The server, as clients reach it.
    #[arg(long, default_value = "ws://127.0.0.1:7880")]
    url: String,
    /// The API key that signs the tokens.
    #[arg(long)]
    key: String,
    /// Its secret.
    #[arg(long, env = "PARLOR_BENCH_SECRET", hide_env_values = true)]
    secret: String,
    /// The room.
    #[arg(long, default_value = "bench")]
    room: RoomName,
    /// What names of participants begin with.
    #[arg(long, default_value = "bench")]
    name: String,
    /// Participants who may publish and who receive everybody else.
    #[arg(long, default_value_t = 3)]
    publishers: u32,
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
    /// The own address that media is sent from [default: the one that leads to the server].
    #[arg(long)]
    bind: Option<IpAddr>,
    /// Print one JSON object in place of the table.
    #[arg(long)]
    json: bool,
}

/// Runs it. The exit code is 1 when somebody could not join, or anything was lost.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    ensure!(args.publishers + args.subscribers <= MOST_PEOPLE, "At most {MOST_PEOPLE} participants fit into one run.");
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

/// What everybody does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Joining, publishing, subscribing.
    Gather,
    /// Media flows.
    Flow,
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
    let people = args.publishers + args.subscribers;
    ensure!(people > 0, "Nobody to join: give --publishers or --subscribers.");
    let place = Place::find(&args)?;
    let keys = Keys::of(BTreeMap::from([(args.key.clone(), args.secret.clone())])).context("there is one key")?;
    let (phase, phases) = watch::channel(Phase::Gather);
    let (tell, mut news) = mpsc::channel(NEWS);
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    let audio = args.audio.unwrap_or(args.publishers).min(args.publishers);
    let video = args.video.unwrap_or(args.publishers).min(args.publishers);
    for number in 0..people {
        let pass = token::Pass {
            room: args.room.clone(),
            identity: format!("{}-{number:03}", args.name).parse().context("The name is too long.")?,
            name: format!("{} {number}", args.name),
            metadata: String::new(),
            attributes: Vec::new(),
            rights: Rights { publish: number < args.publishers, ..Rights::FULL },
        };
        let setup = Setup {
            number,
            ours: format!("{}-", args.name),
            token: token::sign(&keys, &pass, server::unix(), token::LIFE),
            place: place.clone(),
            start,
            devices: device::devices(&args, number, number < audio, number < video),
        };
        tasks.spawn(stay::participate(setup, phases.clone(), tell.clone()));
    }
    drop(tell);
    let tracks = |number: u32| usize::from(number < audio) + usize::from(number < video);
    let all: usize = (0..people).map(tracks).sum();
    // Everybody waits for everybody, so that whatever is sent has all its receivers.
    let mut waiting: BTreeMap<u32, usize> = (0..people).map(|n| (n, all - tracks(n))).collect();
    let gathered = tokio::time::timeout(GATHER_WITHIN, async {
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
    });
    let late = gathered.await.is_err();
    phase.send_replace(Phase::Flow);
    let cut = |span: Duration| async move { tokio::time::sleep(span).await };
    // Nobody listens to news any more; the channel is bounded, and participants do not wait for it.
    drop(news);
    cut(Duration::from_secs(args.seconds)).await;
    phase.send_replace(Phase::Settle);
    cut(SETTLE).await;
    phase.send_replace(Phase::Leave);
    let mut report = Report::new(people, args.seconds, if late { waiting.len() } else { 0 });
    let mut outcomes = Vec::new();
    while let Some(outcome) = tasks.join_next().await {
        outcomes.push(outcome.context("a participant's task broke")?);
    }
    report.add(outcomes);
    Ok(report)
}

/// More would not measure the server but this process; run it several times with other names.
const MOST_PEOPLE: u32 = 1_000;

/// How long it may take until everybody is subscribed to everybody: a thousand subscriptions on a busy small machine.
const GATHER_WITHIN: Duration = Duration::from_secs(60);

/// How long what was sent last may take to arrive, repairs included.
const SETTLE: Duration = Duration::from_secs(2);

/// News that wait for whoever coordinates. What does not fit is told again with the next change.
const NEWS: usize = 4_096;
