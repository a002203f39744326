//! Who and what the tests speak of.

use proto::{AccountId, FileId, MessageId, Person, Policy, RoomId, api};
use store::{Account, Session, Store, StoredFile, StoredRoom};

/// A moment of the tests: 14 November 2023.
pub const NOW: u64 = 1_700_000_000_000;

/// The account of that number; those that end in a zero administer the server.
pub fn account(number: u32) -> Account {
    Account {
        id: AccountId::from(u128::from(number)),
        name: format!("Ann.{number}"),
        display_name: format!("Ann № {number} 'the' Ärztin"),
        password: Some(format!("$argon2id$hash-of-{number}")),
        admin: number.is_multiple_of(10),
        may_create: true,
        disabled: false,
        avatar: None,
        created_at: NOW + u64::from(number),
    }
}

/// As above, kept.
pub async fn kept_account(store: &Store, number: u32) -> Account {
    let account = account(number);
    store.create_account(&account, None).await.unwrap();
    account
}

/// A session of an account.
pub fn session(of: &Account, number: u8) -> Session {
    Session {
        id: format!("session-{number}"),
        account: of.id,
        secret: vec![number; 32],
        agent: "Firefox on Linux".to_owned(),
        created_at: NOW,
        seen_at: NOW + u64::from(number),
    }
}

/// A room of nobody.
pub fn room(number: u32) -> StoredRoom {
    let created_at = NOW + u64::from(number);
    StoredRoom {
        room: api::Room {
            id: RoomId::from(u128::from(created_at) << 80 | u128::from(number)),
            code: format!("code-{number}"),
            title: format!("Räume & 'Zitate' № {number}"),
            description: "Every Monday\nat nine".to_owned(),
            created_at,
        },
        owner: None,
        listed: false,
        policy: Policy::OPEN,
        used_at: 0,
    }
}

/// As above, kept.
pub async fn kept_room(store: &Store, number: u32) -> RoomId {
    let room = room(number);
    store.create_room(&room).await.unwrap();
    room.room.id
}

/// The guest of that number.
pub fn guest(number: u32) -> Person {
    Person::Guest(format!("{number:016}"))
}

/// Somebody with a token of another program.
pub fn outside() -> Person {
    Person::Other("guest_robot".parse().unwrap())
}

/// The id of a line: one of the moment at which it is written.
pub fn line_id(number: u32) -> MessageId {
    MessageId::from(u128::from(NOW + u64::from(number)) << 80 | u128::from(number))
}

/// A line of a chat, to everybody.
pub fn line(number: u32, from: &Person) -> api::Message {
    api::Message {
        id: line_id(number),
        from: from.clone(),
        name: format!("Called {number}"),
        to: None,
        at: NOW + u64::from(number),
        text: format!("**Line** {number} 'quoted' 🎉"),
        reply_to: None,
        edited: false,
        file: None,
        reactions: Vec::new(),
        deed: None,
    }
}

/// A file of a thousand bytes.
pub fn file(number: u32, room: RoomId, by: &Person) -> StoredFile {
    StoredFile {
        file: api::File {
            id: FileId::from(u128::from(number)),
            name: format!("Übersicht {number}.png"),
            size: 1_000,
            kind: "image/png".to_owned(),
            preview: number.is_multiple_of(2).then_some((320, 200)),
        },
        room,
        by: by.clone(),
        at: NOW + u64::from(number),
    }
}

/// What the tests allow a room to hold, where they do not speak of it.
pub const QUOTA: u64 = 1_000_000;
