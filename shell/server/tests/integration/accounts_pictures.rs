//! Pictures of people, and the logo.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use proto::api::{Entry, Me, Problem, RoomView, ServerView};
use serde_json::json;

use crate::{
    harness::{Reply, Server},
    people::sign_up,
};

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(300, 200, |x, y| Rgb([x as u8, y as u8, 9])).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn put(server: &Server, cookie: &str, path: &str, kind: &str, bytes: &[u8]) -> Reply {
    server.ask("PUT", path, &[("content-type", kind), ("cookie", cookie)], bytes).await
}

#[tokio::test]
async fn a_face_is_kept_small_and_shown() {
    let server = Server::start().await;
    let ann = server.sign_up("ann").await;
    let mut sent = picture(ImageFormat::Png);
    sent.extend_from_slice(b"<script>planted</script>");
    let reply = put(&server, &ann, "/api/v1/me/avatar", "image/png", &sent).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let me: Me = reply.json();
    let first = me.account.avatar.unwrap();
    let shown = server.get(&first).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/jpeg"));
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(shown.header("cache-control").contains("immutable"));
    assert!(!shown.body.contains("planted"));
    let bare = server.get(first.split_once('?').unwrap().0).await;
    assert_eq!((bare.status, bare.header("cache-control")), (200, "no-cache"));

    let again: Me = put(&server, &ann, "/api/v1/me/avatar", "image/webp", &picture(ImageFormat::WebP)).await.json();
    assert_ne!(again.account.avatar.as_ref(), Some(&first), "another picture, another address");
    assert_eq!(std::fs::read_dir(server.folder.path().join("avatars")).unwrap().count(), 1, "the old one is gone");
    let none: Me = server.by(&ann, "DELETE", "/api/v1/me/avatar", "").await.json();
    assert_eq!(none.account.avatar, None);
    assert_eq!(server.get(&first).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_picture_is_not_taken() {
    let server = Server::start().await;
    for bytes in [&b""[..], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"GIF89a", b"\x89PNG\r\n\x1a\n"] {
        let reply = put(&server, &server.admin, "/api/v1/me/avatar", "image/png", bytes).await;
        assert_eq!((reply.status, reply.json::<Problem>().code.as_str()), (422, "bad_file"));
    }
    let large = vec![0; 5 * 1024 * 1024 + 1];
    let reply = put(&server, &server.admin, "/api/v1/me/avatar", "image/png", &large).await;
    assert_eq!((reply.status, reply.json::<Problem>().code.as_str()), (413, "too_large"));
    server.stop().await;
}

#[tokio::test]
async fn the_logo_is_shown_to_everybody() {
    let server = Server::start().await;
    assert_eq!(server.get("/api/v1/branding/logo").await.status, 404);
    let reply = put(&server, &server.admin, "/api/v1/settings/logo", "image/jpeg", &picture(ImageFormat::Jpeg)).await;
    let logo = reply.json::<ServerView>().branding.logo.unwrap();
    let shown = server.get(&logo).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"));
    assert!(shown.header("cache-control").contains("immutable"));
    let without: ServerView = server.by_admin("DELETE", "/api/v1/settings/logo", "").await.json();
    assert_eq!(without.branding.logo, None);
    assert_eq!(server.get(&logo).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn a_face_is_seen_at_the_door_and_in_the_meeting() {
    let server = Server::start().await;
    let ann = sign_up(&server, "ann").await;
    let png = picture(ImageFormat::Png);
    let me: Me = ann.ask("PUT", "/api/v1/me/avatar", &[("content-type", "image/png")], &png).await.right();
    let face = me.account.avatar;
    assert!(face.is_some());
    let room = ann.make_room().await.room.code;
    let inside = ann.enter(&room, "Ann").await;
    let mut page = ann.attend(&room).await;
    let state = page.meeting(|state| !state.people.is_empty()).await;
    assert_eq!(state.people[0].avatar, face);
    let view: RoomView = ann.get(&format!("/api/v1/rooms/{room}")).await.right();
    assert_eq!(view.present[0].avatar, face);

    let ben = sign_up(&server, "ben").await;
    ann.act(&room, json!({"act": "lobby", "lobby": "everyone"})).await.done();
    let other: Me = ben.ask("PUT", "/api/v1/me/avatar", &[("content-type", "image/png")], &png).await.right();
    assert!(matches!(ben.join(&room, "Ben").await.right(), Entry::Waiting { .. }));
    let waiting = page.meeting(|state| !state.waiting.is_empty()).await.waiting;
    assert_eq!(waiting[0].avatar, other.account.avatar);
    drop(inside);
    server.stop().await;
}
