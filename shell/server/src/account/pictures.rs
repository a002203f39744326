//! Pictures of people and the logo: decoded within limits, made small, kept as files of ours (R11).
//!
//! What is served was encoded here, so nothing of the file that somebody sent reaches a browser: no second meaning of its
//! bytes, no place and time at which a photograph was taken.

use std::{io::Cursor, sync::Arc};

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
    imageops::FilterType,
    metadata::Orientation,
};
use proto::Refusal;

use tokio::sync::Semaphore;

use super::pool::Pool;
use crate::{
    folder::{Folder, FolderError},
    http::Fault,
    random,
};

/// The folders of both, and the threads that work on them.
#[derive(Debug)]
pub struct Pictures {
    avatars: Arc<Folder>,
    branding: Arc<Folder>,
    pool: Pool,
    /// Pictures being made; see [`AT_A_TIME`].
    making: Semaphore,
}

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody's face: a square.
    Avatar,
    /// The server's logo: whatever shape it has.
    Logo,
}

impl Pictures {
    /// With both folders inside `folder`.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn open(folder: &Folder, pool: Pool) -> Result<Self, FolderError> {
        let inside = |name: &str| Folder::open(&folder.path().join(name)).map(Arc::new);
        Ok(Self { avatars: inside("avatars")?, branding: inside("branding")?, pool, making: Semaphore::new(AT_A_TIME) })
    }

    /// Takes what somebody sent, keeps what is made of it, and gives back its version: a name never used before.
    ///
    /// # Errors
    /// When it is no picture, is too large, or cannot be kept.
    pub async fn keep(&self, kind: Kind, bytes: impl AsRef<[u8]> + Send + 'static) -> Result<String, Fault> {
        let folder = self.folder(kind);
        let work = move || {
            let (ending, made) = make(kind, bytes.as_ref())?;
            let version = format!("{}.{ending}", random::text::<16>());
            folder.write(&version, &made).map_err(failed)?;
            Ok(version)
        };
        // Never closed, so there is always a permit in the end.
        let _making = self.making.acquire().await.map_err(failed)?;
        self.pool.run(work).await?
    }

    /// The bytes of a version; `None` when its file is gone.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub async fn read(&self, kind: Kind, version: &str) -> Result<Option<Vec<u8>>, Fault> {
        let (folder, version) = (self.folder(kind), version.to_owned());
        let read = tokio::task::spawn_blocking(move || folder.read_bytes(&version)).await;
        read.map_err(|_| Fault::Internal)?.map_err(failed)
    }

    /// Removes a version that nobody is shown any more.
    pub async fn forget(&self, kind: Kind, version: &str) {
        let (folder, version) = (self.folder(kind), version.to_owned());
        // Left behind, it takes a few kilobytes and is never served.
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || folder.remove(&version)).await {
            tracing::warn!(%error, "an old picture could not be removed");
        }
    }

    fn folder(&self, kind: Kind) -> Arc<Folder> {
        match kind {
            Kind::Avatar => self.avatars.clone(),
            Kind::Logo => self.branding.clone(),
        }
    }
}

/// The content type of a version.
pub fn content_type(version: &str) -> &'static str {
    match version.rsplit_once('.') {
        Some((_, "jpg")) => "image/jpeg",
        Some((_, "webp")) => "image/webp",
        _ => "image/png",
    }
}

/// The ending and the bytes of what we keep.
fn make(kind: Kind, bytes: &[u8]) -> Result<(&'static str, Vec<u8>), Fault> {
    let (picture, orientation) = decode(bytes).ok_or(Refusal::BadFile)?;
    let mut made = Vec::new();
    let (ending, encoded) = match kind {
        Kind::Logo => {
            let small = picture.width() <= LOGO && picture.height() <= LOGO;
            let mut picture = if small { picture } else { picture.resize(LOGO, LOGO, FilterType::Triangle) };
            picture.apply_orientation(orientation);
            let picture = picture.into_rgba8();
            let (width, height) = picture.dimensions();
            ("png", PngEncoder::new(&mut made).write_image(&picture, width, height, ExtendedColorType::Rgba8))
        }
        Kind::Avatar => {
            let mut picture = picture.resize_to_fill(AVATAR, AVATAR, FilterType::Triangle);
            picture.apply_orientation(orientation);
            let clear = picture.color().has_alpha().then(|| picture.to_rgba8());
            match clear.filter(|rgba| rgba.pixels().any(|pixel| pixel.0[3] < u8::MAX)) {
                Some(rgba) => {
                    let encoder = WebPEncoder::new_lossless(&mut made);
                    ("webp", encoder.write_image(&rgba, AVATAR, AVATAR, ExtendedColorType::Rgba8))
                }
                None => {
                    let encoder = JpegEncoder::new_with_quality(&mut made, QUALITY);
                    ("jpg", encoder.write_image(&picture.to_rgb8(), AVATAR, AVATAR, ExtendedColorType::Rgb8))
                }
            }
        }
    };
    encoded.map_err(failed)?;
    Ok((ending, made))
}

