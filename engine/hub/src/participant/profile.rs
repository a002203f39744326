//! What a participant says of itself: name, metadata, attributes.

use std::collections::BTreeMap;

use proto::{Refusal, livekit};

use crate::{
    Join,
    config::{ATTRIBUTES, METADATA, SHORT_TEXT},
};

/// What a participant says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    /// The name to show.
    pub(crate) name: String,
    /// Free text of the application.
    pub(crate) metadata: String,
    /// Free pairs of the application.
    pub(crate) attributes: BTreeMap<String, String>,
}

impl Profile {
    /// What the token and the join request say.
    pub(crate) fn new(join: &Join) -> Self {
        Self {
            name: join.name.clone(),
            metadata: join.metadata.clone(),
            attributes: join.attributes.iter().cloned().collect(),
        }
    }

    /// The profile after an `update_metadata`: what is empty stays, an attribute set to nothing goes.
    pub(crate) fn updated(&self, update: &livekit::UpdateParticipantMetadata) -> Self {
        let mut next = self.clone();
        if !update.name.is_empty() {
            next.name.clone_from(&update.name);
        }
        if !update.metadata.is_empty() {
            next.metadata.clone_from(&update.metadata);
        }
        for (key, value) in &update.attributes {
            if value.is_empty() {
                next.attributes.remove(key);
            } else {
                next.attributes.insert(key.clone(), value.clone());
            }
        }
        next
    }

    /// Whether it keeps to the limits.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.name.len() > SHORT_TEXT || self.metadata.len() > METADATA || self.attribute_bytes() > ATTRIBUTES {
            return Err(Refusal::TooMany);
        }
        Ok(())
    }

    /// How long the free texts are together.
    pub(crate) fn bytes(&self) -> usize {
        self.metadata.len() + self.attribute_bytes()
    }

    fn attribute_bytes(&self) -> usize {
        self.attributes.iter().map(|(key, value)| key.len() + value.len()).sum()
    }
}
