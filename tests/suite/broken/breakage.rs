//! Ways to break a report, each one thing: made on its objects, so that nothing else of the file changes.

use anyhow::{Context, Result, ensure};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};

/// A way to break a report.
pub(super) type Break = fn(&mut Document) -> Result<()>;

fn name(text: &str) -> Object {
    Object::Name(text.as_bytes().to_vec())
}

fn literal(text: &str) -> Object {
    Object::String(text.as_bytes().to_vec(), StringFormat::Literal)
}

/// The first object whose dictionary is such; a stream's dictionary counts.
fn find(document: &Document, is_such: impl Fn(&Dictionary) -> bool) -> Result<ObjectId> {
    let dictionary = |object: &Object| -> bool {
        match object {
            Object::Stream(stream) => is_such(&stream.dict),
            object => object.as_dict().is_ok_and(&is_such),
        }
    };
    document.objects.iter().find(|(_, object)| dictionary(object)).map(|(id, _)| *id).context("the report has no such object")
}

fn has_name(dictionary: &Dictionary, key: &str, value: &str) -> bool {
    dictionary.get(key.as_bytes()).and_then(Object::as_name).is_ok_and(|name| name == value.as_bytes())
}

/// The dictionary of an object, or of a stream.
fn dictionary_of(document: &mut Document, id: ObjectId) -> Result<&mut Dictionary> {
    Ok(match document.get_object_mut(id)? {
        Object::Stream(stream) => &mut stream.dict,
        object => object.as_dict_mut()?,
    })
}

/// The first structure element of a type.
fn element<'a>(document: &'a mut Document, role: &str) -> Result<&'a mut Dictionary> {
    let id = find(document, |dictionary| has_name(dictionary, "Type", "StructElem") && has_name(dictionary, "S", role))?;
    dictionary_of(document, id)
}

/// The first annotation of a subtype.
fn annotation<'a>(document: &'a mut Document, subtype: &str) -> Result<&'a mut Dictionary> {
    let id = find(document, |dictionary| has_name(dictionary, "Type", "Annot") && has_name(dictionary, "Subtype", subtype))?;
    dictionary_of(document, id)
}

fn typed<'a>(document: &'a mut Document, kind: &str) -> Result<&'a mut Dictionary> {
    let id = find(document, |dictionary| has_name(dictionary, "Type", kind))?;
    dictionary_of(document, id)
}

/// Takes an entry out that has to be there.
fn take(dictionary: &mut Dictionary, key: &str) -> Result<Object> {
    dictionary.remove(key.as_bytes()).with_context(|| format!("there is no {key}"))
}

fn catalog_without(document: &mut Document, key: &str) -> Result<()> {
    take(document.catalog_mut()?, key).map(drop)
}

/// A page of the middle, where words stand.
fn inner_page(document: &Document) -> Result<ObjectId> {
    document.get_pages().get(&5).copied().context("the report has five pages")
}

/// Changes the operations of a page.
fn draw_again(document: &mut Document, change: impl FnOnce(&mut Vec<Operation>) -> Result<()>) -> Result<()> {
    let page = inner_page(document)?;
    let mut content = Content::decode(&document.get_page_content(page))?;
    change(&mut content.operations)?;
    Ok(document.change_page_content(page, content.encode()?)?)
}

fn replace_in_metadata(document: &mut Document, from: &str, to: &str) -> Result<()> {
    let id = document.catalog()?.get(b"Metadata")?.as_reference()?;
    let stream = document.get_object_mut(id)?.as_stream_mut()?;
    let text = String::from_utf8(stream.content.clone())?;
    ensure!(text.contains(from), "the metadata has no {from}");
    stream.set_plain_content(text.replacen(from, to, 1).into_bytes());
    Ok(())
}

/// Takes an element of the metadata out, with all that it holds.
fn cut_from_metadata(document: &mut Document, tag: &str) -> Result<()> {
    let id = document.catalog()?.get(b"Metadata")?.as_reference()?;
    let text = String::from_utf8(document.get_object(id)?.as_stream()?.content.clone())?;
    let start = text.find(&format!("<{tag}>")).with_context(|| format!("the metadata has no {tag}"))?;
    let end = text.find(&format!("</{tag}>")).context("its end")? + tag.len() + 3;
    replace_in_metadata(document, &text[start..end], "")
}

