//! What a participant may do, as a media token grants it.

/// Where a track comes from (LiveKit's `TrackSource`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A camera.
    Camera,
    /// A microphone.
    Microphone,
    /// A shared screen, window or tab.
    Screen,
    /// The sound of what is shared.
    ScreenAudio,
}

impl Source {
    /// The name which tokens use in `canPublishSources`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Microphone => "microphone",
            Self::Screen => "screen_share",
            Self::ScreenAudio => "screen_share_audio",
        }
    }

    /// The source which a token names, if there is one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Camera, Self::Microphone, Self::Screen, Self::ScreenAudio].into_iter().find(|s| s.name() == name)
    }
}

/// The rights of one participant (LiveKit's `video` grant, as far as it speaks of one room's inside).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    /// May publish tracks (`canPublish`).
    pub publish: bool,
    /// If not empty, only these sources may be published (`canPublishSources`).
    pub sources: Vec<Source>,
    /// May take the tracks of others (`canSubscribe`).
    pub subscribe: bool,
    /// May send data packets (`canPublishData`).
    pub data: bool,
    /// May change own metadata, name and attributes (`canUpdateOwnMetadata`).
    pub own_metadata: bool,
    /// Is not shown to others (`hidden`).
    pub hidden: bool,
}

impl Rights {
    /// What an ordinary participant may do: everything but hide.
    pub const FULL: Self =
        Self { publish: true, sources: Vec::new(), subscribe: true, data: true, own_metadata: true, hidden: false };

    /// Whether a track from `source` may be published; `None` is a track that names no source.
    pub fn may_publish(&self, source: Option<Source>) -> bool {
        self.publish && (self.sources.is_empty() || source.is_some_and(|s| self.sources.contains(&s)))
    }
}
