//! The rows of the table: what is done, what is measured, what it may cost at most.

use super::{
    Bins,
    server::{Found, Server, once},
};
use crate::steps::Stop;

/// One row.
pub struct Row {
    /// Its name on the command line.
    pub name: &'static str,
    /// What happens, for the table.
    pub what: &'static str,
    /// Whether the server has to count its allocations.
    pub counts_allocations: bool,
    /// Does it.
    pub measure: fn(&Bins) -> Result<Vec<Cell>, Stop>,
}

/// One number of a row.
pub struct Cell {
    /// What it is, with its unit.
    pub what: &'static str,
    /// How much it was; none where the system could not tell.
    pub value: Option<f64>,
    /// The most that it may be, unless it is only told.
    pub most: Option<f64>,
}

/// All rows, in the order of the table.
pub const ROWS: &[Row] = &[
    row("spread", "1 publisher of 2.5 Mbit/s, 200 subscribers", spread),
    row("mesh", "mesh of 10, everybody publishes 1 Mbit/s", mesh),
    row("simulcast", "10 rooms of 10, three simulcast layers", simulcast),
    row("small", "20 rooms of 3", small),
    row("sound", "sound only, 1 to 200", sound),
    row("saturation", "near saturation: 3,500 packets/s to 50", saturation),
    row("size", "a 30-person room against 2-person rooms", size),
    row("joins", "200 join, 50 each second", joins),
    row("crowd", "100 join at once", crowd),
    Row { counts_allocations: true, ..row("allocations", "allocations in steady state", allocations) },
    row("threads", "two media threads against one", threads),
];

const fn row(name: &'static str, what: &'static str, measure: fn(&Bins) -> Result<Vec<Cell>, Stop>) -> Row {
    Row { name, what, counts_allocations: false, measure }
}

fn spread(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let found = once(
        bins,
        "--publishers 1 --subscribers 200 --audio 0 --bitrate 2500 --fps 30 --verify 4 --join-rate 40 --seconds 8",
    )?;
    Ok([cost(&found, 4.0), loss(&found), memory(&found, 200.0), idle(&found)].into_iter().chain(told(&found)).collect())
}

fn mesh(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let found = once(bins, "--publishers 10 --audio 0 --bitrate 1000 --fps 30 --verify 3 --seconds 8")?;
    Ok([cost(&found, 6.0), delay(&found, 1.5), loss(&found)].into_iter().chain(told(&found)).collect())
}

fn simulcast(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let found = once(
        bins,
        "--rooms 10 --publishers 10 --audio 0 --layers 3 --bitrate 600 --fps 20 --verify 1 --join-rate 25 --seconds 8",
    )?;
    Ok([cost(&found, 6.0), delay(&found, 5.0), loss(&found)].into_iter().chain(told(&found)).collect())
}

fn small(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let found = once(bins, "--rooms 20 --publishers 3 --bitrate 1000 --fps 30 --verify 1 --seconds 8")?;
    Ok([cost(&found, 10.0), loss(&found)].into_iter().chain(told(&found)).collect())
}

fn sound(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let found = once(bins, "--publishers 1 --video 0 --subscribers 200 --verify 4 --join-rate 40 --seconds 8")?;
    Ok([cost(&found, 6.0), loss(&found), memory(&found, 80.0)].into_iter().chain(told(&found)).collect())
}

fn saturation(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    // 3,500 packets of 1,160 bytes.
    let found =
        once(bins, "--publishers 1 --subscribers 50 --audio 0 --bitrate 32000 --fps 60 --verify 1 --seconds 8")?;
    let share = Cell { what: "of a core", value: found.number("server.cores"), most: Some(0.75) };
    Ok([share, loss(&found)].into_iter().chain(told(&found)).collect())
}

/// As many people in one room of thirty as in fifteen rooms of two, and as many packets for each of them.
fn size(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let one = once(bins, "--publishers 1 --subscribers 29 --bitrate 1000 --fps 30 --verify 2 --seconds 6")?;
    let mesh = once(bins, "--publishers 30 --audio 3 --bitrate 200 --fps 15 --verify 2 --join-rate 25 --seconds 6")?;
    let two = once(bins, "--rooms 15 --publishers 2 --bitrate 1000 --fps 30 --verify 1 --seconds 6")?;
    let each = |found: &Found| found.number(COST);
    let times = |a: Option<f64>, b: Option<f64>| Some(a? / b?);
    Ok(vec![
        Cell { what: "times the cost (all 30 publish)", value: times(each(&mesh), each(&two)), most: Some(1.3) },
        Cell { what: "us (all 30 publish)", value: each(&mesh), most: None },
        Cell { what: "us (1 of 30 publishes)", value: each(&one), most: None },
        Cell { what: "us (rooms of 2)", value: each(&two), most: None },
    ])
}

