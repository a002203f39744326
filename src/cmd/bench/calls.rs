//! `parlor bench-calls`: people made of nothing who only wait. How much each of their lines costs, how soon all hear of a
//! presence that changes, and how soon somebody's devices hear that they are called.
//!
//! It sets a fresh server up and makes accounts on it, so it is nothing for a server that is in use. Each device is a line to
//! `/api/v1/events` of its own. All clocks are this process' own: from the request that changes something to the event on a line.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    sync::mpsc,
    task::JoinSet,
};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use super::{
    histogram::Histogram,
    place::Place,
    server::{Probe, Reading},
    trust,
};

/// How many wait, and how often something happens.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The server, as clients reach it: ws, wss, http or https. It must not have been set up yet.
    #[arg(long, default_value = "ws://127.0.0.1:7880")]
    url: String,
    /// The set-up code that it printed.
    #[arg(long)]
    code: String,
    /// How many people have an account.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=5_000))]
    people: u32,
    /// On how many devices each of them is there.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=20))]
    devices: u32,
    /// How often somebody's presence changes, and how often somebody is called.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// The server's process, when it runs here and is not the one that listens.
    #[arg(long)]
    pid: Option<u32>,
    /// Print one JSON object in place of the table.
    #[arg(long)]
    json: bool,
}

