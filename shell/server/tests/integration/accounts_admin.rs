//! What administrators do with the accounts of others, and what nobody else may.

use proto::api::{AccountRow, Create, Me, Problem, SecretLink, ServerView};

use crate::{
    harness::{PASSWORD, Reply, Server},
    people,
};

fn refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status, reply.json::<Problem>().code.as_str()), (status, code));
}

async fn id_of(server: &Server, cookie: &str) -> String {
    server.by(cookie, "GET", "/api/v1/me", "").await.json::<Me>().account.id.to_string()
}

#[tokio::test]
async fn only_administrators_administer() {
    let server = Server::start().await;
    let ann = server.sign_up("ann").await;
    let path = format!("/api/v1/accounts/{}", id_of(&server, &server.admin).await);
    let reset = format!("{path}/reset");
    for (method, path, body) in [
        ("GET", "/api/v1/accounts", ""),
        ("PATCH", path.as_str(), "{}"),
        ("POST", &reset, ""),
        ("GET", "/api/v1/invitations", ""),
        ("POST", "/api/v1/invitations", "{}"),
        ("DELETE", "/api/v1/invitations/x", ""),
        ("PATCH", "/api/v1/settings", "{}"),
        ("DELETE", "/api/v1/settings/logo", ""),
        ("PUT", "/api/v1/settings/logo", ""),
    ] {
        refused(&server.by(&ann, method, path, body).await, 403, "not_allowed");
        refused(&server.by("", method, path, body).await, 401, "sign_in_first");
        refused(&server.by("parlor_guest=0123456789abcdef.AAAA", method, path, body).await, 401, "sign_in_first");
    }
    for (method, path) in [
        ("GET", "/api/v1/me"),
        ("PATCH", "/api/v1/me"),
        ("PUT", "/api/v1/me/password"),
        ("PUT", "/api/v1/me/avatar"),
        ("DELETE", "/api/v1/me/avatar"),
        ("GET", "/api/v1/me/devices"),
        ("DELETE", "/api/v1/me/devices/x"),
        ("GET", "/api/v1/me/passkeys"),
        ("POST", "/api/v1/me/passkeys/begin"),
        ("POST", "/api/v1/me/passkeys/finish"),
        ("DELETE", "/api/v1/me/passkeys/x"),
    ] {
        refused(&server.by("", method, path, "{}").await, 401, "sign_in_first");
    }
    server.stop().await;
}

