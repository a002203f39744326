//! The document of the API and the page to read it, as the server sends them.

use proto::api::Problem;
use serde_json::Value;

use crate::harness::Server;

#[tokio::test]
async fn the_document_is_there_before_the_set_up_and_names_every_method() {
    let mut server = Server::start_bare(|_| {}).await;
    let reply = server.get("/api/v1/openapi.json").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    let document: Value = reply.json();
    server.set_up().await;
    assert_eq!(document["openapi"], "3.1.0");
    for (path, operations) in document["paths"].as_object().unwrap() {
        // Codes and ids that are no address as they stand.
        let asked = path.replace(['{', '}'], "");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let reply = server.by("", method, &asked, "").await;
            let known = operations.get(method.to_lowercase()).is_some();
            assert_eq!(reply.status != 405, known, "{method} {path}: {}", reply.status);
        }
    }
    server.stop().await;
}

#[test]
fn every_part_of_a_schema_is_a_schema() {
    fn look(at: &str, value: &Value) {
        match value {
            Value::Object(parts) => {
                // OpenAPI 3.1 has no list of schemas here, and readers of the document refuse it.
                assert!(parts.get("items").is_none_or(|items| !items.is_array()), "{at}");
                parts.iter().for_each(|(name, part)| look(&format!("{at}/{name}"), part));
            }
            Value::Array(parts) => parts.iter().for_each(|part| look(at, part)),
            _ => {}
        }
    }
    look("", server::http::docs::document::document());
}

#[tokio::test]
async fn the_page_needs_nothing_but_its_own_style() {
    let server = Server::start_bare(|_| {}).await;
    for path in ["/api", "/api/"] {
        let page = server.get(path).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.header("content-security-policy").contains("default-src 'self'"));
        assert!(page.body.contains("href=\"/api/style.css\"") && page.body.contains("id=\"createRoom\""));
    }
    let style = server.get("/api/style.css").await;
    assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(style.body.contains("--wall") && style.body.contains("color-scheme: light dark"));
    assert_eq!(server.get("/api/other.css").await.json::<Problem>().code, "no_endpoint");
    server.stop().await;
}
