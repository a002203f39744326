//! Files given to chats, on the disk (R11).
//!
//! Each lies under its random id in the folder `files` of the data folder, its preview beside it. The name that it was
//! given with is only text in the database, and no part of a path. What a file is, is told from its content by [`inspect`];
//! who may have it is decided in `http::files`.

pub mod givers;
pub mod inspect;
pub mod name;
pub mod orphans;
mod preview;

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use proto::FileId;
use tokio::{
    fs::{self, File, OpenOptions},
    io::AsyncWriteExt as _,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use crate::folder::{Folder, FolderError};
pub use inspect::{Inspected, Refused};

/// The files of this server.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
    /// Uploads under way; see [`UPLOADS`].
    uploads: Arc<Semaphore>,
    /// Who has uploads under way.
    pub givers: givers::Givers,
    /// Files being looked at; see [`LOOKS`].
    looks: Arc<Semaphore>,
    /// The bytes of all files and previews.
    used: Arc<AtomicU64>,
    /// The most of them.
    quota: u64,
}

/// A file on its way in. Dropped before [`Draft::keep`], nothing of it stays.
#[derive(Debug)]
pub struct Draft {
    /// The id that it will have.
    pub id: FileId,
    folder: PathBuf,
    file: File,
    size: u64,
    used: Arc<AtomicU64>,
    kept: bool,
    _place: OwnedSemaphorePermit,
}

impl Files {
    /// Opens the folder of files, makes it when it is missing, and removes what a crash left half-written. Without a quota it
    /// takes half of the place that there is, and at most [`QUOTA`].
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn open(folder: &Folder, quota: Option<u64>) -> Result<Self, FolderError> {
        let folder = Folder::open(&folder.path().join("files"))?.path().to_owned();
        let mut used = 0;
        for entry in std::fs::read_dir(&folder).map_err(|source| unusable(&folder, source))?.flatten() {
            if entry.file_name().to_string_lossy().ends_with(DRAFT) {
                std::fs::remove_file(entry.path()).map_err(|source| unusable(&entry.path(), source))?;
            } else {
                used += entry.metadata().map_or(0, |metadata| metadata.len());
            }
        }
        let quota = quota.unwrap_or_else(|| share_of(free(&folder), used));
        Ok(Self {
            folder,
            uploads: Arc::new(Semaphore::new(UPLOADS)),
            givers: givers::Givers::default(),
            looks: Arc::new(Semaphore::new(LOOKS)),
            used: Arc::new(AtomicU64::new(used)),
            quota,
        })
    }

    /// Whether there is place for so many bytes more.
    pub fn has_place(&self, bytes: u64) -> bool {
        self.used.load(Ordering::Relaxed).saturating_add(bytes) <= self.quota
    }