pub(super) fn nothing(_: &mut Document) -> Result<()> {
    Ok(())
}

pub(super) fn language_gone(document: &mut Document) -> Result<()> {
    catalog_without(document, "Lang")
}

pub(super) fn language_in_words(document: &mut Document) -> Result<()> {
    document.catalog_mut()?.set("Lang", literal("British English"));
    Ok(())
}

pub(super) fn mark_info_gone(document: &mut Document) -> Result<()> {
    catalog_without(document, "MarkInfo")
}

pub(super) fn suspects(document: &mut Document) -> Result<()> {
    document.catalog_mut()?.set("MarkInfo", dictionary! { "Marked" => true, "Suspects" => true });
    Ok(())
}

pub(super) fn structure_gone(document: &mut Document) -> Result<()> {
    catalog_without(document, "StructTreeRoot")
}

pub(super) fn title_bar_shows_file_name(document: &mut Document) -> Result<()> {
    document.catalog_mut()?.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => false });
    Ok(())
}

pub(super) fn output_intent_gone(document: &mut Document) -> Result<()> {
    catalog_without(document, "OutputIntents")
}

pub(super) fn script_at_opening(document: &mut Document) -> Result<()> {
    document.catalog_mut()?.set("OpenAction", dictionary! { "S" => name("JavaScript"), "JS" => literal("app.alert(1)") });
    Ok(())
}

pub(super) fn identifier_gone(document: &mut Document) -> Result<()> {
    take(&mut document.trailer, "ID").map(drop)
}

pub(super) fn role_unmapped(document: &mut Document) -> Result<()> {
    element(document, "P")?.set("S", name("Passage"));
    Ok(())
}

pub(super) fn role_mapped_to_nothing_standard(document: &mut Document) -> Result<()> {
    role_unmapped(document)?;
    typed(document, "StructTreeRoot")?.set("RoleMap", dictionary! { "Passage" => name("Wording") });
    Ok(())
}

pub(super) fn role_mapped_in_a_circle(document: &mut Document) -> Result<()> {
    role_unmapped(document)?;
    typed(document, "StructTreeRoot")?.set("RoleMap", dictionary! { "Passage" => name("Wording"), "Wording" => name("Passage") });
    Ok(())
}

pub(super) fn standard_role_remapped(document: &mut Document) -> Result<()> {
    typed(document, "StructTreeRoot")?.set("RoleMap", dictionary! { "P" => name("Span") });
    Ok(())
}

pub(super) fn element_without_parent(document: &mut Document) -> Result<()> {
    take(element(document, "P")?, "P").map(drop)
}

pub(super) fn heads_without_scope(document: &mut Document) -> Result<()> {
    for object in document.objects.values_mut() {
        if let Ok(element) = object.as_dict_mut()
            && has_name(element, "S", "TH")
        {
            take(element, "A")?;
        }
    }
    Ok(())
}

pub(super) fn row_with_a_cell_less(document: &mut Document) -> Result<()> {
    let id = find(document, |dictionary| {
        has_name(dictionary, "S", "TR") && dictionary.get(b"K").and_then(Object::as_array).is_ok_and(|kids| kids.len() > 1)
    })?;
    document.get_dictionary_mut(id)?.get_mut(b"K")?.as_array_mut()?.pop().context("a cell").map(drop)
}

pub(super) fn row_outside_of_a_table(document: &mut Document) -> Result<()> {
    element(document, "Table")?.set("S", name("Sect"));
    Ok(())
}

pub(super) fn item_outside_of_a_list(document: &mut Document) -> Result<()> {
    element(document, "L")?.set("S", name("Sect"));
    Ok(())
}

pub(super) fn words_in_an_item_itself(document: &mut Document) -> Result<()> {
    element(document, "LBody")?.set("S", name("P"));
    Ok(())
}

pub(super) fn line_of_contents_outside_of_contents(document: &mut Document) -> Result<()> {
    element(document, "TOC")?.set("S", name("Sect"));
    Ok(())
}

pub(super) fn heading_skipped(document: &mut Document) -> Result<()> {
    element(document, "H2")?.set("S", name("H4"));
    Ok(())
}

