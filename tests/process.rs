//! The real binary as a process: exit codes, signals, and `kill -9`.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
};

use tokio_tungstenite::tungstenite;

fn parlor(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlor"));
    command.env_clear().args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    parlor(arguments).output().unwrap()
}

struct Running {
    child: Child,
    web: SocketAddr,
    banner: String,
}

impl Running {
    /// Starts a server on free ports and waits for its banner.
    fn start(data: &Path) -> Self {
        let data = data.to_str().unwrap();
        let free = ["--listen", "127.0.0.1:0", "--media-port", "0", "--media-address", "127.0.0.1"];
        let mut child = parlor(&["serve", "--data", data])
            .args(free)
            .args(["--media-threads", "1", "--log", "error"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut banner = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !banner.contains("Data lies in") {
            assert_ne!(lines.read_line(&mut banner).unwrap(), 0, "the server ended: {banner}");
        }
        let web = banner.split("Open http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap().parse().unwrap();
        let running = Self { child, web, banner };
        running.set_up();
        running
    }

    /// Sets a new server up, with the code in its banner, so that anybody may make rooms.
    fn set_up(&self) {
        let Some(code) = self.banner.split("Set-up code: ").nth(1).and_then(|rest| rest.split(' ').next()) else {
            return;
        };
        let account = r#"{"name":"admin","password":"a password for the tests"}"#;
        let wanted =
            format!(r#"{{"code":"{code}","serverName":"Test","create":"anyone","signUp":false,"account":{account}}}"#);
        let (status, body) = self.ask("POST", "/api/v1/setup", &wanted).unwrap();
        assert_eq!(status, 201, "{body}");
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> std::io::Result<(u16, String)> {
        let (status, _, body) = self.ask_with(method, path, "content-type: application/json\r\n", body.as_bytes())?;
        Ok((status, String::from_utf8(body).unwrap()))
    }

    /// The same with header lines and bytes; gives back the status, the head and the body.
    fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> std::io::Result<(u16, String, Vec<u8>)> {
        let mut stream = TcpStream::connect(self.web)?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: parlor.test\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        )?;
        stream.write_all(body)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        Ok((head.split(' ').nth(1).unwrap().parse().unwrap(), head, bytes.split_off(end + 4)))
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    fn wait(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn critical(output: &Output, holds: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains(holds), "{text}");
    assert_eq!(text.trim_end().lines().count(), 1, "one sentence: {text}");
}

#[test]
fn sigterm_and_ctrl_c_end_right() {
    for name in ["-TERM", "-INT"] {
        let folder = tempfile::tempdir().unwrap();
        let running = Running::start(folder.path());
        assert_eq!(running.ask("GET", "/healthz", "").unwrap(), (200, "ok\n".to_owned()));
        assert!(running.banner.contains("UDP ") && running.banner.contains(folder.path().to_str().unwrap()));
        running.signal(name);
        assert_eq!(running.wait().code(), Some(0), "{name}");
    }
}

#[test]
fn what_cannot_start_says_why_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let serve = |more: &[&str]| run(&[&["serve", "--data", data, "--log", "off"], more].concat());
    critical(&serve(&["--listen", &address]), "is in use");
    critical(&run(&["serve", "--data", "/proc/parlor", "--listen", "127.0.0.1:0"]), "--data");
    critical(&run(&["serve"]), "--data");
    critical(&serve(&["--config", "/nowhere.toml"]), "/nowhere.toml");
    critical(&serve(&["--media-port", "many"]), "--media-port");
    let file = folder.path().join("parlor.toml");
    std::fs::write(&file, "listen = \"127.0.0.1:0\"\nlistn = 1\n").unwrap();
    critical(&serve(&["--config", file.to_str().unwrap()]), "line 2");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    running.signal("-TERM");
    assert_eq!(running.wait().code(), Some(0));
    let file = folder.path().join("parlor.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        use sqlx::{Connection as _, Executor as _};
        let mut database = sqlx::SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
        let future = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                      VALUES (9999, 'from the future', TRUE, x'00', 0)";
        database.execute(future).await.unwrap();
        database.close().await.unwrap();
    });
    let data = folder.path().to_str().unwrap();
    let output = run(&["serve", "--data", data, "--listen", "127.0.0.1:0", "--media-port", "0", "--log", "off"]);
    critical(&output, "newer version");
}

#[test]
fn a_configuration_is_checked_without_starting() {
    let check = |more: &[&str]| run(&[&["config", "check", "--data", "/nowhere"], more].concat());
    let right = check(&[]);
    assert_eq!(right.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&right.stdout).contains("The configuration is right."));
    let doubtful = check(&["--listen", "0.0.0.0:80", "--insecure-http"]);
    assert_eq!(doubtful.status.code(), Some(1), "a warning");
    critical(&check(&["--tls-key", "/key"]), "belong together");
    assert!(!Path::new("/nowhere").exists());
}

#[test]
fn help_and_version_are_right_and_nonsense_is_not() {
    let version = run(&["--version"]);
    assert_eq!(version.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&version.stdout), format!("parlor {}\n", env!("CARGO_PKG_VERSION")));
    let help = run(&["serve", "--help"]);
    assert_eq!(help.status.code(), Some(0));
    let text = String::from_utf8_lossy(&help.stdout);
    for flag in ["--data", "--listen", "--media-port", "--public-address", "--config", "PARLOR_LISTEN"] {
        assert!(text.contains(flag), "{flag}");
    }
    assert_eq!(run(&["dance"]).status.code(), Some(2));
}

#[test]
fn a_token_of_the_command_line_opens_the_door() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let token = |more: &[&str]| {
        let output = run(&[&["token", "--data", data, "--room", "standup", "--identity", "ann"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    // Before the first start, too: the key is made by whoever comes first.
    let first = token(&[]);
    let running = Running::start(folder.path());
    for token in [first, token(&["--no-publish", "--source", "camera", "--ttl", "6h", "--name", "Ann"])] {
        let (status, body) = running.ask("GET", &format!("/rtc/v1/validate?access_token={token}"), "").unwrap();
        assert_eq!((status, body.as_str()), (200, "success"));
    }
    running.signal("-TERM");
    assert_eq!(running.wait().code(), Some(0));
}

#[test]
fn a_reset_of_the_command_line_lets_the_only_administrator_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let running = Running::start(folder.path());
    let unknown = run(&["reset", "nobody", "--data", data]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("Nobody signs in here as nobody"));
    let made = run(&["reset", "ADMIN", "--data", data]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    let path = String::from_utf8(made.stdout).unwrap();
    let secret = path.trim().strip_prefix("/reset#").unwrap();
    let body = format!(r#"{{"secret":"{secret}","password":"seven lamps in a row"}}"#);
    assert_eq!(running.ask("POST", "/api/v1/resets", &body).unwrap().0, 204);
    let sign_in = |password: &str| {
        let body = format!(r#"{{"name":"admin","password":"{password}"}}"#);
        running.ask("POST", "/api/v1/session", &body).unwrap().0
    };
    assert_eq!(sign_in("a password for the tests"), 401);
    assert_eq!(sign_in("seven lamps in a row"), 200);
    running.signal("-TERM");
    assert_eq!(running.wait().code(), Some(0));
}

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
    running.signal("-TERM");
    assert_eq!(running.wait().code(), Some(0));
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
    let (_, body) = running.ask("POST", "/api/v1/rooms", "{}").unwrap();
    let made: serde_json::Value = serde_json::from_str(&body).unwrap();
    let room = made["room"]["code"].as_str().unwrap().to_owned();
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
    running.signal("-TERM");
    assert_eq!(running.wait().code(), Some(0));
}

#[test]
fn kill_9_leaves_no_file_that_nobody_can_reach() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    let running = Running::start(folder.path());
    let (_, body) = running.ask("POST", "/api/v1/rooms", "{}").unwrap();
    let made: serde_json::Value = serde_json::from_str(&body).unwrap();
    let room = made["room"]["code"].as_str().unwrap().to_owned();
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
