//! Accounts: passwords, sessions, passkeys, secrets in links, the set-up of the server, and pictures of people.
//!
//! What is asked over HTTP is in `http`; what is kept is in `store`, which sees hashes alone. Here is what lies between:
//! how a secret is drawn and recognised, how a password is checked without using the machine up, when a session ends.

pub mod app_passwords;
pub mod names;
pub mod passkeys;
pub mod passwords;
pub mod pictures;
pub mod pool;
pub mod reset;
pub mod secret;
pub mod session;
pub mod settings;
pub mod setup;
pub mod views;
pub mod weak;

use crate::folder::{Folder, FolderError};
use passkeys::Ceremonies;
use passwords::Passwords;
use pictures::Pictures;
use pool::Pool;
use setup::SetUp;

/// What the endpoints about accounts share.
#[derive(Debug)]
pub struct Accounts {
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Passkeys that are being made or used.
    pub ceremonies: Ceremonies,
    /// Whether the server was set up, and the code with which it can be.
    pub set_up: SetUp,
    /// Pictures of people, and the logo.
    pub pictures: Pictures,
}

impl Accounts {
    /// With the pictures in `folder`.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(folder: &Folder, pool: Pool, set_up: SetUp) -> Result<Self, FolderError> {
        Ok(Self {
            passwords: Passwords::new(pool.clone()),
            ceremonies: Ceremonies::default(),
            set_up,
            pictures: Pictures::open(folder, pool)?,
        })
    }
}