/// The picture, and how it is to be turned: once it is small, since turning takes a copy.
fn decode(bytes: &[u8]) -> Option<(DynamicImage, Orientation)> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    // What it is counts, not what it is called.
    if !matches!(reader.format()?, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return None;
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS {
        return None;
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Some((DynamicImage::from_decoder(decoder).ok()?, orientation))
}

fn failed(error: impl std::fmt::Display) -> Fault {
    tracing::error!(%error, "a picture could not be kept or read");
    Fault::Internal
}

/// The largest picture that anybody may send: a photograph of today's telephones.
pub const SENT: usize = 5 * 1024 * 1024;
/// The side of an avatar: sharp on the largest oval we draw, on a screen with two pixels for each.
const AVATAR: u32 = 256;
/// The longer side of a logo, drawn at most a quarter as large.
const LOGO: u32 = 512;
/// No difference can be seen at this size.
const QUALITY: u8 = 85;
/// The longest side that is decoded.
const SIDE: u32 = 12_000;
/// The most pixels: cameras make 50 million. A few bytes of a file can claim any number.
const PIXELS: u64 = 50_000_000;
/// What one picture may take in memory while it is decoded: [`PIXELS`] with four bytes each, and some to work with.
const MEMORY: u64 = 256 * 1024 * 1024;

/// Pictures made at a time, however many cores there are: each may take [`MEMORY`]. Others wait.
const AT_A_TIME: usize = 1;

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn file(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn opaque(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 7])).into()
    }

    #[test]
    fn faces_become_squares() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let (ending, made) = make(Kind::Avatar, &file(opaque(400, 300), format)).unwrap();
            assert_eq!(ending, "jpg");
            let made = image::load_from_memory(&made).unwrap();
            assert_eq!((made.width(), made.height()), (AVATAR, AVATAR));
        }
        let clear = RgbaImage::from_pixel(10, 10, Rgba([1, 2, 3, 0])).into();
        let (ending, made) = make(Kind::Avatar, &file(clear, ImageFormat::Png)).unwrap();
        assert_eq!(ending, "webp");
        assert_eq!(image::load_from_memory(&made).unwrap().to_rgba8().get_pixel(5, 5).0[3], 0);
    }

    #[test]
    fn logos_keep_their_shape() {
        let (ending, made) = make(Kind::Logo, &file(opaque(1024, 256), ImageFormat::Jpeg)).unwrap();
        assert_eq!(ending, "png");
        let made = image::load_from_memory(&made).unwrap();
        assert_eq!((made.width(), made.height()), (LOGO, 128));
    }

    #[test]
    fn what_was_taken_with_the_camera_on_its_side_stands_upright() {
        // Exif with one entry: turn by 90 degrees.
        let exif = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        for side in [100, 2_000] {
            let mut sent = Vec::new();
            let mut encoder = JpegEncoder::new(&mut sent);
            encoder.set_exif_metadata(exif.clone()).unwrap();
            encoder.write_image(&opaque(side, side / 2).into_rgb8(), side, side / 2, ExtendedColorType::Rgb8).unwrap();
            let (_, made) = make(Kind::Logo, &sent).unwrap();
            let made = image::load_from_memory(&made).unwrap();
            let long = side.min(LOGO);
            assert_eq!((made.width(), made.height()), (long / 2, long));
        }
    }

    #[test]
    fn nothing_of_the_sent_file_is_kept() {
        let mut sent = file(opaque(64, 64), ImageFormat::Png);
        sent.extend_from_slice(b"<script>alert(1)</script>");
        let (_, made) = make(Kind::Avatar, &sent).unwrap();
        assert!(!made.windows(8).any(|window| window == b"<script>"));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let refused = Err(Refusal::BadFile.into());
        for bytes in [&b""[..], b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", b"<svg/>", b"\x89PNG\r\n\x1a\nnot really"] {
            assert_eq!(make(Kind::Avatar, bytes), refused);
        }
        // Few bytes that claim to be many pixels.
        let bomb = file(RgbImage::new(11_000, 11_000).into(), ImageFormat::Png);
        assert!(bomb.len() < SENT);
        assert_eq!(make(Kind::Avatar, &bomb), refused);
    }
}