/// Runs it. The exit code is 1 when somebody was not told.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("No threads can be started")?;
    let found = runtime.block_on(measure(&args))?;
    println!("{}", if args.json { found.json(&args).to_string() } else { found.table(&args) });
    Ok(if found.missed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What came out.
#[derive(Debug, Default)]
struct Found {
    /// Before anybody was there, and with everybody there.
    idle: Reading,
    full: Reading,
    /// From a change to each line that is told of it.
    presence: Histogram,
    /// From a call to each device of whoever is called.
    ring: Histogram,
    /// From the first device that rings to the caller who hears of it.
    rings: Histogram,
    /// Events that did not come in time.
    missed: u64,
    /// Processor time of the server for one change that all lines are told of, in milliseconds.
    change_ms: Option<f64>,
}

/// Something that a line was told, and when.
#[derive(Debug, Clone)]
struct Heard {
    /// Whose line.
    person: usize,
    at: Instant,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// It is there, and was told of everybody.
    Ready,
    /// Somebody's presence, by account.
    Presence(String, String),
    /// The newest call: its id, whether it is outgoing, my stage, and the stage of the first other.
    Call { id: String, outgoing: bool, stage: String, theirs: String },
    /// The line is gone.
    Gone(String),
}

/// Somebody with an account.
#[derive(Debug, Clone)]
struct Person {
    account: String,
    cookie: String,
}

async fn measure(args: &Args) -> anyhow::Result<Found> {
    let place = Place::find(&args.url, None)?;
    let probe = Probe::new(&place, args.pid);
    let people = make_people(&place, args).await?;
    let mut found = Found { idle: probe.read().await, ..Found::default() };
    let (tell, mut heard) = mpsc::unbounded_channel();
    let mut lines = JoinSet::new();
    for (number, person) in people.iter().enumerate() {
        for device in 0..args.devices {
            let (place, cookie, tell) = (place.clone(), person.cookie.clone(), tell.clone());
            lines.spawn(async move {
                let gone = wait(&place, &cookie, number, device, &tell).await.err();
                let why = gone.map_or_else(String::new, |error| format!("{error:#}"));
                let _ = tell.send(Heard { person: number, at: Instant::now(), what: What::Gone(why) });
            });
        }
        // As many at a time as a small office brings: what is measured comes afterwards.
        for _ in 0..args.devices {
            await_ready(&mut heard).await?;
        }
    }
    settle(&mut heard).await;
    found.full = probe.read().await;
    let all = people.len() * args.devices as usize;
    for round in 0..args.rounds as usize {
        let who = &people[round % people.len()];
        let chosen = if (round / people.len()).is_multiple_of(2) { "busy" } else { "automatic" };
        let shown = if chosen == "busy" { "busy" } else { "available" };
        let began = Instant::now();
        let body = json!({ "chosen": chosen });
        ask(&place, "PUT", "/api/v1/me/presence", Some(&who.cookie), Some(&body)).await?;
        let wanted = What::Presence(who.account.clone(), shown.to_owned());
        let times = collect(&mut heard, all, |one| one.what == wanted).await?;
        found.missed += (all - times.len()) as u64;
        times.iter().for_each(|at| found.presence.add(at.saturating_duration_since(began)));
        settle(&mut heard).await;
    }
    let changed = probe.read().await.since(&found.full);
    found.change_ms = changed.busy.map(|busy| busy.as_secs_f64() * 1_000.0 / f64::from(args.rounds));
    for round in 0..args.rounds as usize {
        // Not those whose presence was changed last, lest they are busy.
        let (caller, callee) = ((round * 2) % people.len(), (round * 2 + 1) % people.len());
        call(&place, &people, caller, callee, args, &mut heard, &mut found).await?;
    }
    Ok(found)
}

/// One call: placed, told on all devices, said to ring by one of them, told to the caller, and given up.
async fn call(
    place: &Place,
    people: &[Person],
    caller: usize,
    callee: usize,
    args: &Args,
    heard: &mut mpsc::UnboundedReceiver<Heard>,
    found: &mut Found,
) -> anyhow::Result<()> {
    let devices = args.devices as usize;
    let began = Instant::now();
    let body = json!({ "people": [people[callee].account], "device": device(caller, 0), "anyway": true });
    let placed = ask(place, "POST", "/api/v1/calls", Some(&people[caller].cookie), Some(&body)).await?;
    let id = placed["id"].as_str().context("a call has an id")?.to_owned();
    let comes = |one: &Heard| {
        one.person == callee
            && matches!(&one.what, What::Call { id: told, outgoing: false, stage, .. } if *told == id && stage == "dialing")
    };
    let times = collect(heard, devices, comes).await?;
    found.missed += (devices - times.len()) as u64;
    times.iter().for_each(|at| found.ring.add(at.saturating_duration_since(began)));
    let acts = format!("/api/v1/calls/{id}/acts");
    let began = Instant::now();
    let ring = json!({ "act": "ring", "device": device(callee, 0) });
    ask(place, "POST", &acts, Some(&people[callee].cookie), Some(&ring)).await?;
    let rings = |one: &Heard| {
        one.person == caller
            && matches!(&one.what, What::Call { id: told, outgoing: true, theirs, .. } if *told == id && theirs == "ringing")
    };
    let times = collect(heard, devices, rings).await?;
    found.missed += (devices - times.len()) as u64;
    times.iter().for_each(|at| found.rings.add(at.saturating_duration_since(began)));
    ask(place, "POST", &acts, Some(&people[caller].cookie), Some(&json!({ "act": "end" }))).await?;
    settle(heard).await;
    Ok(())
}

/// Sets the server up, and lets everybody make an account.
async fn make_people(place: &Place, args: &Args) -> anyhow::Result<Vec<Person>> {
    let account = |number: u32| json!({ "name": format!("waiting{number}"), "displayName": format!("Waiting {number}"), "password": PASSWORD });
    let set_up =
        json!({ "code": args.code, "serverName": "Bench", "create": "anyone", "signUp": true, "account": account(0) });
    let mut people = vec![person(send(place, "POST", "/api/v1/setup", None, Some(&set_up)).await?)?];
    for number in 1..args.people {
        people.push(person(patiently(place, &account(number)).await?)?);
    }
    Ok(people)
}

/// Makes an account, and waits where the server wants that: it lets one address make a few at once, and then one in a while.
async fn patiently(place: &Place, account: &Value) -> anyhow::Result<(String, Value)> {
    loop {
        match send(place, "POST", "/api/v1/accounts", None, Some(account)).await {
            Err(error) if error.to_string().contains("too_often") => tokio::time::sleep(PACE).await,
            answered => return answered,
        }
    }
}

fn person((head, body): (String, Value)) -> anyhow::Result<Person> {
    let account = body["account"]["id"].as_str().context("an account has an id")?.to_owned();
    let cookie = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then(|| value.trim().split(';').next().unwrap_or_default().to_owned())
    });
    Ok(Person { account, cookie: cookie.context("whoever makes an account is signed in")? })
}

