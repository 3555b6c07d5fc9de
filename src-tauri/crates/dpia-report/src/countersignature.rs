//! What a field shows once somebody has countersigned: who, when, and the certificate's fingerprint, in the typefaces of
//! the report. It is made of objects of its own, to be added to a document that is closed already.

use crate::SignatureBlock;
use crate::content::signatures::group_fingerprint;
use crate::content::words::format_moment;
use crate::draw;
use crate::error::ReportError;
use crate::finish::drawing::{Drawing, take_drawing};
use crate::layout::compose::Composer;
use crate::layout::tags::Tags;
use crate::layout::{Countersigned, Layout};
use crate::palette::Palette;
use crate::typeface::shape::Shaper;
use dpia_model::Brand;

/// Draws the appearance of a countersignature, as wide and high as the field that a report leaves for it.
///
/// # Errors
/// A brand whose colours cannot be read, or a typeface that is damaged. Letters that no font has stand as boxes.
pub fn draw_countersignature(signature: &SignatureBlock, at: jiff::Timestamp, brand: &Brand) -> Result<Drawing, ReportError> {
    brand.check_contrast()?;
    let mut shaper = Shaper::new()?;
    shaper.begin_report(brand.typeface);
    let mut tags = Tags::new();
    let countersigned = Countersigned {
        name: &signature.name,
        role: &signature.role,
        organisation: &signature.organisation,
        moment: &format_moment(at),
        fingerprint: &group_fingerprint(&signature.fingerprint),
    };
    let zone = Composer::new(&mut shaper, &mut tags, &[]).countersigned(&countersigned);
    let area = zone.area;
    let layout = Layout::of_zone(zone, tags);
    let (document, _) = draw::draw(&layout, &shaper, &Palette::of(brand), &mut draw::Drawn::new())?;
    take_drawing(document, layout.pages.len(), area)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finish::drawing::ObjectPart;

    #[test]
    fn a_countersignature_is_drawn_with_fonts_of_its_own_and_the_same_each_time() {
        let block = crate::tests::signer();
        let draw = || draw_countersignature(&block, crate::tests::sample::at(), &Brand::default()).expect("a drawing");
        let drawing = draw();
        assert_eq!(drawing, draw());
        let text = |object: &[ObjectPart]| {
            let pieces = object.iter().map(|piece| match piece {
                ObjectPart::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                ObjectPart::Reference(at) => format!("[{at}]"),
            });
            pieces.collect::<String>()
        };
        let form = text(&drawing.objects[drawing.form]);
        assert!(form.contains("/Subtype /Form") && form.contains("/BBox ["), "{form}");
        let fonts = drawing.objects.iter().filter(|object| text(object).contains("/FontFile2")).count();
        assert!(fonts >= 2, "{fonts} fonts");
        for object in &drawing.objects {
            for piece in object {
                assert!(!matches!(piece, ObjectPart::Reference(at) if *at >= drawing.objects.len()));
            }
        }
    }
}
