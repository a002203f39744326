//! What is neither the API nor signalling: health, numbers, the web client, headers.

use crate::harness::Server;

#[tokio::test]
async fn health_and_numbers() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.body, "ok\n");
    assert_eq!(server.metric("parlor_rooms ").await, "0");
    let ann = server.join("standup", "ann").await;
    let bob = server.join("standup", "bob").await;
    for (name, value) in [
        ("parlor_rooms ", "1"),
        ("parlor_participants ", "2"),
        ("parlor_sessions ", "2"),
        ("parlor_media_threads_alive ", "1"),
        ("parlor_hub_broken_total ", "0"),
        ("parlor_tasks_broken_total ", "0"),
        ("parlor_sfu_peers{shard=\"0\"} ", "2"),
    ] {
        assert_eq!(server.metric(name).await, value, "{name}");
    }
    let reply = server.get("/metrics").await;
    assert_eq!(reply.header("content-type"), "text/plain; version=0.0.4");
    assert!(reply.body.contains(&format!("parlor_build_info{{version=\"{}\"}} 1", server::VERSION)));
    drop((ann, bob));
    server.stop().await;
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = Server::start().await;
    for path in
        ["/", "/r/bolu-kesi-dafo", "/healthz", "/metrics", "/api/v1/rooms/x", "/api/v1/nothing", "/rtc", "/x.js"]
    {
        let reply = server.get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{path}");
        // Only WebAssembly of our own is compiled, never a text.
        assert!(!policy.replace("'wasm-unsafe-eval'", "").contains("unsafe"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(reply.header("permissions-policy").contains("camera=(self)"), "{path}");
        assert!(!reply.header("cache-control").is_empty(), "{path}");
    }
    assert_eq!(server.get("/api/v1/rooms/x").await.header("cache-control"), "no-store");
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let server = Server::start().await;
    for path in ["/rtc", "/rtc/", "/rtc/validate", "/rtc/v2", "/rtc/v1/other", "/rtc/v0/validate", "/nothing.js"] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
    // Without an upgrade, as LiveKit's server answers.
    assert_eq!(server.get("/rtc/v1").await.status, 404);
    assert_eq!(server.post("/healthz", "{}").await.status, 405);
    server.stop().await;
}

#[tokio::test]
async fn the_manifest_bears_the_name_of_the_server() {
    let server = Server::start().await;
    let changed = server.by_admin("PATCH", "/api/v1/settings", r#"{"name": "Maison \"Bleue\""}"#).await;
    assert_eq!(changed.status, 200);
    let reply = server.get("/manifest.webmanifest").await;
    assert_eq!(reply.header("content-type"), "application/manifest+json");
    assert_eq!(reply.header("cache-control"), "no-cache");
    let manifest: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(manifest["name"], "Maison \"Bleue\"");
    assert_eq!(manifest["start_url"], "/");
    assert_eq!(manifest["display"], "standalone");
    let purposes: Vec<_> = manifest["icons"].as_array().unwrap().iter().map(|icon| &icon["purpose"]).collect();
    assert!(purposes.iter().any(|purpose| *purpose == "any") && purposes.iter().any(|purpose| *purpose == "maskable"));
    let policy = reply.header("content-security-policy");
    assert!(policy.contains("manifest-src 'self'") && policy.contains("worker-src 'self'"), "{policy}");
    server.stop().await;
}
