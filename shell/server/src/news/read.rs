//! Reads a feed of RSS or Atom into plain text: titles without marks, links of the web alone, no pictures, nothing that runs.

use feed_rs::parser;
use proto::api::NewsItem;

use super::essence;

/// What was read is no feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoFeed;

/// What the feed calls itself (`host` where it does not) and its newest entries, whose links begin where the feed is (`address`) unless
/// they say where. `now` is in milliseconds since 1970: what claims to come
/// from the future comes from now.
///
/// # Errors
/// When it is no feed.
pub fn read(bytes: &[u8], address: &str, host: &str, now: u64) -> Result<(String, Vec<NewsItem>), NoFeed> {
    // Only XML: JSON feeds would be a second format to be wary of.
    let essence = essence::of(bytes)?;
    let parser = parser::Builder::new().sanitize_content(false).base_uri(Some(address)).build();
    let feed = parser.parse(essence.as_bytes()).map_err(|_| NoFeed)?;
    let title = feed.title.map(|title| plain(&title.content)).filter(|title| !title.is_empty());
    let source = title.unwrap_or_else(|| host.to_owned());
    let mut items: Vec<NewsItem> = feed
        .entries
        .into_iter()
        .filter_map(|entry| {
            let title = entry.title.map(|title| plain(&title.content)).filter(|title| !title.is_empty())?;
            let is_page = |rel: &Option<String>| rel.as_deref().is_none_or(|rel| rel == "alternate");
            let link = entry.links.into_iter().find(|link| is_page(&link.rel) && is_web(&link.href));
            // The name of an entry of RSS is an address where it says nothing else.
            let link = link.map(|link| link.href).or_else(|| Some(entry.id).filter(|id| is_web(id)))?;
            let at = entry.published.or(entry.updated).and_then(|at| u64::try_from(at.timestamp_millis()).ok());
            Some(NewsItem { title, source: source.clone(), link, at: at.map(|at| at.min(now)) })
        })
        .collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.at));
    items.truncate(OF_ONE);
    Ok((source, items))
}

/// Whatever is read keeps the bounds: what is shown is plain and short, and what is followed is of the web.
pub(crate) fn fuzz(data: &[u8]) {
    const NOW: u64 = 1_800_000_000_000;
    let Ok((source, items)) = read(data, "https://feeds.example/all", "host", NOW) else { return };
    assert!(items.len() <= OF_ONE, "{} of them", items.len());
    for item in &items {
        assert!(is_web(&item.link) && item.at.is_none_or(|at| at <= NOW), "{item:?}");
        for text in [&item.title, &source] {
            assert!(!text.is_empty() && text.chars().count() <= TITLE + 1, "{text}");
            assert!(!text.contains(char::is_control), "{text}");
        }
    }
}

/// An address that a page can be opened by, and nothing else.
fn is_web(link: &str) -> bool {
    let scheme = link.starts_with("https://") || link.starts_with("http://");
    scheme && link.len() <= LINK && link.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A text without marks, on one line, not too long, and running the way it should.
fn plain(text: &str) -> String {
    let mut clean = String::new();
    // Enough for what is shown: each mark is looked for up to the end.
    let end = (0..=text.len().min(LOOKED)).rev().find(|end| text.is_char_boundary(*end));
    let mut rest = &text[..end.unwrap_or_default()];
    while let Some(start) = rest.find(['<', '&']) {
        let (before, mark) = rest.split_at(start);
        clean += before;
        let end = mark.find(if mark.starts_with('<') { '>' } else { ';' });
        let (inside, after) = match end {
            // A mark begins with a letter, a stroke or an exclamation mark; else it is a sign of its own.
            Some(end)
                if mark.starts_with('<')
                    && mark[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') =>
            {
                (" ".to_owned(), &mark[end + 1..])
            }
            Some(end) if mark.starts_with('&') && end <= ENTITY => match entity(&mark[1..end]) {
                Some(character) => (character.to_string(), &mark[end + 1..]),
                None => (mark[..1].to_owned(), &mark[1..]),
            },
            _ => (mark[..1].to_owned(), &mark[1..]),
        };
        clean += &inside;
        rest = after;
    }
    clean += rest;
    let words = clean.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    // Signs that turn the direction of what stands behind them (UAX 9, section 2).
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
    let line: String = line.chars().filter(|c| !turns(*c)).collect();
    match line.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
            char::from_u32(code)
        }
    }
}

