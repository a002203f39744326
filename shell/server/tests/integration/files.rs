//! Files of chats: in and out as they are, and nothing that pretends.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use proto::api::{File, Message};
use serde_json::json;

use crate::{
    harness::Server,
    people::{Browser, Inside, admin as admin_of, sign_up},
};

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = RgbImage::from_fn(1_300, 700, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn room_with<'a>(server: &'a Server) -> (Browser<'a>, String, Inside) {
    let admin = admin_of(server).await;
    let room = admin.make_room().await.room.code;
    let inside = admin.enter(&room, "Ann").await;
    (admin, room, inside)
}

fn path(room: &str, file: &File) -> String {
    format!("/api/v1/rooms/{room}/files/{}", file.id)
}

fn on_disk(server: &Server) -> usize {
    std::fs::read_dir(server.folder.path().join("files")).unwrap().count()
}

#[tokio::test]
async fn a_file_comes_out_as_it_went_in() {
    let server = Server::start().await;
    let (admin, room, inside) = room_with(&server).await;
    let bytes: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).take(10_000_019).collect();
    let file: File = admin.give(&room, "%C3%A9t%C3%A9.bin", &bytes).await.right();
    assert_eq!((file.name.as_str(), file.size, file.preview), ("été.bin", 10_000_019, None));
    let bob = sign_up(&server, "bob").await;
    bob.get(&path(&room, &file)).await.refused(403, "not_in");
    let other = bob.enter(&room, "Bob").await;
    bob.get(&path(&room, &file)).await.refused(404, "not_found");
    let line: Message = admin.write(&room, json!({"text": "", "file": file.id})).await.right();
    assert_eq!(line.file.as_ref(), Some(&file));

    let reply = bob.get(&path(&room, &file)).await;
    assert!(reply.status == 200 && reply.body == bytes, "byte for byte");
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"_t_.bin\"; filename*=UTF-8''%C3%A9t%C3%A9.bin"
    );
    assert_eq!(reply.header("content-type"), "application/octet-stream");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("content-security-policy"), "default-src 'none'; sandbox");
    bob.get(&format!("{}/preview", path(&room, &file))).await.refused(404, "not_found");

    // One line for each file, of whoever gave it.
    admin.write(&room, json!({"text": "", "file": file.id})).await.refused(404, "not_found");
    let own: File = bob.give(&room, "b.txt", b"bob's").await.right();
    admin.write(&room, json!({"text": "", "file": own.id})).await.refused(404, "not_found");
    admin.delete(&format!("/api/v1/rooms/{room}/messages/{}", line.id)).await.done();
    bob.get(&path(&room, &file)).await.refused(404, "not_found");
    assert_eq!(on_disk(&server), 1, "the deleted line took its file along");
    Browser::new(&server).get(&path(&room, &own)).await.refused(401, "sign_in_first");
    drop((inside, other));
    server.stop().await;
}

