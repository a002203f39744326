//! Rooms, who belongs to them, and who may not come back.

use proto::{AccountId, FileId, Person, Policy, Role, RoomId, api};

use crate::{
    ChangeRoomError, CreateRoomError, DeleteRoomError, ReadError, Store, WriteError,
    account::{self, Account},
    change::{Change, Outcome},
    column::{Value, number, parsed, person, policy, returned, role, values},
};

/// A room, and what is kept with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRoom {
    /// What anyone who holds its link may see.
    pub room: api::Room,
    /// Who made it, when that was somebody with an account which is still there.
    pub owner: Option<AccountId>,
    /// Whether it stands among the rooms of its owner.
    pub listed: bool,
    /// What it lets people do.
    pub policy: Policy,
    /// When somebody last came in, to the day, in milliseconds since 1970; 0 for never.
    pub used_at: u64,
}

/// Somebody who may not come back to a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    /// Who.
    pub person: Person,
    /// How the person was called then.
    pub name: String,
    /// Since when, in milliseconds since 1970.
    pub at: u64,
}

/// What is to be different about a room; what is `None` stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct RoomChange<'a> {
    /// What people call it.
    pub title: Option<&'a str>,
    /// What it is for.
    pub description: Option<&'a str>,
    /// What it lets people do.
    pub policy: Option<&'a Policy>,
    /// Whether it stands among the rooms of its owner.
    pub listed: Option<bool>,
}

