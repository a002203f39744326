//! What is shown of a feed, and nothing else of it: titles, links and dates, in a document of our own making.
//!
//! A parser of feeds goes down into whatever elements a format knows, and keeps copies of what stands around them: by a megabyte of
//! those a feed would take all memory, or all of a stack. So it is never given what somebody else wrote. This walks through a
//! document once, event by event, and needs no more than what it keeps.

use std::fmt::Write as _;

use encoding_rs::{Encoding, UTF_8};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::read::NoFeed;

/// Begins what is handed on: each element has the name that it has in its format.
const HEAD: &str = r#"<?xml version="1.0" encoding="utf-8"?>"#;

/// The kinds of feeds, by their first element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// RSS 0.9x and 2.0, and RSS 1.0, which is handed on as the former: what is kept of it has the same names.
    Rss,
    /// Atom (RFC 4287).
    Atom,
}

/// What is written, and where in the document it stands.
struct Essence {
    out: String,
    kind: Kind,
    /// What the names of the format begin with here (Namespaces in XML 1.0, section 4): in Atom whatever the first element has.
    prefix: Option<String>,
    /// How many elements are open.
    depth: usize,
    /// How many entries began.
    entries: usize,
    /// Whether within an entry, and at which depth it began.
    entry: Option<usize>,
    /// The element whose text is being kept, and at which depth it began.
    leaf: Option<(&'static str, usize)>,
    /// How much of it was kept, in bytes.
    kept: usize,
    /// What passes over: an element that is not kept, at this depth.
    skipped: Option<usize>,
}

/// The same feed with what is shown alone.
///
/// # Errors
/// When it is no XML, defines things of its own, is of neither kind, or is nested deeper or has longer tags than an honest one.
pub(super) fn of(bytes: &[u8]) -> Result<String, NoFeed> {
    let text = decoded(bytes)?;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().allow_dangling_amp = true;
    let mut essence: Option<Essence> = None;
    loop {
        match (reader.read_event().map_err(|_| NoFeed)?, &mut essence) {
            (Event::Start(tag), Some(essence)) => essence.start(&tag)?,
            (Event::Empty(tag), Some(essence)) => {
                essence.start(&tag)?;
                essence.end();
            }
            (Event::Start(tag), none) => *none = Some(Essence::begin(&tag)?),
            (Event::End(_), Some(essence)) => {
                essence.end();
                if essence.depth == 0 {
                    return Ok(std::mem::take(&mut essence.out));
                }
            }
            (Event::Text(text), Some(essence)) => essence.text(&text),
            (Event::CData(text), Some(essence)) => essence.text(&text),
            (Event::GeneralRef(name), Some(essence)) => match name.resolve_char_ref() {
                Ok(Some(character)) => essence.text(character.encode_utf8(&mut [0; 4])),
                // What it stands for is looked at where titles are made plain.
                Ok(None) | Err(_) => essence.reference(&name),
            },
            (Event::DocType(text), _) if text.contains('[') => return Err(NoFeed),
            (Event::Eof | Event::Empty(_) | Event::End(_), _) => return Err(NoFeed),
            (Event::Text(_) | Event::CData(_) | Event::GeneralRef(_), None)
            | (Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_), _) => {}
        }
    }
}

/// As text. Only encodings in which marks are what they are in ASCII: in another one a document is not what it seems.
fn decoded(bytes: &[u8]) -> Result<std::borrow::Cow<'_, str>, NoFeed> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if !bytes.starts_with(b"<") {
        return Err(NoFeed);
    }
    let head = &bytes[..bytes.len().min(DECLARATION)];
    let declared = head.starts_with(b"<?xml").then(|| {
        let end = head.windows(2).position(|window| window == b"?>").unwrap_or(head.len());
        let (_, after) = std::str::from_utf8(&head[..end]).ok()?.split_once("encoding")?;
        let value = after.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
        value[1..].split(quote).next().map(str::to_owned)
    });
    let encoding = match declared.flatten() {
        Some(label) => Encoding::for_label(label.as_bytes()).ok_or(NoFeed)?,
        None => UTF_8,
    };
    if !encoding.is_ascii_compatible() {
        return Err(NoFeed);
    }
    Ok(encoding.decode_without_bom_handling(bytes).0)
}

