//! vCard files: phone books that come and go (RFC 6350, and RFC 2426 for reading).
//!
//! What is read is what a phone book here holds: a name, telephone numbers, e-mail addresses, a group. All else is passed over.
//! Reading never fails: a file that is none has no cards. Nothing that is given back is longer than its bounds.

use std::fmt::Write as _;

use proto::AccountId;

/// One card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// The name to show.
    pub name: String,
    /// The first of its categories; may be empty.
    pub circle: String,
    /// Telephone numbers, as they were written.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub mails: Vec<String>,
    /// The account of this server, where the card came from here.
    pub account: Option<AccountId>,
}

/// Reads at most `most` cards that have a name, and says how many were left out for that or for want of one.
pub fn read(file: &[u8], most: usize) -> (Vec<Card>, usize) {
    let text = String::from_utf8_lossy(file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file));
    let (mut cards, mut left_out) = (Vec::new(), 0);
    let mut open: Option<Draft> = None;
    for line in unfolded(&text) {
        let Some(line) = Line::read(&line) else { continue };
        match line.name.as_str() {
            "BEGIN" if line.is_of_card() => open = Some(Draft::default()),
            "END" if line.is_of_card() => {
                let card = open.take().map(Draft::finish);
                match card.filter(|card| !card.name.is_empty() && cards.len() < most) {
                    Some(card) => cards.push(card),
                    None => left_out += 1,
                }
            }
            _ => {
                if let Some(draft) = &mut open {
                    draft.take(&line);
                }
            }
        }
    }
    (cards, left_out)
}

/// Writes cards as a file of version 4.0.
pub fn write<'a>(cards: impl Iterator<Item = &'a Card>) -> String {
    let mut file = String::new();
    for card in cards {
        file += "BEGIN:VCARD\r\nVERSION:4.0\r\n";
        fold(&mut file, &format!("FN:{}", escaped(&card.name)));
        for phone in &card.phones {
            fold(&mut file, &format!("TEL;VALUE=text:{}", escaped(phone)));
        }
        for mail in &card.mails {
            fold(&mut file, &format!("EMAIL:{}", escaped(mail)));
        }
        if !card.circle.is_empty() {
            fold(&mut file, &format!("CATEGORIES:{}", escaped(&card.circle)));
        }
        if let Some(account) = card.account {
            fold(&mut file, &format!("{ACCOUNT}:{account}"));
        }
        file += "END:VCARD\r\n";
    }
    file
}

/// A card that is being read.
#[derive(Debug, Default)]
struct Draft {
    card: Card,
    /// What to call it where it says nothing: the parts of `N`, or where somebody works.
    parts: String,
    place: String,
}

impl Draft {
    fn take(&mut self, line: &Line<'_>) {
        let card = &mut self.card;
        match line.name.as_str() {
            "FN" if card.name.is_empty() => card.name = clean(&unescaped(line.value), NAME),
            "N" if self.parts.is_empty() => {
                // Family, given, additional, prefixes, suffixes (RFC 6350, 6.2.2): people are called by the first two.
                let parts: Vec<String> = split(line.value, ';').map(|part| clean(&unescaped(part), NAME)).collect();
                let called = [parts.get(1), parts.first()].into_iter().flatten().map(String::as_str);
                self.parts = clean(&called.collect::<Vec<_>>().join(" "), NAME);
            }
            "ORG" if self.place.is_empty() => {
                self.place = clean(&unescaped(split(line.value, ';').next().unwrap_or_default()), NAME);
            }
            "TEL" => {
                add(&mut card.phones, without("tel:", &clean(&unescaped(line.value), PHONE)).to_owned());
            }
            "EMAIL" => {
                add(&mut card.mails, without("mailto:", &clean(&unescaped(line.value), MAIL)).to_owned());
            }
            "CATEGORIES" if card.circle.is_empty() => {
                card.circle = clean(&unescaped(split(line.value, ',').next().unwrap_or_default()), CIRCLE);
            }
            ACCOUNT => card.account = line.value.trim().parse().ok(),
            _ => {}
        }
    }

