//! How it starts, or says why not, and what its commands do.

use std::{net::TcpListener, path::Path, process::Output};

use crate::running::{Running, run};

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
    running.stop();
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
    running.stop();
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
    running.stop();
}