/// One line: says whose device it is, and tells what it hears.
async fn wait(
    place: &Place,
    cookie: &str,
    person: usize,
    number: u32,
    tell: &mpsc::UnboundedSender<Heard>,
) -> anyhow::Result<()> {
    let mut request = format!("{}/api/v1/events", place.url).into_client_request()?;
    request.headers_mut().insert("cookie", cookie.parse()?);
    let connecting = tokio_tungstenite::connect_async_tls_with_config(request, None, true, Some(place.connector()));
    let (mut sink, mut stream) = connecting.await.map_err(trust::explain)?.0.split();
    let here = json!({ "ask": "here", "device": device(person, number), "idle": false });
    sink.send(Message::Text(here.to_string().into())).await?;
    let mut signs = tokio::time::interval(PING);
    signs.tick().await;
    loop {
        let message = tokio::select! {
            _ = signs.tick() => {
                sink.send(Message::Text(r#"{"ask":"ping"}"#.into())).await?;
                continue;
            }
            message = stream.next() => message.context("the server closed the line")??,
        };
        let at = Instant::now();
        let Message::Text(text) = message else { continue };
        if let Some(what) = read(&text)? {
            tell.send(Heard { person, at, what })?;
        }
    }
}

fn read(text: &str) -> anyhow::Result<Option<What>> {
    let event: Value = serde_json::from_str(text)?;
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(match event["event"].as_str() {
        Some("people") => Some(What::Ready),
        Some("presence") => Some(What::Presence(word(&event["person"]["account"]), word(&event["person"]["presence"]))),
        Some("calls") => event["calls"].as_array().and_then(|calls| calls.last()).map(|call| What::Call {
            id: word(&call["id"]),
            outgoing: call["outgoing"] == true,
            stage: word(&call["stage"]["is"]),
            theirs: word(&call["others"][0]["stage"]["is"]),
        }),
        Some("refused") => bail!("refused: {event}"),
        _ => None,
    })
}

fn device(person: usize, number: u32) -> String {
    format!("d{person}x{number}")
}

async fn await_ready(heard: &mut mpsc::UnboundedReceiver<Heard>) -> anyhow::Result<()> {
    ensure!(collect(heard, 1, |one| one.what == What::Ready).await?.len() == 1, "a line was not answered");
    Ok(())
}

/// When so many events came that are wanted; fewer, when nothing comes any more.
async fn collect(
    heard: &mut mpsc::UnboundedReceiver<Heard>,
    count: usize,
    wanted: impl Fn(&Heard) -> bool,
) -> anyhow::Result<Vec<Instant>> {
    let mut times = Vec::with_capacity(count);
    while times.len() < count {
        match tokio::time::timeout(PATIENCE, heard.recv()).await {
            Ok(Some(Heard { what: What::Gone(why), person, .. })) => bail!("a line of person {person} ended: {why}"),
            Ok(Some(one)) if wanted(&one) => times.push(one.at),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => break,
        }
    }
    Ok(times)
}

/// Waits until nothing more is told.
async fn settle(heard: &mut mpsc::UnboundedReceiver<Heard>) {
    while let Ok(Some(_)) = tokio::time::timeout(QUIET, heard.recv()).await {}
}

async fn ask(
    place: &Place,
    method: &str,
    path: &str,
    cookie: Option<&str>,
    body: Option<&Value>,
) -> anyhow::Result<Value> {
    Ok(send(place, method, path, cookie, body).await?.1)
}

/// One request on a connection of its own: the head of the answer, and its body. Anything but success is an error.
async fn send(
    place: &Place,
    method: &str,
    path: &str,
    cookie: Option<&str>,
    body: Option<&Value>,
) -> anyhow::Result<(String, Value)> {
    let stream = TcpStream::connect(&place.authority).await.context("the server is not there")?;
    let text = body.map(Value::to_string).unwrap_or_default();
    let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n{cookie}Content-Length: {}\r\n\r\n{text}",
        place.authority,
        text.len(),
    );
    let answer = match place.tls.clone() {
        Some(tls) => exchange(trust::secure(tls, &place.authority, stream).await?, &request).await?,
        None => exchange(stream, &request).await?,
    };
    let (head, body) = answer.split_once("\r\n\r\n").context("the server's answer is none")?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    ensure!(status.starts_with('2'), "{method} {path} was answered {status}: {body}");
    Ok((head.to_owned(), if body.is_empty() { Value::Null } else { serde_json::from_str(body)? }))
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> anyhow::Result<String> {
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(LARGEST).read_to_string(&mut answer).await?;
    Ok(answer)
}

impl Found {
    fn memory(&self, lines: f64) -> (Option<f64>, Option<f64>) {
        let full = self.full.resident.map(|kib| kib as f64 / 1024.0);
        let each =
            self.full.resident.zip(self.idle.resident).map(|(full, idle)| full.saturating_sub(idle) as f64 / lines);
        (full, each)
    }

    fn json(&self, args: &Args) -> Value {
        let lines = args.people * args.devices;
        let (resident, each) = self.memory(f64::from(lines));
        let times = |of: &Histogram| json!({ "p50_ms": of.quantile(0.5), "p99_ms": of.quantile(0.99), "max_ms": of.quantile(1.0) });
        json!({
            "people": args.people, "lines": lines, "missed": self.missed,
            "server": { "resident_mib": resident, "kib_per_line": each, "cpu_ms_per_change": self.change_ms },
            "presence": times(&self.presence), "ring": times(&self.ring), "ringing": times(&self.rings),
        })
    }

    fn table(&self, args: &Args) -> String {
        let lines = args.people * args.devices;
        let (resident, each) = self.memory(f64::from(lines));
        let number = |value: Option<f64>, unit: &str| {
            value.map_or_else(|| "unknown".to_owned(), |value| format!("{value:.1} {unit}"))
        };
        let times = |of: &Histogram| {
            format!(
                "{:.1} ms p50, {:.1} ms p99, {:.1} ms at most",
                of.quantile(0.5),
                of.quantile(0.99),
                of.quantile(1.0)
            )
        };
        [
            format!("people, lines         {}, {lines}", args.people),
            format!("server with all there {} ({} a line)", number(resident, "MiB"), number(each, "KiB")),
            format!("presence, to all      {}", times(&self.presence)),
            format!("  server's processor  {}", number(self.change_ms, "ms for a change")),
            format!("call, to each device  {}", times(&self.ring)),
            format!("ringing, to caller    {}", times(&self.rings)),
            format!("not told              {}", self.missed),
        ]
        .join("\n")
    }
}

/// Nothing that it protects is worth anything.
const PASSWORD: &str = "nothing but a load";
/// Between two tries to make an account.
const PACE: Duration = Duration::from_secs(1);
/// As pages do.
const PING: Duration = Duration::from_secs(20);
/// An event that takes longer did not come.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long nothing is told between two changes.
const QUIET: Duration = Duration::from_millis(150);
/// The largest answer that is read, in bytes.
const LARGEST: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_is_told_is_read() {
        let presence = r#"{"event":"presence","person":{"account":"AC_1","presence":"busy","since":1}}"#;
        assert_eq!(read(presence).unwrap(), Some(What::Presence("AC_1".to_owned(), "busy".to_owned())));
        let calls = r#"{"event":"calls","number":1,"calls":[{"id":"CA_1","outgoing":true,"stage":{"is":"connecting"},"others":[{"stage":{"is":"ringing"}}]}]}"#;
        let Some(What::Call { outgoing: true, theirs, .. }) = read(calls).unwrap() else { panic!("a call") };
        assert_eq!(theirs, "ringing");
        assert_eq!(read(r#"{"event":"calls","number":2,"calls":[]}"#).unwrap(), None);
        assert_eq!(read(r#"{"event":"pong"}"#).unwrap(), None);
        assert!(read(r#"{"event":"refused","problem":{"code":"too_many","message":""}}"#).is_err());
    }
}
