//! Writes the TypeScript of these messages, and fails when the committed file was stale.

use std::{fs, path::Path};

use ts_rs::{Config, TS};

use super::{
    AccountRow, AccountView, Act, Allowed, Ask, Attended, Attendee, Ban, Branding, Call, CallAct, Certificate,
    ChangeAccount, ChangeMe, ChangeMember, ChangePassword, ChangeRoom, ChangeSettings, Contact, Create, CreateRoom,
    Device, Door, EditMessage, Entry, Event, File, Hand, History, Invitation, InvitationSecret, Invited, JoinRoom,
    Knocker, Mark, Me, Measured, MeetingState, Member, Message, MyPresence, MyRoom, NewAccount, NewInvitation,
    NewPasskey, On, Party, Passkey, PasskeyOptions, PastCall, PastMeeting, PlaceCall, Present, Problem, RateMeeting,
    Ratings, Reach, Reachable, Reaction, Reason, Report, ResetPassword, Room, RoomView, SecretLink, ServerView, SetUp,
    SetUpCode, SignIn, Ticket, Trial, TrialOver, TrialWay, Trouble, UsePasskey, WriteMessage,
};
use crate::{
    ChangePolicy, Lobby, Policy, Presence, Role,
    call::{Stage, Why},
    presence::Chosen,
    quality::{Cause, Felt, Minute, Record, Unheard, Way},
};

#[test]
fn the_web_client_speaks_the_same_words() {
    let config = Config::default();
    let mut text = String::from("// Generated from engine/proto/src/api by `cargo test -p proto`. Do not edit.\n");
    for declaration in [
        AccountRow::decl(&config),
        AccountView::decl(&config),
        Act::decl(&config),
        Allowed::decl(&config),
        Ask::decl(&config),
        Attended::decl(&config),
        Attendee::decl(&config),
        Ban::decl(&config),
        Branding::decl(&config),
        Call::decl(&config),
        CallAct::decl(&config),
        Cause::decl(&config),
        Certificate::decl(&config),
        ChangeAccount::decl(&config),
        ChangeMe::decl(&config),
        ChangeMember::decl(&config),
        ChangePassword::decl(&config),
        ChangePolicy::decl(&config),
        ChangeRoom::decl(&config),
        ChangeSettings::decl(&config),
        Chosen::decl(&config),
        Contact::decl(&config),
        Create::decl(&config),
        CreateRoom::decl(&config),
        Device::decl(&config),
        Door::decl(&config),
        EditMessage::decl(&config),
        Entry::decl(&config),
        Event::decl(&config),
        Felt::decl(&config),
        File::decl(&config),
        Hand::decl(&config),
        History::decl(&config),
        Invitation::decl(&config),
        InvitationSecret::decl(&config),
        Invited::decl(&config),
        JoinRoom::decl(&config),
        Knocker::decl(&config),
        Lobby::decl(&config),
        Mark::decl(&config),
        Me::decl(&config),
        Measured::decl(&config),
        MeetingState::decl(&config),
        Member::decl(&config),
        Message::decl(&config),
        Minute::decl(&config),
        MyPresence::decl(&config),
        MyRoom::decl(&config),
        NewAccount::decl(&config),
        NewInvitation::decl(&config),
        NewPasskey::decl(&config),
        On::decl(&config),
        Party::decl(&config),
        Passkey::decl(&config),
        PasskeyOptions::decl(&config),
        PastCall::decl(&config),
        PastMeeting::decl(&config),
        PlaceCall::decl(&config),
        Policy::decl(&config),
        Presence::decl(&config),
        Present::decl(&config),
        Problem::decl(&config),
        RateMeeting::decl(&config),
        Ratings::decl(&config),
        Reach::decl(&config),
        Reachable::decl(&config),
        Reaction::decl(&config),
        Reason::decl(&config),
        Record::decl(&config),
        Report::decl(&config),
        ResetPassword::decl(&config),
        Role::decl(&config),
        Room::decl(&config),
        RoomView::decl(&config),
        SecretLink::decl(&config),
        ServerView::decl(&config),
        SetUp::decl(&config),
        SetUpCode::decl(&config),
        SignIn::decl(&config),
        Stage::decl(&config),
        Ticket::decl(&config),
        Trial::decl(&config),
        TrialOver::decl(&config),
        TrialWay::decl(&config),
        Trouble::decl(&config),
        Unheard::decl(&config),
        UsePasskey::decl(&config),
        Way::decl(&config),
        Why::decl(&config),
        WriteMessage::decl(&config),
    ] {
        text.push_str("\nexport ");
        text.push_str(&declaration);
        text.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/src/proto/api.gen.ts");
    let before = fs::read_to_string(&path).unwrap_or_default();
    if before != text {
        fs::create_dir_all(path.parent().expect("the path has a folder")).unwrap();
        #[expect(clippy::disallowed_methods, reason = "this test is the generator")]
        fs::write(&path, &text).unwrap();
        panic!("{} was stale; it is rewritten: commit it", path.display());
    }
}