#[tokio::test]
async fn a_picture_gets_a_preview_of_our_own() {
    let server = Server::start().await;
    let (admin, room, inside) = room_with(&server).await;
    for (format, name, kind) in [
        (ImageFormat::Png, "a.png", "image/png"),
        (ImageFormat::Jpeg, "a.jpg", "image/jpeg"),
        (ImageFormat::WebP, "a.webp", "image/webp"),
        (ImageFormat::Gif, "a.gif", "image/gif"),
    ] {
        let bytes = picture(format);
        let file = admin.send_file(&room, name, &bytes).await;
        assert_eq!((file.kind.as_str(), file.preview), (kind, Some((640, 345))));
        assert_eq!(admin.get(&path(&room, &file)).await.body, bytes);
        let preview = admin.get(&format!("{}/preview", path(&room, &file))).await;
        assert!(["image/png", "image/jpeg"].contains(&preview.header("content-type")), "{preview:?}");
        assert_eq!(preview.header("content-security-policy"), "default-src 'none'; sandbox");
        let shown = image::load_from_memory(&preview.body).unwrap();
        assert_eq!((shown.width(), shown.height()), (640, 345));
    }
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn what_pretends_is_refused_and_what_could_run_is_never_shown() {
    let server = Server::start().await;
    let (admin, room, inside) = room_with(&server).await;
    let zip = b"PK\x03\x04....PK\x01\x02....PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    for (name, bytes) in [
        ("a.png", [picture(ImageFormat::Png).as_slice(), b"<html><script>alert(1)</script>"].concat()),
        ("a.jpg", [picture(ImageFormat::Jpeg).as_slice(), zip].concat()),
        ("a.gif", [b"GIF89a/*".as_slice(), &[0; 30], b"*/=1;alert(1)//"].concat()),
        ("a.jpg", b"MZ a program".to_vec()),
        ("a.jpg", picture(ImageFormat::Png)),
        ("a.txt", Vec::new()),
    ] {
        admin.give(&room, name, &bytes).await.refused(422, "bad_file");
    }
    assert_eq!(on_disk(&server), 0);
    for name in ["page.html", "picture.svg"] {
        let file = admin.send_file(&room, name, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").await;
        let reply = admin.get(&path(&room, &file)).await;
        assert_eq!(reply.header("content-type"), "application/octet-stream");
        assert!(reply.header("content-disposition").starts_with("attachment;"));
    }
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn no_name_leads_out_of_the_folder() {
    let server = Server::start().await;
    let (admin, room, inside) = room_with(&server).await;
    for (name, kept) in [
        ("..%2F..%2Fkeys.toml", "keys.toml"),
        ("%2Fetc%2Fpasswd", "passwd"),
        ("C%3A%5Cx%5Cy.txt", "y.txt"),
        ("a%00b%0D%0Ac.txt", "abc.txt"),
        ("photo%E2%80%AEgpj.exe", "photogpj.exe"),
    ] {
        assert_eq!(admin.give(&room, name, b"x").await.right::<File>().name, kept);
    }
    assert_eq!(on_disk(&server), 5);
    for id in ["..", "..%2Fkeys.toml", "%2e%2e%2fparlor.db", "FI_x"] {
        assert_eq!(admin.get(&format!("/api/v1/rooms/{room}/files/{id}")).await.status, 404, "{id}");
    }
    admin.ask("POST", &format!("/api/v1/rooms/{room}/files"), &[], b"x").await.refused(400, "bad_request");
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn what_is_too_large_is_refused_at_the_claim_or_at_the_limit() {
    let server = Server::start().await;
    let (admin, room, inside) = room_with(&server).await;
    let path = format!("/api/v1/rooms/{room}/files?name=a.bin");
    let octets = ("content-type", "application/octet-stream");
    // Ten gigabytes are only claimed: the answer comes before any of them.
    admin.ask("POST", &path, &[octets, ("content-length", "10000000000")], b"").await.refused(413, "too_large");
    admin.give(&room, "a.bin", &vec![7; 26 * 1024 * 1024]).await.refused(413, "too_large");
    // Without a claim, until the limit is reached.
    let mut chunked = Vec::new();
    let chunk = vec![7; 1024 * 1024];
    for _ in 0..26 {
        chunked.extend_from_slice(b"100000\r\n");
        chunked.extend_from_slice(&chunk);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    admin.ask("POST", &path, &[octets, ("transfer-encoding", "chunked")], &chunked).await.refused(413, "too_large");
    assert_eq!(on_disk(&server), 0, "nothing of them stays");
    for (kind, status) in [("text/plain", 415), ("multipart/form-data; boundary=x", 415)] {
        assert_eq!(admin.ask("POST", &path, &[("content-type", kind)], b"x").await.status, status);
    }
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn the_servers_quota_holds_and_a_deleted_room_gives_its_place_back() {
    let server = Server::start_with(|raw| raw.files_quota = Some(1)).await;
    let (admin, room, inside) = room_with(&server).await;
    admin.send_file(&room, "a.bin", &vec![1; 700 * 1024]).await;
    admin.give(&room, "b.bin", &vec![1; 700 * 1024]).await.refused(507, "storage_full");
    admin.delete(&format!("/api/v1/rooms/{room}")).await.done();
    assert_eq!(on_disk(&server), 0);
    let other = admin.make_room().await.room.code;
    let again = admin.enter(&other, "Ann").await;
    admin.send_file(&other, "b.bin", &vec![1; 700 * 1024]).await;
    drop((inside, again));
    server.stop().await;
}

#[tokio::test]
async fn a_file_for_one_person_is_fetched_by_those_two() {
    let server = Server::start().await;
    let (admin, room, inside) = room_with(&server).await;
    let (bob, cy) = (sign_up(&server, "bob").await, sign_up(&server, "cy").await);
    let others = (bob.enter(&room, "Bob").await, cy.enter(&room, "Cy").await);
    let file: File = bob.give(&room, "a.txt", b"psst").await.right();
    bob.write(&room, json!({"text": "", "file": file.id, "to": inside.person})).await.right::<Message>();
    assert_eq!(admin.get(&path(&room, &file)).await.body, b"psst");
    assert_eq!(bob.get(&path(&room, &file)).await.body, b"psst");
    cy.get(&path(&room, &file)).await.refused(404, "not_found");
    drop((inside, others));
    server.stop().await;
}

#[tokio::test]
async fn members_read_chat_and_files_after_the_meeting_and_others_do_not() {
    let server = Server::start().await;
    let (admin, room, inside) = room_with(&server).await;
    let file = admin.send_file(&room, "a.txt", b"minutes").await;
    let (bob, cy) = (sign_up(&server, "bob").await, sign_up(&server, "cy").await);
    admin.put(&format!("/api/v1/rooms/{room}/members/bob"), json!({"role": "member"})).await.done();
    drop(inside);
    assert_eq!(bob.get(&path(&room, &file)).await.body, b"minutes");
    assert_eq!(bob.texts(&room).await.len(), 1);
    cy.get(&path(&room, &file)).await.refused(403, "not_in");
    let policy = proto::Policy { history: false, ..proto::Policy::OWNED };
    admin.patch(&format!("/api/v1/rooms/{room}"), json!({"policy": policy})).await.right::<proto::api::Room>();
    bob.get(&path(&room, &file)).await.refused(403, "not_in");
    server.stop().await;
}

#[tokio::test]
async fn nobody_takes_the_places_of_others_by_giving_slowly() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let (bob, inside) = (sign_up(&server, "bob").await, admin.enter(&room, "Ada").await);
    let other = bob.enter(&room, "Bob").await;
    let slow = [admin.begin_to_give(&room).await, admin.begin_to_give(&room).await];
    admin.give(&room, "a.txt", b"hello").await.refused(409, "too_many");
    assert_eq!(bob.give(&room, "a.txt", b"hello").await.status, 201, "others are not touched");
    drop((slow, inside, other));
    server.stop().await;
}