pub(super) fn heading_without_rank(document: &mut Document) -> Result<()> {
    element(document, "H2")?.set("S", name("H"));
    Ok(())
}

pub(super) fn figure_without_words(document: &mut Document) -> Result<()> {
    take(element(document, "Figure")?, "Alt").map(drop)
}

pub(super) fn unmarked_words(document: &mut Document) -> Result<()> {
    draw_again(document, |operations| {
        let begin = operations.iter().position(|operation| operation.operator == "BDC").context("marked content")?;
        let end = operations[begin..].iter().position(|operation| operation.operator == "EMC").context("its end")?;
        operations.remove(begin + end);
        operations.remove(begin);
        Ok(())
    })
}

pub(super) fn words_inside_an_artefact(document: &mut Document) -> Result<()> {
    draw_again(document, |operations| {
        let begin = operations
            .iter()
            .position(|operation| {
                operation.operator == "BDC"
                    && operation.operands.get(1).is_some_and(|operand| operand.as_dict().is_ok_and(|properties| properties.has(b"MCID")))
            })
            .context("marked content")?;
        let end = operations[begin..].iter().position(|operation| operation.operator == "EMC").context("its end")?;
        operations.insert(begin + end, Operation::new("EMC", Vec::new()));
        operations.insert(begin, Operation::new("BMC", vec![name("Artifact")]));
        Ok(())
    })
}

pub(super) fn artefact_inside_words(document: &mut Document) -> Result<()> {
    draw_again(document, |operations| {
        let begin = operations
            .iter()
            .position(|operation| {
                operation.operator == "BDC"
                    && operation.operands.get(1).is_some_and(|operand| operand.as_dict().is_ok_and(|properties| properties.has(b"MCID")))
            })
            .context("marked content")?;
        let end = operations[begin..].iter().position(|operation| operation.operator == "EMC").context("its end")?;
        operations.insert(begin + end, Operation::new("EMC", Vec::new()));
        operations.insert(begin + 1, Operation::new("BMC", vec![name("Artifact")]));
        Ok(())
    })
}

pub(super) fn letters_that_the_font_lacks(document: &mut Document) -> Result<()> {
    draw_again(document, |operations| {
        let shown = operations.iter_mut().find(|operation| matches!(operation.operator.as_str(), "TJ" | "Tj")).context("words")?;
        *shown = Operation::new("Tj", vec![Object::String(vec![0, 0], StringFormat::Hexadecimal)]);
        Ok(())
    })
}

pub(super) fn page_without_a_way_to_its_elements(document: &mut Document) -> Result<()> {
    let page = inner_page(document)?;
    take(document.get_dictionary_mut(page)?, "StructParents").map(drop)
}

pub(super) fn order_of_tabs_unknown(document: &mut Document) -> Result<()> {
    for page in document.get_pages().into_values() {
        take(document.get_dictionary_mut(page)?, "Tabs")?;
    }
    Ok(())
}

pub(super) fn font_not_embedded(document: &mut Document) -> Result<()> {
    let descriptor = typed(document, "FontDescriptor")?;
    let removed = [&b"FontFile2"[..], b"FontFile3"].into_iter().filter_map(|key| descriptor.remove(key)).count();
    ensure!(removed == 1, "a font program");
    Ok(())
}

pub(super) fn font_without_unicode(document: &mut Document) -> Result<()> {
    let id = find(document, |dictionary| has_name(dictionary, "Subtype", "Type0"))?;
    take(document.get_dictionary_mut(id)?, "ToUnicode").map(drop)
}

/// The first composite font's own font, which is inside it.
fn descendant(document: &mut Document) -> Result<&mut Dictionary> {
    let id = find(document, |dictionary| has_name(dictionary, "Subtype", "Type0"))?;
    let fonts = document.get_dictionary_mut(id)?.get_mut(b"DescendantFonts")?.as_array_mut()?;
    Ok(fonts.first_mut().context("a font inside")?.as_dict_mut()?)
}

pub(super) fn font_with_wrong_widths(document: &mut Document) -> Result<()> {
    let font = descendant(document)?;
    take(font, "W")?;
    font.set("DW", 123);
    Ok(())
}

pub(super) fn font_without_a_map_of_glyphs(document: &mut Document) -> Result<()> {
    take(descendant(document)?, "CIDToGIDMap").map(drop)
}

