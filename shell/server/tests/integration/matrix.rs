//! Who may do what, asked of the real server: every endpoint of the document and every act, by everybody there is.
//!
//! What comes out is docs/rights.md. The test fails when that was stale, and when an endpoint or act has no line here.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use proto::{
    Role,
    api::{Act, Problem},
};
use serde_json::{Value, json};
use server::http::docs::document::document;

use crate::{
    attendance::Attending,
    harness::{ADMIN, PASSWORD, Server},
    people::{Browser, Reply, sign_in},
    scene::{Scene, far, from, number, png},
};

/// The columns, those with the fewest rights first: what they are refused changes nothing for the others.
pub const WHO: [&str; 9] =
    ["nobody", "removed", "outsider", "waiting", "guest", "member", "host", "owner", "administrator"];

/// Who may read addresses, and where.
const ITS_ADDRESSES: [(&str, &str); 1] = [("attendants", "administrator")];

#[tokio::test]
async fn the_table_of_rights_is_what_the_server_does() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let mut world = World::new(&server).await;
    let (mut lines, mut talks) = (BTreeMap::new(), BTreeMap::new());
    for (path, operations) in document()["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let line = format!("`{}` `{path}`", method.to_uppercase());
            let cells = if id == "events" {
                world.sockets().await
            } else {
                world.ask_all(method, path, operation, false).await
            };
            lines.insert((turn(id), line.clone()), cells);
            if operation["tags"][0] == "chat" {
                talks.insert(line, world.ask_all(method, path, operation, true).await);
            }
        }
    }
    let mut text = String::from(ABOUT);
    table(&mut text, "Endpoint", &WHO, lines.into_iter().map(|((_, line), cells)| (line, cells)));
    text += TALKS;
    table(&mut text, "Endpoint", &WHO, talks.into_iter());
    text += ACTS;
    let mut acts = Vec::new();
    for (name, act) in all_acts() {
        let cells = world.act_all(&act).await;
        let read: Act = serde_json::from_value(filled(&act, &world.scene)).unwrap();
        for (who, role) in
            [("guest", Role::Guest), ("member", Role::Member), ("host", Role::Host), ("owner", Role::Owner)]
        {
            let cell = &cells[WHO.iter().position(|one| *one == who).unwrap()];
            // The owner is in: then a host passes the lead on to nobody.
            let leads_alone = act["act"] != "handOver" || role == Role::Owner;
            // Of the guest's devices only the guest chooses one.
            let own = act["act"] != "moveHere" || who == "guest";
            let may =
                role.may(&read) && leads_alone && own && (act["person"] != "OWNER" || role.may_do_to(Role::Owner));
            assert_eq!(cell == "yes", may, "{name} by {who} is {cell}");
        }
        acts.push((name, cells));
    }
    table(&mut text, "Act", &WHO, acts.into_iter());
    drop(world);
    server.stop().await;

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rights.md");
    if fs::read_to_string(&path).unwrap_or_default() != text {
        fs::write(&path, &text).unwrap();
        panic!("{} was stale; it is rewritten: look at it and commit it", path.display());
    }
}

/// What changes who somebody is comes last.
fn turn(id: &str) -> u8 {
    if matches!(id, "signIn" | "signUp" | "signOut" | "takeReset") { LAST } else { 0 }
}

struct World<'a> {
    server: &'a Server,
    scene: Scene<'a>,
    /// What else the requests speak of: an account, links.
    account: String,
    pictured: String,
    invitation: String,
    invited: String,
    /// The program that a message is for, as long as it is spoken of.
    attending: Mutex<Option<Attending>>,
}

impl<'a> World<'a> {
    async fn new(server: &'a Server) -> Self {
        for name in ["host", "member", "outsider", "removed", "victim"] {
            let body = json!({"name": name, "password": PASSWORD});
            far(&Browser::new(server), "POST", "/api/v1/accounts", body.to_string().as_bytes()).await.right::<Value>();
        }
        let admin = sign_in(server, ADMIN).await;
        let picture = [("content-type", "image/png")];
        let me: Value = admin.ask("PUT", "/api/v1/me/avatar", &picture, &png()).await.right();
        admin.ask("PUT", "/api/v1/settings/logo", &picture, &png()).await.right::<Value>();
        let link: Value = admin.post("/api/v1/invitations", json!({"uses": 9})).await.right();
        let invitations: Value = admin.get("/api/v1/invitations").await.right();
        let accounts: Value = admin.get("/api/v1/accounts").await.right();
        let victim = accounts.as_array().unwrap().iter().find(|row| row["account"]["name"] == "victim").unwrap();
        Self {
            server,
            scene: Scene::new(server, BTreeMap::new()).await,
            account: victim["account"]["id"].as_str().unwrap().to_owned(),
            pictured: me["account"]["id"].as_str().unwrap().to_owned(),
            invitation: invitations[0]["id"].as_str().unwrap().to_owned(),
            invited: secret(&link),
            attending: Mutex::default(),
        }
    }

