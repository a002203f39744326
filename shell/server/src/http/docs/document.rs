//! The document: what stands above the endpoints, completed with what holds for all of them.
//!
//! An endpoint names the codes of its own refusals (`x-problems`); what everybody may be answered (who asks, the body, the
//! room in the path, a full server) is added here, so that no endpoint can forget it. Codes become statuses here too.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use proto::api::{Ask, Event, Problem};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::http::{
    accounts, attendance, calls, chat, contacts, conversations, events, files, hooks, invitations, me, news,
    problem::Fault, resets, rooms, server, session, setup, trials, voicemail,
};

/// The API as OpenAPI 3.1.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        let mut document = serde_json::to_value(Annotated::openapi()).expect("names and texts are JSON");
        complete(&mut document);
        document
    });
    &DOCUMENT
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Parlor", description = ABOUT),
    paths(
        server::view::handle, server::change::handle, server::put_logo::handle, server::forget_logo::handle,
        server::logo::handle, setup::check::handle, setup::finish::handle, super::openapi::handle,
        session::open::handle, session::close::handle, session::begin_passkey::handle,
        session::finish_passkey::handle,
        me::view::handle, me::change::handle, me::password::handle, me::put_avatar::handle, me::forget_avatar::handle,
        me::devices::handle, me::close_device::handle, me::passkeys::handle, me::begin_passkey::handle,
        me::finish_passkey::handle, me::remove_passkey::handle, me::app_passwords::handle,
        me::make_app_password::handle, me::remove_app_password::handle,
        accounts::sign_up::handle, accounts::list::handle, accounts::change::handle, accounts::reset::handle,
        accounts::avatar::handle, resets::take::handle,
        invitations::create::handle, invitations::list::handle, invitations::delete::handle,
        invitations::check::handle,
        rooms::create::handle, rooms::mine::handle, rooms::now::handle, rooms::view::handle, rooms::change::handle,
        rooms::delete::handle, rooms::members::handle, rooms::set_member::handle, rooms::remove_member::handle,
        rooms::bans::handle, rooms::pardon::handle,
        rooms::rate::handle, rooms::ratings::handle, rooms::measure::handle, rooms::report::handle,
        rooms::meetings::handle, rooms::minutes::handle,
        rooms::join::handle, rooms::act::handle, rooms::invite::handle, rooms::invited::handle,
        chat::list::handle, chat::write::handle, chat::edit::handle, chat::delete::handle, chat::react::handle,
        chat::unreact::handle, files::give::handle, files::fetch::handle, files::preview::handle,
        conversations::list::handle, conversations::make::handle, conversations::find::handle,
        conversations::view::handle, conversations::rename::handle, conversations::add::handle,
        conversations::leave::handle, conversations::read::handle, conversations::typing::handle,
        events::handle, trials::begin::handle,
        contacts::list::handle, contacts::book::handle, contacts::add::handle, contacts::change::handle,
        contacts::remove::handle, contacts::import::handle, contacts::export::handle,
        contacts::wait::handle, contacts::wait_no_more::handle, calls::place::handle, calls::act::handle, calls::history::handle, calls::looked::handle,
        calls::missed::handle,
        voicemail::begin::handle, voicemail::stop::handle, voicemail::send::handle, voicemail::list::handle,
        voicemail::greeting::view, voicemail::greeting::begin, voicemail::greeting::remove, voicemail::greeting::audio,
        voicemail::greeting::called, voicemail::audio::handle, voicemail::mark::handle, voicemail::remove::handle,
        me::presence::handle, me::choose::handle, me::visibility::handle, me::put_visibility::handle, me::calls::handle, me::put_calls::handle,
        me::push::handle, me::put_push::handle, me::forget_push::handle,
        attendance::list::handle, attendance::notify::handle,
        hooks::list::handle, hooks::create::handle, hooks::change::handle, hooks::delete::handle, hooks::test::handle,
        hooks::deliveries::handle,
        hooks::again::handle,
        news::list::handle, news::feeds::handle, news::change::handle,
    ),
    components(schemas(Problem, Ask, Event)),
    tags(
        (name = "server", description = "The server, and its set-up"),
        (name = "session", description = "Signing in and out"),
        (name = "me", description = "The account that asks"),
        (name = "accounts", description = "Accounts"),
        (name = "invitations", description = "Invitations"),
        (name = "rooms", description = "Rooms, the way in, and meetings"),
        (name = "chat", description = "The chat of a room, and the lines of a conversation"),
        (name = "conversations", description = "Conversations between people"),
        (name = "calls", description = "Calls, and who can be called"),
        (name = "voicemail", description = "Messages for whoever did not answer a call"),
        (name = "trials", description = "The connection test"),
        (name = "events", description = "What pages are told"),
        (name = "hooks", description = "Webhooks"),
        (name = "news", description = "What feeds say"),
        (name = "attendance", description = "Programs and devices that attend"),
    ),
)]
struct Annotated;

