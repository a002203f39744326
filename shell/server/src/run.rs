//! Starts the parts in order, waits for the word to stop, and ends them in order.

use std::{
    fmt,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use hub::Hub;
use proto::time::Calendar;
use store::{Store, StoredMeeting};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::{
    VERSION,
    account::{self, Accounts, pool::Pool},
    addresses, clock,
    config::{Config, Transport},
    control::{self, Driver},
    files::{Files, orphans},
    folder::{Folder, FolderError},
    hooks,
    http::{self, App},
    keys::{Keys, KeysError},
    listen::{self, Door},
    media, news,
    outgoing::Outgoing,
    push::{self, Push, Vapid, VapidError},
    random,
    tasks::Tasks,
    tls::{self, Tls, TlsError},
    trials::{self, Trials},
    turn, unused,
    voicemail::{self, Voicemail},
};

/// How a server ended that had started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everybody was told and had left.
    Right,
    /// Somebody had to be cut off.
    Cut,
}

/// Why the server could not start; each reads as one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The API keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The key for push services.
    #[error(transparent)]
    Vapid(#[from] VapidError),
    /// The certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::OpenError),
    /// The database was opened and does not answer.
    #[error("The database was opened and does not say what is in it ({0}). Look whether it is well, then start again.")]
    Unreadable(#[from] store::ReadError),
    /// The media threads.
    #[error(transparent)]
    Media(#[from] media::StartError),
    /// Another program has the TCP port.
    #[error("TCP port {} on {} is in use: stop the program that uses it, or choose another with --listen.", .0.port(), .0.ip())]
    PortInUse(SocketAddr),
    /// The TCP port cannot be opened.
    #[error("TCP port {} on {} cannot be opened ({source}): choose another with --listen.", address.port(), address.ip())]
    Port {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system does not say which addresses it has.
    #[error("The addresses of this machine cannot be read ({0}): name one with --media-address.")]
    Addresses(io::Error),
}

/// What a started server found and does. Its `Display` is what people see first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Where HTTP is served, with the real port.
    pub web: SocketAddr,
    /// What to open in a browser on this machine, then from others.
    pub open: Vec<String>,
    /// SHA-256 of the certificate of our own authority, where that signs.
    pub fingerprint: Option<String>,
    /// The page that says how to trust it.
    pub trust: Option<String>,
    /// The names for which a first certificate is being waited for.
    pub awaited: Vec<String>,
    /// The port of the media, over UDP and TCP.
    pub media_port: u16,
    /// The addresses on which media is received.
    pub media_addresses: Vec<IpAddr>,
    /// The data folder.
    pub data: PathBuf,
    /// The one-time code to set the server up with, while it is not set up.
    pub set_up_code: Option<String>,
}

/// Runs a server until `shutdown` is done. `started` is called once everything is open.
///
/// # Errors
/// When it cannot start. A server that started ends with an [`Exit`].
pub async fn run(
    config: Config,
    shutdown: impl Future<Output = ()>,
    started: impl FnOnce(Started),
) -> Result<Exit, RunError> {
    let folder = Folder::open(&config.data)?;
    let held = folder.hold()?;
    let keys = Keys::open(&config.api_keys, &folder)?;
    let push = Push { vapid: Vapid::open(&folder)?, outgoing: Outgoing::new(config.push_private) };
    let own = addresses::own().or_else(|error| match config.media.addresses.is_empty() {
        true => Err(RunError::Addresses(error)),
        false => Ok(Vec::new()),
    })?;
    let (tls, keeper) = tls::open(&config, &folder, &own)?.unzip();
    let listener = bind(config.listen).await?;
    let web = listener.local_addr().map_err(|source| RunError::Port { address: config.listen, source })?;
    let store = Store::open(&config.database()).await?;
    let (set_up, set_up_code) = match store.is_set_up().await? {
        true => (account::setup::SetUp::done(), None),
        false => {
            let (set_up, code) = account::setup::SetUp::draw(clock::unix_ms());
            (set_up, Some(code))
        }
    };
    let pool = Pool::new();
    let accounts = Accounts::open(&folder, pool.clone(), set_up)?;
    let files = Files::open(&folder, config.files_quota)?;

    let (events, reports) = control::events();
    let (trains, relayed) = turn::trains();
    let (taps, tapped) = voicemail::taps();
    let spoken = Voicemail::default();
    let (media_addresses, public) = addresses::for_media(&config.media, &own);
    let threads = media::start(
        &media::Options {
            threads: config.media.threads,
            port: config.media.port,
            addresses: media_addresses.clone(),
            public: public.clone(),
            seed: random::seed(),
        },
        events,
        trains,
        taps,
    )?;
    let hub_config = hub::Config {
        // Media threads are counted by eight bits; more are refused where they start.
        shards: u8::try_from(threads.handles().len()).unwrap_or(u8::MAX),
        version: VERSION.to_owned(),
        seat_kept: config.seat_kept,
        rings: config.rings,
        ..hub::Config::default()
    };
    let now = Instant::now();
    let hub = Hub::new(hub_config, now, Calendar::new(now, clock::unix_ms()), random::seed());
    let (relay, relaying) = turn::new(
        turn::Options {
            realm: REALM.to_owned(),
            media: turn::media(threads.sockets(), &public),
            peers: config.turn_peers,
        },
        relayed,
        threads.handles().to_vec(),
    );
    let (memories, unwritten) = control::memories::queue();
    let (notices, rings) = push::queue();
    let outgoing = Outgoing::new(config.outgoing_private);
    let courier = hooks::Courier { store: store.clone(), outgoing: outgoing.clone(), keys: keys.clone() };
    let (heralds, hooks, telling) = hooks::new(courier);
    let ways = control::Ways { memories, push: notices, heralds };
    let (driver, control) = Driver::new(hub, keys.clone(), threads.handles().to_vec(), relay.clone(), reports, ways);

    let tasks = Tasks::default();
    let relay_task = Tasks::default();
    relay_task.spawn("relay", &relay_task.stop, relaying);
    let hub_task = Tasks::default();
    hub_task.spawn("hub", &hub_task.cut, driver.run());
    recall(&store, &control, config.seat_kept).await?;
    hub_task.spawn("memories", &hub_task.cut, control::memories::run(store.clone(), clock::unix_ms(), unwritten));
    hub_task.spawn("push", &hub_task.cut, push::run(push.clone(), store.clone(), rings));
    hub_task.spawn("hooks", &hub_task.cut, telling.run());
    let crowd = crate::crowd::Crowd::default();
    let (news, fetching) = news::new(store.clone(), outgoing.clone(), pool.clone());
    let app = Arc::new(App {
        control: control.clone(),
        store: store.clone(),
        keys,
        media: threads.handles().to_vec(),
        relay: relay.clone(),
        tasks: tasks.clone(),
        behind_proxy: config.behind_proxy,
        metrics: config.metrics,
        limits: http::limit::Limits::default(),
        guesses: http::rooms::guess::Guesses::default(),
        changes: http::rooms::turns::Turns::default(),
        trials: Trials::new(trials::Offered {
            udp: trials::told(threads.sockets(), &public),
            tcp: trials::told(threads.streams(), &public),
        }),
        voicemail: spoken.clone(),
        mailboxes: config.mailboxes,
        tls: tls.clone(),
        writers: http::pace::Paces::of_chat(),
        acts: http::pace::Paces::of_acts(),
        calls: http::pace::Paces::of_calls(),
        stays: http::rooms::stays::Stays::default(),
        files: files.clone(),
        accounts,
        pool,
        crowd: crowd.clone(),
        push,
        endings: Default::default(),
        hooks,
        news,
        outgoing,
        attendants: Default::default(),
        old_attendance: config.old_attendance,
        notices: http::pace::Paces::of_notices(),
        answered: Default::default(),
    });
    let door = Door {
        listener,
        tls: tls.as_ref().map(|tls| TlsAcceptor::from(tls.config.clone())),
        router: http::routes(app.clone()),
        plain: http::plain_routes(app),
        relay,
        behind_proxy: config.behind_proxy,
        crowd,
    };
    if let Some(keeper) = keeper {
        tasks.spawn("certificates", &tasks.stop, keeper.run());
    }
    tasks.spawn("orphans", &tasks.stop, orphans::run(store.clone(), files));
    tasks.spawn("recorder", &tasks.stop, voicemail::run(spoken, tapped));
    tasks.spawn("listener", &tasks.stop, listen::run(door, tasks.clone()));
    tasks.spawn("news", &tasks.stop, fetching.run());
    tasks.spawn("forget", &tasks.stop, account::session::forget_daily(store.clone()));
    tasks.spawn("unused", &tasks.stop, unused::run(store.clone()));

    tracing::info!(version = VERSION, web = %web, "Parlor {VERSION} started on {web}");
    let known = tls.as_ref().filter(|tls| !tls.is_trusted()).and_then(|tls| tls.known.as_ref());
    started(Started {
        web,
        open: open(web, &config.transport, &own),
        fingerprint: known.map(|known| known.fingerprint.clone()),
        trust: known.and_then(|_| trust(web, &own)),
        awaited: tls.filter(Tls::is_waiting).map_or_else(Vec::new, |tls| tls.public_names),
        media_port: threads.port(),
        media_addresses,
        data: config.data,
        set_up_code,
    });
    shutdown.await;

    tracing::info!("stopping: everybody is told");
    tasks.stop.cancel();
    if !control.stop(TOLD).await {
        tracing::error!("the hub does not take the word to stop; nobody is told, and everybody is cut");
    }
    let drained = tasks.drain(DRAIN).await;
    drop(control);
    // The hub ends when nobody can reach it any more; its outputs to the media threads are carried out by then.
    hub_task.drain(DRAIN).await;
    tokio::task::spawn_blocking(move || threads.stop())
        .await
        .unwrap_or_else(|_| tracing::error!("a media thread broke"));
    // Media threads have sent their last; nobody is left to relay for.
    relay_task.stop.cancel();
    relay_task.drain(DRAIN).await;
    store.close().await;
    drop(held);
    tracing::info!("stopped");
    Ok(if drained { Exit::Right } else { Exit::Cut })
}

/// Gives the hub the meetings back that went on when the server ended or was killed, unless that was so long ago that nobody
/// waits any more. Of older ones only that counts who may not come back with an old token.
async fn recall(store: &Store, control: &control::Control, kept: Duration) -> Result<(), RunError> {
    let now = clock::unix_ms();
    let age = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    if let Err(error) = store.forget_meetings(now.saturating_sub(age(TOKENS_GONE))).await {
        tracing::warn!(%error, "meetings of long ago could not be forgotten");
    }
    let waits = now.saturating_sub(age(kept).saturating_add(control::memories::SIGN_OF_LIFE));
    let meetings = store.meetings().await?;
    for call in store.open_calls().await? {
        let meeting = meetings.iter().find(|meeting| meeting.code == call.room.as_str());
        let seen_at = meeting.map_or(call.began, |meeting| meeting.seen_at.max(call.began));
        if seen_at >= waits {
            // As below.
            let _ = control.recall_call(call).await;
        } else if let Err(error) = store.keep_call(&hub::broken_off(call, seen_at)).await {
            tracing::warn!(%error, "it could not be kept how a call of long ago ended");
        }
    }
    for StoredMeeting { code, policy, mut memory, seen_at } in meetings {
        if seen_at < waits {
            memory.people.clear();
        }
        match code.parse() {
            // The hub runs as long as this server does.
            Ok(room) => drop(control.recall(room, policy, memory).await),
            Err(_) => tracing::error!("a meeting is in a room whose code is no name: {code}"),
        }
    }
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<TcpListener, RunError> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => RunError::PortInUse(address),
        _ => RunError::Port { address, source },
    })
}