pub(super) fn link_without_words(document: &mut Document) -> Result<()> {
    take(annotation(document, "Link")?, "Contents").map(drop)
}

pub(super) fn link_outside_of_the_structure(document: &mut Document) -> Result<()> {
    take(annotation(document, "Link")?, "StructParent").map(drop)
}

pub(super) fn link_that_is_not_printed(document: &mut Document) -> Result<()> {
    annotation(document, "Link")?.set("F", 0);
    Ok(())
}

pub(super) fn link_that_runs_a_script(document: &mut Document) -> Result<()> {
    let link = annotation(document, "Link")?;
    link.remove(b"Dest");
    link.set("A", dictionary! { "S" => name("JavaScript"), "JS" => literal("app.alert(1)") });
    Ok(())
}

pub(super) fn picture_smoothed(document: &mut Document) -> Result<()> {
    let id = find(document, |dictionary| has_name(dictionary, "Subtype", "Image"))?;
    dictionary_of(document, id)?.set("Interpolate", true);
    Ok(())
}

pub(super) fn picture_in_cmyk(document: &mut Document) -> Result<()> {
    let id = find(document, |dictionary| has_name(dictionary, "Subtype", "Image") && has_name(dictionary, "ColorSpace", "DeviceRGB"))?;
    dictionary_of(document, id)?.set("ColorSpace", name("DeviceCMYK"));
    Ok(())
}

pub(super) fn file_of_no_known_relation(document: &mut Document) -> Result<()> {
    take(typed(document, "Filespec")?, "AFRelationship").map(drop)
}

pub(super) fn file_without_a_unicode_name(document: &mut Document) -> Result<()> {
    take(typed(document, "Filespec")?, "UF").map(drop)
}

pub(super) fn file_that_belongs_to_nothing(document: &mut Document) -> Result<()> {
    catalog_without(document, "AF")
}

pub(super) fn file_without_a_media_type(document: &mut Document) -> Result<()> {
    take(typed(document, "EmbeddedFile")?, "Subtype").map(drop)
}

pub(super) fn metadata_gone(document: &mut Document) -> Result<()> {
    catalog_without(document, "Metadata")
}

pub(super) fn metadata_without_title(document: &mut Document) -> Result<()> {
    cut_from_metadata(document, "dc:title")
}

pub(super) fn metadata_without_pdfua(document: &mut Document) -> Result<()> {
    cut_from_metadata(document, "pdfuaid:part")
}

pub(super) fn metadata_without_pdfa(document: &mut Document) -> Result<()> {
    cut_from_metadata(document, "pdfaid:part")?;
    cut_from_metadata(document, "pdfaid:conformance")
}

pub(super) fn metadata_of_another_level(document: &mut Document) -> Result<()> {
    replace_in_metadata(document, "<pdfaid:conformance>A<", "<pdfaid:conformance>B<")
}

pub(super) fn metadata_of_another_part(document: &mut Document) -> Result<()> {
    replace_in_metadata(document, "<pdfaid:part>3<", "<pdfaid:part>2<")
}

pub(super) fn metadata_that_is_no_xml(document: &mut Document) -> Result<()> {
    replace_in_metadata(document, "</pdf:Producer>", "<pdf:Producer>")
}

pub(super) fn metadata_with_an_undeclared_property(document: &mut Document) -> Result<()> {
    replace_in_metadata(document, "<pdfaProperty:name>appVersion<", "<pdfaProperty:name>otherName<")
}

pub(super) fn field_without_words(document: &mut Document) -> Result<()> {
    take(annotation(document, "Widget")?, "TU")?;
    take(element(document, "Form")?, "Alt").map(drop)
}

pub(super) fn field_outside_of_a_form(document: &mut Document) -> Result<()> {
    element(document, "Form")?.set("S", name("Sect"));
    Ok(())
}

pub(super) fn field_without_an_appearance(document: &mut Document) -> Result<()> {
    take(annotation(document, "Widget")?, "AP").map(drop)
}

pub(super) fn permissions_of_another_kind(document: &mut Document) -> Result<()> {
    let permissions = document.catalog_mut()?.get_mut(b"Perms")?.as_dict_mut()?;
    permissions.set("Other", true);
    Ok(())
}
