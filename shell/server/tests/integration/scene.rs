//! A room in the middle of a meeting, with everybody that the table of rights asks about.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use proto::{Identity, Person, api::Event};
use serde_json::{Value, json};

use crate::{
    harness::{ADMIN, PASSWORD, Server},
    people::{Browser, Events, Inside, Reply, sign_in, use_ticket},
};

/// A room in the middle of a meeting, and what the requests speak of.
pub struct Scene<'a> {
    pub browsers: BTreeMap<&'static str, Browser<'a>>,
    pub code: String,
    pub owner: Person,
    pub guest: Person,
    /// The identity of the guest's one device.
    pub guest_device: Identity,
    pub waiting: Person,
    pub removed: Person,
    /// The media token from before the removal.
    pub removed_token: String,
    pub message: String,
    pub file: String,
    /// A group of the owner and the host, a line of the owner's in it, and its file.
    pub talk: String,
    pub talk_message: String,
    pub talk_file: String,
    _inside: Vec<Inside>,
    _events: Vec<Events>,
}

impl<'a> Scene<'a> {
    /// A new meeting of these people, and of those who are missing.
    pub async fn new(server: &'a Server, mut browsers: BTreeMap<&'static str, Browser<'a>>) -> Self {
        for who in ["administrator", "host", "member", "outsider", "removed"] {
            if !browsers.contains_key(who) {
                browsers.insert(who, sign_in(server, if who == "administrator" { ADMIN } else { who }).await);
            }
        }
        if !browsers.contains_key("owner") {
            let body = json!({"name": format!("owner-{}", number()), "password": PASSWORD});
            let owner = Browser::new(server);
            far(&owner, "POST", "/api/v1/accounts", body.to_string().as_bytes()).await.right::<Value>();
            browsers.insert("owner", owner);
        }
        for who in ["guest", "waiting", "nobody"] {
            browsers.insert(who, Browser::new(server));
        }
        let owner = &browsers["owner"];
        let made: Value =
            far(owner, "POST", "/api/v1/rooms", br#"{"title": "Stand-up", "listed": true}"#).await.right();
        let code = made["room"]["code"].as_str().unwrap().to_owned();
        let room = format!("/api/v1/rooms/{code}");
        for (name, role) in [("host", "host"), ("member", "member")] {
            owner.put(&format!("{room}/members/{name}"), json!({"role": role})).await.done();
        }
        let mut inside = vec![owner.enter(&code, "Owner").await];
        owner.act(&code, json!({"act": "lobby", "lobby": "off"})).await.done();
        let mut removed_token = String::new();
        for who in ["administrator", "host", "member", "removed", "guest"] {
            let ticket = browsers[who].ticket(&code, who).await;
            if who == "removed" {
                removed_token.clone_from(&ticket.token);
            }
            inside.push(use_ticket(server, ticket).await);
        }
        let [owner_is, removed, guest] = [0, 4, 5].map(|nth: usize| inside[nth].person.clone());
        let guest_device = inside[5].identity.clone();
        owner.act(&code, json!({"act": "remove", "person": removed, "mayReturn": false})).await.done();
        let file = owner.give(&code, "dot.png", &png()).await.right::<Value>()["id"].as_str().unwrap().to_owned();
        let message: Value = owner.write(&code, json!({"text": "A line", "file": file})).await.right();
        owner.act(&code, json!({"act": "lobby", "lobby": "guests"})).await.done();
        let mut events = owner.attend(&code).await;
        browsers["waiting"].join(&code, "Waiting").await.right::<Value>();
        let waiting = events
            .until(|event| match event {
                Event::Meeting { state } => state.waiting.first().map(|knocker| knocker.person.clone()),
                _ => None,
            })
            .await;
        let message = message["id"].as_str().unwrap().to_owned();
        let hosts: Value = owner.get("/api/v1/people?find=host").await.right();
        let group = json!({"people": [hosts[0]["account"]], "name": "Group"});
        let talk = owner.post("/api/v1/conversations", group).await.right::<Value>()["id"].as_str().unwrap().to_owned();
        let given = owner.give(&talk, "dot.png", &png()).await.right::<Value>()["id"].as_str().unwrap().to_owned();
        let said: Value = owner.write(&talk, json!({"text": "Between us", "file": given})).await.right();
        Self {
            talk,
            talk_message: said["id"].as_str().unwrap().to_owned(),
            talk_file: given,
            browsers,
            code,
            owner: owner_is,
            guest,
            guest_device,
            waiting,
            removed,
            removed_token,
            message,
            file,
            _inside: inside,
            _events: vec![events],
        }
    }
}

/// Asks from another address each time: limits are not what is looked at here.
pub async fn far(browser: &Browser<'_>, method: &str, path: &str, body: &[u8]) -> Reply {
    browser.ask(method, path, &[("x-forwarded-for", &from())], body).await
}

pub fn from() -> String {
    let number = number();
    format!("10.0.{}.{}", number / 250, number % 250 + 1)
}

/// A number that was not given before.
pub fn number() -> u32 {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// A picture of one dot.
pub fn png() -> Vec<u8> {
    include_bytes!("matrix.png").to_vec()
}
