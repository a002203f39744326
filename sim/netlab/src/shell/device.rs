//! The TUN device of a namespace: what programs inside see as their network card, and the file by which we are the
//! cable.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    net::Ipv4Addr,
    os::fd::{AsFd, AsRawFd, RawFd},
    os::unix::fs::OpenOptionsExt,
};

use super::{
    namespace::Namespace,
    sys::{self, Setting},
};

/// Our end of a device.
#[derive(Debug)]
pub struct Device {
    file: File,
}

/// What a device is given: its addresses, of one network of 24 bits, and the router that leads out of it.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// At least one.
    pub own: Vec<Ipv4Addr>,
    /// The way to everywhere else.
    pub gateway: Ipv4Addr,
}

impl Device {
    /// Makes the device of a namespace, gives it its addresses and takes it up.
    pub fn create(namespace: &Namespace, addresses: &Addresses) -> io::Result<Self> {
        namespace.inside(|| {
            let file = File::options().read(true).write(true).custom_flags(libc::O_NONBLOCK).open(TUN)?;
            sys::become_tun(file.as_fd(), NAME)?;
            sys::set(NAME, Setting::Queue(QUEUE))?;
            // No addresses of IPv6 that lead nowhere, for programs to try. Where it cannot be turned off there is none, or
            // a sandbox forbids it, and then those packets are dropped as unreadable.
            let _ = fs::write(NO_IPV6, "1");
            assign(addresses)?;
            Ok(Self { file })
        })
    }

    /// The next packet that somebody inside sent, if there is one.
    pub fn read<'a>(&mut self, buffer: &'a mut [u8]) -> io::Result<Option<&'a [u8]>> {
        match self.file.read(buffer) {
            Ok(length) => Ok(Some(&buffer[..length])),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives a packet to those inside. Says whether the device took it: one that is down takes none.
    pub fn write(&mut self, packet: &[u8]) -> bool {
        self.file.write(packet).is_ok()
    }

    /// To wait by.
    pub fn descriptor(&self) -> RawFd {
        self.file.as_raw_fd()
    }
}

/// Takes these addresses instead of those it had, which vanish with everything that was bound to them.
pub fn readdress(namespace: &Namespace, addresses: &Addresses) -> io::Result<()> {
    namespace.inside(|| assign(addresses))
}

/// Takes the device down: programs lose their routes and are told that the network is unreachable.
pub fn take_down(namespace: &Namespace) -> io::Result<()> {
    namespace.inside(|| sys::set(NAME, Setting::Up(false)))
}

/// Takes it up again. It has kept its addresses; of the routes only that of its own network comes by itself.
pub fn take_up(namespace: &Namespace, gateway: Ipv4Addr) -> io::Result<()> {
    namespace.inside(|| {
        sys::set(NAME, Setting::Up(true))?;
        sys::add_default_route(gateway)
    })
}

/// In the namespace: the first address is the device's, the others are of aliases.
fn assign(addresses: &Addresses) -> io::Result<()> {
    for (index, address) in addresses.own.iter().enumerate() {
        let name = if index == 0 { NAME.to_owned() } else { format!("{NAME}:{index}") };
        sys::set(&name, Setting::Address(*address))?;
        sys::set(&name, Setting::Mask(MASK))?;
    }
    sys::set(NAME, Setting::Up(true))?;
    sys::add_default_route(addresses.gateway)
}

const TUN: &str = "/dev/net/tun";
/// Programs judge a network by the name of its device: browsers take `tun0` for a VPN, and avoid it.
const NAME: &str = "eth0";
/// Of the namespace of the thread that writes.
const NO_IPV6: &str = "/proc/sys/net/ipv6/conf/eth0/disable_ipv6";
/// A network of 24 bits per host.
const MASK: Ipv4Addr = Ipv4Addr::new(255, 255, 255, 0);
/// Packets that wait for the pump to read them: 200 ms of 200 Mbit/s in packets of 1,200 bytes, so that nothing is lost
/// outside of the plan when this machine is busy. On overflow the kernel drops the newest.
const QUEUE: i32 = 4_000;
