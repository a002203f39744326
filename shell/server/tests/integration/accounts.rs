//! The set-up, signing up, in and out.

use std::time::{Duration, Instant};

use proto::api::{Device, Invited, Me, Problem, ServerView};

use crate::{
    harness::{ADMIN, PASSWORD, Reply, Server},
    people::Browser,
};

pub const JSON: (&str, &str) = ("content-type", "application/json");

fn code_of(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json::<Problem>().code)
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

pub fn sign_in(name: &str, password: &str) -> String {
    serde_json::json!({"name": name, "password": password}).to_string()
}

fn set_up(code: &str) -> String {
    let account = serde_json::json!({"name": ADMIN, "password": PASSWORD});
    let wanted = serde_json::json!({
        "code": code, "serverName": "Our place", "create": "signedIn", "signUp": false, "account": account,
    });
    wanted.to_string()
}

#[tokio::test]
async fn a_server_is_set_up_once_with_the_printed_code() {
    let server = Server::start_bare(|_| {}).await;
    let code = server.started.set_up_code.clone().unwrap();
    let printed = server.started.to_string();
    assert!(printed.contains(&format!("Set up at http://{}/setup#{code}\n", server.web())), "{printed}");
    assert!(printed.contains(&format!("Set-up code: {code}")), "{printed}");

    let before: ServerView = server.get("/api/v1/server").await.json();
    assert!(!before.set_up && !before.sign_up);
    for (method, path) in
        [("POST", "/api/v1/rooms"), ("POST", "/api/v1/accounts"), ("POST", "/api/v1/session"), ("GET", "/api/v1/me")]
    {
        let reply = server.ask(method, path, &[JSON], "{}").await;
        assert_eq!(code_of(&reply), refused(403, "not_set_up"), "{method} {path}");
    }
    assert_eq!(server.get("/healthz").await.status, 200);

    for wrong in ["", "0000-0000-0000", &code[..13], "nonsense"] {
        let check = server.post("/api/v1/setup/check", &format!(r#"{{"code":"{wrong}"}}"#)).await;
        assert_eq!(code_of(&check), refused(403, "wrong_code"));
    }
    assert_eq!(code_of(&server.post("/api/v1/setup", &set_up("0000-0000-0000")).await), refused(403, "wrong_code"));
    let check = server.post("/api/v1/setup/check", &format!(r#"{{"code":"{}"}}"#, code.to_lowercase())).await;
    assert_eq!(check.status, 204);
    // What is wrong with the rest does not use the code up.
    let weak = set_up(&code).replace(PASSWORD, "password123");
    assert_eq!(code_of(&server.post("/api/v1/setup", &weak).await), refused(422, "weak_password"));

    let reply = server.post("/api/v1/setup", &set_up(&code)).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let me: Me = reply.json();
    assert!(me.admin && me.may_create && me.has_password);
    assert_eq!(me.account.display_name, ADMIN);
    assert_eq!(server.by(&reply.cookie(), "GET", "/api/v1/me", "").await.json::<Me>(), me);
    let after: ServerView = server.get("/api/v1/server").await.json();
    assert_eq!((after.set_up, after.name.as_str()), (true, "Our place"));

    assert_eq!(code_of(&server.post("/api/v1/setup", &set_up(&code)).await), refused(403, "wrong_code"), "used");
    let (_, folder) = server.stop().await;
    let again = Server::start_bare(|raw| raw.data = Some(folder.path().to_owned())).await;
    assert_eq!(again.started.set_up_code, None);
    assert!(!again.started.to_string().contains("Set-up"), "nothing is printed any more");
    again.stop().await;
}

#[tokio::test]
async fn guessing_the_set_up_code_is_slowed_down() {
    let server = Server::start_bare(|_| {}).await;
    let began = Instant::now();
    let mut tried = 0;
    for _ in 0..40 {
        let reply = server.post("/api/v1/setup/check", r#"{"code":"0000-0000-0000"}"#).await;
        match reply.status {
            403 => tried += 1,
            429 => assert!((1..=6).contains(&reply.header("retry-after").parse().unwrap()), "{reply:?}"),
            other => panic!("{other}"),
        }
    }
    assert!((10..=11 + began.elapsed().as_secs() / 6).contains(&tried), "{tried}");
    server.stop().await;
}

#[tokio::test]
async fn people_sign_up_when_they_may() {
    let server = Server::start().await;
    let cookie = server.sign_up("Ann").await;
    let me: Me = server.by(&cookie, "GET", "/api/v1/me", "").await.json();
    assert_eq!((me.account.name.as_str(), me.account.display_name.as_str(), me.admin), ("Ann", "Ann", false));
    for (name, password, expected) in [
        ("ANN", PASSWORD, refused(409, "name_taken")),
        ("a b", PASSWORD, refused(422, "bad_account_name")),
        ("bob", "short", refused(422, "weak_password")),
        ("bob", "qwertyuiop", refused(422, "weak_password")),
        ("bob.smith", "bob.smith99", refused(422, "weak_password")),
    ] {
        assert_eq!(code_of(&server.post("/api/v1/accounts", &sign_in(name, password)).await), expected, "{name}");
    }
    let closed = server.by_admin("PATCH", "/api/v1/settings", r#"{"signUp":false}"#).await;
    assert!(!closed.json::<ServerView>().sign_up);
    let reply = server.post("/api/v1/accounts", &sign_in("cy", PASSWORD)).await;
    assert_eq!(code_of(&reply), refused(403, "not_allowed"));
    server.stop().await;
}

#[tokio::test]
async fn people_sign_up_by_invitation() {
    let server = Server::start().await;
    server.by_admin("PATCH", "/api/v1/settings", r#"{"signUp":false,"create":"invited"}"#).await;
    let made = server.by_admin("POST", "/api/v1/invitations", r#"{"name":"Bob","uses":2}"#).await;
    assert_eq!(made.status, 201);
    let link: proto::api::SecretLink = made.json();
    let secret = link.path.strip_prefix("/invite#").unwrap();
    assert_eq!(secret.len(), 43, "256 bits");

    let check = |secret: &str| {
        let body = format!(r#"{{"secret":"{secret}"}}"#);
        async {
            let body = body;
            server.post("/api/v1/invitations/check", &body).await
        }
    };
    assert_eq!(check(secret).await.json::<Invited>().name.as_deref(), Some("Bob"));
    let join = |name: &str, secret: &str| {
        let body = serde_json::json!({"name": name, "password": PASSWORD, "invitation": secret}).to_string();
        async {
            let body = body;
            server.post("/api/v1/accounts", &body).await
        }
    };
    let unknown = join("bob", "nonsense").await;
    assert_eq!(code_of(&unknown), refused(403, "bad_link"));
    let bob = join("bob", secret).await;
    assert_eq!(bob.status, 201);
    assert!(bob.json::<Me>().may_create, "the invited may make rooms");
    assert_eq!(code_of(&join("BOB", secret).await), refused(409, "name_taken"), "which takes no use");
    assert_eq!(join("cy", secret).await.status, 201);
    let used_up = join("dee", secret).await;
    assert_eq!((used_up.status, &used_up.body), (unknown.status, &unknown.body), "nobody learns which it was");
    assert_eq!(check(secret).await.status, 403);

    let taken_back: proto::api::SecretLink = server.by_admin("POST", "/api/v1/invitations", "{}").await.json();
    let list: Vec<proto::api::Invitation> = server.by_admin("GET", "/api/v1/invitations", "").await.json();
    let [one] = list.as_slice() else { panic!("{list:?}") };
    let path = format!("/api/v1/invitations/{}", one.id);
    assert_eq!(server.by_admin("DELETE", &path, "").await.status, 204);
    assert_eq!(server.by_admin("DELETE", &path, "").await.status, 404);
    assert_eq!(join("dee", taken_back.path.strip_prefix("/invite#").unwrap()).await.body, unknown.body);

    for body in [r#"{"uses":0}"#, r#"{"uses":1001}"#, r#"{"days":0}"#, r#"{"days":366}"#] {
        let reply = server.by_admin("POST", "/api/v1/invitations", body).await;
        assert_eq!(code_of(&reply), refused(422, "bad_setting"), "{body}");
    }
    server.stop().await;
}

#[tokio::test]
async fn guessing_links_is_slowed_down() {
    let server = Server::start().await;
    let mut statuses = Vec::new();
    for _ in 0..15 {
        statuses.push(server.post("/api/v1/invitations/check", r#"{"secret":"guess"}"#).await.status);
        statuses.push(server.post("/api/v1/resets", &reset("guess", "another password")).await.status);
    }
    assert!(statuses.iter().filter(|status| **status == 403).count() <= 12, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
    server.stop().await;
}

pub fn reset(secret: &str, password: &str) -> String {
    serde_json::json!({"secret": secret, "password": password}).to_string()
}

#[tokio::test]
async fn wrong_and_unknown_are_answered_alike() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let mut addresses = (1_u32..).map(|n| format!("198.51.{}.{}", n / 250, n % 250));
    let mut try_in = async |name: &str, password: &str| {
        let address = addresses.next().unwrap();
        let body = sign_in(name, password);
        let began = Instant::now();
        let reply = server.ask("POST", "/api/v1/session", &[JSON, ("x-forwarded-for", &address)], &body).await;
        (reply, began.elapsed())
    };
    let names = |reply: &Reply| reply.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let (mut of_wrong, mut of_unknown) = (Duration::MAX, Duration::MAX);
    for n in 0..4 {
        let (wrong, took) = try_in(ADMIN, "not the password").await;
        of_wrong = of_wrong.min(took);
        let (unknown, took) = try_in(&format!("nobody{n}"), "not the password").await;
        of_unknown = of_unknown.min(took);
        assert_eq!((wrong.status, &wrong.body), (401, &unknown.body));
        assert_eq!((unknown.status, names(&unknown)), (401, names(&wrong)));
    }
    // The fastest of each; a look-up without the hash would take a tenth.
    assert!(of_unknown * 3 > of_wrong, "{of_unknown:?} {of_wrong:?}");
    assert_eq!(try_in(ADMIN, PASSWORD).await.0.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down_by_address_and_by_name() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let from = async |address: &str, name: &str, password: &str| {
        let headers = [JSON, ("x-forwarded-for", address)];
        server.ask("POST", "/api/v1/session", &headers, &sign_in(name, password)).await
    };
    for n in 0..5 {
        assert_eq!(from("192.0.2.1", &format!("name{n}"), "wrong").await.status, 401);
    }
    let reply = from("192.0.2.1", ADMIN, PASSWORD).await;
    assert_eq!(code_of(&reply), refused(429, "too_often"), "the address waits, even with the right password");
    assert!((1..=12).contains(&reply.header("retry-after").parse().unwrap()), "{reply:?}");
    let reply = from("192.0.2.2", ADMIN, PASSWORD).await;
    assert_eq!(reply.status, 200, "others do not");
    let known = reply.headers.iter().find(|(name, value)| name == "set-cookie" && value.contains("parlor_known="));
    let known = known.unwrap().1.clone();
    for n in 0..5 {
        assert_eq!(from(&format!("203.0.113.{n}"), "Ann", "wrong").await.status, 401);
    }
    assert_eq!(from("203.0.113.9", " ANN ", "wrong").await.status, 429, "a name waits, from whatever address");
    // Those who know their password are not slowed down.
    for _ in 0..20 {
        assert_eq!(from("192.0.2.3", ADMIN, PASSWORD).await.status, 200);
    }
    // Nobody is kept out by that where they signed in before.
    for n in 0..6 {
        from(&format!("198.51.100.{n}"), ADMIN, "wrong").await;
    }
    assert_eq!(from("198.51.100.9", ADMIN, PASSWORD).await.status, 429, "in a browser that nobody knows");
    let browser = Browser::new(&server);
    let mine = async |address: &str, password: &str| {
        let headers = [JSON, ("x-forwarded-for", address)];
        browser.ask("POST", "/api/v1/session", &headers, sign_in(ADMIN, password).as_bytes()).await
    };
    browser.keep(&known);
    assert_eq!(mine("198.51.100.10", PASSWORD).await.status, 200);
    for n in 0..5 {
        assert_eq!(mine(&format!("198.51.101.{n}"), "wrong").await.status, 401);
    }
    assert_eq!(mine("198.51.101.9", PASSWORD).await.status, 429, "but nobody guesses there either");
    server.stop().await;
}

#[tokio::test]
async fn cookies_are_for_this_server_alone() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    for (headers, name, secure) in [
        (vec![("host", "talk.example")], "__Host-parlor_session", true),
        (vec![("host", "localhost:7880"), ("x-forwarded-proto", "http")], "__Host-parlor_session", true),
        (vec![("host", "[::1]:7880"), ("x-forwarded-proto", "http")], "__Host-parlor_session", true),
        (vec![("host", "talk.example"), ("x-forwarded-proto", "https")], "__Host-parlor_session", true),
        (vec![("host", "192.168.1.7:7880"), ("x-forwarded-proto", "http")], "parlor_session", false),
    ] {
        let all = [&[JSON][..], &headers].concat();
        let reply = server.ask("POST", "/api/v1/session", &all, &sign_in(ADMIN, PASSWORD)).await;
        let cookie = reply.header("set-cookie");
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(pair.split_once('=').unwrap().0, name, "{headers:?}");
        assert_eq!(pair.split_once('=').unwrap().1.len(), 43, "256 bits");
        let mut attributes: Vec<_> = attributes.split("; ").collect();
        attributes.sort_unstable();
        let mut expected = vec!["HttpOnly", "Max-Age=7776000", "Path=/", "SameSite=Lax"];
        expected.extend(secure.then_some("Secure"));
        assert_eq!(attributes, expected);
        let mine = [&headers[..], &[("cookie", pair)]].concat();
        assert_eq!(server.ask("GET", "/api/v1/me", &mine, "").await.status, 200);
        if secure {
            // What could have been planted without TLS is not looked at where there is TLS.
            let planted = pair.replace("__Host-", "");
            let planted = [&headers[..], &[("cookie", planted.as_str())]].concat();
            assert_eq!(server.ask("GET", "/api/v1/me", &planted, "").await.status, 401);
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn signing_in_ends_the_session_that_came_along() {
    let server = Server::start().await;
    let planted = server.sign_up("mallory").await;
    let reply = server.by(&planted, "POST", "/api/v1/session", &sign_in(ADMIN, PASSWORD)).await;
    assert_eq!(reply.status, 200);
    assert_ne!(reply.cookie(), planted);
    assert_eq!(server.by(&reply.cookie(), "GET", "/api/v1/me", "").await.json::<Me>().account.name, ADMIN);
    assert_eq!(server.by(&planted, "GET", "/api/v1/me", "").await.status, 401, "whoever planted it is out");
    // A cookie that we never made is not taken over either.
    let reply =
        server.by("parlor_session=chosen-by-mallory", "POST", "/api/v1/session", &sign_in(ADMIN, PASSWORD)).await;
    assert!(!reply.cookie().contains("mallory"));
    server.stop().await;
}

#[tokio::test]
async fn a_cookie_is_worth_nothing_after_signing_out() {
    let server = Server::start().await;
    let cookie = server.sign_up("ann").await;
    let reply = server.by(&cookie, "DELETE", "/api/v1/session", "").await;
    assert_eq!(reply.status, 204);
    assert!(reply.header("set-cookie").contains("=; Path=/; Max-Age=0"), "{reply:?}");
    assert_eq!(code_of(&server.by(&cookie, "GET", "/api/v1/me", "").await), refused(401, "sign_in_first"));
    assert_eq!(server.by(&cookie, "DELETE", "/api/v1/session", "").await.status, 204, "twice is as good as once");
    assert_eq!(server.by_admin("GET", "/api/v1/me", "").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_stolen_database_signs_nobody_in() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let server = Server::start().await;
    let me: Me = server.by_admin("GET", "/api/v1/me", "").await.json();
    let store = store::Store::open(&store::Target::Sqlite(server.folder.path().to_owned())).await.unwrap();
    let sessions = store.sessions(me.account.id).await.unwrap();
    let account = store.account(me.account.id).await.unwrap().unwrap();
    store.close().await;
    assert_eq!(sessions.len(), 1);
    let hex = sessions[0].secret.iter().map(|byte| format!("{byte:02x}")).collect();
    for stolen in [URL_SAFE_NO_PAD.encode(&sessions[0].secret), hex, sessions[0].id.clone()] {
        let cookie = format!("parlor_session={stolen}");
        assert_eq!(server.by(&cookie, "GET", "/api/v1/me", "").await.status, 401);
    }
    let hash = account.password.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_eq!(server.post("/api/v1/session", &sign_in(ADMIN, &hash)).await.status, 401);

    let secret = server.admin.split_once('=').unwrap().1.to_owned();
    let (_, folder) = server.stop().await;
    for file in std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file())
    {
        let bytes = std::fs::read(&file).unwrap();
        for planted in [secret.as_bytes(), PASSWORD.as_bytes()] {
            assert!(!bytes.windows(planted.len()).any(|window| window == planted), "{}", file.display());
        }
    }
}

#[tokio::test]
async fn another_password_signs_out_the_other_devices() {
    let server = Server::start().await;
    let here = server.sign_up("ann").await;
    let there = server.post("/api/v1/session", &sign_in("ann", PASSWORD)).await.cookie();
    let change = |current: &str, new: &str| serde_json::json!({"current": current, "new": new}).to_string();
    let new = "quite another password";
    let wrong = server.by(&here, "PUT", "/api/v1/me/password", &change("wrong", new)).await;
    assert_eq!(code_of(&wrong), refused(401, "wrong_password"));
    let weak = server.by(&here, "PUT", "/api/v1/me/password", &change(PASSWORD, "password123")).await;
    assert_eq!(code_of(&weak), refused(422, "weak_password"));
    assert_eq!(server.by(&there, "GET", "/api/v1/me", "").await.status, 200);
    assert_eq!(server.by(&here, "PUT", "/api/v1/me/password", &change(PASSWORD, new)).await.status, 204);
    assert_eq!(server.by(&here, "GET", "/api/v1/me", "").await.status, 200);
    assert_eq!(server.by(&there, "GET", "/api/v1/me", "").await.status, 401);
    assert_eq!(server.post("/api/v1/session", &sign_in("ann", PASSWORD)).await.status, 401);
    assert_eq!(server.post("/api/v1/session", &sign_in("ann", new)).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn devices_are_listed_and_signed_out() {
    let server = Server::start().await;
    let here = server.sign_up("ann").await;
    let firefox = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    let there = server.ask("POST", "/api/v1/session", &[JSON, firefox], &sign_in("ann", PASSWORD)).await.cookie();
    let devices: Vec<Device> = server.by(&here, "GET", "/api/v1/me/devices", "").await.json();
    let [mine, other] = devices.as_slice() else { panic!("{devices:?}") };
    assert!(mine.current && !other.current);
    assert_eq!((mine.name.as_str(), other.name.as_str()), ("A program", "Firefox on Linux"));

    let path = format!("/api/v1/me/devices/{}", other.id);
    let stranger = server.sign_up("bob").await;
    assert_eq!(server.by(&stranger, "DELETE", &path, "").await.status, 404, "only one's own");
    assert_eq!(server.by(&here, "DELETE", &path, "").await.status, 204);
    assert_eq!(server.by(&there, "GET", "/api/v1/me", "").await.status, 401);
    assert_eq!(server.by(&here, "DELETE", &path, "").await.status, 404);
    server.stop().await;
}
