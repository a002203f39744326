//! What a file is, by its content, and whether it pretends to be something else.
//!
//! Files are only ever handed out for saving, so a browser never shows one by itself. This is the second line: a picture
//! that is an archive, a page or a document as well is not kept at all.

use image::ImageFormat;

use super::name;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The media type; `application/octet-stream` when it is not known, or is what a browser could run.
    pub kind: String,
    /// The format, when it is a picture that can have a preview.
    pub picture: Option<ImageFormat>,
    /// The size of the preview, once it was made.
    pub preview: Option<(u32, u32)>,
}

/// The file is not what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file is not what it says")]
pub struct Refused;

/// Looks at a whole file.
///
/// # Errors
/// When it is refused.
pub fn inspect(bytes: &[u8], name: &str) -> Result<Inspected, Refused> {
    let picture = format(bytes);
    let named = FORMATS.iter().find(|(_, _, extensions)| extensions.contains(&name::extension(name).as_str()));
    if named.is_some_and(|(named, ..)| picture != Some(*named)) {
        return Err(Refused);
    }
    if let Some(format) = picture {
        // What stands behind the end of a picture, no viewer shows and some other program might open.
        if !whole(bytes, format) || carries_another(bytes) {
            return Err(Refused);
        }
    }
    Ok(Inspected { kind: kind(bytes, picture), picture, preview: None })
}

fn format(bytes: &[u8]) -> Option<ImageFormat> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\x89PNG\r\n\x1a\n") {
        Some(ImageFormat::Png)
    } else if starts(&[0xff, 0xd8, 0xff]) {
        Some(ImageFormat::Jpeg)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Some(ImageFormat::Gif)
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(ImageFormat::WebP)
    } else {
        None
    }
}

fn kind(bytes: &[u8], picture: Option<ImageFormat>) -> String {
    let known = match picture {
        Some(format) => FORMATS.iter().find(|(one, ..)| *one == format).map(|(_, kind, _)| *kind),
        None => infer::get(bytes).map(|found| found.mime_type()),
    };
    // Texts that a browser could run are handed out as bytes.
    let inert = |kind: &&str| !kind.starts_with("text/") && !kind.contains("xml") && !kind.contains("script");
    known.filter(inert).unwrap_or("application/octet-stream").to_owned()
}

/// Whether the picture ends where the file ends.
fn whole(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Png => png_end(bytes).is_some_and(|end| is_padding(&bytes[end..])),
        ImageFormat::Gif => gif_end(bytes).is_some_and(|end| is_padding(&bytes[end..])),
        ImageFormat::WebP => webp_end(bytes).is_some_and(|end| is_padding(&bytes[end..])),
        ImageFormat::Jpeg => jpeg_is_whole(bytes),
        _ => false,
    }
}

fn is_padding(rest: &[u8]) -> bool {
    rest.iter().all(|byte| *byte == 0)
}

/// Where the chunk `IEND` ends (PNG, section 5.3).
fn png_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let kind = bytes.get(at + 4..at + 8)?;
        let end = at.checked_add(length)?.checked_add(12)?;
        bytes.get(at..end)?;
        if kind == b"IEND" {
            return Some(end);
        }
        at = end;
    }
}

/// Where the trailer ends (GIF89a, section 27).
fn gif_end(bytes: &[u8]) -> Option<usize> {
    let table = |flags: u8| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let mut at = 13 + table(*bytes.get(10)?);
    loop {
        match *bytes.get(at)? {
            0x3b => return Some(at + 1),
            // An extension: its label, then blocks.
            0x21 => at = gif_blocks(bytes, at + 2)?,
            // A picture: its place, a table of colours, the size of its codes, then blocks.
            0x2c => at = gif_blocks(bytes, at + 11 + table(*bytes.get(at + 9)?))?,
            _ => return None,
        }
    }
}

fn gif_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match usize::from(*bytes.get(at)?) {
            0 => return Some(at + 1),
            length => at += length + 1,
        }
    }
}

/// Where the container ends (RIFF).
fn webp_end(bytes: &[u8]) -> Option<usize> {
    let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?) as usize;
    let end = length.checked_add(8)?;
    bytes.get(..end).map(|_| end)
}

/// Whether a JPEG ends with the file, or with what cameras put behind it: further JPEGs (depth and gain maps), a film of
/// the moment (`ftyp`), a trailer of the maker.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    for _ in 0..JPEGS {
        let Some(end) = jpeg_end(rest) else { return false };
        rest = &rest[end..];
        let padding = rest.iter().take_while(|byte| **byte == 0).count();
        if padding == rest.len() {
            return true;
        }
        let film = rest.get(4..8) == Some(b"ftyp") || rest.get(4..8) == Some(b"mpvd");
        if film || rest.ends_with(b"SEFT") {
            return true;
        }
        rest = &rest[padding..];
        if !rest.starts_with(&[0xff, 0xd8]) {
            return false;
        }
    }
    false
}

/// Where the end-of-image marker ends (ITU-T T.81, annex B).
fn jpeg_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        // Fill bytes may stand before any marker.
        while bytes.get(at)? == &0xff && bytes.get(at + 1)? == &0xff {
            at += 1;
        }
        if bytes.get(at)? != &0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        at += 2;
        match marker {
            0xd9 => return Some(at),
            // Markers without a segment.
            0x01 | 0xd0..=0xd8 => continue,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        if length < 2 {
            return None;
        }
        at += length;
        if marker == 0xda {
            // Entropy-coded bytes run until a marker that is neither a stuffed 0xff nor a restart.
            loop {
                let next = bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
                at += next;
                match *bytes.get(at + 1)? {
                    0x00 | 0xd0..=0xd7 => at += 2,
                    0xff => at += 1,
                    _ => break,
                }
            }
        }
    }
}

