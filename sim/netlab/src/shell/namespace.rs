//! A network namespace: a set of devices, addresses and routes of its own, for the programs that are started in it.
//!
//! Namespaces here have no name. The kernel keeps one for as long as a process is in it or a descriptor of it is open,
//! so those of a lab that was killed vanish by themselves, unless a program is left inside: see `janitor`.

use std::{
    ffi::OsStr,
    fs::File,
    io,
    os::{
        fd::{AsFd, AsRawFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    panic,
    path::PathBuf,
    process::{self, Command},
    thread,
};

use super::sys;

/// A namespace that lives as long as this value, or a program inside.
#[derive(Debug)]
pub struct Namespace {
    file: File,
}

impl Namespace {
    /// A new one, with nothing but the loopback device, which is up.
    pub fn create() -> io::Result<Self> {
        // On a thread of its own: it is the thread that moves.
        let made = thread::spawn(|| {
            sys::unshare_network()?;
            sys::set("lo", sys::Setting::Up(true))?;
            File::open("/proc/thread-self/ns/net")
        });
        let file = made.join().unwrap_or_else(|panic| panic::resume_unwind(panic))?;
        Ok(Self { file })
    }

    /// The one behind that path, which is of the kind that [`Namespace::path`] gives.
    pub fn open(path: &std::path::Path) -> io::Result<Self> {
        Ok(Self { file: File::open(path)? })
    }

    /// Where other processes find it, for as long as this process lives.
    pub fn path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/fd/{}", process::id(), self.file.as_raw_fd()))
    }

    /// What tells it from all other namespaces that are there now.
    pub fn inode(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.ino())
    }

    /// Runs something on a thread inside. Sockets stay in the namespace in which they were opened, and threads start in
    /// that of the thread which starts them, so that a whole async runtime may be built there.
    ///
    /// # Panics
    ///
    /// When `work` does, and when the kernel lets nobody in.
    pub fn inside<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        thread::scope(|scope| {
            let inside = scope.spawn(|| {
                sys::enter_network(self.file.as_fd()).expect("who made a namespace may enter it");
                work()
            });
            inside.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
        })
    }

    /// A program that will start inside. Environment and everything else are inherited as always.
    pub fn command(&self, program: impl AsRef<OsStr>) -> io::Result<Command> {
        let mut command = Command::new(program);
        sys::begin_in(&mut command, OwnedFd::from(self.file.try_clone()?));
        Ok(command)
    }
}