    /// Begins a file; `None` when too many are on their way in already.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub async fn begin(&self, id: FileId) -> io::Result<Option<Draft>> {
        let Ok(place) = self.uploads.clone().try_acquire_owned() else { return Ok(None) };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(draft(&self.folder, id)).await?;
        Ok(Some(Draft {
            id,
            folder: self.folder.clone(),
            file,
            size: 0,
            used: self.used.clone(),
            kept: false,
            _place: place,
        }))
    }

    /// Opens a file that was kept.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    pub async fn read(&self, id: FileId) -> io::Result<File> {
        File::open(kept(&self.folder, id)).await
    }

    /// The preview of a picture.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    pub async fn read_preview(&self, id: FileId) -> io::Result<Vec<u8>> {
        fs::read(preview_of(&self.folder, id)).await
    }

    /// The files that were written since then, previews without their file included. Not those on their way in.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn list(&self, since: SystemTime) -> io::Result<BTreeSet<FileId>> {
        let mut ids = BTreeSet::new();
        let mut entries = fs::read_dir(&self.folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // Whatever else lies here is not ours to touch.
            let Ok(id) = name.strip_suffix(PREVIEW).unwrap_or(&name).parse() else { continue };
            match entry.metadata().await.and_then(|metadata| metadata.modified()) {
                Ok(written) if written >= since => drop(ids.insert(id)),
                Ok(_) => {}
                // Removed at this moment.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ids)
    }

    /// Removes files and their previews. Those that are gone already are fine; a failure is logged, the rest go on.
    pub async fn remove(&self, ids: &[FileId]) {
        for id in ids {
            for path in [kept(&self.folder, *id), preview_of(&self.folder, *id)] {
                let size = fs::metadata(&path).await.map_or(0, |metadata| metadata.len());
                match fs::remove_file(&path).await {
                    Ok(()) => {
                        self.used.fetch_sub(size, Ordering::Relaxed);
                    }
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => tracing::warn!(%error, file.id = %id, "file {id} could not be removed"),
                }
            }
        }
    }

    /// Tells what a complete draft is, and makes its preview. On a thread where waiting harms nobody.
    ///
    /// # Errors
    /// When it is refused, or the disk fails.
    pub async fn inspect(&self, draft: &Draft, name: &str) -> io::Result<Result<Inspected, Refused>> {
        // Never closed, so there is always a permit in the end.
        let look = self.looks.clone().acquire_owned().await.map_err(io::Error::other)?;
        let (path, beside) = (self::draft(&self.folder, draft.id), draft_preview(&self.folder, draft.id));
        let name = name.to_owned();
        let looked = tokio::task::spawn_blocking(move || -> io::Result<Result<Inspected, Refused>> {
            let _look = look;
            let bytes = std::fs::read(&path)?;
            let inspected = match inspect::inspect(&bytes, &name) {
                Ok(inspected) => inspected,
                Err(refused) => return Ok(Err(refused)),
            };
            let preview = match inspected.picture.map(|format| preview::make(&bytes, format)).transpose() {
                Ok(preview) => preview.flatten(),
                Err(refused) => return Ok(Err(refused)),
            };
            if let Some(preview) = &preview {
                write_preview(&beside, &preview.bytes)?;
            }
            Ok(Ok(Inspected { preview: preview.map(|preview| preview.size), ..inspected }))
        });
        // A decoder that panics has met a picture made to break it.
        looked.await.unwrap_or(Ok(Err(Refused)))
    }
}

