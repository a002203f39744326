//! Small pictures of pictures, made anew from their pixels: nothing of what was sent is in them but what can be seen.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits,
    codecs::jpeg::JpegEncoder,
    error::{LimitError, LimitErrorKind},
};

use super::Refused;

/// A preview.
pub struct Preview {
    /// PNG where something shows through, else JPEG.
    pub bytes: Vec<u8>,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

/// Makes the preview of a picture; `None` when it is larger than we decode, or of a kind that we do not.
///
/// # Errors
/// When it is broken.
pub fn make(bytes: &[u8], format: ImageFormat) -> Result<Option<Preview>, Refused> {
    match decode(bytes, format) {
        Ok(picture) => Ok(encode(&picture)),
        Err(ImageError::Limits(_) | ImageError::Unsupported(_)) => Ok(None),
        Err(_) => Err(Refused),
    }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    if decoder.total_bytes() > MEMORY {
        return Err(ImageError::Limits(LimitError::from_kind(LimitErrorKind::InsufficientMemory)));
    }
    // Photographs taken with the telephone upright lie on their side in the file.
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if picture.width() > LARGEST || picture.height() > LARGEST {
        picture = picture.thumbnail(LARGEST, LARGEST);
    }
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn encode(picture: &DynamicImage) -> Option<Preview> {
    let size = (picture.width(), picture.height());
    let mut bytes = Cursor::new(Vec::new());
    let written = if picture.color().has_alpha() {
        picture.to_rgba8().write_to(&mut bytes, ImageFormat::Png)
    } else {
        picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))
    };
    written.ok().map(|()| Preview { bytes: bytes.into_inner(), size })
}

/// The longer side of a preview: as wide as the chat panel on a screen of two pixels per point.
const LARGEST: u32 = 640;
/// The longest side that is decoded at all.
const SIDE: u32 = 16_384;
/// The most memory that decoding may take; a photograph of 60 megapixels needs 180 MB.
const MEMORY: u64 = 256 * 1024 * 1024;
/// Of JPEG previews: below it, text in screenshots frays.
const QUALITY: u8 = 82;

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_large_picture_becomes_small_and_keeps_its_shape() {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(2000, 1000, Rgb([1, 2, 3])));
        let preview = make(&png(&picture), ImageFormat::Png).unwrap().unwrap();
        assert_eq!(preview.size, (640, 320));
        assert!(preview.bytes.starts_with(&[0xff, 0xd8, 0xff]));
        let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(20, 10, Rgba([1, 2, 3, 4])));
        let preview = make(&png(&clear), ImageFormat::Png).unwrap().unwrap();
        assert_eq!(preview.size, (20, 10));
        assert!(preview.bytes.starts_with(b"\x89PNG"));
    }

    #[test]
    fn a_bomb_is_not_decoded() {
        // Says that it is 60,000 pixels wide and high; the check sum of its head is right.
        let mut bomb = png(&DynamicImage::ImageRgb8(RgbImage::new(1, 1)));
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let mut crc = flate2::Crc::new();
        crc.update(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        assert!(make(&bomb, ImageFormat::Png).unwrap().is_none());
    }

    #[test]
    fn a_broken_picture_is_refused() {
        let mut bent = png(&DynamicImage::ImageRgb8(RgbImage::from_pixel(50, 50, Rgb([9, 9, 9]))));
        let middle = bent.len() / 2;
        bent[middle] ^= 0xff;
        assert!(make(&bent, ImageFormat::Png).is_err());
    }
}