#[tokio::test]
async fn settings_are_changed_and_checked() {
    let server = Server::start().await;
    let body = r##"{"name":" House ","create":"invited","accent":"#A1b2C3"}"##;
    let view: ServerView = server.by_admin("PATCH", "/api/v1/settings", body).await.json();
    assert_eq!((view.name.as_str(), view.create, view.sign_up), ("House", Create::Invited, true));
    assert_eq!(view.branding.accent.as_deref(), Some("#a1b2c3"));
    assert_eq!(server.get("/api/v1/server").await.json::<ServerView>(), view);
    let ann = server.sign_up("ann").await;
    assert!(!server.by(&ann, "GET", "/api/v1/me", "").await.json::<Me>().may_create);
    for (body, code) in [(r#"{"name":""}"#, "bad_name"), (r#"{"accent":"red;}"}"#, "bad_setting")] {
        refused(&server.by_admin("PATCH", "/api/v1/settings", body).await, 422, code);
    }
    let plain: ServerView = server.by_admin("PATCH", "/api/v1/settings", r#"{"accent":""}"#).await.json();
    assert_eq!(plain.branding.accent, None);
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_shut_out_is_out_at_once() {
    let server = Server::start().await;
    let ann = server.sign_up("ann").await;
    let path = format!("/api/v1/accounts/{}", id_of(&server, &ann).await);
    let row: AccountRow = server.by_admin("PATCH", &path, r#"{"disabled":true}"#).await.json();
    assert!(row.disabled);
    refused(&server.by(&ann, "GET", "/api/v1/me", "").await, 401, "sign_in_first");
    let body = serde_json::json!({"name": "ann", "password": PASSWORD}).to_string();
    refused(&server.post("/api/v1/session", &body).await, 401, "wrong_password");
    server.by_admin("PATCH", &path, r#"{"disabled":false}"#).await;
    refused(&server.by(&ann, "GET", "/api/v1/me", "").await, 401, "sign_in_first");
    assert_eq!(server.post("/api/v1/session", &body).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_shut_out_leaves_the_meeting() {
    let server = Server::start().await;
    let ann = people::sign_up(&server, "ann").await;
    let code = ann.make_room().await.room.code;
    let mut inside = ann.enter(&code, "Ann").await;
    let id = ann.get("/api/v1/me").await.json::<Me>().account.id;
    let path = format!("/api/v1/accounts/{id}");
    assert_eq!(server.by_admin("PATCH", &path, r#"{"disabled":true}"#).await.status, 200);
    let leave = inside.socket.leave().await.expect("a word before the end");
    assert_eq!(leave.reason(), proto::livekit::DisconnectReason::ParticipantRemoved);
    server.stop().await;
}

#[tokio::test]
async fn somebody_administers_the_server_always() {
    let server = Server::start().await;
    let own = format!("/api/v1/accounts/{}", id_of(&server, &server.admin).await);
    for body in [r#"{"admin":false}"#, r#"{"disabled":true}"#] {
        refused(&server.by_admin("PATCH", &own, body).await, 409, "last_admin");
    }
    let ann = server.sign_up("ann").await;
    let path = format!("/api/v1/accounts/{}", id_of(&server, &ann).await);
    let row: AccountRow = server.by_admin("PATCH", &path, r#"{"admin":true,"mayCreate":true}"#).await.json();
    assert!(row.admin && row.may_create);
    assert_eq!(server.by_admin("PATCH", &own, r#"{"admin":false}"#).await.status, 200);
    refused(&server.by_admin("GET", "/api/v1/accounts", "").await, 403, "not_allowed");
    refused(&server.by(&ann, "PATCH", &path, r#"{"disabled":true}"#).await, 409, "last_admin");
    refused(&server.by(&ann, "PATCH", "/api/v1/accounts/AC_x", "{}").await, 404, "not_found");
    server.stop().await;
}

#[tokio::test]
async fn a_reset_link_works_once_and_signs_everybody_out() {
    let server = Server::start().await;
    let ann = server.sign_up("ann").await;
    let id = id_of(&server, &ann).await;
    let reply = server.by_admin("POST", &format!("/api/v1/accounts/{id}/reset"), "").await;
    assert_eq!(reply.status, 201);
    let link: SecretLink = reply.json();
    let secret = link.path.strip_prefix("/reset#").unwrap();
    let take = |secret: &str| serde_json::json!({"secret": secret, "password": "a brand new password"}).to_string();
    let weak = serde_json::json!({"secret": secret, "password": "short"}).to_string();
    refused(&server.post("/api/v1/resets", &weak).await, 422, "weak_password");
    let unknown = server.post("/api/v1/resets", &take("unknown")).await;
    refused(&unknown, 403, "bad_link");
    assert_eq!(server.by(&ann, "GET", "/api/v1/me", "").await.status, 200);
    assert_eq!(server.post("/api/v1/resets", &take(secret)).await.status, 204);
    assert_eq!(server.by(&ann, "GET", "/api/v1/me", "").await.status, 401);
    let used = server.post("/api/v1/resets", &take(secret)).await;
    assert_eq!((used.status, &used.body), (unknown.status, &unknown.body), "nobody learns which it was");
    let sign_in = |password: &str| serde_json::json!({"name": "ann", "password": password}).to_string();
    assert_eq!(server.post("/api/v1/session", &sign_in(PASSWORD)).await.status, 401);
    assert_eq!(server.post("/api/v1/session", &sign_in("a brand new password")).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn accounts_are_listed_in_order() {
    let server = Server::start().await;
    for name in ["ann", "bob"] {
        server.sign_up(name).await;
    }
    let all: Vec<AccountRow> = server.by_admin("GET", "/api/v1/accounts", "").await.json();
    let names: Vec<_> = all.iter().map(|row| row.account.name.as_str()).collect();
    assert_eq!(names, ["admin", "ann", "bob"]);
    let path = format!("/api/v1/accounts?after={}", all[1].account.id);
    let rest: Vec<AccountRow> = server.by_admin("GET", &path, "").await.json();
    assert_eq!(rest, all[2..]);
    server.stop().await;
}

#[tokio::test]
async fn pages_of_other_sites_reach_no_route() {
    let server = Server::start().await;
    let host = server.web().to_string();
    for (method, path) in [
        ("PATCH", "/api/v1/settings"),
        ("PUT", "/api/v1/settings/logo"),
        ("DELETE", "/api/v1/settings/logo"),
        ("POST", "/api/v1/setup"),
        ("POST", "/api/v1/setup/check"),
        ("POST", "/api/v1/session"),
        ("DELETE", "/api/v1/session"),
        ("POST", "/api/v1/session/passkey/begin"),
        ("POST", "/api/v1/session/passkey/finish"),
        ("PATCH", "/api/v1/me"),
        ("PUT", "/api/v1/me/password"),
        ("PUT", "/api/v1/me/avatar"),
        ("DELETE", "/api/v1/me/avatar"),
        ("DELETE", "/api/v1/me/devices/x"),
        ("POST", "/api/v1/me/passkeys/begin"),
        ("POST", "/api/v1/me/passkeys/finish"),
        ("DELETE", "/api/v1/me/passkeys/x"),
        ("POST", "/api/v1/accounts"),
        ("PATCH", "/api/v1/accounts/x"),
        ("POST", "/api/v1/accounts/x/reset"),
        ("POST", "/api/v1/resets"),
        ("POST", "/api/v1/invitations"),
        ("DELETE", "/api/v1/invitations/x"),
        ("POST", "/api/v1/invitations/check"),
    ] {
        for content in ["application/json", "text/plain", "image/png", "multipart/form-data"] {
            for foreign in [("origin", "http://evil.test"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
                let headers = [("host", host.as_str()), ("content-type", content), ("cookie", &server.admin), foreign];
                refused(&server.ask(method, path, &headers, "{}").await, 403, "foreign_page");
            }
        }
        // What a form can send without asking is refused as well, for browsers that say nothing.
        for content in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let headers = [("content-type", content), ("cookie", server.admin.as_str())];
            refused(&server.ask(method, path, &headers, "{}").await, 415, "not_json");
        }
    }
    assert_eq!(server.by_admin("GET", "/api/v1/me", "").await.status, 200, "nobody was signed out by it");
    server.stop().await;
}
