//! Writes the types of the document: each with its fields, values or forms.

use serde_json::Value;

use super::render::{code, escape, inline, table, text};

/// One type of its own.
pub fn section(name: &str, schema: &Value) -> String {
    let mut html = format!("<section class=\"card\" id=\"type-{0}\"><h3>{0}</h3>", escape(name));
    if let Some(description) = schema["description"].as_str() {
        html += &format!("<p>{}</p>", inline(description));
    }
    let forms = schema["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !forms.is_empty() {
        let rows = forms.iter().map(|form| [tag(form), list(form), inline(text(&form["description"]))]);
        html += &table("Forms", ["Form", "With", "What"], rows);
    } else if let Some(properties) = schema["properties"].as_object() {
        let rows = properties.iter().map(|(field, of)| {
            let kind =
                if is_required(schema, field) { self::name(of) } else { format!("{}, optional", self::name(of)) };
            [code(field), kind, inline(text(&of["description"]))]
        });
        html += &table("Fields", ["Field", "Type", "What"], rows);
    } else {
        html += &format!("<p>{}</p>", self::name(schema));
    }
    html + "</section>"
}

/// The type of a field or body, in few words.
pub fn name(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return format!("<a href=\"#type-{0}\">{0}</a>", escape(target));
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(|value| code(&value.to_string())).collect::<Vec<_>>().join(" ");
    }
    for (key, between) in [("allOf", ""), ("oneOf", " or "), ("anyOf", " or ")] {
        if let Some(parts) = schema[key].as_array() {
            // The second part of a problem only repeats the codes that the answer's text explains.
            let named: Vec<String> = parts.iter().map(name).filter(|name| !name.is_empty()).collect();
            return named.join(between);
        }
    }
    match &schema["type"] {
        Value::Array(kinds) => {
            let named = kinds.iter().map(|kind| if kind == "array" { items(schema) } else { text(kind).to_owned() });
            named.collect::<Vec<_>>().join(" or ")
        }
        Value::String(kind) if kind == "array" => items(schema),
        Value::String(kind) => escape(kind),
        _ if schema.as_object().is_some_and(|keys| keys.keys().all(|key| key == "description")) => {
            "anything".to_owned()
        }
        _ => String::new(),
    }
}

fn items(schema: &Value) -> String {
    match schema["prefixItems"].as_array() {
        Some(items) => format!("[{}]", items.iter().map(name).collect::<Vec<_>>().join(", ")),
        None => format!("list of {}", name(&schema["items"])),
    }
}

/// What tells one form from the others.
fn tag(form: &Value) -> String {
    let values = form["properties"].as_object().into_iter().flatten().map(|(_, of)| of).chain([form]);
    values
        .filter_map(|of| of["enum"].as_array()?.first())
        .map(|value| code(text(value)))
        .next()
        .unwrap_or_else(|| name(form))
}

/// The fields of a form beside its tag.
fn list(form: &Value) -> String {
    let fields = form["properties"].as_object().into_iter().flatten().filter(|(_, of)| of["enum"].is_null());
    let named = fields.map(|(field, of)| {
        let optional = if is_required(form, field) { "" } else { ", optional" };
        format!("{}: {}{optional}", code(field), name(of))
    });
    named.collect::<Vec<_>>().join("<br>")
}

fn is_required(schema: &Value, field: &str) -> bool {
    schema["required"].as_array().into_iter().flatten().any(|required| required == field)
}