fn joins(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let found = once(bins, "--publishers 1 --subscribers 200 --bitrate 300 --join-rate 50 --verify 4 --seconds 2")?;
    Ok(vec![
        Cell { what: "ms p50", value: found.number("join_ms.p50"), most: Some(50.0) },
        Cell { what: "ms p99", value: found.number("join_ms.p99"), most: Some(100.0) },
    ])
}

fn crowd(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let found = once(bins, "--publishers 1 --subscribers 100 --bitrate 300 --join-rate 0 --verify 4 --seconds 2")?;
    Ok(vec![
        Cell { what: "ms p50", value: found.number("join_ms.p50"), most: None },
        Cell { what: "ms p99", value: found.number("join_ms.p99"), most: Some(300.0) },
    ])
}

/// The same stream to few and to many: what grows is for packets that leave, the rest for packets that come.
fn allocations(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let run = |subscribers: u32| {
        let fixed = "--publishers 1 --audio 0 --bitrate 5000 --fps 30 --verify 1 --seconds 6";
        let found = once(bins, &format!("{fixed} --subscribers {subscribers}"))?;
        let numbers = ["server.allocations", "server.packets_in", "server.packets_forwarded"];
        Ok::<_, Stop>(numbers.map(|name| found.number(name)))
    };
    let (few, many) = (run(5)?, run(105)?);
    let slopes = || {
        let ([a, b, c], [d, e, f]) = (few, many);
        let (a, b, c, d, e, f) = (a?, b?, c?, d?, e?, f?);
        // a = in * b + out * c, and d = in * e + out * f.
        let all = b * f - c * e;
        Some(((a * f - c * d) / all, (b * d - a * e) / all))
    };
    Ok(vec![
        Cell { what: "for a packet that comes", value: slopes().map(|(into, _)| into), most: Some(2.0) },
        // Reports of subscribers come with time and not with packets; they are in here.
        Cell { what: "for a packet that leaves", value: slopes().map(|(_, out)| out), most: Some(0.005) },
    ])
}

fn threads(bins: &Bins) -> Result<Vec<Cell>, Stop> {
    let run = |threads: u32| {
        let found = Server::start(bins, threads)?
            .load("--rooms 12 --publishers 4 --audio 0 --bitrate 1000 --fps 30 --verify 1 --seconds 6")?;
        Ok::<_, Stop>(found.number("server.media_cpu_us_per_packet"))
    };
    let (one, two) = (run(1)?, run(2)?);
    let times = two.zip(one).map(|(two, one)| two / one);
    Ok(vec![
        Cell { what: "times the cost", value: times, most: Some(1.1) },
        Cell { what: "us (one)", value: one, most: None },
        Cell { what: "us (two)", value: two, most: None },
    ])
}

fn cost(found: &Found, most: f64) -> Cell {
    Cell { what: "us a packet", value: found.number(COST), most: Some(most) }
}

fn loss(found: &Found) -> Cell {
    Cell { what: "lost", value: found.number("lost"), most: Some(0.0) }
}

fn delay(found: &Found, most: f64) -> Cell {
    Cell { what: "ms p99 on the way", value: found.number("latency_ms.p99"), most: Some(most) }
}

fn memory(found: &Found, most: f64) -> Cell {
    Cell { what: "KiB for each", value: found.number("server.memory_kib.per_participant"), most: Some(most) }
}

fn idle(found: &Found) -> Cell {
    let idle = found.number("server.memory_kib.idle").map(|kib| kib / 1024.0);
    Cell { what: "MiB idle", value: idle, most: Some(30.0) }
}

/// What helps to read the others.
fn told(found: &Found) -> [Cell; 4] {
    let cell = |what, name| Cell { what, value: found.number(name), most: None };
    [
        cell("packets/s", "server.packets_forwarded_per_second"),
        cell("us in media threads", "server.media_cpu_us_per_packet"),
        cell("cores for the load", "generator.cores"),
        cell("not read by the load", "generator.overflowed"),
    ]
}

/// Processor time of the whole server for a packet that leaves.
const COST: &str = "server.cpu_us_per_packet";