/// What one has to know before the first request.
const ABOUT: &str = "Everything that Parlor's own pages do, they do through this API.\n\n\
    Bodies and answers are JSON unless an endpoint says otherwise; times are milliseconds since 1970. Every request that \
    changes something needs a `content-type` of `application/json`, `application/octet-stream` or `image/*`, with or \
    without a body: pages of other sites cannot send one unasked.\n\n\
    Sign in with `signIn` and send the cookie it sets along. Somebody without an account gets a guest's cookie by \
    `joinRoom`.\n\n\
    Whatever is not done is answered with a `Problem`. Its code never changes its meaning; its message is one \
    sentence for a person.\n\n\
    What happens in a meeting is told over the event socket, `events`: texts of JSON, `Ask` from the page and `Event` \
    to it.";

fn complete(document: &mut Value) {
    let faults: BTreeMap<&str, Fault> = Fault::all().map(|fault| (fault.code(), fault)).collect();
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            let Some(operation) = operation.as_object_mut() else { continue };
            let mut codes = common(path, method, operation);
            let own = operation.remove(OWN);
            codes.extend(own.iter().flat_map(Value::as_array).flatten().filter_map(Value::as_str).map(str::to_owned));
            // The doc comment of a handler speaks to whoever reads the source.
            operation.remove("description");
            let mut statuses: BTreeMap<u16, Vec<Fault>> = BTreeMap::new();
            for code in codes {
                let fault = *faults.get(code.as_str()).expect("a test asks for the document: no code is unknown");
                statuses.entry(fault.status().as_u16()).or_default().push(fault);
            }
            for (status, faults) in statuses {
                operation["responses"][status.to_string()] = answer(status, &faults);
            }
            bytes(&mut operation["responses"]);
            if let Some(body) = operation.remove("requestBody") {
                let mut part = json!({"requestBody": body});
                bytes(&mut part);
                operation.insert("requestBody".to_owned(), part["requestBody"].take());
            }
        }
    }
    document["components"]["securitySchemes"] = json!({
        "session": {
            "type": "apiKey", "in": "cookie", "name": "__Host-parlor_session",
            "description": "Of somebody who signed in; `parlor_session` over plain HTTP from another machine.",
        },
        "guest": {
            "type": "apiKey", "in": "cookie", "name": "__Host-parlor_guest",
            "description": "Of somebody without an account; `parlor_guest` over plain HTTP from another machine.",
        },
        "program": {
            "type": "http", "scheme": "basic",
            "description": "Of a program: the name of an account and one of its app passwords. It opens attendance alone.",
        },
    });
    plain(document);
}

/// What may be answered by what an endpoint is.
fn common(path: &str, method: &str, operation: &Map<String, Value>) -> BTreeSet<String> {
    let mut codes = vec!["internal", "server_full", "stopping", "timed_out"];
    if !setup::BEFORE.contains(&path) {
        codes.push("not_set_up");
    }
    if method != "get" {
        codes.extend(["foreign_page", "not_json"]);
    }
    if let Some(body) = operation.get("requestBody") {
        codes.push("too_large");
        if body["content"].get("application/json").is_some() {
            codes.push("bad_request");
        }
    }
    if operation.contains_key("parameters") {
        codes.push("bad_request");
    }
    if path.contains("/{code}") {
        codes.extend(["room_unknown", "too_often"]);
    }
    let security = operation.get("security").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !security.iter().any(|way| *way == json!({})) {
        codes.push("sign_in_first");
    }
    if security.iter().any(|way| way["session"] == json!(["admin"])) {
        codes.push("not_allowed");
    }
    codes.into_iter().map(str::to_owned).collect()
}

