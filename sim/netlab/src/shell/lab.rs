//! A lab that runs.

use std::{
    env,
    ffi::OsStr,
    fs, io,
    net::Ipv4Addr,
    ops::Deref,
    path::PathBuf,
    process::{self, Command},
    sync::atomic::{AtomicU8, AtomicU32, Ordering},
    time::Instant,
};

use serde::Serialize;

use crate::{
    action::{Act, Action, Ways},
    engine::{
        counters::Counters,
        cut::Cut,
        impairment::Impairment,
        router::{Direction, Line, Router, Strays},
    },
    topology::{self, SERVER, SERVER_GATEWAY, Topology},
};

use super::{
    device::{self, Addresses, Device},
    janitor::{self, HostRecord, Record},
    namespace::Namespace,
    pump::Pump,
    sys,
};

/// A server and clients, each in a namespace of its own, and the lines between them. Everything ends when this is
/// dropped: the lines, the programs that are still inside, the namespaces.
#[derive(Debug)]
pub struct Lab {
    // Dropped first: nothing flows any more when the rest goes.
    pump: Pump,
    record: Record,
    hosts: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    name: String,
    namespace: Namespace,
    /// How often a client has changed its address. Written by `change_address` alone.
    changes: AtomicU8,
}

/// Why there is no lab.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The plan is none.
    #[error(transparent)]
    Plan(#[from] topology::Fault),
    /// This machine, or this user, may make no namespaces or no TUN devices.
    #[error("{what} is not possible here: {error}; it needs root, network namespaces and /dev/net/tun")]
    Forbidden {
        /// What was tried.
        what: &'static str,
        /// What the kernel said.
        error: io::Error,
    },
    /// Something else did not work.
    #[error("cannot start the lab")]
    Io(#[from] io::Error),
}

/// Both directions of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Both {
    /// From the client.
    pub up: Counters,
    /// To the client.
    pub down: Counters,
}

impl Lab {
    /// Builds it, after cleaning up behind dead ones.
    pub fn start(topology: &Topology) -> Result<Self, StartError> {
        topology.check()?;
        let mut networks = vec![(SERVER.to_owned(), Addresses { own: topology.server(), gateway: SERVER_GATEWAY })];
        networks.extend(
            topology.clients.iter().zip(topology.attachments()).map(|(client, line)| {
                (client.name.clone(), Addresses { own: vec![line.local], gateway: line.gateway })
            }),
        );
        let (mut hosts, mut devices, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for (name, addresses) in networks {
            let namespace = Namespace::create().map_err(forbidden("making a network namespace"))?;
            devices.push(Device::create(&namespace, &addresses).map_err(forbidden("making a TUN device"))?);
            records.push(HostRecord {
                name: name.clone(),
                addresses: addresses.own,
                namespace: namespace.path(),
                inode: namespace.inode()?,
            });
            hosts.push(Member { name, namespace, changes: AtomicU8::new(0) });
        }
        let router =
            Router::new(Instant::now(), topology.seed, topology.server(), SERVER_GATEWAY, topology.attachments());
        // Here, where it is clear that we may.
        janitor::sweep()?;
        let pump = Pump::start(router, devices)?;
        let record = Record::new(name(), records)?;
        record.write()?;
        Ok(Self { pump, record, hosts })
    }

    /// Builds it, or says loudly why that is not possible here, so that a test can return.
    ///
    /// # Panics
    ///
    /// When that is for another reason than that it is forbidden; and always where `CI=true`: there a test that does not
    /// run has failed.
    pub fn or_skip(topology: &Topology) -> Option<Self> {
        match Self::start(topology) {
            Ok(lab) => Some(lab),
            Err(error @ StartError::Forbidden { .. }) if env::var("CI").as_deref() != Ok("true") => {
                eprintln!("\n*** SKIPPED, NOTHING WAS TESTED: {error} ***\n");
                None
            }
            Err(error) => panic!("no lab: {error}: {}", source_of(&error)),
        }
    }

    /// What it is called: `netlab exec` and the programs inside, by their variable `NETLAB`, know it by this.
    pub fn name(&self) -> &str {
        &self.record.lab
    }

    /// Who is there and where.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The server side.
    pub fn server(&self) -> Host<'_> {
        Host { lab: self, index: 0 }
    }

