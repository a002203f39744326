//! `/api/v1`.

use std::time::Instant;

use proto::api::{Entry, Problem, RoomView, Ticket};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{harness::Server, people::admin};

async fn make(server: &Server, body: &str) -> RoomView {
    let reply = server.post("/api/v1/rooms", body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.json()
}

async fn join(server: &Server, path: &str) -> Ticket {
    match server.post(&format!("{path}/join"), r#"{"name":"Ann"}"#).await.json() {
        Entry::Admitted { ticket } => ticket,
        Entry::Waiting { .. } => panic!("nobody waits at the door of a room without an owner"),
    }
}

#[tokio::test]
async fn a_room_is_made_looked_up_and_joined() {
    let server = Server::start().await;
    let made = make(&server, r#"{"title":"  Stand-up "}"#).await;
    assert_eq!(made.room.title, "Stand-up");
    assert_eq!(make(&server, "{}").await.room.title, "Meeting");

    let path = format!("/api/v1/rooms/{}", made.room.code);
    let seen: RoomView = server.get(&path).await.json();
    assert_eq!(seen, made);
    let loud = server.get(&path.to_uppercase().replace("/API/V1/ROOMS", "/api/v1/rooms")).await;
    assert_eq!(loud.json::<RoomView>(), made, "case does not matter");

    let ticket = join(&server, &path).await;
    assert_eq!(ticket.room, made.room);
    assert!(ticket.identity.as_str().starts_with("guest_"));
    let other = join(&server, &path).await;
    assert_ne!(other.person, ticket.person, "without a cookie each join is somebody new");

    let mut socket = server.socket(&format!("access_token={}", ticket.token), &[]).await.unwrap();
    let Some(proto::livekit::signal_response::Message::Join(join)) = socket.response().await else { panic!("no join") };
    let me = join.participant.unwrap();
    assert_eq!((me.identity.as_str(), me.name.as_str()), (ticket.identity.as_str(), "Ann"));
    assert_eq!(join.room.unwrap().name, made.room.code);

    let seen: RoomView = server.get(&path).await.json();
    assert_eq!(seen.count, 1);
    assert_eq!(seen.present[0].name, "Ann");
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_has_a_stable_code() {
    let server = Server::start().await;
    let room = make(&server, "{}").await.room.code;
    let join = format!("/api/v1/rooms/{room}/join");
    let long = format!(r#"{{"title":"{}"}}"#, "x".repeat(129));
    let huge = format!(r#"{{"title":"{}"}}"#, "x".repeat(20_000));
    for (path, body, status, code) in [
        ("/api/v1/rooms", "", 400, "bad_request"),
        ("/api/v1/rooms", "{", 400, "bad_request"),
        ("/api/v1/rooms", r#"{"titel":"x"}"#, 400, "bad_request"),
        ("/api/v1/rooms", r#"{"title":7}"#, 400, "bad_request"),
        ("/api/v1/rooms", r#"{"title":" "}"#, 422, "bad_name"),
        ("/api/v1/rooms", r#"{"title":"a\nb"}"#, 422, "bad_name"),
        ("/api/v1/rooms", &long, 422, "bad_name"),
        ("/api/v1/rooms", &huge, 413, "too_large"),
        (&join, r#"{"name":""}"#, 422, "bad_name"),
        (&join, "{}", 422, "bad_name"),
        (&join, r#"{"nam":"Ann"}"#, 400, "bad_request"),
        ("/api/v1/rooms/nono-nono-nono/join", r#"{"name":"Ann"}"#, 404, "room_unknown"),
        ("/api/v1/what", "{}", 404, "no_endpoint"),
        ("/api/v2/rooms", "{}", 404, "no_endpoint"),
        ("/api", "{}", 404, "no_endpoint"),
        ("/api/", "{}", 404, "no_endpoint"),
        ("/api/v1", "{}", 404, "no_endpoint"),
        ("/api/v1/", "{}", 404, "no_endpoint"),
    ] {
        let reply = server.post(path, body).await;
        assert_eq!((reply.status, reply.json::<Problem>().code.as_str()), (status, code), "{path} {body:.40}");
    }
    server.stop().await;
}

#[tokio::test]
async fn whatever_answers_for_the_table_answers_with_a_problem() {
    let server = Server::start().await;
    let json = ("content-type", "application/json");
    let nobody = "/api/v1/rooms/nono-nono-nono/files/FI_1";
    for (method, path, header, status, code) in [
        ("GET", "/api/v1/what", None, 404, "no_endpoint"),
        ("DANCE", "/api/v1/what", Some(json), 404, "no_endpoint"),
        ("GET", "/api/v1/rooms/a/b/c/d/e", None, 404, "no_endpoint"),
        ("GET", "/api/v1//rooms", None, 404, "no_endpoint"),
        ("GET", "/api/v1/rooms/", None, 404, "no_endpoint"),
        ("GET", "/api/v3", None, 404, "no_endpoint"),
        ("DELETE", "/api/v1/rooms", Some(json), 405, "no_method"),
        ("DANCE", "/api/v1/rooms", Some(json), 405, "no_method"),
        ("TRACE", "/api/v1/server", None, 405, "no_method"),
        ("OPTIONS", "/api/v1/rooms", None, 405, "no_method"),
        ("PUT", nobody, Some(json), 405, "no_method"),
        ("PUT", "/healthz", Some(json), 405, "no_method"),
        ("POST", "/api/v1/rooms", Some(("content-type", "text/plain")), 415, "not_json"),
        ("POST", "/api/v1/rooms", Some(("content-type", "image/png")), 415, "not_json"),
        ("POST", "/api/v1/what", None, 404, "no_endpoint"),
        ("GET", "/api/v1/rooms/%ff", None, 400, "bad_request"),
        ("GET", "/api/v1/events", None, 401, "sign_in_first"),
    ] {
        let headers: Vec<_> = header.into_iter().collect();
        let reply = server.ask(method, path, &headers, "{}").await;
        assert_eq!(reply.header("content-type"), "application/json", "{method} {path}: {reply:?}");
        assert_eq!((reply.status, reply.json::<Problem>().code.as_str()), (status, code), "{method} {path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{method} {path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_query_that_cannot_be_read_gets_a_problem_wherever_the_document_names_one() {
    let server = Server::start().await;
    let administrator = admin(&server).await;
    let document: Value = server.get("/api/v1/openapi.json").await.json();
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let named = methods["get"]["parameters"].as_array().into_iter().flatten();
        for parameter in named.filter(|parameter| parameter["in"] == "query") {
            let (name, path) = (parameter["name"].as_str().unwrap(), path.replace(['{', '}'], ""));
            // Twice the same can be no struct's field.
            administrator.get(&format!("{path}?{name}=1&{name}=2")).await.refused(400, "bad_request");
            asked += 1;
        }
    }
    assert!(asked > 5, "{asked} queries");
    server.stop().await;
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing() {
    let server = Server::start().await;
    let json = ("content-type", "application/json");
    for (headers, status) in [
        (vec![json], 201),
        (vec![json, ("host", "meet.test"), ("origin", "http://meet.test")], 201),
        (vec![json, ("sec-fetch-site", "same-origin")], 201),
        (vec![json, ("sec-fetch-site", "none")], 201),
        (vec![json, ("host", "meet.test"), ("origin", "http://evil.test")], 403),
        (vec![json, ("host", "meet.test"), ("origin", "null")], 403),
        (vec![json, ("sec-fetch-site", "cross-site")], 403),
        (vec![json, ("sec-fetch-site", "same-site")], 403),
        (vec![("content-type", "text/plain")], 415),
        (vec![("content-type", "application/x-www-form-urlencoded")], 415),
        (vec![], 415),
    ] {
        let reply = server.ask("POST", "/api/v1/rooms", &headers, "{}").await;
        assert_eq!(reply.status, status, "{headers:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn guessing_codes_is_slowed_down() {
    let server = Server::start().await;
    let room = make(&server, "{}").await.room.code;
    let began = Instant::now();
    let mut looked_up = 0;
    for n in 0..100 {
        // Both a code that could be and one that could not: each counts.
        let code = if n % 2 == 0 { "nono-nono-nono" } else { "x" };
        let reply = server.get(&format!("/api/v1/rooms/{code}")).await;
        match reply.status {
            404 => looked_up += 1,
            429 => {
                assert_eq!(reply.json::<Problem>().code, "too_often");
                // One in six seconds is left, and the answer says when that is.
                let wait = reply.json::<Problem>().wait.unwrap();
                assert!((1..=6).contains(&wait), "{wait}");
                assert_eq!(reply.header("retry-after"), wait.to_string());
            }
            other => panic!("{other}"),
        }
    }
    // Ten at once, and one more every six seconds that the test took.
    assert!((10..=11 + began.elapsed().as_secs() / 6).contains(&looked_up), "{looked_up}");
    assert_eq!(
        server.get(&format!("/api/v1/rooms/{room}")).await.status,
        429,
        "a right guess hides among the wrong ones"
    );
    server.stop().await;
}

#[tokio::test]
async fn guesses_side_by_side_count_each() {
    let server = Server::start().await;
    let guess = b"GET /api/v1/rooms/nono-nono-nono HTTP/1.1\r\nhost: parlor.test\r\nconnection: close\r\n\r\n";
    let (most, last) = guess.split_at(guess.len() - 1);
    let mut guesses = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(server.web()).await.unwrap();
        stream.write_all(most).await.unwrap();
        guesses.push(stream);
    }
    let began = Instant::now();
    // The server runs in the same thread as this test: all the guesses are there before it looks up the first.
    for stream in &guesses {
        assert_eq!(stream.try_write(last).unwrap(), 1);
    }
    let mut looked_up = 0;
    for mut stream in guesses {
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        match &reply[..12] {
            "HTTP/1.1 404" => looked_up += 1,
            status => assert_eq!(status, "HTTP/1.1 429"),
        }
    }
    assert!((10..=11 + began.elapsed().as_secs() / 6).contains(&looked_up), "{looked_up}");
    server.stop().await;
}

#[tokio::test]
async fn a_proxy_says_who_guesses() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let room = make(&server, "{}").await.room.code;
    for _ in 0..20 {
        server.ask("GET", "/api/v1/rooms/x", &[("x-forwarded-for", "203.0.113.7")], "").await;
    }
    let path = format!("/api/v1/rooms/{room}");
    assert_eq!(server.ask("GET", &path, &[("x-forwarded-for", "203.0.113.7")], "").await.status, 429);
    assert_eq!(server.ask("GET", &path, &[("x-forwarded-for", "203.0.113.7, 203.0.113.8")], "").await.status, 200);
    assert_eq!(server.ask("GET", "/metrics", &[("x-forwarded-for", "203.0.113.7")], "").await.status, 403);
    server.stop().await;
}

#[tokio::test]
async fn making_rooms_has_a_limit() {
    let server = Server::start().await;
    let began = Instant::now();
    let mut made = 0;
    while server.post("/api/v1/rooms", "{}").await.status == 201 {
        made += 1;
        // Sixty at once, and one more every second that the test took.
        assert!(made <= 61 + began.elapsed().as_secs());
    }
    assert_eq!(server.post("/api/v1/rooms", "{}").await.status, 429);
    assert!(made >= 60, "{made}");
    server.stop().await;
}

#[tokio::test]
async fn rooms_are_there_after_a_restart() {
    let server = Server::start().await;
    let made = make(&server, r#"{"title":"Kept"}"#).await;
    let (_, folder) = server.stop().await;
    let server = Server::start_bare(|raw| raw.data = Some(folder.path().to_owned())).await;
    assert_eq!(server.get(&format!("/api/v1/rooms/{}", made.room.code)).await.json::<RoomView>(), made);
    server.stop().await;
}