    fn finish(self) -> Card {
        let Self { mut card, parts, place } = self;
        for name in [parts, place, card.mails.first().cloned().unwrap_or_default()] {
            if card.name.is_empty() {
                card.name = clean(&name, NAME);
            }
        }
        card
    }
}

fn add(list: &mut Vec<String>, text: String) {
    if !text.is_empty() && list.len() < EACH && !list.contains(&text) {
        list.push(text);
    }
}

/// One property: `group.NAME;param=value:value`.
struct Line<'a> {
    /// In capitals, without its group.
    name: String,
    value: &'a str,
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.find(|c: char| {
            quoted ^= c == '"';
            c == ':' && !quoted
        })?;
        let (head, value) = (line.get(..colon)?, line.get(colon + 1..)?);
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        // Of version 2.1, which nobody should write any more: not text, so that it is passed over.
        if parameters.to_ascii_uppercase().contains("QUOTED-PRINTABLE") {
            return None;
        }
        let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
        Some(Self { name: name.trim().to_ascii_uppercase(), value })
    }

    fn is_of_card(&self) -> bool {
        self.value.trim().eq_ignore_ascii_case("VCARD")
    }
}

/// The lines of a file, those that were folded put together (RFC 6350, 3.2). What is longer than any that we look at is cut: pictures
/// stand in such.
fn unfolded(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut physical = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).peekable();
    std::iter::from_fn(move || {
        let mut line = physical.next()?.chars().take(LINE).collect::<String>();
        while let Some(more) = physical.next_if(|next| next.starts_with([' ', '\t'])) {
            if line.len() < LINE {
                line.extend(more.chars().skip(1).take(LINE));
            }
        }
        Some(line)
    })
}

/// The parts between separators that are not escaped.
fn split(text: &str, by: char) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    text.split(move |c: char| {
        let here = c == by && !escaped;
        escaped = c == '\\' && !escaped;
        here
    })
}

/// What a text means (RFC 6350, 3.4).
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') | None => ' ',
                Some(other) => other,
            },
            other => other,
        });
    }
    plain
}

fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | ',' | ';') {
            written.push('\\');
        }
        written.push(letter);
    }
    written
}

/// On one line, without blanks around it, and no longer than that.
fn clean(text: &str, most: usize) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().chars().take(most).collect::<String>().trim_end().to_owned()
}

/// Without the scheme of an address, however often somebody wrote it.
fn without<'a>(scheme: &str, mut text: &'a str) -> &'a str {
    while let Some(rest) = text.strip_prefix(scheme) {
        text = rest.trim();
    }
    text
}

/// Writes a line, cut into pieces of at most 75 bytes (RFC 6350, 3.2), none within a letter.
fn fold(file: &mut String, line: &str) {
    let mut width = 0;
    for letter in line.chars() {
        if width + letter.len_utf8() > FOLDED {
            file.push_str("\r\n ");
            width = 1;
        }
        width += letter.len_utf8();
        // Writing into a text cannot fail.
        let _ = file.write_char(letter);
    }
    file.push_str("\r\n");
}