/// The answer of one status, with the codes that it may carry.
fn answer(status: u16, faults: &[Fault]) -> Value {
    let lines: Vec<String> = faults.iter().map(|fault| format!("`{}`: {fault}", fault.code())).collect();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code()).collect();
    let schema = json!({
        "allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": codes}}}],
    });
    let mut answer = json!({
        "description": lines.join("\n\n"),
        "content": {"application/json": {"schema": schema}},
    });
    if status == 429 {
        answer["headers"] = json!({
            "retry-after": {"description": "In how many seconds to try again.", "schema": {"type": "string"}},
        });
    }
    answer
}

/// Says of contents that are not JSON that they are bytes; the derive takes them for lists of numbers.
fn bytes(parts: &mut Value) {
    for part in parts.as_object_mut().into_iter().flatten().map(|(_, part)| part) {
        for (kind, content) in part.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten() {
            if kind != "application/json" {
                *content = json!({"schema": {"type": "string", "format": "binary"}});
            }
        }
    }
}

/// Makes plain names of the links that doc comments hold: ``[`super::Me`]`` is `Me`.
fn plain(value: &mut Value) {
    match value {
        Value::String(text) if text.contains("[`") => {
            let mut parts = text.split("[`");
            let mut clean = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let (name, rest) = part.split_once("`]").unwrap_or((part, ""));
                let name = name.strip_prefix("super::").or(name.strip_prefix("crate::")).unwrap_or(name);
                clean += &format!("`{name}`{rest}");
            }
            *text = clean;
        }
        Value::Array(values) => values.iter_mut().for_each(plain),
        Value::Object(values) => values.values_mut().for_each(plain),
        _ => {}
    }
}

/// Where an endpoint names the codes of its own refusals.
const OWN: &str = "x-problems";

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_table_of_routes_and_the_document_name_the_same_paths() {
        let documented: BTreeSet<&str> =
            document()["paths"].as_object().unwrap().keys().map(|path| path.strip_prefix("/api/v1").unwrap()).collect();
        // What axum prints of a router is the only list it gives.
        let printed = format!("{:?}", crate::http::table());
        let routed: BTreeSet<&str> =
            printed.split('"').filter(|text| text.len() > 1 && text.starts_with('/') && !text.contains('*')).collect();
        assert_eq!(documented, routed);
    }

    #[test]
    fn whatever_counts_how_often_it_is_asked_says_so() {
        let counted = handlers(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http"))
            .iter()
            .flat_map(|source| source.split("#[utoipa::path("))
            .filter(|handler| handler.contains(".take(Instant::now(), "))
            .filter_map(|handler| handler.split_once("operation_id = \"")?.1.split('"').next().map(str::to_owned))
            .collect::<BTreeSet<_>>();
        assert!(counted.len() > 20, "handlers are found: {counted:?}");
        let paths = document()["paths"].as_object().unwrap();
        let silent = paths
            .values()
            .flat_map(|operations| operations.as_object().unwrap().values())
            .filter(|operation| operation["responses"].get("429").is_none())
            .filter_map(|operation| operation["operationId"].as_str())
            .filter(|id| counted.contains(*id))
            .collect::<Vec<_>>();
        assert!(silent.is_empty(), "too_often is missing among the x-problems of {silent:?}");
    }

    /// The texts of all files below a folder.
    fn handlers(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .flat_map(|path| if path.is_dir() { handlers(&path) } else { vec![fs::read_to_string(path).unwrap()] })
            .collect()
    }

    #[test]
    fn every_endpoint_says_what_it_is_and_answers() {
        let document = document();
        let mut ids = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let of = format!("{method} {path}");
                assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{of} has an id of its own");
                assert!(operation["security"].is_array() && operation["summary"].is_string(), "{of}");
                let responses = operation["responses"].as_object().unwrap();
                assert!(responses.keys().any(|status| status.starts_with(['1', '2'])), "{of}");
                assert!(responses.keys().all(|status| status.len() == 3), "{of}: {responses:?}");
                let named = path.matches('{').count();
                let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
                assert_eq!(parameters.iter().filter(|parameter| parameter["in"] == "path").count(), named, "{of}");
            }
        }
    }

    #[test]
    fn references_lead_somewhere() {
        let text = document().to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|part| part.split('"').next()) {
            assert!(document().pointer(reference).is_some(), "{reference}");
        }
        assert!(!text.contains("[`"), "links of the source are plain names");
    }
}