fn open(web: SocketAddr, transport: &Transport, own: &[IpAddr]) -> Vec<String> {
    let scheme = if *transport == Transport::Plain { "http" } else { "https" };
    let names = match transport {
        // Where the names are checked people come in too.
        Transport::Acme(settings) => settings.names.iter().map(|name| format!("https://{name}/")).collect(),
        _ => Vec::new(),
    };
    let addresses =
        hosts(web, own).into_iter().map(|host| format!("{scheme}://{}/", SocketAddr::new(host, web.port())));
    names.into_iter().chain(addresses).collect()
}

/// The page about our own authority, as other machines reach it: over plain HTTP, since they do not trust us yet.
fn trust(web: SocketAddr, own: &[IpAddr]) -> Option<String> {
    let hosts = hosts(web, own);
    let host = hosts.iter().find(|host| !host.is_loopback()).or(hosts.first())?;
    Some(format!("http://{}/trust", SocketAddr::new(*host, web.port())))
}

/// The addresses to reach the server under, this machine's own first.
fn hosts(web: SocketAddr, own: &[IpAddr]) -> Vec<IpAddr> {
    match web.ip() {
        any if any.is_unspecified() => {
            let (loopback, beyond): (Vec<_>, Vec<_>) =
                own.iter().copied().filter(|address| any.is_ipv6() || address.is_ipv4()).partition(IpAddr::is_loopback);
            loopback.into_iter().take(1).chain(beyond).collect()
        }
        one => vec![one],
    }
}

