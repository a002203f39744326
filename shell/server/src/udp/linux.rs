//! Many datagrams per system call, by `recvmmsg` and `sendmmsg` with `UDP_SEGMENT`. The only unsafe code of the project.
//!
//! All arrays which the kernel is shown live on the stack of the one function that shows them.

#![expect(unsafe_code, reason = "recvmmsg, sendmmsg and two socket options have no safe wrapper")]

use std::{
    array, io,
    mem::{self, MaybeUninit},
    os::fd::AsRawFd,
    ptr,
};

use mio::net::UdpSocket;
use socket2::{SockAddr, SockAddrStorage};

use super::{
    Mode, Traffic,
    batch::{self, Batch},
    outbox::Outbox,
    runs::MOST_SEGMENTS,
};

/// Reads a batch; says whether more may be waiting. Fails only where the kernel does not know `recvmmsg`.
pub fn receive(socket: &UdpSocket, batch: &mut Batch) -> io::Result<bool> {
    batch.clear();
    let mut sources: [SockAddrStorage; batch::SIZE] = array::from_fn(|_| SockAddrStorage::zeroed());
    let mut pieces = [EMPTY; batch::SIZE];
    // SAFETY: a `mmsghdr` is integers and pointers, for all of which zero is a value.
    let mut messages: [libc::mmsghdr; batch::SIZE] = unsafe { mem::zeroed() };
    let slots = batch.slots();
    for (((message, piece), source), slot) in messages.iter_mut().zip(&mut pieces).zip(&mut sources).zip(slots) {
        piece.iov_base = slot.as_mut_ptr().cast();
        piece.iov_len = slot.len();
        message.msg_hdr.msg_namelen = source.size_of();
        message.msg_hdr.msg_name = ptr::from_mut(source).cast();
        message.msg_hdr.msg_iov = piece;
        message.msg_hdr.msg_iovlen = 1;
    }
    // SAFETY: each message points to one piece and one address, each piece to one slot of its stated length; all of them
    // outlive the call, and nothing else touches them during it.
    let count = unsafe {
        libc::recvmmsg(
            socket.as_raw_fd(),
            messages.as_mut_ptr(),
            batch::SIZE as libc::c_uint,
            libc::MSG_DONTWAIT as _,
            ptr::null_mut(),
        )
    };
    let Ok(count) = usize::try_from(count) else {
        let error = io::Error::last_os_error();
        return match error.raw_os_error() {
            Some(libc::ENOSYS) => Err(error),
            Some(libc::EAGAIN) => Ok(false),
            _ => {
                // Such as the answer to something we sent earlier that nobody took: the socket itself is well.
                tracing::trace!(%error, "receive");
                Ok(true)
            }
        };
    };
    for (message, source) in messages.iter().zip(sources).take(count) {
        let length = message.msg_len as usize;
        // A cut one counts as filling its slot: see `Batch::push`.
        let length = if message.msg_hdr.msg_flags & libc::MSG_TRUNC != 0 { batch::SLOT } else { length };
        // SAFETY: the kernel wrote the address and stated its length.
        let source = unsafe { SockAddr::new(source, message.msg_hdr.msg_namelen) };
        match source.as_socket() {
            Some(source) => batch.push(source, length),
            None => batch.push(NOBODY, 0),
        }
    }
    Ok(count == batch::SIZE)
}

/// What [`send`] did.
pub struct Sent {
    /// What to count.
    pub traffic: Traffic,
    /// Whether the kernel's buffer is full.
    pub blocked: bool,
    /// The better way of sending that this socket does not have, and how we know.
    pub degrade: Option<(Mode, io::Error)>,
}

/// Sends what waits; with `segments`, runs of equal size as one message each.
pub fn send(socket: &UdpSocket, outbox: &mut Outbox, segments: bool) -> Sent {
    let mut sent = Sent { traffic: Traffic::default(), blocked: false, degrade: None };
    let mut most = if segments { MOST_SEGMENTS } else { 1 };
    // Datagrams of a message of several segments that the kernel refused, which are now tried alone, and why it did.
    let (mut alone, mut doubt): (usize, Option<io::Error>) = (0, None);
    while !outbox.is_empty() {
        let most_now = if alone > 0 { 1 } else { most };
        let (first, result) = send_messages(socket, outbox, most_now, if alone > 0 { alone } else { MESSAGES });
        let error = match result {
            Ok(messages) => {
                sent.traffic.send_calls += 1;
                let taken = outbox.last_runs().iter().take(messages);
                let (datagrams, bytes) =
                    taken.fold((0, 0), |(datagrams, bytes), run| (datagrams + run.count, bytes + run.bytes));
                sent.traffic.sent += datagrams as u64;
                sent.traffic.sent_bytes += bytes as u64;
                outbox.done(datagrams);
                alone = alone.saturating_sub(datagrams);
                if let Some(error) = doubt.take() {
                    // Alone it passes: segments are what this path does not know, not the destination.
                    sent.degrade = Some((Mode::Batches, error));
                    (most, alone) = (1, 0);
                }
                continue;
            }
            Err(error) => error,
        };
        match error.raw_os_error() {
            Some(libc::EINTR) => {}
            Some(libc::EAGAIN) => {
                sent.blocked = true;
                break;
            }
            Some(libc::ENOSYS) => {
                sent.degrade = Some((Mode::Singles, error));
                break;
            }
            Some(libc::EIO | libc::EINVAL | libc::EOPNOTSUPP | libc::EMSGSIZE) if first > 1 => {
                // Too large for the path says nothing against segments as such.
                doubt = (error.raw_os_error() != Some(libc::EMSGSIZE)).then_some(error);
                alone = first;
            }
            code => {
                tracing::trace!(%error, "send");
                doubt = None;
                let dropped = match code {
                    Some(libc::ENOBUFS) => &mut sent.traffic.dropped_full,
                    _ => &mut sent.traffic.dropped_unreachable,
                };
                *dropped += first as u64;
                outbox.done(first);
                alone = alone.saturating_sub(first);
            }
        }
    }
    sent
}

