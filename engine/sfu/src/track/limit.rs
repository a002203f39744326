//! How far a subscriber's bandwidth lets a wish go.

use proto::media::{Quality, Wish};

use crate::allocate::{
    Given,
    ladder::{Share, WHOLE},
};

/// What a subscription may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Limit {
    /// All that is wanted: nothing is known of the subscriber's bandwidth.
    #[default]
    None,
    /// The least there is, until the budget is divided anew.
    Least,
    /// Nothing.
    Paused,
    /// This much.
    Share(Share),
}

impl Limit {
    /// What is left of a wish.
    pub(crate) fn apply(self, wish: Wish) -> Wish {
        match self {
            Self::None => wish,
            Self::Least => Wish { quality: Quality::Low, ..wish },
            Self::Paused => Wish { enabled: false, ..wish },
            // The size is taken account of in the share, and would lead below it where sizes are announced wrongly.
            Self::Share(share) => Wish { quality: share.layer, size: None, ..wish },
        }
    }

    /// The highest temporal layer that flows, or [`WHOLE`].
    pub(crate) fn temporal(self) -> u8 {
        match self {
            Self::Share(share) => share.temporal,
            Self::None | Self::Least | Self::Paused => WHOLE,
        }
    }
}

impl From<Given> for Limit {
    fn from(given: Given) -> Self {
        match given {
            Given::Nothing => Self::Least,
            Given::Paused => Self::Paused,
            Given::Share(share) => Self::Share(share),
        }
    }
}