impl Store {
    /// Keeps a new room. A room that was acknowledged survives a power cut.
    pub async fn create_room(&self, stored: &StoredRoom) -> Result<(), CreateRoomError> {
        match self.write(Change::needs(CREATE, row_values(stored))).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(_) => Err(CreateRoomError::CodeTaken),
        }
    }

    /// Keeps a new room that carries a call: none of anybody's rooms, as long as nobody wants to keep it.
    pub async fn create_call_room(&self, stored: &StoredRoom) -> Result<(), CreateRoomError> {
        let change = Change::needs(CREATE, row_values(stored)).and_tries(OF_CALL, values![stored.room.id]);
        match self.write(change).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(_) => Err(CreateRoomError::CodeTaken),
        }
    }

    /// The room behind the code of a link.
    pub async fn room_by_code(&self, code: &str) -> Result<Option<StoredRoom>, ReadError> {
        self.row(BY_CODE, values![code]).await?.map(read).transpose()
    }

    /// The room of that id.
    pub async fn room_by_id(&self, id: RoomId) -> Result<Option<StoredRoom>, ReadError> {
        self.row(BY_ID, values![id]).await?.map(read).transpose()
    }

    /// Changes of a room what is not `None`.
    pub async fn change_room(&self, id: RoomId, change: &RoomChange<'_>) -> Result<(), ChangeRoomError> {
        let RoomChange { title, description, policy, listed } = *change;
        match self.write(Change::needs(CHANGE, values![id, title, description, policy, listed])).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(_) => Err(ChangeRoomError::Unknown),
        }
    }

    /// Forgets a room with its members, bans, chat and files. Says which files are to be taken from the disk.
    pub async fn delete_room(&self, id: RoomId) -> Result<Vec<FileId>, DeleteRoomError> {
        let change = Change::tries(crate::file::DELETE_OF_ROOM, values![id]).returning().and_needs(DELETE, values![id]);
        match self.write(change).await? {
            Outcome::Done(done) => Ok(returned("file id", done)?),
            Outcome::Stopped(_) => Err(DeleteRoomError::Unknown),
        }
    }

    /// Notes that somebody came in.
    pub async fn touch_room(&self, id: RoomId, used_at: u64) -> Result<(), WriteError> {
        self.write(Change::tries(TOUCH, values![id, used_at])).await.map(drop)
    }

    /// Forgets the rooms that somebody owns and did not list, and the conversations between two in which nothing was said, that were made and last used before `before`, and to which
    /// nothing belongs: no line, no file, no member. Says which.
    pub async fn forget_unused_rooms(&self, before: u64) -> Result<Vec<RoomId>, WriteError> {
        match self.write(Change::tries(FORGET_UNUSED, values![before]).returning()).await? {
            Outcome::Done(done) => returned("room id", done),
            Outcome::Stopped(_) => Ok(Vec::new()),
        }
    }

    /// At most `most` rooms after `after`, in the order in which they were made.
    pub async fn list_rooms(&self, after: Option<RoomId>, most: u32) -> Result<Vec<StoredRoom>, ReadError> {
        // The empty text is before every id.
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        self.rows(LIST, values![after, most]).await?.into_iter().map(read).collect()
    }

    /// The rooms of an account, with what it is in them: those that it owns and those which it was made a member of. Those
    /// that are listed first, then the newest first.
    pub async fn rooms_of(&self, account: AccountId, most: u32) -> Result<Vec<(StoredRoom, Role)>, ReadError> {
        let rows: Vec<WithRole> = self.rows(OF_ACCOUNT, values![account, most]).await?;
        rows.into_iter()
            .map(|(a, b, c, d, e, f, g, h, i, as_what)| Ok((read((a, b, c, d, e, f, g, h, i))?, role(as_what)?)))
            .collect()
    }

    /// How many listed rooms an account owns.
    pub async fn rooms_kept(&self, account: AccountId) -> Result<u64, ReadError> {
        let row = self.row::<(i64,)>(COUNT_KEPT, values![account]).await?;
        row.map_or(Ok(0), |(count,)| number("count of rooms", count))
    }

    /// What somebody is to a room: its owner and administrators are owners, its members what they were made, others with an
    /// account members, everybody else guests. `None` when there is no such room.
    pub async fn room_role(&self, room: RoomId, person: &Person) -> Result<Option<Role>, ReadError> {
        let account = match person {
            Person::Account(account) => Some(*account),
            Person::Guest(_) | Person::Other(_) => None,
        };
        let row = self.row::<(Option<String>, Option<i64>, Option<String>)>(ROLE, values![room, account]).await?;
        let Some((owner, admin, member)) = row else { return Ok(None) };
        // Without a row of its own it is no account, or one that is shut out.
        let Some((account, admin)) = account.zip(admin) else { return Ok(Some(Role::Guest)) };
        if admin != 0 || owner.is_some_and(|owner| owner == account.to_string()) {
            return Ok(Some(Role::Owner));
        }
        member.map_or(Ok(Role::Member), role).map(Some)
    }

    /// Makes an account a member of a room, or changes as what it is one. `false` when there is no such room or account.
    pub async fn set_room_member(&self, room: RoomId, account: AccountId, role: Role) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(SET_MEMBER, values![room, account, role])).await?.is_done())
    }

    /// Makes an account a host of a room because its meeting did. `false` when there is no such room or account.
    pub async fn promote(&self, room: RoomId, account: AccountId) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(PROMOTE, values![room, account, Role::Host])).await?.is_done())
    }

    /// Makes a host of a room again what it was before: no member, when only a meeting had made it one.
    pub async fn demote(&self, room: RoomId, account: AccountId) -> Result<(), WriteError> {
        let change =
            Change::tries(DEMOTE, values![room, account]).and_tries(LOWER, values![room, account, Role::Member]);
        self.write(change).await.map(drop)
    }

    /// Takes an account from the members of a room. `false` when it was none.
    pub async fn remove_room_member(&self, room: RoomId, account: AccountId) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(REMOVE_MEMBER, values![room, account])).await?.is_done())
    }

    /// The members of a room, hosts first, in the order of their names; its owner is not among them.
    pub async fn room_members(&self, room: RoomId) -> Result<Vec<(Account, Role)>, ReadError> {
        let rows: Vec<MemberRow> = self.rows(MEMBERS, values![room]).await?;
        rows.into_iter()
            .map(|(a, b, c, d, e, f, g, h, i, as_what)| {
                Ok((account::read((a, b, c, d, e, f, g, h, i))?, role(as_what)?))
            })
            .collect()
    }

    /// Keeps somebody out of a room, for good.
    pub async fn ban(&self, room: RoomId, ban: &Ban) -> Result<(), WriteError> {
        let Ban { person, name, at } = ban;
        self.write(Change::tries(BAN, values![room, person, *at, name])).await.map(drop)
    }

    /// Whether somebody is kept out of a room.
    pub async fn is_banned(&self, room: RoomId, person: &Person) -> Result<bool, ReadError> {
        Ok(self.row::<(String,)>(BANNED, values![room, person]).await?.is_some())
    }

    /// At most `most` of those who are kept out of a room, the last first.
    pub async fn bans(&self, room: RoomId, most: u32) -> Result<Vec<Ban>, ReadError> {
        let rows: Vec<(String, String, i64)> = self.rows(BANS, values![room, most]).await?;
        let read = |(who, name, at)| Ok(Ban { person: person(who)?, name, at: number("ban time", at)? });
        rows.into_iter().map(read).collect()
    }

    /// Lets somebody in again. `false` when nobody kept them out.
    pub async fn unban(&self, room: RoomId, person: &Person) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(UNBAN, values![room, person])).await?.is_done())
    }
}

