//! What the file says of itself: XMP for PDF/A-3a and PDF/UA-1, the same in the information dictionary, the language
//! and the colour space.

use super::Facts;
use super::objects::{ascii, date, name, text};
use lopdf::{Document, Object, Stream, dictionary};
use sha2::{Digest as _, Sha256};

/// The language of the form.
const LANGUAGE: &str = "en-GB";
/// sRGB, 736 bytes; Compact ICC Profiles by Clinton Ingram, CC0.
const SRGB: &[u8] = include_bytes!("../../colour/sRGB-v2-magic.icc");
/// The name of our own properties' schema.
const OWN_SCHEMA: &str = "urn:dpia-editor:xmp:1";

/// Adds XMP, information dictionary, language, output intent.
pub(crate) fn add_metadata(document: &mut Document, facts: &Facts<'_>) -> Result<(), lopdf::Error> {
    let producer = format!("DPIA Editor {}", facts.app_version);
    let stream = Stream::new(dictionary! { "Type" => name("Metadata"), "Subtype" => name("XML") }, xmp(facts, &producer).into_bytes());
    let metadata = document.add_object(stream.with_compression(false));
    let profile = document.add_object(Stream::new(dictionary! { "N" => 3 }, SRGB.to_vec()));
    let info = document.trailer.get(b"Info")?.as_reference()?;
    document.set_object(
        info,
        dictionary! {
            "Title" => text(facts.title),
            "Author" => text(facts.author),
            "Subject" => text(facts.subject),
            "Creator" => text(&producer),
            "Producer" => text(&producer),
            "CreationDate" => date(facts.at),
            "ModDate" => date(facts.at),
        },
    );
    let intent = dictionary! {
        "Type" => name("OutputIntent"),
        "S" => name("GTS_PDFA1"),
        "OutputConditionIdentifier" => ascii("sRGB IEC61966-2.1"),
        "Info" => ascii("sRGB IEC61966-2.1"),
        "DestOutputProfile" => profile,
    };
    let catalog = document.catalog_mut()?;
    catalog.set("Metadata", metadata);
    catalog.set("Lang", ascii(LANGUAGE));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalog.set("OutputIntents", vec![Object::Dictionary(intent)]);
    Ok(())
}

fn xmp(facts: &Facts<'_>, producer: &str) -> String {
    let moment = facts.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let (title, author, subject, producer) = (escape(facts.title), escape(facts.author), escape(facts.subject), escape(producer));
    let own = own_properties(facts);
    let own_schema = own_schema();
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:dpia="{OWN_SCHEMA}" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
{own}<pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li>
{own_schema}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{FEFF}',
    )
}

/// The version of the program, and the hash of the embedded file, so that another file put in its place is noticed.
fn own_properties(facts: &Facts<'_>) -> String {
    let mut properties = format!("<dpia:appVersion>{}</dpia:appVersion>\n", escape(facts.app_version));
    if let Some(file) = &facts.embedded {
        let hash: String = Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        properties.push_str(&format!("<dpia:attachmentSha256>{hash}</dpia:attachmentSha256>\n"));
    }
    properties
}

fn own_schema() -> String {
    let property = |name: &str, description: &str| {
        format!(
            r#"<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"#
        )
    };
    format!(
        r#"<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>DPIA Editor</pdfaSchema:schema><pdfaSchema:namespaceURI>{OWN_SCHEMA}</pdfaSchema:namespaceURI><pdfaSchema:prefix>dpia</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>{}{}</rdf:Seq></pdfaSchema:property></rdf:li>
"#,
        property("appVersion", "Version of the program that made the file"),
        property("attachmentSha256", "SHA-256 of the embedded assessment"),
    )
}

/// Text in XML; characters that XML cannot hold are left out.
fn escape(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            _ => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_break_out_of_its_element() {
        assert_eq!(escape("A & B <c>\u{0}"), "A &amp; B &lt;c&gt;");
    }
}