    /// The cells of one endpoint; about a conversation in place of the room when `in_talk`.
    async fn ask_all(&mut self, method: &str, path: &str, operation: &Value, in_talk: bool) -> Vec<String> {
        let id = operation["operationId"].as_str().unwrap();
        let mut cells = Vec::new();
        for who in WHO {
            let (path, kind, body) = self.request(id, path, in_talk).await;
            let browser = &self.scene.browsers[who];
            let from = from();
            // Passkeys are bound to a name.
            let named = ("x-forwarded-host", "localhost");
            let headers = [("content-type", kind), ("x-forwarded-for", from.as_str()), named];
            let reply = browser.ask(&method.to_uppercase(), &path, &headers, &body).await;
            let answers = &operation["responses"][reply.status.to_string()];
            assert!(answers.is_object(), "{id} by {who}: {} is not documented", reply.status);
            let strangers = addresses(&reply).filter(|address| *address != from).collect::<Vec<_>>();
            let may = ITS_ADDRESSES.contains(&(id, who));
            assert_eq!(!strangers.is_empty(), may, "{id} tells {who} from where others come: {strangers:?}");
            let cell = cell(&reply);
            let codes = &answers["content"]["application/json"]["schema"]["allOf"][1]["properties"]["code"]["enum"];
            assert!(
                cell == "yes" || codes.as_array().unwrap().contains(&json!(cell)),
                "{id}: {cell} is not documented"
            );
            if method != "get" && cell == "yes" {
                self.renew(turn(id) == LAST).await;
            }
            cells.push(cell);
        }
        cells
    }

    /// The cells of the event socket.
    async fn sockets(&self) -> Vec<String> {
        let mut cells = Vec::new();
        for who in WHO {
            cells.push(match self.scene.browsers[who].events_with(&[]).await {
                Ok(_) => "yes".to_owned(),
                Err(401) => "sign_in_first".to_owned(),
                Err(status) => panic!("{who}: {status}"),
            });
        }
        cells
    }

    /// The cells of one act.
    async fn act_all(&mut self, act: &Value) -> Vec<String> {
        let mut cells = Vec::new();
        for who in WHO {
            let reply = self.scene.browsers[who].act(&self.scene.code, filled(act, &self.scene)).await;
            let cell = cell(&reply);
            if cell == "yes" {
                self.renew(false).await;
            }
            cells.push(cell);
        }
        cells
    }

    /// Another room of the same people, who sign in again when `entirely`.
    async fn renew(&mut self, entirely: bool) {
        let mut known = std::mem::take(&mut self.scene.browsers);
        if entirely {
            known.clear();
        } else {
            // Everybody may write so many lines a minute only.
            known.remove("owner");
        }
        self.scene = Scene::new(self.server, known).await;
    }

    /// A program of the owner's, which comes from elsewhere; returns its channel.
    async fn attend(&self) -> String {
        let cookie = self.scene.browsers["owner"].cookie().unwrap();
        let headers = [("cookie", cookie.as_str()), ("x-forwarded-for", &from())];
        let mut attending = Attending::open(self.server, "/attendance/", &headers).await.ok().unwrap();
        let channel = attending.channel().await;
        *self.attending.lock().unwrap_or_else(PoisonError::into_inner) = Some(attending);
        channel
    }