type Row = (String, String, String, i64, Option<String>, String, i64, String, i64);

type WithRole = (String, String, String, i64, Option<String>, String, i64, String, i64, String);

/// [`account::Row`] and the role.
type MemberRow = (String, String, String, Option<String>, i64, i64, i64, Option<String>, i64, String);

pub fn row_values(stored: &StoredRoom) -> Vec<Value> {
    let StoredRoom { room, owner, listed, policy, used_at } = stored;
    let api::Room { id, code, title, description, created_at } = room;
    values![*id, code, title, *created_at, *owner, description, *listed, policy, *used_at]
}

fn read(
    (id, code, title, created_at, owner, description, listed, rules, used_at): Row,
) -> Result<StoredRoom, ReadError> {
    let id = parsed("room id", id)?;
    let created_at = number("room time", created_at)?;
    Ok(StoredRoom {
        room: api::Room { id, code, title, description, created_at },
        owner: owner.map(|owner| parsed("account id", owner)).transpose()?,
        listed: listed != 0,
        policy: policy(rules)?,
        used_at: number("room time", used_at)?,
    })
}

/// What is read of a room, in the order of [`Row`]; `r` is the table.
macro_rules! columns {
    () => {
        "r.id, r.code, r.title, r.created_at, r.owner, r.description, r.listed, r.policy, r.used_at"
    };
}

const BY_CODE: &str = concat!("SELECT ", columns!(), " FROM room r WHERE r.code = $1");

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM room r WHERE r.id = $1");

/// Ids sort by time, so that a page begins where the last one ended.
const LIST: &str = concat!("SELECT ", columns!(), " FROM room r WHERE r.id > $1 ORDER BY r.id LIMIT $2");

/// The two halves share no room: who owns one is not read as its member as well. Rooms of calls stand in the history of calls.
const OF_ACCOUNT: &str = concat!(
    "SELECT ",
    columns!(),
    ", 'owner' FROM room r WHERE r.owner = $1 AND r.of_call = 0 UNION ALL SELECT ",
    columns!(),
    ", m.role FROM room_member m JOIN room r ON r.id = m.room WHERE m.account = $1 \
     AND (r.owner IS NULL OR r.owner <> $1) AND r.of_call = 0 \
     ORDER BY listed DESC, id DESC LIMIT $2"
);

const COUNT_KEPT: &str = "SELECT COUNT(*) FROM room WHERE owner = $1 AND listed = 1";

/// No row is written when the code is taken.
pub const CREATE: &str = "INSERT INTO room (id, code, title, created_at, owner, description, listed, policy, used_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (code) DO NOTHING";