impl Draft {
    /// Adds bytes at its end.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// How many bytes it has so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Brings it to the disk, so that a power cut cannot take it any more.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub async fn settle(&mut self) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await
    }

    /// Makes it a file of this server. Afterwards it is there even if the power fails now.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub async fn keep(mut self, with_preview: bool) -> io::Result<()> {
        if with_preview {
            let preview = preview_of(&self.folder, self.id);
            fs::rename(draft_preview(&self.folder, self.id), &preview).await?;
            self.used.fetch_add(fs::metadata(&preview).await?.len(), Ordering::Relaxed);
        }
        fs::rename(draft(&self.folder, self.id), kept(&self.folder, self.id)).await?;
        self.kept = true;
        self.used.fetch_add(self.size, Ordering::Relaxed);
        File::open(&self.folder).await?.sync_all().await
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // Best effort: what stays is removed at the next start.
            for path in [draft(&self.folder, self.id), draft_preview(&self.folder, self.id)] {
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

fn write_preview(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()
}

fn kept(folder: &Path, id: FileId) -> PathBuf {
    folder.join(id.to_string())
}

fn preview_of(folder: &Path, id: FileId) -> PathBuf {
    folder.join(format!("{id}{PREVIEW}"))
}

fn draft(folder: &Path, id: FileId) -> PathBuf {
    folder.join(format!("{id}{DRAFT}"))
}

/// What files may take of a disk with so much free, where they have taken so much already: the same after a restart.
fn share_of(free: Option<u64>, used: u64) -> u64 {
    free.map_or(QUOTA, |free| (free.saturating_add(used) / 2).min(QUOTA))
}

/// How much the disk of a folder has free for us; `None` when it does not say.
#[cfg(unix)]
pub fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Nobody asks here.
#[cfg(not(unix))]
pub fn free(_: &Path) -> Option<u64> {
    None
}

fn draft_preview(folder: &Path, id: FileId) -> PathBuf {
    folder.join(format!("{id}{PREVIEW}{DRAFT}"))
}

fn unusable(path: &Path, source: io::Error) -> FolderError {
    FolderError::Unusable { path: path.to_owned(), source }
}

/// The largest file (R11).
pub const LARGEST: u64 = 25 * 1024 * 1024;
/// The most bytes of all files of one room: forty of the largest.
pub const ROOM_QUOTA: u64 = 1024 * 1024 * 1024;
/// The most bytes of all files when nobody says another: twenty rooms that are full. Anybody may make rooms on many servers,
/// and a disk that is full stops all of them.
const QUOTA: u64 = 20 * ROOM_QUOTA;
/// Uploads at a time. More are asked to try again: they would lie on the disk before any quota counts them, and this
/// many hold at most 800 MB there.
const UPLOADS: usize = 32;
/// Files looked at at a time; others wait. Each may hold a whole file and a decoded picture in memory.
const LOOKS: usize = 1;
/// How the names of previews end, after that of their file.
const PREVIEW: &str = ".preview";
/// How names of files end that are not complete.
const DRAFT: &str = ".part";

#[cfg(test)]
mod tests {
    use super::*;

    fn files(place: &Path) -> Files {
        Files::open(&Folder::open(place).unwrap(), None).unwrap()
    }

    async fn give(files: &Files, id: u128, bytes: &[u8]) -> Draft {
        let mut draft = files.begin(FileId::from(id)).await.unwrap().unwrap();
        draft.write(bytes).await.unwrap();
        draft.settle().await.unwrap();
        draft
    }

    fn count(place: &Path) -> usize {
        std::fs::read_dir(place.join("files")).unwrap().count()
    }

    #[tokio::test]
    async fn what_is_kept_is_read_back_and_what_is_dropped_is_gone() {
        let place = tempfile::tempdir().unwrap();
        let files = files(place.path());
        let draft = give(&files, 1, b"hello").await;
        assert_eq!(files.inspect(&draft, "a.txt").await.unwrap().unwrap().kind, "application/octet-stream");
        draft.keep(false).await.unwrap();
        let mut text = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut files.read(FileId::from(1)).await.unwrap(), &mut text)
            .await
            .unwrap();
        assert_eq!(text, "hello");
        drop(give(&files, 2, b"never mind").await);
        assert_eq!(count(place.path()), 1);
        files.remove(&[FileId::from(1), FileId::from(3)]).await;
        assert_eq!(count(place.path()), 0);
    }

    #[tokio::test]
    async fn what_a_crash_left_is_removed_at_the_next_start() {
        let place = tempfile::tempdir().unwrap();
        let first = files(place.path());
        std::mem::forget(give(&first, 1, b"half").await);
        assert_eq!(count(place.path()), 1);
        files(place.path());
        assert_eq!(count(place.path()), 0);
    }

    #[tokio::test]
    async fn the_quota_counts_what_is_there_after_a_restart_too() {
        let place = tempfile::tempdir().unwrap();
        let open = || Files::open(&Folder::open(place.path()).unwrap(), Some(10)).unwrap();
        let first = open();
        give(&first, 1, b"12345678").await.keep(false).await.unwrap();
        for files in [first, open()] {
            assert!(files.has_place(2) && !files.has_place(3));
        }
        let files = open();
        files.remove(&[FileId::from(1)]).await;
        assert!(files.has_place(10));
    }

    #[test]
    fn files_leave_half_of_the_disk_to_others() {
        let gigabyte = ROOM_QUOTA;
        assert_eq!(share_of(Some(10 * gigabyte), 0), 5 * gigabyte);
        assert_eq!(share_of(Some(8 * gigabyte), 2 * gigabyte), 5 * gigabyte, "the same when some of it is used");
        assert_eq!(share_of(Some(1_000 * gigabyte), 0), QUOTA);
        assert_eq!(share_of(None, 0), QUOTA);
        let place = tempfile::tempdir().unwrap();
        assert!(!files(place.path()).has_place(QUOTA + 1), "there is always a limit");
    }

    #[tokio::test]
    async fn uploads_are_bounded_and_give_their_place_back() {
        let place = tempfile::tempdir().unwrap();
        let files = files(place.path());
        let mut drafts = Vec::new();
        for id in 0..UPLOADS as u128 {
            drafts.push(files.begin(FileId::from(id)).await.unwrap().unwrap());
        }
        assert!(files.begin(FileId::from(99)).await.unwrap().is_none());
        drafts.pop();
        assert!(files.begin(FileId::from(99)).await.unwrap().is_some());
    }
}
