//! The data folder: made private, checked at start, held by one server at a time.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

/// The data folder of this server.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

/// While this lives, no other server starts on the same folder.
#[derive(Debug)]
pub struct Held {
    _lock: File,
}

/// Why the data folder cannot be used; each reads as one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be made, read or written.
    #[error("The data folder {path} cannot be used ({source}). Check its owner and rights, or choose another with --data.", path = path.display())]
    Unusable {
        /// The folder, or the file in it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another server runs on it.
    #[error("The data folder {path} is in use by another Parlor. Stop that one, or choose another folder with --data.", path = .0.display())]
    InUse(PathBuf),
}

impl Folder {
    /// Makes the folder if it is missing, for its owner only, and makes sure that files can be written there.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let folder = Self { path: path.to_owned() };
        make(path).map_err(|source| folder.unusable(path, source))?;
        let probe = path.join(format!(".probe-{}", std::process::id()));
        File::create(&probe).and_then(|_| fs::remove_file(&probe)).map_err(|source| folder.unusable(path, source))?;
        Ok(folder)
    }

    /// Keeps other servers out.
    ///
    /// # Errors
    /// When another server is in already.
    pub fn hold(&self) -> Result<Held, FolderError> {
        let path = self.path.join("lock");
        let lock = private().create(true).truncate(false).open(&path).map_err(|source| self.unusable(&path, source))?;
        match lock.try_lock() {
            Ok(()) => Ok(Held { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(self.path.clone())),
            Err(TryLockError::Error(source)) => Err(self.unusable(&path, source)),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text of a file; `None` when there is no such file.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<String>, FolderError> {
        let path = self.path.join(name);
        let mut text = String::new();
        match File::open(&path).and_then(|mut file| file.read_to_string(&mut text)) {
            Ok(_) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.unusable(&path, source)),
        }
    }

    /// The bytes of a file; `None` when there is no such file.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read_bytes(&self, name: &str) -> Result<Option<Vec<u8>>, FolderError> {
        let path = self.path.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.unusable(&path, source)),
        }
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), FolderError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(self.unusable(&path, source)),
            _ => Ok(()),
        }
    }

    /// Writes a file that only its owner may read, whole or not at all, and kept even if the power fails now.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, contents: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), FolderError> {
        let path = self.path.join(name);
        let draft = self.path.join(format!(".{name}-{}", std::process::id()));
        let written = (|| {
            let mut file = private().create(true).truncate(true).open(&draft)?;
            file.write_all(contents.as_ref())?;
            file.sync_all()?;
            fs::rename(&draft, &path)?;
            File::open(&self.path)?.sync_all()
        })();
        written.map_err(|source| self.unusable(&path, source))
    }

    fn unusable(&self, path: &Path, source: io::Error) -> FolderError {
        FolderError::Unusable { path: path.to_owned(), source }
    }
}

fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_folder_and_its_secrets_are_private() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&place.path().join("a/b")).unwrap();
        folder.write("secret", "s").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder.path()), 0o700);
        assert_eq!(mode(&folder.path().join("secret")), 0o600);
        assert_eq!(folder.read("secret").unwrap().as_deref(), Some("s"));
        assert_eq!(folder.read("other").unwrap(), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no drafts and probes are left");
    }

    #[test]
    fn one_server_holds_it_at_a_time() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let held = folder.hold().unwrap();
        assert!(matches!(folder.hold(), Err(FolderError::InUse(_))));
        drop(held);
        folder.hold().unwrap();
    }

    #[test]
    fn a_file_in_its_place_is_a_sentence() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = Folder::open(file.path()).unwrap_err().to_string();
        assert!(error.contains("--data"), "{error}");
    }
}
