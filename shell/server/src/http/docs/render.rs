//! Writes the document as a page: who may ask what, what to send, what is answered, and the types of all that.

use serde_json::{Map, Value};

use super::types;

/// The page.
pub fn page(document: &Value) -> String {
    let mut html = String::from(HEAD);
    for paragraph in text(&document["info"]["description"]).split("\n\n") {
        html += &format!("<p>{}</p>", inline(paragraph));
    }
    html += "<p>For programs: <a href=\"/api/v1/openapi.json\">openapi.json</a>, OpenAPI 3.1.</p><nav>";
    for (name, title) in tags(document) {
        html += &format!("<h3><a href=\"#of-{name}\">{}</a></h3><ul>", escape(title));
        for endpoint in endpoints(document, name) {
            let (id, summary) = (text(&endpoint.operation["operationId"]), text(&endpoint.operation["summary"]));
            html += &format!("<li><a href=\"#{}\">{}</a></li>", escape(id), escape(summary));
        }
        html += "</ul>";
    }
    html += "<h3><a href=\"#types\">Types</a></h3></nav>";
    for (name, title) in tags(document) {
        html += &format!("<h2 id=\"of-{name}\">{}</h2>", escape(title));
        for endpoint in endpoints(document, name) {
            html += &endpoint.section();
        }
    }
    html += "<h2 id=\"types\">Types</h2>";
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        html += &types::section(name, schema);
    }
    html + "</main></body></html>\n"
}

fn tags(document: &Value) -> impl Iterator<Item = (&str, &str)> {
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.map(|tag| (text(&tag["name"]), text(&tag["description"])))
}

fn endpoints<'a>(document: &'a Value, tag: &'a str) -> impl Iterator<Item = Endpoint<'a>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, operations)| {
        let operations = operations.as_object().into_iter().flatten();
        operations.map(move |(method, operation)| Endpoint { path, method, operation })
    });
    all.filter(move |endpoint| endpoint.operation["tags"][0] == tag)
}

struct Endpoint<'a> {
    path: &'a str,
    method: &'a str,
    operation: &'a Value,
}

impl Endpoint<'_> {
    fn section(&self) -> String {
        let Self { path, method, operation } = self;
        let (id, summary) = (escape(text(&operation["operationId"])), escape(text(&operation["summary"])));
        let mut html = format!("<section class=\"card\" id=\"{id}\"><h3>{summary}</h3>");
        html += &format!("<p class=\"route\"><b>{}</b> <code>{}</code></p>", method.to_uppercase(), escape(path));
        html += &format!("<p class=\"who\">{}. <code>{id}</code></p>", who(&operation["security"]));
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !parameters.is_empty() {
            let rows = parameters.iter().map(|parameter| {
                let place = if parameter["in"] == "path" { "in the path" } else { "in the query, optional" };
                let place =
                    if parameter["required"] == true && parameter["in"] == "query" { "in the query" } else { place };
                [code(text(&parameter["name"])), place.to_owned(), inline(text(&parameter["description"]))]
            });
            html += &table("Parts of the address", ["Name", "Where", "What"], rows);
        }
        if let Some(content) = operation["requestBody"]["content"].as_object() {
            html += &format!("<h4>Body</h4><p>{}</p>", body(content));
            if let Some(description) = operation["requestBody"]["description"].as_str() {
                html += &format!("<p>{}</p>", inline(description));
            }
        }
        let rows = operation["responses"].as_object().into_iter().flatten().map(|(status, answer)| {
            let said: Vec<String> = text(&answer["description"]).split("\n\n").map(inline).collect();
            let content = answer["content"].as_object().map(body).unwrap_or_default();
            [code(status), content, said.join("<br>")]
        });
        html + &table("Answers", ["Status", "Body", "What"], rows) + "</section>"
    }
}

fn who(security: &Value) -> &'static str {
    let ways = security.as_array().map(Vec::as_slice).unwrap_or_default();
    let guest = ways.iter().any(|way| way.get("guest").is_some());
    let open = ways.iter().any(|way| way.as_object().is_some_and(Map::is_empty));
    let session = ways.iter().find_map(|way| way["session"].as_array());
    match session {
        Some(roles) if !roles.is_empty() => "Administrators",
        Some(_) if open => "Anybody",
        Some(_) if guest => "Accounts and guests",
        Some(_) => "Accounts",
        None => "Anybody, signed in or not",
    }
}

fn body(content: &Map<String, Value>) -> String {
    let kinds = content.iter().map(|(kind, content)| match (kind.as_str(), &content["schema"]) {
        ("application/json", schema) => types::name(schema),
        (kind, _) => format!("bytes, {}", code(kind)),
    });
    kinds.collect::<Vec<_>>().join(" or ")
}

/// A table that can be scrolled on narrow screens.
pub fn table(title: &str, head: [&str; 3], rows: impl Iterator<Item = [String; 3]>) -> String {
    let head: String = head.iter().map(|title| format!("<th scope=\"col\">{title}</th>")).collect();
    let rows: String = rows
        .map(|[first, second, third]| format!("<tr><td>{first}</td><td>{second}</td><td>{third}</td></tr>"))
        .collect();
    format!(
        "<h4>{title}</h4><div class=\"wide\" role=\"group\" aria-label=\"{title}\" tabindex=\"0\">\
         <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

/// Text as it stands in the document.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Text with its code marked.
pub fn inline(text: &str) -> String {
    let mut html = String::new();
    for (nth, part) in text.split('`').enumerate() {
        html += &if nth % 2 == 0 { escape(part) } else { code(part) };
    }
    html
}

/// A name of the API.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Text that breaks out of no tag and no attribute.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Parlor API</title>\
    <link rel=\"stylesheet\" href=\"/api/style.css\"></head><body><main><h1>Parlor API</h1>";

#[cfg(test)]
mod tests {
    use super::{super::document::document, *};

    #[test]
    fn the_page_shows_every_endpoint_and_every_type() {
        let page = page(document());
        let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
        for operation in
            document()["paths"].as_object().unwrap().values().flat_map(|of| of.as_object().unwrap().values())
        {
            assert!(ids.contains(&text(&operation["operationId"])), "{operation}");
        }
        for target in page.split("href=\"#").skip(1).filter_map(|part| part.split('"').next()) {
            assert!(ids.contains(&target), "{target} is linked and nowhere");
        }
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "two of the same name: {ids:?}");
        assert!(!page.contains("<script") && !page.contains("style=\""), "what our own policy forbids");
    }

    #[test]
    fn nothing_in_the_document_becomes_a_tag() {
        assert_eq!(inline("a <b> `<c>\"`"), "a &lt;b&gt; <code>&lt;c&gt;&quot;</code>");
    }
}