    /// The client at that place of the topology.
    ///
    /// # Panics
    ///
    /// When there are not so many.
    pub fn client(&self, index: usize) -> ClientHost<'_> {
        assert!(index + 1 < self.hosts.len(), "the lab has {} clients, and none at {index}", self.hosts.len() - 1);
        ClientHost { host: Host { lab: self, index: index + 1 }, index }
    }

    /// The client of that name.
    pub fn client_named(&self, name: &str) -> Option<ClientHost<'_>> {
        let index = self.hosts.iter().skip(1).position(|host| host.name == name)?;
        Some(self.client(index))
    }

    /// The host of that name: a client, or `server`.
    pub fn host_named(&self, name: &str) -> Option<Host<'_>> {
        let index = self.hosts.iter().position(|host| host.name == name)?;
        Some(Host { lab: self, index })
    }

    /// Packets that concerned no line.
    pub fn strays(&self) -> Strays {
        self.pump.ask(|_, router| router.strays())
    }

    /// Does what a line of text said. Gives what there is to say about it, mostly nothing; errors are complete sentences.
    pub fn apply(&self, action: &Action) -> Result<String, String> {
        let client =
            self.client_named(&action.client).ok_or_else(|| format!("there is no client `{}`", action.client))?;
        let done = |result: io::Result<()>| result.map(|()| String::new()).map_err(|error| error.to_string());
        match &action.act {
            Act::Cut(cut, ways) => client.cut_one(*cut, *ways),
            Act::Heal => client.heal(),
            Act::Rebind => client.rebind(),
            Act::Set(ways, settings) => {
                for direction in ways.directions() {
                    client.amend(*direction, |line| settings.iter().for_each(|setting| setting.apply(line)));
                }
            }
            Act::ChangeAddress => {
                return client.change_address().map(|address| address.to_string()).map_err(|error| error.to_string());
            }
            Act::Unplug => return done(client.unplug()),
            Act::Plug => return done(client.plug()),
            Act::Counters => {
                return serde_json::to_string(&client.counters()).map_err(|error| error.to_string());
            }
        }
        Ok(String::new())
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if let Err(error) = self.record.clean() {
            eprintln!("netlab: {} is not cleaned up: {error}", self.record.lab);
        }
    }
}

/// One host of a lab: the server, or what a client has in common with it.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    lab: &'a Lab,
    index: usize,
}

impl<'a> Host<'a> {
    /// Its name.
    pub fn name(&self) -> &'a str {
        &self.member().name
    }

    /// Its addresses; of a client, the one at the start, see [`ClientHost::address`].
    pub fn addresses(&self) -> &'a [Ipv4Addr] {
        &self.lab.record.hosts[self.index].addresses
    }

    /// Where other processes find its namespace.
    pub fn namespace(&self) -> PathBuf {
        self.member().namespace.path()
    }

    /// A program to start there.
    ///
    /// # Panics
    ///
    /// When this process has no descriptor left.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.member().namespace.command(program).expect("a descriptor is left");
        command.env(janitor::VARIABLE, self.lab.name());
        command
    }

    /// The same, and it is told to end (SIGTERM) when the thread that started it does, so also when this process is killed.
    pub fn bound_command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.command(program);
        sys::end_with_us(&mut command);
        command
    }

    /// Runs something there, on a thread of its own: sockets that it opens stay there wherever they go.
    ///
    /// # Panics
    ///
    /// When `work` does.
    pub fn inside<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.member().namespace.inside(work)
    }

    fn member(&self) -> &'a Member {
        &self.lab.hosts[self.index]
    }
}

/// A client of a lab: a host, and the line by which it is there.
#[derive(Debug, Clone, Copy)]
pub struct ClientHost<'a> {
    host: Host<'a>,
    index: usize,
}

impl<'a> Deref for ClientHost<'a> {
    type Target = Host<'a>;

    fn deref(&self) -> &Host<'a> {
        &self.host
    }
}

