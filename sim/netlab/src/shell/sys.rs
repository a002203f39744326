//! The calls to the kernel that have no safe wrapper in the standard library. The only unsafe code of this crate.

#![expect(unsafe_code, reason = "namespaces, device settings and ppoll have no safe wrapper in the standard library")]

use std::{
    ffi::c_int,
    io, mem,
    net::Ipv4Addr,
    os::{
        fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd},
        unix::process::CommandExt,
    },
    process::Command,
    ptr,
    time::Duration,
};

/// Gives this thread a new, empty network namespace.
pub fn unshare_network() -> io::Result<()> {
    // SAFETY: takes no pointers.
    checked(unsafe { libc::unshare(libc::CLONE_NEWNET) })
}

/// Moves this thread into that network namespace.
pub fn enter_network(namespace: BorrowedFd) -> io::Result<()> {
    // SAFETY: takes no pointers; the descriptor is open.
    checked(unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWNET) })
}

/// Makes the program begin in that network namespace.
pub fn begin_in(command: &mut Command, namespace: OwnedFd) {
    // SAFETY: between fork and exec only `setns` is called and an error number read, which take no lock and no memory.
    unsafe {
        command.pre_exec(move || checked(libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWNET)));
    }
}

/// Makes the program end when this thread does.
pub fn end_with_us(command: &mut Command) {
    // SAFETY: as above, of `prctl`, which takes no pointers here.
    unsafe {
        command.pre_exec(|| checked(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM)));
    }
}

/// Ends a process at once.
pub fn kill(process: i32) -> io::Result<()> {
    // SAFETY: takes no pointers.
    checked(unsafe { libc::kill(process, libc::SIGKILL) })
}

/// Waits for one of these to become readable, at most so long.
pub fn wait_readable(readable: &mut [libc::pollfd], at_most: Option<Duration>) -> io::Result<()> {
    let time = at_most.map(|time| libc::timespec {
        tv_sec: time.as_secs().min(3600) as libc::time_t,
        tv_nsec: time.subsec_nanos() as _,
    });
    let time = time.as_ref().map_or(ptr::null(), ptr::from_ref);
    // SAFETY: the array has the stated length, the time outlives the call, and no signal mask is given.
    match checked(unsafe { libc::ppoll(readable.as_mut_ptr(), readable.len() as _, time, ptr::null()) }) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
        result => result,
    }
}

/// Lets this thread's waits end when they should: the kernel would otherwise be up to 50 us late, to save wake-ups.
pub fn be_punctual() -> io::Result<()> {
    // SAFETY: takes no pointers here.
    checked(unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1) })
}

/// Something to wake a thread by that waits: a descriptor that can be written from anywhere.
pub fn event() -> io::Result<OwnedFd> {
    // SAFETY: takes no pointers.
    let descriptor = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
    checked(descriptor)?;
    // SAFETY: the kernel just gave it to us, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

/// Makes an open `/dev/net/tun` the device of that name, without a header in front of packets.
pub fn become_tun(file: BorrowedFd, name: &str) -> io::Result<()> {
    let mut request = named(name);
    request.ifr_ifru.ifru_flags = (libc::IFF_TUN | libc::IFF_NO_PI) as i16;
    // SAFETY: the request outlives the call, and is of the kind that this call takes.
    checked(unsafe { libc::ioctl(file.as_raw_fd(), libc::TUNSETIFF, &raw mut request) })
}

/// A setting of a device, or of its address.
#[derive(Debug, Clone, Copy)]
pub enum Setting {
    /// Its address.
    Address(Ipv4Addr),
    /// How much of the address is the network's.
    Mask(Ipv4Addr),
    /// Whether it is up.
    Up(bool),
    /// How many packets may wait for whoever reads the device.
    Queue(i32),
}

/// Changes a device of this thread's namespace. Its name may be that of an alias, such as `eth0:1`, for further addresses.
pub fn set(name: &str, setting: Setting) -> io::Result<()> {
    let socket = any_socket()?;
    let mut request = named(name);
    let number = match setting {
        Setting::Address(address) => {
            request.ifr_ifru.ifru_addr = socket_address(address);
            libc::SIOCSIFADDR
        }
        Setting::Mask(mask) => {
            request.ifr_ifru.ifru_netmask = socket_address(mask);
            libc::SIOCSIFNETMASK
        }
        Setting::Up(is_up) => {
            request.ifr_ifru.ifru_flags = if is_up { libc::IFF_UP as i16 } else { 0 };
            libc::SIOCSIFFLAGS
        }
        Setting::Queue(packets) => {
            request.ifr_ifru.ifru_metric = packets;
            libc::SIOCSIFTXQLEN
        }
    };
    // SAFETY: the request outlives the call, and is filled as this call wants it.
    checked(unsafe { libc::ioctl(socket.as_raw_fd(), number as _, &raw mut request) })
}

/// Sends everything of this thread's namespace that has no other route to that router.
pub fn add_default_route(gateway: Ipv4Addr) -> io::Result<()> {
    let socket = any_socket()?;
    let mut route = Route {
        pad1: 0,
        destination: socket_address(Ipv4Addr::UNSPECIFIED),
        gateway: socket_address(gateway),
        mask: socket_address(Ipv4Addr::UNSPECIFIED),
        flags: libc::RTF_UP | libc::RTF_GATEWAY,
        pad2: 0,
        pad3: 0,
        pad4: ptr::null_mut(),
        metric: 0,
        device: ptr::null_mut(),
        mtu: 0,
        window: 0,
        irtt: 0,
    };
    // SAFETY: the route outlives the call, and names no device by pointer.
    checked(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCADDRT as _, &raw mut route) })
}

/// `struct rtentry` of linux/route.h, which the libc crate has for few targets.
#[repr(C)]
struct Route {
    pad1: libc::c_ulong,
    destination: libc::sockaddr,
    gateway: libc::sockaddr,
    mask: libc::sockaddr,
    flags: libc::c_ushort,
    pad2: libc::c_short,
    pad3: libc::c_ulong,
    pad4: *mut libc::c_void,
    metric: libc::c_short,
    device: *mut libc::c_char,
    mtu: libc::c_ulong,
    window: libc::c_ulong,
    irtt: libc::c_ushort,
}

/// Any socket of this thread's namespace: the kernel asks for one to know which namespace is meant.
fn any_socket() -> io::Result<OwnedFd> {
    // SAFETY: takes no pointers.
    let descriptor = unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) };
    checked(descriptor)?;
    // SAFETY: the kernel just gave it to us, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

fn named(name: &str) -> libc::ifreq {
    // SAFETY: an `ifreq` is bytes and numbers, for all of which zero is a value.
    let mut request: libc::ifreq = unsafe { mem::zeroed() };
    // The last place stays zero: names end with one.
    let places = libc::IFNAMSIZ - 1;
    for (place, letter) in request.ifr_name[..places].iter_mut().zip(name.bytes()) {
        *place = letter as libc::c_char;
    }
    request
}

fn socket_address(address: Ipv4Addr) -> libc::sockaddr {
    let address = libc::sockaddr_in {
        sin_family: libc::AF_INET as libc::sa_family_t,
        sin_port: 0,
        sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(address.octets()) },
        sin_zero: [0; 8],
    };
    // SAFETY: both are 16 bytes of plain numbers; the first is what the second stands for.
    unsafe { mem::transmute::<libc::sockaddr_in, libc::sockaddr>(address) }
}

fn checked(result: c_int) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
