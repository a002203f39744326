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
    #[error("Too many tries. Wait a moment, then try again.")]
    TooOften,
    /// Nobody is signed in, and this needs somebody.
    #[error("Sign in first.")]
    SignInFirst,
    /// The name or the password is wrong; it is not said which.
    #[error("Name or password is not right.")]
    WrongPassword,
    /// The server was not set up yet.
    #[error("This server is not set up yet. Open its page to do that.")]
    NotSetUp,
    /// The set-up code is wrong, used, or too old.
    #[error("That code is not right, or no longer good. Take the one that the server printed last.")]
    WrongCode,
    /// Somebody else has that name to sign in with.
    #[error("That name is taken. Choose another.")]
    NameTaken,
    /// The name to sign in with cannot be used.
    #[error(
        "A name to sign in with has 2 to 64 letters, digits, dots, dashes or underscores, or is an e-mail address."
    )]
    BadAccountName,
    /// The new password is too short, too long, or one of the common ones.
    #[error("A password has 10 to 256 characters and is none of the common ones.")]
    WeakPassword,
    /// An invitation or reset link is wrong, used up or too old; it is not said which.
    #[error("This link is not good, or no longer. Ask for a new one.")]
    BadLink,
    /// The change would leave the server without an administrator.
    #[error("Somebody has to administer this server. Make another administrator first.")]
    LastAdmin,
    /// The room takes in people with an account only.
    #[error("This room is for people with an account here. Sign in first.")]
    MembersOnly,
    /// The room takes nobody in now.
    #[error("This room is locked. Ask somebody inside to unlock it.")]
    Locked,
    /// Whoever asks was removed from the room, for good.
    #[error("You were removed from this room.")]
    Removed,
    /// Whoever asks is not in the meeting.
    #[error("Join the meeting first.")]
    NotIn,
    /// A text is empty, too long, or holds control characters.
    #[error("That text is empty or too long.")]
    BadText,
    /// A file is empty, or pretends to be what it is not.
    #[error("That file cannot be taken.")]
    BadFile,
    /// The room or the server holds as many files as it may.
    #[error("There is no room for more files here. Delete some first.")]
    StorageFull,
    /// A setting is outside of what it may be.
    #[error("That value cannot be used here.")]
    BadSetting,
    /// A passkey could not be checked.
    #[error("That passkey did not work. Try again, or use your password.")]
    PasskeyRefused,
    /// Somebody called themselves.
    #[error("You cannot call yourself. Choose somebody else.")]
    OwnNumber,
    /// The call was answered on another device of the same person.
    #[error("This call was answered on another device.")]
    AnsweredElsewhere,
    /// The call has ended.
    #[error("This call is over.")]
    CallOver,
    /// Somebody does not show whoever asks how they are to be found.
    #[error("They do not show you whether they are free. Call them, or write to them.")]
    NotShown,
    /// It is to be sent as it is.
    #[error("That waits to be sent already.")]
    AlreadyWaiting,
}

impl Refusal {
    /// All refusals.
    pub const ALL: [Self; 32] = [
        Self::RoomUnknown,
        Self::RoomFull,
        Self::ServerFull,
        Self::Stopping,
        Self::NotAllowed,
        Self::BadName,
        Self::NotFound,
        Self::TooMany,
        Self::TooOften,
        Self::SignInFirst,
        Self::WrongPassword,
        Self::NotSetUp,
        Self::WrongCode,
        Self::NameTaken,
        Self::BadAccountName,
        Self::WeakPassword,
        Self::BadLink,
        Self::LastAdmin,
        Self::MembersOnly,
        Self::Locked,
        Self::Removed,
        Self::NotIn,
        Self::BadText,
        Self::BadFile,
        Self::StorageFull,
        Self::BadSetting,
        Self::PasskeyRefused,
        Self::OwnNumber,
        Self::AnsweredElsewhere,
        Self::CallOver,
        Self::NotShown,
        Self::AlreadyWaiting,
    ];

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
            Self::SignInFirst => "sign_in_first",
            Self::WrongPassword => "wrong_password",
            Self::NotSetUp => "not_set_up",
            Self::WrongCode => "wrong_code",
            Self::NameTaken => "name_taken",
            Self::BadAccountName => "bad_account_name",
            Self::WeakPassword => "weak_password",
            Self::BadLink => "bad_link",
            Self::LastAdmin => "last_admin",
            Self::MembersOnly => "members_only",
            Self::Locked => "locked",
            Self::Removed => "removed",
            Self::NotIn => "not_in",
            Self::BadText => "bad_text",
            Self::BadFile => "bad_file",
            Self::StorageFull => "storage_full",
            Self::BadSetting => "bad_setting",
            Self::PasskeyRefused => "passkey_refused",
            Self::OwnNumber => "own_number",
            Self::AnsweredElsewhere => "answered_elsewhere",
            Self::CallOver => "call_over",
            Self::NotShown => "not_shown",
            Self::AlreadyWaiting => "already_waiting",
        }
    }
}
