//! `kill -9`: what was acknowledged is there afterwards.

use std::{io::Write as _, net::TcpStream, path::Path};

use tokio_tungstenite::tungstenite;

use crate::running::Running;

#[test]
fn kill_9_loses_no_room_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..30 {
        let running = Running::start(folder.path());
        for code in acknowledged.iter().rev().take(8) {
            let (status, _) = running.ask("GET", &format!("/api/v1/rooms/{code}"), "").unwrap();
            assert_eq!(status, 200, "room {code} is gone in round {round}");
        }
        // Several at a time, and the blow falls among them: after a different number of answers each round.
        std::thread::scope(|scope| {
            let (answers, answered) = std::sync::mpsc::channel();
            for _ in 0..4 {
                let (answers, running) = (answers.clone(), &running);
                scope.spawn(move || {
                    while let Ok((201, body)) = running.ask("POST", "/api/v1/rooms", "{}") {
                        let code = body.split("\"code\":\"").nth(1).and_then(|rest| rest.split('"').next());
                        if answers.send(code.unwrap().to_owned()).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(answers);
            acknowledged.extend(answered.iter().take(1 + round % 7));
            running.signal("-KILL");
            acknowledged.extend(answered.iter());
        });
        assert_eq!(running.wait().code(), None, "killed");
    }
    let running = Running::start(folder.path());
    assert!(acknowledged.len() >= 100, "{}", acknowledged.len());
    for code in &acknowledged {
        assert_eq!(running.ask("GET", &format!("/api/v1/rooms/{code}"), "").unwrap().0, 200, "room {code} is gone");
    }
    running.stop();
}

/// A guest in a room: the cookie by which the server knows them, and while it lives the socket that keeps them in.
struct Guest<'a> {
    server: &'a Running,
    room: String,
    cookie: String,
    _socket: tungstenite::WebSocket<TcpStream>,
}

impl<'a> Guest<'a> {
    /// Comes in, for the first time or again.
    fn enter(server: &'a Running, room: &str, cookie: Option<String>) -> Self {
        let known = cookie.as_ref().map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default();
        let headers = format!("content-type: application/json\r\n{known}");
        let path = format!("/api/v1/rooms/{room}/join");
        let (status, head, body) = server.ask_with("POST", &path, &headers, br#"{"name":"Gus"}"#).unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let entry: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let token = entry["ticket"]["token"].as_str().unwrap();
        let set = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        let cookie = set.split(';').next().unwrap().to_owned();
        let stream = TcpStream::connect(server.web).unwrap();
        let address = format!("ws://{}/rtc/v1?access_token={token}", server.web);
        let (mut socket, _) = tungstenite::client(address, stream).unwrap();
        // The first word is `join`: from here on the guest is in.
        socket.read().unwrap();
        Self { server, room: room.to_owned(), cookie, _socket: socket }
    }

    fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> std::io::Result<(u16, Vec<u8>)> {
        let headers = format!("content-type: {kind}\r\ncookie: {}\r\n", self.cookie);
        let path = format!("/api/v1/rooms/{}/{path}", self.room);
        self.server.ask_with(method, &path, &headers, body).map(|(status, _, body)| (status, body))
    }

    /// Gives a file and a line that carries it; gives back both ids once the line was acknowledged.
    fn send(&self, text: &str) -> Option<(String, String)> {
        let id = |body: &[u8]| -> String {
            serde_json::from_slice::<serde_json::Value>(body).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let (status, file) = self.ask("POST", "files?name=a.txt", "application/octet-stream", text.as_bytes()).ok()?;
        let file = if status == 201 { id(&file) } else { return None };
        let line = serde_json::json!({"text": text, "file": file}).to_string();
        let (status, line) = self.ask("POST", "messages", "application/json", line.as_bytes()).ok()?;
        (status == 201).then(|| (id(&line), file))
    }
}

#[test]
fn kill_9_loses_no_line_and_no_file_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    let room = made_room(&running);
    running.signal("-KILL");
    running.wait();

    let mut acknowledged: Vec<(String, String, String)> = Vec::new();
    let mut cookie = None;
    for round in 0..30 {
        let running = Running::start(folder.path());
        let guests: Vec<_> = (0..3).map(|_| Guest::enter(&running, &room, None)).collect();
        cookie.get_or_insert(guests[0].cookie.clone());
        std::thread::scope(|scope| {
            let (answers, answered) = std::sync::mpsc::channel();
            for (n, guest) in guests.iter().enumerate() {
                let answers = answers.clone();
                scope.spawn(move || {
                    for line in 0.. {
                        let text = format!("round {round}, guest {n}, line {line}");
                        let Some((line, file)) = guest.send(&text) else { break };
                        if answers.send((text, line, file)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(answers);
            acknowledged.extend(answered.iter().take(1 + round % 5));
            running.signal("-KILL");
            acknowledged.extend(answered.iter());
        });
    }

    let running = Running::start(folder.path());
    let guest = Guest::enter(&running, &room, cookie);
    let mut kept = std::collections::BTreeMap::new();
    let mut page = "messages".to_owned();
    loop {
        let (status, body) = guest.ask("GET", &page, "application/json", b"").unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let history: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let lines = history["messages"].as_array().unwrap();
        for line in lines {
            kept.insert(line["id"].as_str().unwrap().to_owned(), line["text"].as_str().unwrap().to_owned());
        }
        if history["more"] == false {
            break;
        }
        page = format!("messages?before={}", lines[0]["id"].as_str().unwrap());
    }
    assert!(acknowledged.len() >= 60, "{}", acknowledged.len());
    for (text, line, file) in &acknowledged {
        assert_eq!(kept.get(line), Some(text), "a line is gone");
        let (status, bytes) = guest.ask("GET", &format!("files/{file}"), "application/json", b"").unwrap();
        assert_eq!((status, bytes.as_slice()), (200, text.as_bytes()), "a file is gone");
    }
    running.stop();
}

#[test]
fn kill_9_leaves_no_file_that_nobody_can_reach() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    let running = Running::start(folder.path());
    let room = made_room(&running);
    let guest = Guest::enter(&running, &room, None);
    let (_, file) = guest.send("kept").unwrap();
    let cookie = guest.cookie.clone();

    // Half of a file is there, and one whose room was deleted at the last moment, when the blow falls.
    let mut upload = TcpStream::connect(running.web).unwrap();
    let path = format!("/api/v1/rooms/{room}/files?name=half.bin");
    let head = format!("host: parlor.test\r\ncontent-type: application/octet-stream\r\ncookie: {cookie}\r\n");
    write!(upload, "POST {path} HTTP/1.1\r\n{head}content-length: 1000000\r\n\r\n").unwrap();
    upload.write_all(&[7; 500_000]).unwrap();
    let is_half =
        |name: &String| name.ends_with(".part") && files.join(name).metadata().is_ok_and(|file| file.len() > 0);
    soon("the upload is on the disk", || listed(&files).iter().any(is_half));
    std::fs::write(files.join("FI_00000000000000000000000009"), "of a room that is gone").unwrap();
    running.signal("-KILL");
    drop(guest);
    running.wait();
    assert_eq!(listed(&files).len(), 3);

    let running = Running::start(folder.path());
    soon("the rest is removed", || listed(&files) == [file.as_str()]);
    let guest = Guest::enter(&running, &room, Some(cookie));
    let (status, bytes) = guest.ask("GET", &format!("files/{file}"), "application/json", b"").unwrap();
    assert_eq!((status, bytes.as_slice()), (200, b"kept".as_slice()));
    running.signal("-TERM");
    drop(guest);
    assert_eq!(running.wait().code(), Some(0));
}

/// The code of a new room.
fn made_room(running: &Running) -> String {
    let (_, body) = running.ask("POST", "/api/v1/rooms", "{}").unwrap();
    let made: serde_json::Value = serde_json::from_str(&body).unwrap();
    made["room"]["code"].as_str().unwrap().to_owned()
}

fn listed(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Waits until it is so.
fn soon(what: &str, is_so: impl Fn() -> bool) {
    let began = std::time::Instant::now();
    while !is_so() {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "never: {what}");
        std::thread::yield_now();
    }
}