impl ClientHost<'_> {
    /// Its own address now.
    pub fn address(&self) -> Ipv4Addr {
        self.ask(|_, line| line.local())
    }

    /// The address under which the world sees it now.
    pub fn public_address(&self) -> Ipv4Addr {
        self.ask(|_, line| line.public())
    }

    /// Treats packets so from now on.
    pub fn set(&self, up: Impairment, down: Impairment) {
        self.ask(move |now, line| {
            line.path_mut(Direction::Up).set(now, up);
            line.path_mut(Direction::Down).set(now, down);
        });
    }

    /// Changes how packets in one direction are treated.
    pub fn amend(&self, direction: Direction, change: impl FnOnce(&mut Impairment)) {
        let mut impairment = self.ask(move |_, line| line.path(direction).impairment());
        change(&mut impairment);
        self.ask(move |now, line| line.path_mut(direction).set(now, impairment));
    }

    /// Lets nothing through any more. What is under way still arrives, here as with all cuts.
    pub fn cut(&self) {
        self.cut_one(Cut::Everything, Ways::Both);
    }

    /// Lets no datagrams through any more.
    pub fn cut_udp(&self) {
        self.cut_one(Cut::Udp, Ways::Both);
    }

    /// Lets no streams through any more.
    pub fn cut_tcp(&self) {
        self.cut_one(Cut::Tcp, Ways::Both);
    }

    /// Lets nothing through any more that is from or to this port.
    pub fn cut_port(&self, port: u16) {
        self.cut_one(Cut::Port(port), Ways::Both);
    }

    /// Lets no more of these through, in these directions.
    pub fn cut_one(&self, cut: Cut, ways: Ways) {
        self.ask(move |_, line| ways.directions().iter().for_each(|direction| line.path_mut(*direction).cut(cut)));
    }

    /// Forgets all cuts.
    pub fn heal(&self) {
        self.ask(|_, line| line.heal());
    }

    /// The NAT forgets all mappings, as when it restarts.
    pub fn rebind(&self) {
        self.ask(|_, line| line.rebind());
    }

    /// The client moves to another network, as from Wi-Fi to mobile: its old address vanishes, it gets another one, and
    /// the world sees it behind another NAT. Programs learn it from the kernel. Gives the new address. A client whose
    /// device is down comes up by this.
    pub fn change_address(&self) -> io::Result<Ipv4Addr> {
        let changes = self.member().changes.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let (local, public) = (topology::local(self.index, changes), topology::public(self.index, changes));
        // The router first: what the device sends from now on is of the new address.
        let index = self.index;
        self.lab.pump.ask(move |_, router| {
            router.change_address(index, local, public);
            router.line_mut(index).plug(true);
        });
        let addresses = Addresses { own: vec![local], gateway: topology::gateway(self.index) };
        device::readdress(&self.member().namespace, &addresses)?;
        Ok(local)
    }

    /// Takes the client's device down, as when its cable is pulled or its Wi-Fi is off: programs are told by the kernel.
    pub fn unplug(&self) -> io::Result<()> {
        self.ask(|_, line| line.plug(false));
        device::take_down(&self.member().namespace)
    }

    /// Takes the client's device up again, with the address that it had.
    pub fn plug(&self) -> io::Result<()> {
        device::take_up(&self.member().namespace, topology::gateway(self.index))?;
        self.ask(|_, line| line.plug(true));
        Ok(())
    }

    /// What happened so far.
    pub fn counters(&self) -> Both {
        self.ask(|_, line| Both {
            up: line.path(Direction::Up).counters(),
            down: line.path(Direction::Down).counters(),
        })
    }

    fn ask<R: Send + 'static>(&self, question: impl FnOnce(Instant, &mut Line) -> R + Send + 'static) -> R {
        let index = self.index;
        self.host.lab.pump.ask(move |now, router| question(now, router.line_mut(index)))
    }
}

/// A name that no other lab of this machine has: the process, when it started, and a count.
fn name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("parlor-lab-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Tells what is forbidden from what went wrong.
fn forbidden(what: &'static str) -> impl FnOnce(io::Error) -> StartError {
    move |error| match error.raw_os_error() {
        // No right to; no such device; a kernel without it; a sandbox that has no such call.
        Some(libc::EPERM | libc::EACCES | libc::ENOENT | libc::ENODEV | libc::ENXIO | libc::EINVAL | libc::ENOSYS) => {
            StartError::Forbidden { what, error }
        }
        _ => StartError::Io(error),
    }
}

fn source_of(error: &dyn std::error::Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

/// What this machine can and cannot do, one line each, and whether that is enough.
pub fn abilities() -> (Vec<String>, bool) {
    let tun = fs::metadata("/dev/net/tun");
    let mut lines = vec![match &tun {
        Ok(_) => "/dev/net/tun: there".to_owned(),
        Err(error) => format!("/dev/net/tun: {error}"),
    }];
    let lab = Lab::start(&Topology::new(1).client(topology::Client::new("probe")));
    lines.push(match &lab {
        Ok(_) => "namespaces, TUN devices, addresses, routes: a lab of two hosts started".to_owned(),
        Err(error) => format!("no lab: {error} {}", source_of(error)),
    });
    (lines, lab.is_ok())
}
