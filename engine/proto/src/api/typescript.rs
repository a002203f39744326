//! Writes the TypeScript of these messages, and fails when the committed file was stale.

use std::{fs, path::Path};

use ts_rs::{Config, TS};

use super::{CreateRoom, JoinRoom, Present, Problem, Room, RoomView, Ticket};

#[test]
fn the_web_client_speaks_the_same_words() {
    let config = Config::default();
    let mut text = String::from("// Generated from engine/proto/src/api by `cargo test -p proto`. Do not edit.\n");
    for declaration in [
        CreateRoom::decl(&config),
        JoinRoom::decl(&config),
        Present::decl(&config),
        Problem::decl(&config),
        Room::decl(&config),
        RoomView::decl(&config),
        Ticket::decl(&config),
    ] {
        text.push_str("\nexport ");
        text.push_str(&declaration);
        text.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/src/proto/api.gen.ts");
    let before = fs::read_to_string(&path).unwrap_or_default();
    if before != text {
        fs::create_dir_all(path.parent().expect("the path has a folder")).unwrap();
        #[expect(clippy::disallowed_methods, reason = "this test is the generator")]
        fs::write(&path, &text).unwrap();
        panic!("{} was stale; it is rewritten: commit it", path.display());
    }
}
