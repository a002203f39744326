//! Settings: one text per key. What the keys mean is the server's business.

use std::collections::BTreeMap;

use crate::{ReadError, Store, WriteError, change::Change, column::values};

impl Store {
    /// The setting of that key, when it was set.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, ReadError> {
        Ok(self.row::<(String,)>(BY_KEY, values![key]).await?.map(|(value,)| value))
    }

    /// All settings.
    pub async fn settings(&self) -> Result<BTreeMap<String, String>, ReadError> {
        Ok(self.rows::<(String, String)>(LIST, values![]).await?.into_iter().collect())
    }

    /// Sets all of these together.
    pub async fn set_settings(&self, settings: &[(&str, &str)]) -> Result<(), WriteError> {
        let change = Change::default();
        let change = settings.iter().fold(change, |change, (key, value)| change.and_needs(SET, values![*key, *value]));
        self.write(change).await.map(drop)
    }
}

const BY_KEY: &str = "SELECT value FROM setting WHERE key = $1";

const LIST: &str = "SELECT key, value FROM setting";

/// The new one takes the place of the old one.
pub const SET: &str =
    "INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
