//! The web client, out of the binary (or, in a debug build, from `web/dist`).
//!
//! Nothing is compressed here: the web build leaves `x.js.br` and `x.js.gz` beside `x.js`.

use std::fmt::Write as _;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The built client. On a fresh clone there is none, and the server runs nevertheless.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Client;

/// Any path that is in no table: a file of the client, or its page.
pub async fn handle(request: Request) -> Response {
    serve::<Client>(request.method(), request.uri().path(), request.headers())
}

fn serve<Files: RustEmbed>(method: &Method, path: &str, headers: &HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let name = path.trim_start_matches('/');
    // Names come from the build, so `..` or a second spelling of a name finds nothing.
    let (name, file) = match find::<Files>(name, headers) {
        Some(file) => (name, file),
        // Paths of the client's own pages have no dot; a missing file has, and is missing.
        None if name.is_empty() || !name.contains('.') => match find::<Files>(PAGE, headers) {
            Some(page) => (PAGE, page),
            None => return (StatusCode::NOT_FOUND, NO_CLIENT).into_response(),
        },
        None => return StatusCode::NOT_FOUND.into_response(),
    };
    respond(name, file, headers)
}

struct Found {
    file: EmbeddedFile,
    encoding: Option<&'static str>,
}

fn find<Files: RustEmbed>(name: &str, headers: &HeaderMap) -> Option<Found> {
    if name.is_empty() || name.ends_with(".br") || name.ends_with(".gz") {
        return None;
    }
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(headers, encoding)
            && let Some(file) = Files::get(&format!("{name}{ending}"))
        {
            return Some(Found { file, encoding: Some(encoding) });
        }
    }
    Files::get(name).map(|file| Found { file, encoding: None })
}

fn respond(name: &str, found: Found, headers: &HeaderMap) -> Response {
    let mut tag = String::from("\"");
    for byte in &found.file.metadata.sha256_hash()[..16] {
        write!(tag, "{byte:02x}").expect("writing to a String does not fail");
    }
    tag.push_str(found.encoding.unwrap_or_default());
    tag.push('"');
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag));
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        // In a release build the files are part of the program; a slow reader holds no copy of its own.
        Response::new(match found.file.data {
            std::borrow::Cow::Borrowed(bytes) => Body::from(axum::body::Bytes::from_static(bytes)),
            std::borrow::Cow::Owned(bytes) => Body::from(bytes),
        })
    };
    let answer = response.headers_mut();
    // Names below assets/ hold a hash of what is in them.
    let lasting = name.starts_with("assets/");
    let caching = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.insert(header::ETAG, tag);
    }
    if let Some(encoding) = found.encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        parts.next() == Some(encoding) && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "mp3" => "audio/mpeg",
        "ogg" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The client's only page; its paths are its own matter.
const PAGE: &str = "index.html";
/// Instead of the client, when the binary was built without it.
const NO_CLIENT: &str = "This build has no web client. Run `cargo xtask run`, which builds it.\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(RustEmbed)]
    #[folder = "testdata/web"]
    struct Sample;

    #[derive(RustEmbed)]
    #[folder = "testdata/nowhere"]
    #[allow_missing = true]
    struct Nothing;

    fn ask(path: &str, with: &[(&str, &str)]) -> Response {
        let headers = with
            .iter()
            .map(|(name, value)| (name.parse::<header::HeaderName>().unwrap(), value.parse().unwrap()))
            .collect();
        serve::<Sample>(&Method::GET, path, &headers)
    }

    fn value(response: &Response, name: header::HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What is compiled without this folder finds nothing in it later (`build.rs`): a server that was built before its
    /// client, as on a fresh clone, would have none for good.
    #[test]
    fn the_client_may_be_built_after_the_server() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
        assert!(folder.is_dir(), "{} was missing when this was compiled", folder.display());
    }

    #[test]
    fn files_are_served_with_their_kind_and_age() {
        let script = ask("/assets/app-1a2b.js", &[]);
        assert_eq!(script.status(), StatusCode::OK);
        assert_eq!(value(&script, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
        assert!(value(&script, header::CACHE_CONTROL).contains("immutable"));
        assert_eq!(value(&script, header::VARY), "accept-encoding");
        let page = ask("/", &[]);
        assert_eq!(value(&page, header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(value(&page, header::CACHE_CONTROL), "no-cache");
        // The service worker stands at the root, so that it may answer for every page; it must never be kept.
        let worker = ask("/sw.js", &[]);
        assert_eq!(value(&worker, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
        assert_eq!(value(&worker, header::CACHE_CONTROL), "no-cache");
    }

    #[test]
    fn the_smallest_form_that_the_browser_takes() {
        let asked = |accept| {
            let response = ask("/assets/app-1a2b.js", &[("accept-encoding", accept)]);
            value(&response, header::CONTENT_ENCODING).to_owned()
        };
        assert_eq!(asked("gzip, deflate, br, zstd"), "br");
        assert_eq!(asked("gzip;q=1.0, br;q=0"), "gzip");
        assert_eq!(asked("identity"), "");
        assert_eq!(ask("/assets/app-1a2b.js.br", &[]).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let first = ask("/assets/app-1a2b.js", &[("accept-encoding", "br")]);
        let tag = value(&first, header::ETAG).to_owned();
        let again = |accept, tag: &str| {
            ask("/assets/app-1a2b.js", &[("accept-encoding", accept), ("if-none-match", tag)]).status()
        };
        assert_eq!(again("br", &tag), StatusCode::NOT_MODIFIED);
        assert_eq!(again("br", &format!("\"x\", W/{tag}")), StatusCode::NOT_MODIFIED);
        assert_eq!(again("gzip", &tag), StatusCode::OK);
    }

    #[test]
    fn paths_of_the_client_get_its_page_and_missing_files_do_not() {
        assert_eq!(ask("/r/bolu-kesi-dafo", &[]).status(), StatusCode::OK);
        assert_eq!(value(&ask("/r/bolu-kesi-dafo", &[]), header::CONTENT_TYPE), "text/html; charset=utf-8");
        for path in
            ["/missing.js", "/assets/missing.css", "/../Cargo.toml", "/assets/../../Cargo.toml", "/%2e%2e/Cargo.toml"]
        {
            assert_eq!(ask(path, &[]).status(), StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(serve::<Sample>(&Method::POST, "/", &HeaderMap::new()).status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn without_a_client_one_line_says_what_to_do() {
        let response = serve::<Nothing>(&Method::GET, "/", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
}