/// Entries that are kept of one feed.
const OF_ONE: usize = 20;
/// The longest title, in characters: two lines.
const TITLE: usize = 160;
/// How much of a title is looked at, in bytes.
const LOOKED: usize = 4_096;
/// The longest link.
const LINK: usize = 1_000;
/// The longest name of a character that is looked at.
const ENTITY: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000_000;

    const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>The &lt;b&gt;Mill&lt;/b&gt;</title>
        <link>https://mill.example/</link><description>x</description>
        <item><title>Old</title><link>https://mill.example/1</link><pubDate>Mon, 06 Sep 2021 00:01:00 +0000</pubDate></item>
        <item><title>New &amp;amp; &lt;img src=x onerror=alert(1)&gt; good</title><link>https://mill.example/2</link>
          <pubDate>Tue, 07 Sep 2021 00:01:00 +0000</pubDate><description>&lt;img src="https://spy.example/dot.png"&gt;</description></item>
        <item><title>Runs</title><link>javascript:alert(1)</link></item>
        <item><link>https://mill.example/untitled</link></item>
        </channel></rss>"#;

    const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Atoms</title><id>a</id><updated>2021-09-07T00:00:00Z</updated>
        <entry><title type="html">&lt;p&gt;One&lt;/p&gt;&lt;p&gt;line&lt;/p&gt;</title><id>1</id><updated>2099-01-01T00:00:00Z</updated>
        <link rel="self" href="https://atoms.example/self"/><link href="https://atoms.example/1"/></entry></feed>"#;

    #[test]
    fn both_formats_are_read_into_plain_text() {
        let (title, items) = read(RSS.as_bytes(), "https://mill.example/feed", "mill.example", NOW).unwrap();
        assert_eq!(title, "The Mill");
        let shown: Vec<_> = items.iter().map(|item| (item.title.as_str(), item.link.as_str())).collect();
        assert_eq!(shown, [("New & good", "https://mill.example/2"), ("Old", "https://mill.example/1")]);
        assert!(items.iter().all(|item| item.source == "The Mill"));
        assert_eq!(items[1].at, Some(1_630_886_460_000));

        let (title, items) = read(ATOM.as_bytes(), "https://atoms.example/feed", "atoms.example", NOW).unwrap();
        assert_eq!(title, "Atoms");
        assert_eq!((items[0].title.as_str(), items[0].link.as_str()), ("One line", "https://atoms.example/1"));
        assert_eq!(items[0].at, Some(NOW), "nothing comes from the future");
    }

    #[test]
    fn titles_are_plain_and_short() {
        for (text, clean) in [
            ("a <b>bold</b> word", "a bold word"),
            ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
            ("&lt;b&gt; stays", "<b> stays"),
            ("caf&#233; &#x26; &nbsp;tea &bogus; &", "café & tea &bogus; &"),
            ("a\n\t  b\u{0}c", "a b c"),
            ("gpj\u{202e}exe.", "gpjexe."),
            ("<script>x</script", "x</script"),
            ("&#xd800; &#99999999999;", "&#xd800; &#99999999999;"),
            ("<", "<"),
        ] {
            assert_eq!(plain(text), clean, "{text}");
        }
        let long = plain(&"ä".repeat(500));
        assert_eq!((long.chars().count(), long.ends_with('…')), (161, true));
    }

    #[test]
    fn what_is_no_feed_is_refused() {
        let deep = "<a>".repeat(200_000);
        let hidden =
            format!("<rss><!-- {} --><x y=\"{}\"/>{}", "<a>".repeat(500), "<a>".repeat(500), "<a>".repeat(101));
        for text in [
            "",
            " ",
            "{}",
            r#"{"version":"https://jsonfeed.org/version/1","title":"x","items":[]}"#,
            "<html></html>",
            "<",
            "<rss",
            &deep,
            &hidden,
        ] {
            assert_eq!(read(text.as_bytes(), "https://x.example/", "x", NOW).err(), Some(NoFeed), "{text:.60}");
        }
        let bomb = r#"<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel></rss>"#;
        assert_eq!(read(bomb.as_bytes(), "https://x.example/", "host", NOW).err(), Some(NoFeed));
        let named = RSS.replace("<rss", "<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"https://my.example/rss-0.91.dtd\"><rss");
        assert!(read(named.as_bytes(), "https://x.example/", "host", NOW).is_ok(), "what only names its kind is read");
    }

    fn titles(text: &[u8]) -> Option<Vec<String>> {
        let (_, items) = read(text, "https://mill.example/feed", "mill.example", NOW).ok()?;
        Some(items.into_iter().map(|item| item.title).collect())
    }

    /// An entry beside which something stands.
    fn beside(what: &str) -> String {
        format!(
            "<rss version=\"2.0\" xmlns:m=\"http://search.yahoo.com/mrss/\"><channel><item><title>One</title><link>https://mill.example/1</link>{what}</item></channel></rss>"
        )
    }

    #[test]
    fn nothing_hides_how_deep_a_document_is() {
        let nested = |depth: usize| beside(&format!("{}{}", "<m:group>".repeat(depth), "</m:group>".repeat(depth)));
        assert_eq!(titles(nested(90).as_bytes()), Some(vec!["One".to_owned()]));
        assert_eq!(titles(nested(50_000).as_bytes()), None);
        let deep = "<m:group>".repeat(50_000);
        for before in ["<!--><![CDATA[-->", "<!---><![CDATA[-->"] {
            assert_eq!(titles(beside(&format!("{before}{deep}")).as_bytes()), None, "{before}");
        }
        let named = format!("<!DOCTYPE rss \">  <![CDATA[ \">{}", beside(&deep));
        assert_eq!(titles(named.as_bytes()), None);
        let utf16: Vec<u8> = beside(&deep).encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(titles(&utf16), None);
        for encoding in ["utf-16", "utf-16le", "iso-2022-jp", "bogus"] {
            let text = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{}", beside(""));
            assert_eq!(titles(text.as_bytes()), None, "{encoding}");
        }
        let quoted = beside(&format!("<m:x y=\"{}\"/>{}", "<a>".repeat(100), "<!-- <a><a> -->".repeat(200)));
        assert_eq!(titles(quoted.as_bytes()), Some(vec!["One".to_owned()]), "comments and quotes are no depth");
    }

    #[test]
    fn a_feed_takes_no_more_memory_than_what_is_shown_of_it() {
        let clones = beside(&format!(
            "<m:title>{}</m:title>{}",
            "t".repeat(500_000),
            "<m:group><m:content url='a:'/></m:group>".repeat(10_000)
        ));
        let essence = essence::of(clones.as_bytes()).unwrap();
        assert!(essence.len() < 1_000 && !essence.contains("group"), "{essence:.1000}");
        let many = format!("<rss><channel>{}</channel></rss>", "<item/>".repeat(100_000));
        assert!(essence::of(many.as_bytes()).unwrap().len() < 10_000);
        let long = essence::of(beside(&format!("<guid>{}</guid>", "g".repeat(900_000))).as_bytes()).unwrap();
        assert!(long.len() < 4_000);
        let based = format!("<feed xml:base=\"https://{}\"><entry><link>a</link></entry></feed>", "b".repeat(3_000));
        assert!(!essence::of(based.as_bytes()).unwrap().contains("bbb"));
    }

    #[test]
    fn of_a_title_so_much_is_looked_at() {
        assert_eq!(plain(&format!("{}end", " ".repeat(LOOKED - 3))), "end");
        assert_eq!(
            plain(&format!("{}end", " ".repeat(LOOKED))),
            "",
            "each mark is looked for up to the end: it has to come"
        );
    }

    #[test]
    fn atom_may_name_its_elements_as_it_likes() {
        let named = "<a:feed xmlns:a='http://www.w3.org/2005/Atom' xmlns:m='http://search.yahoo.com/mrss/'><a:title>Mill</a:title>\
            <title>Nobody's</title><a:entry><m:title>Picture</m:title><a:title>One</a:title><a:link href='https://mill.example/1'/></a:entry></a:feed>";
        let (source, items) = read(named.as_bytes(), "https://mill.example/all", "mill.example", NOW).unwrap();
        assert_eq!(source, "Mill");
        let shown: Vec<_> = items.iter().map(|item| (item.title.as_str(), item.link.as_str())).collect();
        assert_eq!(shown, [("One", "https://mill.example/1")]);
    }

    #[test]
    fn links_begin_where_the_feed_is_and_names_may_be_links() {
        let links = |text: &str| -> Vec<String> {
            let (_, items) = read(text.as_bytes(), "https://mill.example/feeds/all", "mill.example", NOW).unwrap();
            items.into_iter().map(|item| item.link).collect()
        };
        let relative =
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title><link href='/posts/1'/></entry></feed>";
        assert_eq!(links(relative), ["https://mill.example/posts/1"]);
        let named = "<rss><channel><item><title>A</title><guid>https://mill.example/2</guid></item></channel></rss>";
        assert_eq!(links(named), ["https://mill.example/2"]);
    }

    #[test]
    fn older_formats_and_encodings_are_read() {
        let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>C</title></channel>\
            <item><title>A <em>b</em> &nbsp;c</title><link>https://mill.example/1</link></item></rdf:RDF>";
        assert_eq!(titles(rdf.as_bytes()), Some(vec!["A b c".to_owned()]));
        let latin = [b"<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel><item><title>caf\xe9</title><link>https://mill.example/1</link></item></channel></rss>".as_slice()].concat();
        assert_eq!(titles(&latin), Some(vec!["caf\u{e9}".to_owned()]));
    }
}