/// Whether an archive, a document or a page hides in the picture where programs look for one.
fn carries_another(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    let holds = |text: &[u8]| head.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text));
    if [b"%PDF-".as_slice(), b"<!doctype html", b"<html", b"<script", b"<svg"].into_iter().any(holds) {
        return true;
    }
    // An archive is read from its end: the record there, and a directory somewhere before it.
    let tail = bytes.len().saturating_sub(ZIP_TAIL);
    let find = |from: usize, what: &[u8]| bytes[from..].windows(what.len()).any(|window| window == what);
    find(tail, b"PK\x05\x06") && find(0, b"PK\x01\x02")
}

/// The pictures that we read, their types, and the extensions that promise them.
const FORMATS: [(ImageFormat, &str, &[&str]); 4] = [
    (ImageFormat::Png, "image/png", &["png"]),
    (ImageFormat::Jpeg, "image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    (ImageFormat::Gif, "image/gif", &["gif"]),
    (ImageFormat::WebP, "image/webp", &["webp"]),
];
/// How many JPEGs in a row make one photograph; cameras put two or three.
const JPEGS: usize = 8;
/// Where readers of documents and pages look for a beginning.
const HEAD: usize = 1024;
/// Where readers of archives look for the end: a record of 22 bytes and a comment of at most 64 kB.
const ZIP_TAIL: usize = 22 + 65_535;

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, RgbImage};

    use super::*;

    fn picture(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let image = RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8 * 6, y as u8 * 8, 90]));
        DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    const ZIP: &[u8] = b"PK\x03\x04....PK\x01\x02....PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

    #[test]
    fn pictures_are_known_by_their_content() {
        for (format, kind, extensions) in FORMATS {
            let bytes = picture(format);
            for name in [format!("a.{}", extensions[0]), "without".to_owned()] {
                let found = inspect(&bytes, &name).unwrap_or_else(|_| panic!("{kind} {name}"));
                assert_eq!((found.kind.as_str(), found.picture), (kind, Some(format)));
            }
        }
    }

    #[test]
    fn a_picture_that_is_something_else_as_well_is_refused() {
        for (format, kind, _) in FORMATS {
            for more in [ZIP, b"<html><script>alert(1)</script>".as_slice(), b"%PDF-1.7", b"x"] {
                let bytes = [picture(format).as_slice(), more].concat();
                assert_eq!(inspect(&bytes, "a"), Err(Refused), "{kind} with {more:?}");
            }
            let cut = picture(format);
            assert_eq!(inspect(&cut[..cut.len() - 3], "a"), Err(Refused), "{kind} without its end");
        }
        // Inside, in a comment of a JPEG.
        for more in [b"%PDF-1.7".as_slice(), b"<sCript>"] {
            let jpeg = picture(ImageFormat::Jpeg);
            let length = (more.len() as u16 + 2).to_be_bytes();
            let bytes = [&jpeg[..2], &[0xff, 0xfe], &length, more, &jpeg[2..]].concat();
            assert_eq!(inspect(&bytes, "a.jpg"), Err(Refused));
        }
    }

    #[test]
    fn what_cameras_put_behind_a_photograph_is_part_of_it() {
        let jpeg = picture(ImageFormat::Jpeg);
        for more in [jpeg.as_slice(), &[0; 64], b"\0\0\0\x18ftypmp42\0\0\0\0", b"\0\0\x01\x0aimageSEFT"] {
            assert!(inspect(&[jpeg.as_slice(), more].concat(), "a.jpg").is_ok(), "{more:?}");
        }
        let film = [jpeg.as_slice(), b"\0\0\0\x18ftypmp42", ZIP].concat();
        assert_eq!(inspect(&film, "a.jpg"), Err(Refused), "an archive behind the film");
    }

    #[test]
    fn a_name_may_not_promise_another_picture() {
        assert_eq!(inspect(b"MZ program", "holiday.jpg"), Err(Refused));
        assert_eq!(inspect(&picture(ImageFormat::Png), "holiday.jpg"), Err(Refused));
        assert_eq!(inspect(b"<svg onload=alert(1)>", "holiday.PNG"), Err(Refused));
        assert_eq!(inspect(b"plain", "notes.txt").unwrap().kind, "application/octet-stream");
    }

    #[test]
    fn what_a_browser_could_run_is_only_bytes() {
        for text in ["<!DOCTYPE html><script>", "<?xml version=\"1.0\"?><svg/>", "#!/bin/sh\n"] {
            let kind = inspect(text.as_bytes(), "a").unwrap().kind;
            assert!(!kind.contains("html") && !kind.contains("xml"), "{text}: {kind}");
        }
        assert_eq!(inspect(b"%PDF-1.7 ...", "a.pdf").unwrap().kind, "application/pdf");
    }

    #[test]
    fn no_bytes_break_it() {
        for (format, ..) in FORMATS {
            let whole = picture(format);
            for end in 0..whole.len() {
                let _ = inspect(&whole[..end], "a");
            }
            for at in 0..whole.len() {
                let mut bent = whole.clone();
                bent[at] ^= 0xff;
                let _ = inspect(&bent, "a");
            }
        }
    }
}