impl fmt::Display for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses = self.media_addresses.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ");
        writeln!(f, "Parlor {VERSION}")?;
        for address in &self.open {
            writeln!(f, "Open {address}")?;
        }
        if !self.awaited.is_empty() {
            let names = self.awaited.join(", ");
            writeln!(f, "A certificate for {names} is being asked for; the log says when it is there, or why not")?;
        }
        if let Some(fingerprint) = &self.fingerprint {
            let browsers = if self.awaited.is_empty() { "Browsers" } else { "Until then, browsers" };
            writeln!(f, "{browsers} warn until they trust this server's own authority. Its SHA-256 fingerprint is")?;
            writeln!(f, "  {fingerprint}")?;
            if let Some(page) = &self.trust {
                writeln!(f, "How to trust it, on each system: {page}")?;
            }
        }
        writeln!(
            f,
            "Ports: TCP {} (web and signalling), UDP {media} and TCP {media} (media on {addresses})",
            self.web.port(),
            media = self.media_port
        )?;
        if let Some(code) = &self.set_up_code {
            if let Some(first) = self.open.first() {
                writeln!(f, "Set up at {first}setup#{code}")?;
            }
            writeln!(f, "Set-up code: {code} (good once, for an hour; a restart makes a new one)")?;
        }
        writeln!(f, "Data lies in {}", self.data.display())
    }
}

/// After this long no token from before a restart is good any more; they last ten minutes.
const TOKENS_GONE: Duration = Duration::from_secs(900);
/// How long the hub may take to hear that the server stops. It takes milliseconds unless it hangs; then the end must not
/// wait for it.
const TOLD: Duration = Duration::from_secs(2);
/// How long clients have to take their leave. They need a round trip; the rest are cut.
const DRAIN: Duration = Duration::from_secs(5);

/// The realm of the relay's credentials. They are made anew at each start, so that it tells nobody apart.
const REALM: &str = "parlor";