/// Where a card says which account of this server it is about.
const ACCOUNT: &str = "X-PARLOR-ACCOUNT";
/// The most characters of a name, as of all names to show.
pub const NAME: usize = 128;
/// The most characters of a group's name: it stands above a list.
pub const CIRCLE: usize = 64;
/// The most characters of a telephone number: several times the longest (ITU-T E.164 has 15 digits), for those who write words beside.
pub const PHONE: usize = 64;
/// The most characters of an e-mail address (RFC 5321).
pub const MAIL: usize = 254;
/// The most numbers, and the most addresses, of one entry.
pub const EACH: usize = 10;
/// The most characters of a line that are looked at: the longest that is of use, a name with its parts, has far fewer.
const LINE: usize = 4_096;
/// The most bytes of a line that is written.
const FOLDED: usize = 75;

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Card {
        let (mut cards, left_out) = read(text.as_bytes(), 9);
        assert_eq!((cards.len(), left_out), (1, 0), "{cards:?}");
        cards.remove(0)
    }

    #[test]
    fn cards_of_both_versions_are_read() {
        let card =
            one("BEGIN:VCARD\r\nVERSION:3.0\r\nN:Stevenson;John;Philip,Paul;Dr.;Jr.\r\nFN:Dr. John Stevenson\r\n\
                        item1.TEL;TYPE=\"work:1\",voice:+33 1 00\r\nEMAIL;TYPE=INTERNET:john@example.org\r\n\
                        CATEGORIES:Town\\, hall,Friends\r\nPHOTO;ENCODING=b:AAAA\r\nEND:VCARD\r\n");
        assert_eq!(
            card,
            Card {
                name: "Dr. John Stevenson".to_owned(),
                circle: "Town, hall".to_owned(),
                phones: vec!["+33 1 00".to_owned()],
                mails: vec!["john@example.org".to_owned()],
                account: None,
            }
        );
        let card = one("begin:vcard\nversion:4.0\nfn:Zo\n ë B\n\tlack\ntel;value=uri:tel:+33-1-02\nend:vcard");
        assert_eq!((card.name.as_str(), card.phones), ("Zoë Black", vec!["+33-1-02".to_owned()]));
    }

    #[test]
    fn who_has_no_name_is_called_by_what_else_there_is() {
        let name = |lines: &str| one(&format!("BEGIN:VCARD\n{lines}\nEND:VCARD")).name;
        assert_eq!(name("N:Doe;Jane;;;"), "Jane Doe");
        assert_eq!(name("N:Doe\\;Roe;;;;"), "Doe;Roe");
        assert_eq!(name("ORG:Town hall;Second floor"), "Town hall");
        assert_eq!(name("EMAIL:a@example.org"), "a@example.org");
        assert_eq!(name("FN:a\\nb\\\\c\u{7}"), "a b\\c");
        assert_eq!(read(b"BEGIN:VCARD\nTEL:1\nEND:VCARD", 9), (Vec::new(), 1));
        let quoted = "BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg\nN:Jay\nEND:VCARD";
        assert_eq!(one(quoted).name, "Jay", "what cannot be read is passed over");
    }

    #[test]
    fn nothing_is_longer_than_its_bounds() {
        let long = "x".repeat(10_000);
        let many: String = (0..50).map(|at| format!("TEL:{at}\nEMAIL:{at}@example.org\n")).collect();
        let card = one(&format!("BEGIN:VCARD\nFN:{long}\nCATEGORIES:{long}\nTEL:{long}\n{many}END:VCARD"));
        let lengths = [card.name.len(), card.circle.len(), card.phones[0].len(), card.phones.len(), card.mails.len()];
        assert_eq!(lengths, [NAME, CIRCLE, PHONE, EACH, EACH]);
        let three = "BEGIN:VCARD\nFN:A\nEND:VCARD\n".repeat(3);
        let (cards, left_out) = read(three.as_bytes(), 2);
        assert_eq!((cards.len(), left_out), (2, 1));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let card = Card {
            name: format!("Ann; \\ Bär, {}", "é".repeat(60)),
            circle: "Work, home".to_owned(),
            phones: vec!["+33 1 00 00 00 00".to_owned()],
            mails: vec!["ann@example.org".to_owned()],
            account: Some(AccountId::from(7)),
        };
        let file = write([&card, &card].into_iter());
        assert!(file.lines().all(|line| line.len() <= FOLDED), "{file}");
        assert_eq!(read(file.as_bytes(), 9), (vec![card.clone(), card], 0));
    }
}
