//! Passkeys, with an authenticator made of a key pair and a few bytes of CBOR.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proto::api::{Me, Passkey, PasskeyOptions, Problem};
use rcgen::{KeyPair, PublicKeyData as _, SigningKey as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{Reply, Server};

const HERE: &[(&str, &str)] = &[("host", "localhost:7880")];

/// A device that keeps one passkey.
struct Device {
    key: KeyPair,
    id: [u8; 16],
    origin: String,
    party: String,
    user: Value,
    count: u32,
}

impl Device {
    /// Makes a passkey as a page of `origin` asks for with `options`; gives back what the browser would.
    fn make(origin: &str, options: &Value) -> (Self, Value) {
        let party = options["rp"]["id"].as_str().unwrap().to_owned();
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        let key = KeyPair::generate().unwrap();
        let user = options["user"]["id"].clone();
        let device = Self { key, id: [7; 16], origin: origin.to_owned(), party, user, count: 0 };
        // Present and verified, with a key: 16 zeroes as the maker, the id, and the key in COSE.
        let mut data = device.data(0b0100_0101);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(device.id);
        let point = device.key.der_bytes();
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let response = json!({
            "attestationObject": encode(&object),
            "clientDataJSON": encode(device.signed("webauthn.create", options).as_bytes()),
        });
        let made = device.credential(response);
        (device, made)
    }

    /// Answers a challenge as a page of the same origin asks with `options`.
    fn answer(&mut self, options: &Value) -> Value {
        self.count += 1;
        let data = self.data(0b0000_0101);
        let signed = self.signed("webauthn.get", options);
        let signature = self.key.sign(&[&data[..], &Sha256::digest(&signed)].concat()).unwrap();
        self.credential(json!({
            "authenticatorData": encode(&data), "clientDataJSON": encode(signed.as_bytes()),
            "signature": encode(&signature), "userHandle": self.user,
        }))
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        [&Sha256::digest(&self.party)[..], &[flags], &self.count.to_be_bytes()].concat()
    }

    fn signed(&self, kind: &str, options: &Value) -> String {
        json!({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false})
            .to_string()
    }

    fn credential(&self, response: Value) -> Value {
        let id = encode(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}})
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// One browser at one place.
struct Tab<'a> {
    server: &'a Server,
    headers: Vec<(&'a str, &'a str)>,
}

impl<'a> Tab<'a> {
    fn new(server: &'a Server, place: &[(&'a str, &'a str)], cookie: &'a str) -> Self {
        let headers = [&[("content-type", "application/json"), ("cookie", cookie)][..], place].concat();
        Self { server, headers }
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.server.ask(method, path, &self.headers, body.to_string()).await
    }

    async fn options(&self, path: &str) -> Value {
        let reply = self.ask("POST", path, &json!({})).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json::<PasskeyOptions>().options
    }
}

async fn sign_up(server: &Server, place: &[(&str, &str)], name: &str) -> String {
    let tab = Tab::new(server, place, "");
    let reply = tab.ask("POST", "/api/v1/accounts", &json!({"name": name, "password": "a long enough one"})).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.cookie()
}

fn refused(reply: &Reply) {
    assert_eq!((reply.status, reply.json::<Problem>().code.as_str()), (401, "passkey_refused"));
}

async fn register(tab: &Tab<'_>, origin: &str) -> Device {
    let options = tab.options("/api/v1/me/passkeys/begin").await;
    let (device, credential) = Device::make(origin, &options);
    let body = json!({"name": "Laptop", "credential": credential});
    let reply = tab.ask("POST", "/api/v1/me/passkeys/finish", &body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    assert_eq!(reply.json::<Passkey>().name, "Laptop");
    refused(&tab.ask("POST", "/api/v1/me/passkeys/finish", &body).await);
    device
}

async fn make_and_use(server: &Server, place: &[(&str, &str)], origin: &str) {
    let cookie = sign_up(server, place, "ann").await;
    let tab = Tab::new(server, place, &cookie);
    let mut device = register(&tab, origin).await;

    let door = Tab::new(server, place, "");
    let options = door.options("/api/v1/session/passkey/begin").await;
    assert!(options["allowCredentials"].as_array().is_none_or(Vec::is_empty), "it names nobody: {options}");
    let answer = json!({"credential": device.answer(&options)});
    let reply = door.ask("POST", "/api/v1/session/passkey/finish", &answer).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.json::<Me>().account.name, "ann");
    let signed_in = reply.cookie();
    let me = Tab::new(server, place, &signed_in).ask("GET", "/api/v1/me", &json!({})).await;
    assert_eq!(me.json::<Me>().account.name, "ann");
    refused(&door.ask("POST", "/api/v1/session/passkey/finish", &answer).await);
}

