//! Names that files are given with: text to show and to save under, never part of a path of ours.

/// The name as it is kept: its last part, without what could deceive or break a header; "file" when nothing is left.
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut clean: String = last.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    // Windows cuts dots and spaces off the end, and a leading dot hides a file elsewhere.
    let trimmed = clean.trim_matches(|c: char| c == '.' || c.is_whitespace());
    clean = shorten(trimmed);
    if clean.is_empty() { "file".to_owned() } else { clean }
}

/// What follows the last dot, in lower case; empty when there is none.
pub fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

/// Marks that turn the direction of writing or cannot be seen: `photo\u{202e}gpj.exe` reads as a picture.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{2028}' | '\u{2029}'
    )
}

/// At most [`MOST`] bytes; the extension stays, since it says what opens the file.
fn shorten(name: &str) -> String {
    if name.len() <= MOST {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= EXTENSION => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut end = (MOST - extension.len()).min(stem.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

/// The longest name in bytes: what file systems take.
const MOST: usize = 255;
/// The longest ending that counts as an extension.
const EXTENSION: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_name_and_no_path() {
        for (given, kept) in [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\win.ini", "win.ini"),
            ("/", "file"),
            ("..", "file"),
            ("", "file"),
            (".bashrc", "bashrc"),
            ("a\r\nSet-Cookie: x\0.txt", "aSet-Cookie: x.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("  Résumé d’été.pdf ", "Résumé d’été.pdf"),
        ] {
            assert_eq!(clean(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let kept = clean(&format!("{}.pdf", "é".repeat(200)));
        assert!(kept.len() <= MOST && kept.ends_with("é.pdf"), "{kept}");
        assert!(clean(&"x".repeat(300)).len() == MOST);
        assert_eq!(extension("A.PNG"), "png");
        assert_eq!(extension("none"), "");
    }
}