impl Essence {
    fn begin(root: &BytesStart<'_>) -> Result<Self, NoFeed> {
        let (kind, head) = match root.local_name().into_inner() {
            "rss" | "RDF" => (Kind::Rss, r#"<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>"#),
            "feed" => (Kind::Atom, r#"<feed xmlns="http://www.w3.org/2005/Atom">"#),
            _ => return Err(NoFeed),
        };
        let out = format!("{HEAD}{head}");
        // RSS has no namespace: in RSS 1.0 it is the frame around it that has one.
        let prefix = root.name().prefix().filter(|_| kind == Kind::Atom).map(|prefix| prefix.into_inner().to_owned());
        Ok(Self { out, kind, prefix, depth: 1, entries: 0, entry: None, leaf: None, kept: 0, skipped: None })
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), NoFeed> {
        self.depth += 1;
        if self.depth > DEEPEST || tag.len() > TAG {
            return Err(NoFeed);
        }
        // Within what is shown marks are passed over, and their text is not.
        if self.skipped.is_some() || self.leaf.is_some() {
            return Ok(());
        }
        let name = tag.name();
        let local = name.local_name().into_inner();
        let prefix = name.prefix().map(|prefix| prefix.into_inner());
        let prefix = if prefix == self.prefix.as_deref() { None } else { prefix.or(Some("")) };
        match (self.kind, prefix, local) {
            (Kind::Rss, None, "channel") if self.entry.is_none() => {}
            (Kind::Rss, None, "item") | (Kind::Atom, None, "entry") if self.entry.is_none() => {
                self.entries += 1;
                if self.entries > ENTRIES {
                    self.skipped = Some(self.depth);
                } else {
                    self.entry = Some(self.depth);
                    self.out += if self.kind == Kind::Rss { "<item>" } else { "<entry>" };
                }
            }
            (Kind::Rss, None, "title") | (Kind::Atom, None, "title") => self.keep("title", tag, &["type"]),
            (Kind::Rss, None, "link") if self.entry.is_some() => self.keep("link", tag, &[]),
            (Kind::Rss, None, "guid") if self.entry.is_some() => self.keep("guid", tag, &["isPermaLink"]),
            (Kind::Rss, None, "pubDate") if self.entry.is_some() => self.keep("pubDate", tag, &[]),
            (Kind::Rss, Some("dc"), "date") if self.entry.is_some() => self.keep("dc:date", tag, &[]),
            (Kind::Atom, None, "link") if self.entry.is_some() => self.keep("link", tag, &["rel", "href"]),
            (Kind::Atom, None, "published") if self.entry.is_some() => self.keep("published", tag, &[]),
            (Kind::Atom, None, "updated") if self.entry.is_some() => self.keep("updated", tag, &[]),
            _ => self.skipped = Some(self.depth),
        }
        Ok(())
    }

    fn keep(&mut self, name: &'static str, tag: &BytesStart<'_>, attributes: &[&str]) {
        self.leaf = Some((name, self.depth));
        self.kept = 0;
        let _ = write!(self.out, "<{name}");
        for attribute in tag.attributes().with_checks(false).filter_map(Result::ok) {
            let key = attribute.key.into_inner();
            // A title with marks of its own loses them here: then it is text.
            if attributes.contains(&key) && attribute.value != "xhtml" && attribute.value.len() <= TEXT {
                let value = attribute.value.replace('"', "&quot;").replace('<', "&lt;");
                let _ = write!(self.out, " {key}=\"{value}\"");
            }
        }
        self.out.push('>');
    }

    fn end(&mut self) {
        let depth = self.depth;
        self.depth -= 1;
        if self.skipped == Some(depth) {
            self.skipped = None;
        } else if let Some((name, _)) = self.leaf.filter(|(_, began)| *began == depth) {
            let _ = write!(self.out, "</{name}>");
            self.leaf = None;
        } else if self.leaf.is_some() && self.skipped.is_none() {
            self.text(" ");
        } else if self.entry == Some(depth) {
            self.out += if self.kind == Kind::Rss { "</item>" } else { "</entry>" };
            self.entry = None;
        } else if depth == 1 {
            self.out += if self.kind == Kind::Rss { "</channel></rss>" } else { "</feed>" };
        }
    }

    /// Text as it is meant.
    fn text(&mut self, text: &str) {
        if self.leaf.is_none() || self.skipped.is_some() {
            return;
        }
        for character in text.chars() {
            self.kept += character.len_utf8();
            if self.kept > TEXT {
                return;
            }
            match character {
                '&' => self.out += "&amp;",
                '<' => self.out += "&lt;",
                '>' => self.out += "&gt;",
                // XML 1.0, section 2.2: what it must not hold.
                '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
                other => self.out.push(other),
            }
        }
    }

    fn reference(&mut self, name: &str) {
        match name {
            "amp" => self.text("&"),
            "lt" => self.text("<"),
            "gt" => self.text(">"),
            "quot" => self.text("\""),
            "apos" => self.text("'"),
            _ => {
                self.text("&");
                self.text(name);
                self.text(";");
            }
        }
    }
}

/// Where a declaration has ended, in bytes.
const DECLARATION: usize = 256;
/// Entries that are looked at, of which the newest are kept.
const ENTRIES: usize = 200;
/// The most that is kept of one text, in bytes: several times what is shown.
const TEXT: usize = 2_048;
/// The deepest nesting; feeds with whole pages in them have some thirty.
const DEEPEST: usize = 100;
/// The longest tag with what it says, in bytes; honest ones have some hundreds.
const TAG: usize = 4_096;