#[tokio::test]
async fn a_passkey_is_made_and_signs_in_on_this_machine() {
    let server = Server::start().await;
    make_and_use(&server, HERE, "http://localhost:7880").await;
    server.stop().await;
}

#[tokio::test]
async fn a_passkey_is_made_and_signs_in_under_a_public_name() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let place = [("x-forwarded-host", "talk.example"), ("x-forwarded-proto", "https")];
    make_and_use(&server, &place, "https://talk.example").await;
    server.stop().await;
}

#[tokio::test]
async fn what_does_not_stand_the_check_opens_nothing() {
    let server = Server::start().await;
    let cookie = sign_up(&server, HERE, "ann").await;
    let tab = Tab::new(&server, HERE, &cookie);
    let door = Tab::new(&server, HERE, "");
    let finish = "/api/v1/session/passkey/finish";

    // A page of another origin, and a ceremony that another account began.
    let options = tab.options("/api/v1/me/passkeys/begin").await;
    let (_, credential) = Device::make("http://evil.test", &options);
    refused(&tab.ask("POST", "/api/v1/me/passkeys/finish", &json!({"name": "x", "credential": credential})).await);
    let options = tab.options("/api/v1/me/passkeys/begin").await;
    let (_, credential) = Device::make("http://localhost:7880", &options);
    let other = sign_up(&server, HERE, "bob").await;
    let other = Tab::new(&server, HERE, &other);
    refused(&other.ask("POST", "/api/v1/me/passkeys/finish", &json!({"name": "x", "credential": credential})).await);

    let mut device = register(&tab, "http://localhost:7880").await;
    let begun = async || door.options("/api/v1/session/passkey/begin").await;

    let answer = device.answer(&json!({"challenge": encode(&[1; 32])}));
    refused(&door.ask("POST", finish, &json!({"credential": answer})).await);
    let mut answer = device.answer(&begun().await);
    answer["response"]["signature"] = encode(b"nonsense").into();
    refused(&door.ask("POST", finish, &json!({"credential": answer})).await);
    let mut answer = device.answer(&begun().await);
    answer["response"]["userHandle"] = encode(&[9; 16]).into();
    refused(&door.ask("POST", finish, &json!({"credential": answer})).await);
    let mut unknown = device.answer(&begun().await);
    unknown["rawId"] = encode(&[8; 16]).into();
    unknown["id"] = unknown["rawId"].clone();
    refused(&door.ask("POST", finish, &json!({"credential": unknown})).await);
    for nonsense in [json!({}), json!(null), json!({"response": {"clientDataJSON": "%"}}), json!([[[]]])] {
        refused(&door.ask("POST", finish, &json!({"credential": nonsense})).await);
    }
    // A copy of the key whose counter stands still.
    let good = device.answer(&begun().await);
    assert_eq!(door.ask("POST", finish, &json!({"credential": good})).await.status, 200);
    device.count -= 1;
    let copied = device.answer(&begun().await);
    refused(&door.ask("POST", finish, &json!({"credential": copied})).await);

    // An account that was shut out, and a passkey that was removed.
    let list: Vec<Passkey> = tab.ask("GET", "/api/v1/me/passkeys", &json!({})).await.json();
    let path = format!("/api/v1/me/passkeys/{}", list[0].id);
    assert_eq!(other.ask("DELETE", &path, &json!({})).await.status, 404, "only one's own");
    let id = tab.ask("GET", "/api/v1/me", &json!({})).await.json::<Me>().account.id;
    let shut = format!("/api/v1/accounts/{id}");
    assert_eq!(server.by_admin("PATCH", &shut, r#"{"disabled":true}"#).await.status, 200);
    let answer = device.answer(&begun().await);
    refused(&door.ask("POST", finish, &json!({"credential": answer})).await);
    server.by_admin("PATCH", &shut, r#"{"disabled":false}"#).await;
    let answer = device.answer(&begun().await);
    let reply = door.ask("POST", finish, &json!({"credential": answer})).await;
    let cookie = reply.cookie();
    assert_eq!(Tab::new(&server, HERE, &cookie).ask("DELETE", &path, &json!({})).await.status, 204);
    let answer = device.answer(&begun().await);
    refused(&door.ask("POST", finish, &json!({"credential": answer})).await);
    server.stop().await;
}

#[tokio::test]
async fn bare_addresses_have_no_passkeys() {
    let server = Server::start().await;
    let reply = server
        .ask(
            "POST",
            "/api/v1/session/passkey/begin",
            &[("content-type", "application/json"), ("host", "127.0.0.1:7880")],
            "{}",
        )
        .await;
    refused(&reply);
    server.stop().await;
}
