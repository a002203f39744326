//! Numbers out of a JSON text, by the names that lead to them. No more of JSON than `parlor bench` writes.

use std::collections::BTreeMap;

/// The values in a JSON text that are neither objects nor lists, as they stand there: `a.b.0`.
pub fn values(text: &str) -> BTreeMap<String, String> {
    let mut reader = Reader { rest: text.trim(), found: BTreeMap::new() };
    reader.value(String::new());
    reader.found
}

struct Reader<'a> {
    rest: &'a str,
    found: BTreeMap<String, String>,
}

impl Reader<'_> {
    fn value(&mut self, name: String) -> Option<()> {
        match self.peek()? {
            '{' => self.many(
                '}',
                |reader, _| {
                    let key = reader.string()?;
                    reader.skip(':')?;
                    Some(key)
                },
                &name,
            ),
            '[' => self.many(']', |_, at| Some(at.to_string()), &name),
            '"' => {
                let text = self.string()?;
                self.found.insert(name, text);
                Some(())
            }
            _ => {
                let end = self.rest.find([',', '}', ']']).unwrap_or(self.rest.len());
                let (bare, rest) = self.rest.split_at(end);
                self.found.insert(name, bare.trim().to_owned());
                self.rest = rest;
                Some(())
            }
        }
    }

    fn many(&mut self, end: char, key: fn(&mut Self, usize) -> Option<String>, name: &str) -> Option<()> {
        self.rest = &self.rest[1..];
        let mut at = 0;
        while self.peek()? != end {
            let key = key(self, at)?;
            self.value(if name.is_empty() { key } else { format!("{name}.{key}") })?;
            at += 1;
            if self.peek()? == ',' {
                self.skip(',')?;
            }
        }
        self.skip(end)
    }

    fn string(&mut self) -> Option<String> {
        self.skip('"')?;
        let mut text = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                '\\' => text.push(characters.next()?.1),
                other => text.push(other),
            }
        }
        None
    }

    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn skip(&mut self, wanted: char) -> Option<()> {
        self.peek()?;
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn values_are_found_by_their_way() {
        let found = values(r#" {"a": {"b": 1.5, "c": [null, "x \"y\"", {"d": true}]}, "e": {}, "f": -3 }"#);
        assert_eq!(found["a.b"], "1.5");
        assert_eq!(found["a.c.0"], "null");
        assert_eq!(found["a.c.1"], "x \"y\"");
        assert_eq!(found["a.c.2.d"], "true");
        assert_eq!(found["f"], "-3");
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn what_breaks_off_gives_what_came_before() {
        assert_eq!(values("{\"a\": 1, \"b\": {\"c").len(), 1);
        assert!(values("").is_empty());
    }
}