/// Asks for buffers beyond the system's limit, which only a privileged process gets.
pub fn force_buffers(socket: &socket2::Socket, bytes: usize) -> bool {
    let value = bytes as libc::c_int;
    [libc::SO_RCVBUFFORCE, libc::SO_SNDBUFFORCE].iter().all(|option| {
        // SAFETY: the option takes an int, and is shown one that outlives the call.
        let result = unsafe {
            libc::setsockopt(
                socket.as_raw_fd(),
                libc::SOL_SOCKET,
                *option,
                ptr::from_ref(&value).cast(),
                mem::size_of::<libc::c_int>() as libc::socklen_t,
            )
        };
        result == 0
    })
}

/// Sends the first runs, at most `messages` and as many as fit one call. Says how many datagrams the first run has, which
/// an error is about, and how many runs the kernel took.
fn send_messages(socket: &UdpSocket, outbox: &mut Outbox, most: usize, messages: usize) -> (usize, io::Result<usize>) {
    let mut addresses = [const { MaybeUninit::<SockAddr>::uninit() }; MESSAGES];
    let mut pieces = [const { MaybeUninit::<libc::iovec>::uninit() }; MESSAGES];
    let mut controls = [Control([0; CONTROL]); MESSAGES];
    // SAFETY: a `mmsghdr` is integers and pointers, for all of which zero is a value.
    let mut headers: [libc::mmsghdr; MESSAGES] = unsafe { mem::zeroed() };
    let count = outbox.runs(messages.min(MESSAGES), most).len();
    let runs = outbox.last_runs();
    let parts = headers.iter_mut().zip(&mut addresses).zip(&mut pieces).zip(&mut controls);
    for (run, (((message, address), piece), control)) in runs.iter().zip(parts) {
        let (destination, bytes) = outbox.content(run);
        let piece = piece.write(libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() });
        let address = address.write(SockAddr::from(destination));
        let header = &mut message.msg_hdr;
        header.msg_name = address.as_ptr().cast_mut().cast();
        header.msg_namelen = address.len();
        header.msg_iov = piece;
        header.msg_iovlen = 1;
        if run.count > 1 {
            control.segment(header, run.size as u16);
        }
    }
    let first = runs.first().map_or(0, |run| run.count);
    // SAFETY: the first `count` messages were filled in above with pointers into arrays of this function and into the
    // trains of `outbox`; all outlive the call, which reads them and writes only the lengths in `headers`.
    let taken = unsafe {
        libc::sendmmsg(socket.as_raw_fd(), headers.as_mut_ptr(), count as libc::c_uint, libc::MSG_DONTWAIT as _)
    };
    (first, usize::try_from(taken).map_err(|_| io::Error::last_os_error()))
}

/// Room for one control message of two bytes, aligned as the kernel wants its header.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
struct Control([u8; CONTROL]);

impl Control {
    /// Says to the kernel: cut this message into datagrams of `size` bytes.
    fn segment(&mut self, header: &mut libc::msghdr, size: u16) {
        header.msg_control = self.0.as_mut_ptr().cast();
        // SAFETY: arithmetic only.
        let (space, length) = unsafe { (libc::CMSG_SPACE(SIZE_OF_U16), libc::CMSG_LEN(SIZE_OF_U16)) };
        header.msg_controllen = space as _;
        // SAFETY: the control buffer set above is `CONTROL` bytes, at least `space` and aligned for a `cmsghdr`, so
        // the first header lies in it, and so do the two bytes of its data.
        unsafe {
            let control = libc::CMSG_FIRSTHDR(header);
            (*control).cmsg_level = libc::SOL_UDP;
            (*control).cmsg_type = libc::UDP_SEGMENT;
            (*control).cmsg_len = length as _;
            libc::CMSG_DATA(control).cast::<u16>().write_unaligned(size);
        }
    }
}

/// Messages per call; the gain of more is not measurable.
const MESSAGES: usize = 64;

/// `CMSG_SPACE(2)` where pointers have 64 bits; less elsewhere.
const CONTROL: usize = 24;

const SIZE_OF_U16: u32 = 2;

const EMPTY: libc::iovec = libc::iovec { iov_base: ptr::null_mut(), iov_len: 0 };

/// Stands where the kernel named no source, together with a length of zero.
const NOBODY: std::net::SocketAddr =
    std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 0);

/// Makes the kernel refuse `UDP_SEGMENT` on this socket, as a network device without it does.
#[cfg(test)]
pub fn refuse_segments(socket: &UdpSocket) {
    let value: libc::c_int = 1;
    // SAFETY: the option takes an int, and is shown one that outlives the call.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_NO_CHECK, // the kernel segments only what it may checksum
            ptr::from_ref(&value).cast(),
            mem::size_of::<libc::c_int>() as libc::socklen_t,
        )
    };
    assert_eq!(result, 0, "{}", io::Error::last_os_error());
}
