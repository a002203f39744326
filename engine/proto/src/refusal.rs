//! The rules say no: every refusal with its stable code, so that a program can tell them apart.

/// Why something that a person or a program asked for is not done. Not an error: the world is in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no room of that name or code.
    #[error("This room does not exist. Check the link, or ask for a new one.")]
    RoomUnknown,
    /// As many people are in the room as it may hold.
    #[error("This room is full.")]
    RoomFull,
    /// The server holds as many rooms or people as it may.
    #[error("This server is full. Try again in a few minutes.")]
    ServerFull,
    /// The server is stopping and takes nobody in.
    #[error("The server is restarting. Try again in a moment.")]
    Stopping,
    /// The token or role does not carry the right.
    #[error("You are not allowed to do that here.")]
    NotAllowed,
    /// A name is empty, too long, or holds control characters.
    #[error("A name has 1 to 128 characters.")]
    BadName,
    /// The thing spoken of is not there (any more).
    #[error("That is not here any more.")]
    NotFound,
    /// More was asked for than a limit allows.
    #[error("That is more than the limit allows.")]
    TooMany,
    /// The same address asked too often.
    #[error("Too many tries. Wait a minute, then try again.")]
    TooOften,
}

impl Refusal {
    /// The stable code, which never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::RoomUnknown => "room_unknown",
            Self::RoomFull => "room_full",
            Self::ServerFull => "server_full",
            Self::Stopping => "stopping",
            Self::NotAllowed => "not_allowed",
            Self::BadName => "bad_name",
            Self::NotFound => "not_found",
            Self::TooMany => "too_many",
            Self::TooOften => "too_often",
        }
    }
}
