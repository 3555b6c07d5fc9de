use super::*;
use image::{Rgb, RgbImage};

/// Two by one pixels enlarged: left red, right blue.
fn red_and_blue() -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(32, 16, |x, _| if x < 16 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) }))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// An Exif segment that says how the picture is to be turned, and a name.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    tiff.extend_from_slice(b"SecretPlace");
    tiff
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = !0u32;
    for byte in kind.iter().chain(content) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], kind, content, &(!crc).to_be_bytes()].concat()
}

/// A JPEG with these segments put in after its start.
fn jpeg_with(segments: &[Vec<u8>]) -> Vec<u8> {
    let jpeg = encoded(&red_and_blue(), ImageFormat::Jpeg);
    [&jpeg[..2], &segments.concat(), &jpeg[2..]].concat()
}

#[test]
fn what_a_jpeg_says_besides_its_pixels_is_taken_out() {
    let plain = encoded(&red_and_blue(), ImageFormat::Jpeg);
    let secret = b"SecretPlace";
    let said = [
        segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(1)].concat()),
        segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0SecretPlace"),
        segment(0xe2, b"MPF\0SecretPlace"),
        segment(0xed, b"Photoshop 3.0\0SecretPlace"),
        segment(0xfe, secret),
    ];
    let picture = Picture::take(&[jpeg_with(&said), b"SecretPlace after the end".to_vec()].concat()).unwrap();
    assert!(!holds(picture.bytes(), secret));
    assert_eq!(picture.bytes(), Picture::take(&plain).unwrap().bytes());
    let (_, kept, _, _) = decode(picture.bytes()).unwrap();
    assert_eq!(kept, decode(&plain).unwrap().1);
    assert_eq!(picture.id(), Digest::of(picture.bytes()));
    let known = picture.attachment();
    assert_eq!((known.media_type, known.width, known.height), (MediaType::Jpeg, 32, 16));
    assert_eq!(known.bytes as usize, picture.bytes().len());
    // A colour profile says how the pixels look: it stays.
    let profile = segment(0xe2, b"ICC_PROFILE\0\x01\x01profile");
    assert!(holds(Picture::take(&jpeg_with(&[profile])).unwrap().bytes(), b"ICC_PROFILE"));
}

#[test]
fn what_a_png_says_besides_its_pixels_is_taken_out() {
    let plain = encoded(&red_and_blue(), ImageFormat::Png);
    // After the signature and IHDR.
    let (head, tail) = plain.split_at(33);
    let said = [
        chunk(b"tEXt", b"Author\0SecretPlace"),
        chunk(b"zTXt", b"Author\0\0SecretPlace"),
        chunk(b"iTXt", b"Author\0\0\0\0\0SecretPlace"),
        chunk(b"tIME", b"\x07\xe8\x01\x01\0\0\0"),
        chunk(b"eXIf", &exif(1)),
        chunk(b"prVt", b"SecretPlace"),
        chunk(b"pHYs", b"\0\0\x0b\x13\0\0\x0b\x13\x01"),
    ];
    let picture = Picture::take(&[head, &said.concat(), tail, b"SecretPlace"].concat()).unwrap();
    assert!(!holds(picture.bytes(), b"SecretPlace") && !holds(picture.bytes(), b"tIME") && !holds(picture.bytes(), b"eXIf"));
    assert!(holds(picture.bytes(), b"pHYs"));
    assert_eq!(decode(picture.bytes()).unwrap().1, red_and_blue());
    assert_eq!(Picture::take(&plain).unwrap().bytes(), plain);
    assert_eq!(Picture::keep(plain.clone()).unwrap(), Picture::take(&plain).unwrap());
}

#[test]
fn a_picture_that_was_to_be_turned_is_turned() {
    let check = |bytes: &[u8], expected: (u32, u32), top_left: [u8; 3]| {
        let picture = Picture::take(bytes).unwrap();
        let known = picture.attachment();
        assert_eq!((known.width, known.height), expected);
        assert!(!holds(picture.bytes(), b"SecretPlace") && !holds(picture.bytes(), b"Exif") && !holds(picture.bytes(), b"eXIf"));
        let Rgb(pixel) = decode(picture.bytes()).unwrap().1.to_rgb8()[(2, 2)];
        assert!(pixel.iter().zip(top_left).all(|(a, b)| a.abs_diff(b) < 24), "{pixel:?}");
    };
    let turned = |orientation: u8| jpeg_with(&[segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(orientation)].concat())]);
    check(&turned(1), (32, 16), [250, 0, 0]);
    check(&turned(3), (32, 16), [0, 0, 250]);
    // A quarter to the right: what was left is on top.
    check(&turned(6), (16, 32), [250, 0, 0]);
    check(&turned(8), (16, 32), [0, 0, 250]);
    let plain = encoded(&red_and_blue(), ImageFormat::Png);
    let png = [&plain[..33], &chunk(b"eXIf", &exif(8)), &plain[33..]].concat();
    check(&png, (16, 32), [0, 0, 250]);
}

#[test]
fn what_is_no_picture_or_too_large_is_refused() {
    let check = |bytes: &[u8], expected: &str| {
        let refused = Picture::take(bytes).unwrap_err().to_string();
        assert!(refused.starts_with(expected), "{refused}");
    };
    check(b"GIF89a", "this is neither a PNG nor a JPEG picture");
    check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "this is neither a PNG nor a JPEG picture");
    check(b"", "this is neither a PNG nor a JPEG picture");
    check(&vec![0; MOST_BYTES + 1], "the picture has 10485761 bytes; the limit is 10485760");
    // A bomb: few bytes that say they are many pixels.
    let ihdr = chunk(b"IHDR", &[&40_000u32.to_be_bytes()[..], &40_000u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat());
    let bomb = [b"\x89PNG\r\n\x1a\n".as_slice(), &ihdr, &chunk(b"IDAT", b""), &chunk(b"IEND", b"")].concat();
    check(&bomb, "the picture is 40000 by 40000 pixels; the limit is 40000000 pixels");
    let png = encoded(&red_and_blue(), ImageFormat::Png);
    check(&png[..png.len() / 2], "the picture");
    let jpeg = encoded(&red_and_blue(), ImageFormat::Jpeg);
    check(&jpeg[..jpeg.len() - 2], "the picture");
}

#[test]
fn damaged_pictures_never_panic() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let bytes = encoded(&red_and_blue(), format);
        for at in (0..bytes.len()).step_by(3) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0xff;
            for bytes in [&bytes[..at], &flipped] {
                if let Ok(picture) = Picture::take(bytes) {
                    assert!(Picture::keep(picture.into_bytes()).is_ok());
                }
            }
        }
    }
}

#[test]
fn a_picture_in_four_inks_is_taken() {
    let picture = Picture::take(include_bytes!("../../tests/fixtures/cmyk.jpg")).unwrap();
    assert_eq!((picture.attachment().width, picture.attachment().height), (16, 8));
    // Its inks are left to the printer.
    let frame = picture.bytes().windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    assert_eq!(picture.bytes()[frame + 9], 4);
}
