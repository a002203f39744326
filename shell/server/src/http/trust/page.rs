//! The page: fingerprint, files, and the steps for each system. No scripts.

use super::words::Words;
use crate::tls::authority::Known;

/// Writes it. `authority` is host and port as the browser has them.
pub fn page(words: &Words, known: &Known, authority: &str) -> String {
    let Words {
        code, title, lead, compare, compare_how, take, crt, pem, profile, steps_title, then, open, limits, ..
    } = words;
    let name = escape(&known.name);
    let print = lines(&known.fingerprint);
    let mut html = format!(
        "<!doctype html><html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"/trust/style.css\"></head><body><main class=\"trust\">\
         <p class=\"langs\">{}</p><h1>{title}</h1><p>{lead}</p>\
         <section class=\"card\"><h2>{compare}</h2><p class=\"print\"><code>{print}</code></p>\
         <p>{compare_how}</p></section>\
         <section class=\"card\"><h2>{take}</h2><ul class=\"files\">\
         <li><a href=\"/trust/parlor-ca.crt\" download>parlor-ca.crt</a><span>{crt}</span></li>\
         <li><a href=\"/trust/parlor-ca.mobileconfig\" download>parlor-ca.mobileconfig</a><span>{profile}</span></li>\
         <li><a href=\"/trust/parlor-ca.pem\" download>parlor-ca.pem</a><span>{pem}</span></li></ul></section>\
         <h2>{steps_title}</h2><section class=\"card steps\">",
        languages(words)
    );
    for (system, steps) in words.systems {
        html += &format!("<details><summary>{system}</summary><ol>");
        for step in *steps {
            html += &format!("<li>{}</li>", step.replace("{name}", &name));
        }
        html += "</ol></details>";
    }
    html += &format!(
        "</section><h2>{then}</h2><p>{open} {}</p><p class=\"who\">{limits}</p></main></body></html>\n",
        link(authority)
    );
    html
}

/// A fingerprint in lines that fit the narrowest screen, and that can be compared one by one.
fn lines(fingerprint: &str) -> String {
    let bytes: Vec<&str> = fingerprint.split(':').collect();
    let lines: Vec<String> = bytes.chunks(BYTES_IN_LINE).map(|line| line.join(":")).collect();
    lines.join(":<br>")
}

fn languages(words: &Words) -> String {
    let one = |code: &str, name: &str| match code == words.code {
        true => format!("<b>{name}</b>"),
        false => format!("<a href=\"/trust?lang={code}\" lang=\"{code}\" hreflang=\"{code}\">{name}</a>"),
    };
    [one("en", "English"), one("fr", "Français")].join(" ")
}

/// Only what a host can be is written back: a request may claim to be for anything.
fn link(authority: &str) -> String {
    let is_host = !authority.is_empty()
        && authority.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'-' | b'[' | b']'));
    if is_host { format!("<a href=\"https://{authority}/\">https://{authority}/</a>") } else { String::new() }
}

/// Text for HTML and XML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Four lines for SHA-256, each of 23 characters: 200 px, where the narrowest phones have 320.
const BYTES_IN_LINE: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::trust::words;

    #[test]
    fn the_page_says_the_same_in_both_languages() {
        let known = Known {
            name: "Parlor on <den> (ABC)".to_owned(),
            pem: String::new(),
            der: Vec::new(),
            fingerprint: crate::tls::fingerprint(b""),
        };
        let (english, french) = (words::of("en-GB,en;q=0.9,fr;q=0.8"), words::of("fr"));
        assert_eq!(
            (english.code, french.code, words::of("").code, words::of("de, fr;q=0.5").code),
            ("en", "fr", "en", "fr")
        );
        for words in [english, french] {
            let page = page(words, &known, "den.local:7880");
            assert_eq!(page.matches("<details").count(), 6);
            assert!(page.replace("<br>", "").contains(&known.fingerprint), "{page}");
            assert_eq!(page.matches("<br>").count(), 3);
            assert!(page.contains("https://den.local:7880/") && page.contains("Parlor on &lt;den&gt; (ABC)"));
            assert!(!page.contains("{name}") && !page.contains("<den>"));
        }
        for (one, other) in english.systems.iter().zip(french.systems) {
            assert_eq!(one.1.len(), other.1.len(), "{}", one.0);
        }
        assert!(!page(english, &known, "\"><script>").contains("<script>"));
    }
}