/// No row is changed when there is no such room.
const CHANGE: &str = "UPDATE room SET title = COALESCE($2, title), description = COALESCE($3, description), \
                      policy = COALESCE($4, policy), listed = COALESCE($5, listed), \
                      of_call = CASE WHEN COALESCE($5, listed) = 1 THEN 0 ELSE of_call END WHERE id = $1";

/// Whoever keeps it makes it a room as any other: see [`CHANGE`].
const OF_CALL: &str = "UPDATE room SET of_call = 1 WHERE id = $1";

/// The rooms that only a call was held in, and whose call is forgotten.
pub const FORGET_OF_CALLS: &str = "DELETE FROM room WHERE of_call = 1 AND created_at < $1 \
                                   AND NOT EXISTS (SELECT 1 FROM call c WHERE c.room = room.code)";

const TOUCH: &str = "UPDATE room SET used_at = $2 WHERE id = $1 AND used_at < $2";

/// Everything that somebody could miss keeps a room.
const FORGET_UNUSED: &str = "DELETE FROM room WHERE (owner IS NOT NULL OR EXISTS (SELECT 1 FROM conversation c \
                             WHERE c.room = room.id AND c.pair IS NOT NULL)) AND listed = 0 AND created_at < $1 AND used_at < $1 \
                             AND NOT EXISTS (SELECT 1 FROM message m WHERE m.room = room.id) \
                             AND NOT EXISTS (SELECT 1 FROM file f WHERE f.room = room.id) \
                             AND NOT EXISTS (SELECT 1 FROM room_member b WHERE b.room = room.id AND b.passing = 0) \
                             RETURNING id";

/// As above. What belongs to the room goes with it.
const DELETE: &str = "DELETE FROM room WHERE id = $1";

/// One row for each room; without an account its columns are empty.
const ROLE: &str = "SELECT r.owner, a.admin, m.role FROM room r LEFT JOIN account a ON a.id = $2 AND a.disabled = 0 \
                    LEFT JOIN room_member m ON m.room = r.id AND m.account = a.id WHERE r.id = $1";

/// No row is written when there is no such room or account.
const SET_MEMBER: &str = "INSERT INTO room_member (room, account, role) SELECT r.id, a.id, $3 FROM room r, account a \
                          WHERE r.id = $1 AND a.id = $2 \
                          ON CONFLICT (room, account) DO UPDATE SET role = excluded.role, passing = 0";

/// As above.
const PROMOTE: &str = "INSERT INTO room_member (room, account, role, passing) SELECT r.id, a.id, $3, 1 \
                       FROM room r, account a WHERE r.id = $1 AND a.id = $2 \
                       ON CONFLICT (room, account) DO UPDATE SET role = excluded.role";

const DEMOTE: &str = "DELETE FROM room_member WHERE room = $1 AND account = $2 AND passing = 1";

const LOWER: &str = "UPDATE room_member SET role = $3 WHERE room = $1 AND account = $2";

const REMOVE_MEMBER: &str = "DELETE FROM room_member WHERE room = $1 AND account = $2";

/// "host" sorts before "member".
const MEMBERS: &str = concat!(
    "SELECT ",
    account::columns!(),
    ", m.role FROM room_member m JOIN account a ON a.id = m.account WHERE m.room = $1 ORDER BY m.role, a.name_key"
);

/// No row is written when there is one already, or no such room.
const BAN: &str = "INSERT INTO ban (room, person, at, name) SELECT r.id, $2, $3, $4 FROM room r WHERE r.id = $1 \
                   ON CONFLICT (room, person) DO NOTHING";

const BANNED: &str = "SELECT person FROM ban WHERE room = $1 AND person = $2";

const BANS: &str = "SELECT person, name, at FROM ban WHERE room = $1 ORDER BY at DESC, person LIMIT $2";

const UNBAN: &str = "DELETE FROM ban WHERE room = $1 AND person = $2";
