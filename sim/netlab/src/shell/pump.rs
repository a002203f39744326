//! The one thread of a lab that owns its router and its devices: reads what hosts send, writes what arrives, and waits
//! for the next of both.

use std::{
    fs::File,
    io::{self, Write},
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Instant,
};

use crate::engine::router::{Port, Router};

use super::{device::Device, sys};

/// Whoever holds this may ask the pump; when it is dropped, the pump ends and its devices vanish.
#[derive(Debug)]
pub struct Pump {
    orders: Option<mpsc::Sender<Order>>,
    bell: File,
    thread: Option<JoinHandle<()>>,
}

/// Something to do with the router, on its own thread. Who gives one waits for it to be done, so no more than one per
/// asking thread ever waits.
type Order = Box<dyn FnOnce(Instant, &mut Router) + Send>;

impl Pump {
    /// Starts the thread. The device of each port of the router is at its place: the server's, then those of clients.
    pub fn start(router: Router, devices: Vec<Device>) -> io::Result<Self> {
        let bell = File::from(sys::event()?);
        let (orders, inbox) = mpsc::channel();
        let driver = Driver { router, devices, inbox, bell: bell.try_clone()? };
        let thread = thread::Builder::new().name("netlab pump".to_owned()).spawn(|| driver.run())?;
        Ok(Self { orders: Some(orders), bell, thread: Some(thread) })
    }

    /// Does something with the router and gives its answer.
    ///
    /// # Panics
    ///
    /// When the pump has: then the lab is broken, and so is every result that comes from it.
    pub fn ask<R: Send + 'static>(&self, question: impl FnOnce(Instant, &mut Router) -> R + Send + 'static) -> R {
        let (reply, answer) = mpsc::channel();
        let order: Order = Box::new(move |now, router| {
            // Who asked may have panicked meanwhile.
            let _ = reply.send(question(now, router));
        });
        let orders = self.orders.as_ref().expect("they are taken by `drop` alone");
        orders.send(order).expect("the pump runs as long as its lab");
        self.ring();
        answer.recv().expect("the pump runs as long as its lab")
    }

    fn ring(&self) {
        // Fails only when it has been rung 2^64 times and not been heard.
        let _ = (&self.bell).write(&1u64.to_ne_bytes());
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        self.orders = None;
        self.ring();
        if let Some(thread) = self.thread.take() {
            // Its panic has been printed already.
            let _ = thread.join();
        }
    }
}

struct Driver {
    router: Router,
    devices: Vec<Device>,
    inbox: mpsc::Receiver<Order>,
    bell: File,
}

impl Driver {
    fn run(mut self) {
        if let Err(error) = sys::be_punctual() {
            eprintln!("netlab: packets will be up to 50 us late: {error}");
        }
        let descriptors = self.devices.iter().map(Device::descriptor);
        let bell = std::os::fd::AsRawFd::as_raw_fd(&self.bell);
        let mut readable: Vec<libc::pollfd> =
            descriptors.chain([bell]).map(|fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 }).collect();
        let mut buffer = vec![0; LONGEST];
        loop {
            let at_most = self.router.poll_timeout().map(|due| due.saturating_duration_since(Instant::now()));
            sys::wait_readable(&mut readable, at_most).expect("all descriptors are open");
            for (index, device) in readable.iter().take(self.devices.len()).enumerate() {
                if device.revents != 0 {
                    self.read(index, &mut buffer);
                }
            }
            if !self.obey() {
                return;
            }
            self.write();
        }
    }

    /// Takes what a host sent, but not for ever: others send too, and what is due wants to leave.
    fn read(&mut self, index: usize, buffer: &mut [u8]) {
        let port = index.checked_sub(1).map_or(Port::Server, Port::Client);
        // Read once for all: they came in one moment.
        let now = Instant::now();
        for _ in 0..AT_ONCE {
            match self.devices[index].read(buffer) {
                Ok(Some(packet)) => self.router.handle(now, port, packet),
                // A device that is down says so until it is up again.
                Ok(None) | Err(_) => return,
            }
        }
    }

    /// Does what was asked. Says whether anybody is left to ask.
    fn obey(&mut self) -> bool {
        let mut rung = [0; 8];
        // Empty without a ring, which is as good.
        let _ = io::Read::read(&mut self.bell, &mut rung);
        loop {
            match self.inbox.try_recv() {
                Ok(order) => order(Instant::now(), &mut self.router),
                Err(mpsc::TryRecvError::Empty) => return true,
                Err(mpsc::TryRecvError::Disconnected) => return false,
            }
        }
    }

    /// Gives out what has arrived.
    fn write(&mut self) {
        let now = Instant::now();
        while let Some((port, packet)) = self.router.poll_output(now) {
            let index = match port {
                Port::Server => 0,
                Port::Client(index) => index + 1,
            };
            let is_taken = self.devices[index].write(packet.bytes());
            if let (false, Port::Client(index)) = (is_taken, port) {
                self.router.line_mut(index).refused();
            }
        }
    }
}

/// The longest packet of IPv4.
const LONGEST: usize = 65_535;
/// Packets read from one device before the next has its turn: half a millisecond of work.
const AT_ONCE: usize = 128;
