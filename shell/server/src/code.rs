//! The code in a room's link: short, and sayable over a telephone.

use std::fmt;

/// Such as `bolu-kesi-dafo`: six syllables, some 38 bits. Guessing is slowed down by [`crate::http::limit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// A code that nobody could foresee.
    pub fn draw() -> Self {
        let mut letters = String::with_capacity(LETTERS);
        while letters.len() < LETTERS {
            let [consonant, vowel] = crate::random::bytes();
            // 250 is the largest multiple of five in a byte: beyond it, some vowels would be likelier than others.
            if vowel < 250 {
                letters.push(char::from(CONSONANTS[usize::from(consonant % 16)]));
                letters.push(char::from(VOWELS[usize::from(vowel % 5)]));
            }
        }
        Self(grouped(&letters))
    }

    /// Reads what somebody typed or pasted: case and dashes do not matter. `None`: no code of ours looks like that.
    pub fn read(text: &str) -> Option<Self> {
        let mut letters = String::with_capacity(LETTERS);
        for character in text.chars().filter(|c| *c != '-' && *c != ' ') {
            if letters.len() == LETTERS || !character.is_ascii_alphabetic() {
                return None;
            }
            letters.push(character.to_ascii_lowercase());
        }
        (letters.len() == LETTERS).then(|| Self(grouped(&letters)))
    }

    /// The code as it stands in links.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn grouped(letters: &str) -> String {
    let mut text = String::with_capacity(LETTERS + 2);
    for (index, letter) in letters.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

/// Six syllables: short enough to say, too many to try at ten a minute.
const LETTERS: usize = 12;
/// Sixteen, so that four bits choose one without a bias; none that sounds like another in most languages of Europe.
const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
/// The vowels that everybody can say.
const VOWELS: &[u8; 5] = b"aeiou";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_code_can_be_said_and_read_back() {
        let code = Code::draw();
        assert_eq!(code.as_str().len(), 14);
        assert_eq!(Code::read(code.as_str()), Some(code.clone()));
        assert_eq!(Code::read(&code.as_str().to_uppercase().replace('-', "")), Some(code.clone()));
        assert_ne!(Code::draw(), code);
    }

    #[test]
    fn what_is_no_code_is_not_looked_up() {
        for text in ["", "bolu-kesi", "bolu-kesi-dafo-x", "bolu-kesi-daf0", "bolu/kesi/dafo", "bölu-kesi-dafo"] {
            assert_eq!(Code::read(text), None, "{text}");
        }
    }
}