    /// A request that is refused to those alone who have no right to it, where that can be.
    async fn request(&self, id: &str, path: &str, in_talk: bool) -> (String, &'static str, Vec<u8>) {
        let Scene { code, message, file, talk, talk_message, talk_file, .. } = &self.scene;
        let (code, message, file) = if in_talk { (talk, talk_message, talk_file) } else { (code, message, file) };
        let removed = self.scene.removed.to_string();
        let mut named: Vec<(&str, &str)> = vec![("{code}", code), ("{emoji}", "%F0%9F%91%8D"), ("{name}", "member")];
        let body = match id {
            "getServer" | "getOpenApi" | "getLogo" | "forgetLogo" | "beginPasskeySignIn" | "signOut" | "getMe"
            | "forgetAvatar" | "listDevices" | "listPasskeys" | "beginPasskey" | "listAccounts" | "listInvitations"
            | "myRooms" | "roomsNow" | "room" | "deleteRoom" | "ratings" | "roomBans" | "roomMembers"
            | "removeRoomMember" | "messages" | "report" | "pastMeetings" | "beginTrial" | "people" | "myCalls"
            | "myCallWishes" | "lookAtCalls" | "missedCalls" | "myPresence" | "myVisibility" | "contacts"
            | "exportContacts" | "conversations" | "push" | "forgetPush" | "listAppPasswords" | "voicemail"
            | "greeting" | "news" | "feeds" | "hooks" | "beginGreeting" | "deleteGreeting" | "greetingAudio" => {
                json!({})
            }
            "changeSettings" | "changeMe" | "createRoom" | "changeRoom" => json!({}),
            "putLogo" | "putAvatar" => return (path.to_owned(), "image/png", png()),
            "checkSetUpCode" => json!({"code": "AAAA-AAAA-AAAA"}),
            "setUp" => json!({
                "code": "AAAA-AAAA-AAAA", "serverName": "Ours", "create": "anyone", "signUp": true,
                "account": {"name": "second", "password": PASSWORD},
            }),
            "signIn" => json!({"name": "victim", "password": PASSWORD}),
            "finishPasskeySignIn" => json!({"credential": {}}),
            "finishPasskey" => json!({"name": "Key", "credential": {}}),
            "changePassword" => json!({"current": PASSWORD, "new": PASSWORD}),
            "changeFeeds" => json!({"addresses": []}),
            // It is told nothing, so that nothing leaves this machine.
            "createHook" => json!({"address": "https://1.1.1.1/hook", "rooms": false, "calls": false}),
            "changeHook" | "deleteHook" | "testHook" | "hookDeliveries" => {
                named.push(("{id}", "HK_00000000000000000000000000"));
                json!({})
            }
            "tellHookAgain" => {
                named.push(("{id}", "HK_00000000000000000000000000"));
                named.push(("{delivery}", "HD_00000000000000000000000000"));
                json!({})
            }
            "makeAppPassword" => json!({"name": "Door bell"}),
            "attendants" => {
                self.attend().await;
                json!({})
            }
            "notifyAttendant" => {
                return (
                    path.replace("{channel}", &self.attend().await),
                    "application/json",
                    br#"{"message":"Good day"}"#.to_vec(),
                );
            }
            "signOutDevice" | "removePasskey" | "removeAppPassword" => {
                named.push(("{id}", "unknown"));
                json!({})
            }
            "signUp" => {
                json!({"name": format!("new-{}", number()), "password": PASSWORD})
            }
            "changeAccount" | "resetAccount" => {
                named.push(("{id}", &self.account));
                json!({})
            }
            "getAvatar" => {
                named.push(("{id}", &self.pictured));
                json!({})
            }
            "takeReset" => {
                let admin = sign_in(self.server, ADMIN).await;
                let link: Value =
                    admin.post(&format!("/api/v1/accounts/{}/reset", self.account), json!({})).await.right();
                json!({"secret": secret(&link), "password": PASSWORD})
            }
            "invite" => json!({"uses": 1}),
            "takeInvitationBack" => {
                named.push(("{id}", &self.invitation));
                json!({})
            }
            "checkInvitation" => json!({"secret": self.invited}),
            "setRoomMember" => json!({"role": "host"}),
            "pardon" => {
                named.push(("{person}", &removed));
                json!({})
            }
            "joinRoom" => json!({"name": "Somebody"}),
            // The victim has no page, so that nobody is shown anything.
            "inviteIntoRoom" => json!({"people": [self.account]}),
            // Nobody's but those who were asked, of whom none is here.
            "answerRoomInvitation" => json!({"come": false}),
            "rateMeeting" => json!({"stars": 4, "reasons": ["sound"]}),
            // Of the guest's device.
            "measure" => json!({
                "identity": self.scene.guest_device, "span": 20_000, "concealed": 0, "frozen": 0, "dropped": 0, "strained": 0,
            }),
            // The victim has no device, so that nobody is rung.
            "placeCall" => json!({"people": [self.account], "device": "d1"}),
            // Nobody's but its parties', of whom none is here.
            "actOnCall" => {
                named.push(("{id}", "CA_00000000000000000000000000"));
                json!({"act": "end"})
            }
            "beginVoicemail" | "greetingOfCall" => {
                named.push(("{id}", "CA_00000000000000000000000000"));
                json!({})
            }
            // Nobody's but its speaker's, then whoever it is for.
            "stopVoicemail" | "sendVoicemail" | "voicemailAudio" | "deleteVoicemail" => {
                named.push(("{id}", "VM_00000000000000000000000000"));
                json!({})
            }
            "markVoicemail" => {
                named.push(("{id}", "VM_00000000000000000000000000"));
                json!({"heard": true})
            }
            "addContact" => json!({"entry": {"name": "Town hall"}}),
            // Nobody's but its owner's, of whom none is here.
            "changeContact" | "removeContact" => {
                named.push(("{id}", "CO_00000000000000000000000000"));
                json!({})
            }
            "importContacts" => {
                return (path.to_owned(), "application/octet-stream", b"BEGIN:VCARD\nFN:Ann\nEND:VCARD".to_vec());
            }
            "makeConversation" => json!({"people": [self.account]}),
            "findLines" => return (format!("{path}?find=between"), "application/json", Vec::new()),
            // Of the owner and the host.
            "conversation" | "leaveConversation" | "typing" => {
                named.push(("{id}", talk));
                json!({})
            }
            "renameConversation" => {
                named.push(("{id}", talk));
                json!({"name": "Others"})
            }
            "addToConversation" => {
                named.push(("{id}", talk));
                json!({"people": [self.account]})
            }
            "markRead" => {
                named.push(("{id}", talk));
                json!({"message": talk_message})
            }
            "awaitPerson" | "awaitNoMore" => {
                named.push(("{id}", &self.account));
                json!({})
            }
            "putVisibility" => json!({"seenBy": "everyone"}),
            "choosePresence" => json!({"chosen": "automatic"}),
            "putCallWishes" => json!({"busy": {"to": "voicemail"}}),
            "putPush" => json!({
                "endpoint": format!("https://1.1.1.1/{}", number()), "device": "d1", "auth": "BTBZMqHH6r4Tts7J_aSIgg",
                "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            }),
            "pastMeeting" => {
                named.push(("{began}", "7"));
                json!({})
            }
            "act" => json!({"act": "hand", "up": true}),
            "writeMessage" => json!({"text": "A line"}),
            "editMessage" => {
                named.push(("{id}", message));
                json!({"text": "Another"})
            }
            "deleteMessage" | "react" | "unreact" => {
                named.push(("{id}", message));
                json!({})
            }
            "giveFile" => {
                let path = format!("{}?name=dot.png", path.replace("{code}", code));
                return (path, "application/octet-stream", png());
            }
            "file" | "preview" => {
                named.push(("{id}", file));
                json!({})
            }
            _ => panic!("{id} has no line in the table of rights: say here how it is asked"),
        };
        let path = named.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
        (path, "application/json", body.to_string().into_bytes())
    }
}

/// Every act there is; `GUEST` and `OWNER` are in, `WAITING` is not.
fn all_acts() -> Vec<(String, Value)> {
    let asked = [
        json!({"act": "hand", "up": true}),
        json!({"act": "react", "emoji": "👍"}),
        json!({"act": "admit", "person": "WAITING"}),
        json!({"act": "admitAll"}),
        json!({"act": "deny", "person": "WAITING"}),
        json!({"act": "lock", "on": true}),
        json!({"act": "lobby", "lobby": "everyone"}),
        json!({"act": "allow", "what": "share", "on": false}),
        json!({"act": "mute", "person": "GUEST", "what": "microphone"}),
        json!({"act": "muteAll"}),
        json!({"act": "askToUnmute", "person": "GUEST"}),
        json!({"act": "stopCameras"}),
        json!({"act": "lowerHand", "person": "GUEST"}),
        json!({"act": "lowerHands"}),
        json!({"act": "promote", "person": "GUEST"}),
        json!({"act": "demote", "person": "GUEST"}),
        json!({"act": "rename", "person": "GUEST", "name": "Renamed"}),
        json!({"act": "spotlight", "person": "GUEST"}),
        json!({"act": "pause", "on": true}),
        json!({"act": "moveToLobby", "person": "GUEST"}),
        json!({"act": "remove", "person": "GUEST", "mayReturn": true}),
        json!({"act": "handOver", "person": "GUEST"}),
        json!({"act": "moveHere", "identity": "GUEST"}),
        json!({"act": "endForAll"}),
    ];
    let forms = document()["components"]["schemas"]["Act"]["oneOf"].as_array().unwrap();
    let known: Vec<&Value> = forms.iter().map(|form| &form["properties"]["act"]["enum"][0]).collect();
    assert_eq!(asked.iter().map(|act| &act["act"]).collect::<Vec<_>>(), known, "every act has a line");
    let to_owner = [
        json!({"act": "mute", "person": "OWNER", "what": "microphone"}),
        json!({"act": "rename", "person": "OWNER", "name": "Renamed"}),
    ];
    let named = |act: Value, whom: &str| (format!("`{}`{whom}", act["act"].as_str().unwrap()), act);
    let to_owner = to_owner.into_iter().map(|act| named(act, " the owner"));
    asked.into_iter().map(|act| named(act, "")).chain(to_owner).collect()
}

fn filled(act: &Value, scene: &Scene) -> Value {
    let mut act = act.clone();
    match act["person"].as_str() {
        Some("OWNER") => act["person"] = json!(scene.owner),
        Some("GUEST") => act["person"] = json!(scene.guest),
        Some(_) => act["person"] = json!(scene.waiting),
        None => {}
    }
    if act["identity"] == "GUEST" {
        act["identity"] = json!(scene.guest_device);
    }
    act
}

/// What there is of addresses as [`from`] gives them: in this test everybody comes from another one each time.
fn addresses(reply: &Reply) -> impl Iterator<Item = String> {
    let text = format!("{:?} {}", reply.headers, String::from_utf8_lossy(&reply.body));
    let starts = text.match_indices("10.0.").map(|(at, _)| at).collect::<Vec<_>>();
    starts.into_iter().map(move |at| {
        text[at..].chars().take_while(|letter| letter.is_ascii_digit() || *letter == '.').collect::<String>()
    })
}

fn cell(reply: &Reply) -> String {
    if reply.status < 300 { "yes".to_owned() } else { reply.json::<Problem>().code }
}

fn secret(link: &Value) -> String {
    link["path"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
}

pub fn table(text: &mut String, first: &str, who: &[&str], lines: impl Iterator<Item = (String, Vec<String>)>) {
    writeln!(text, "| {first} | {} |", who.join(" | ")).unwrap();
    writeln!(text, "|{}", "---|".repeat(who.len() + 1)).unwrap();
    for (line, cells) in lines {
        writeln!(text, "| {line} | {} |", cells.join(" | ")).unwrap();
    }
}

/// The turn of what changes who somebody is.
const LAST: u8 = 1;

const ABOUT: &str = "\
# Who may do what

Generated by `cargo test -p server matrix`, which asks a real server. Do not edit: change the rule, run the test, look at
what changed here.

Everybody asks about one room in the middle of a meeting. **administrator**, **owner**, **host**, **member** and **guest**
are in; **waiting** is a guest who knocked; **removed** has an account and may not return; **outsider** has an account and
did not come in; **nobody** has no cookie. The line spoken of, and the file, are the owner's.

`yes` is done; anything else is the code of the refusal. `not_found`, `wrong_code` and `passkey_refused` stand where a request was let
through and what it names is not there: a device, passkey or app password that is not one's own is never found, and this server is set
up already.

## Endpoints

";

const TALKS: &str = "
## Lines and files of a conversation

The same endpoints with the id of a group in place of the room's code: the owner and the host are in it, and the line and the file are
the owner's. Whoever is not in it finds none, administrators included.

";

const ACTS: &str = "
## Acts

`POST /api/v1/rooms/{code}/acts`, done to the guest or to the one who waits unless it says otherwise.
Hosts hand over where nobody else leads; here the owner is in.

";
