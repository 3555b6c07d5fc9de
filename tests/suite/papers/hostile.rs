//! An assessment that tries the printer: wide, deep, in many scripts, and full of what no keyboard types.

use std::collections::BTreeMap;

use anyhow::Result;
use dpia_model::Instant;
use dpia_model::assessment::{Content, Details, DocumentDate, ImportRecord, LeftOut, LeftOutReason, Place, Unplaced, Value};
use dpia_model::id::Digest;
use dpia_model::rich_text::{Block, Link, ListItem, RichText, Run};

use super::filling::{answer, day, fill, item, paragraph, prose, risk, row_id, rows_of, state};
use super::{Made, make_empty};

/// Makes the assessment.
pub(crate) fn make_hostile() -> Result<Made> {
    let mut made = make_empty()?;
    let form = made.form.clone();
    let a = &mut made.assessment;
    fill(&form, a, &mut |question, number| format!("An answer to {question}, number {number}: \"quoted\", <tagged> & 100 % plain."))?;
    a.details = Details {
        product: "Comprehensive Multi-Academy Trust Attainment, Progress & Behaviour <Analysis> Platform for Ysgolion Gŵyr".to_owned(),
        date: DocumentDate::Known { date: day()?, has_short_year: true },
        version: Some("3.1 <beta> & later".to_owned()),
        author: Some("Żółć Świętochłowska-Παπαδόπουλος".to_owned()),
        copyright_year: Some(2026),
    };
    let text = |blocks: Vec<Block>| Value::RichText { text: RichText { blocks } };
    answer(a, "screening.description", text(vec![Block::plain("It begins."), Block::plain("")]))?;
    state(a, "processing.data", Content::Unknown { stated: Some(prose("Words that stood with lost ticks.")) })?;
    state(a, "processing.expectations", Content::NotApplicable { reason: "Nobody expects anything, and nobody said so.".to_owned() })?;
    answer(a, "processing.people_description", text(many_scripts()))?;
    answer(a, "purpose.aims", text(strange_characters()))?;
    answer(a, "responsibility.beneficiaries", text(empty_shapes()))?;
    answer(a, "nature.description", text(vec![Block::plain(format!("Before {} after.", long_word()))]))?;
    answer(a, "consultation.views", text(vec![Block::plain("Views are heard."), deep_list(9)]))?;
    answer(a, "rights.responsible", text(right_to_left()))?;
    answer(a, "minimisation.purpose_limits", text(vec![Block::plain("Limits are set."), single_words()]))?;
    answer(a, "accuracy.measures", text(long_addresses()))?;
    answer(a, "retention.periods", text(three_level_list()))?;
    answer(a, "security.measures", text(vec![Block::plain("Security is kept.")]))?;
    answer(a, "disclosure.recipients", recipients(&form)?)?;
    let risks = (0..30).map(|number| risk(&form.scales, number, &mut |at| "A risk at word ".repeat(at % 5 + number % 4 + 1) + "end"));
    answer(a, "risk.register", Value::Risks { risks: risks.collect::<Result<_>>()? })?;
    a.unplaced = unplaced();
    a.imported = Some(import_record()?);
    add_pictures(&mut made)?;
    Ok(made)
}

fn many_scripts() -> Vec<Block> {
    [
        "People are many.",
        "Cymraeg: Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch, Tŷ Ŵyr, Môn, ŷ ẁ ẃ ŵ.",
        "Polski: Zażółć gęślą jaźń; Świętochłowice, Łódź, Żółć.",
        "Ελληνικά: Ξεσκεπάζω την ψυχοφθόρα βδελυγμία, Παπαδόπουλος, άέήίόύώ.",
        "Кирилиця: Київ, Волгоград, Ђорђевић, Щастя, ґанок.",
        "Français, íslenska, Türkçe: œuvre, þórður, İstanbul, ığdır; e\u{301}cole, nai\u{308}ve.",
    ]
    .map(Block::plain)
    .to_vec()
}

fn strange_characters() -> Vec<Block> {
    [
        "Aims follow.",
        "Emoji: \u{1F600} \u{1F44D}\u{1F3FD} \u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467} \u{1F1EC}\u{1F1E7} \u{2764}\u{FE0F}, and \u{6F22}\u{5B57} too.",
        "Controls: bell\u{7}, null\u{0}, escape\u{1B}[31m, tab\there, vertical\u{B}tab, form\u{C}feed, delete\u{7F}, next\u{85}line.",
        "Widths: zero\u{200B}width, no\u{2060}break, joiner\u{200D}joiner, mark\u{FEFF}mark, soft\u{AD}hyphen, thin\u{2009}space, wide\u{3000}space.",
        "Separators: line\u{2028}separator, paragraph\u{2029}separator.",
        "Not characters: \u{FFFE} \u{FFFF} \u{1FFFF} \u{FDD0}; private \u{E000} \u{F8FF} \u{10FFFD}; replaced \u{FFFD}.",
        "Stacked: Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{30A}\u{30B}\u{30C}\u{30D}\u{30E}\u{30F} algo.",
        "Signs: (parentheses) \\backslash\\ %percent% <angle> [square] {curly} / slash #hash ~tilde §5 €5 £5 ½ № ™ ← → ☐ ☑ ☒ ✓.",
        "A typed \"1. not a list\", \"# not a heading\", \"- not a dash list\" and **not bold**.",
        "\u{301}A mark first, and an end with a space \u{A0}",
    ]
    .map(Block::plain)
    .to_vec()
}

fn empty_shapes() -> Vec<Block> {
    vec![
        Block::plain("They are served."),
        paragraph(Vec::new()),
        paragraph(vec![Run::Break, Run::Break]),
        Block::BulletedList { items: Vec::new() },
        Block::BulletedList { items: vec![ListItem { blocks: Vec::new() }, item("", Vec::new()), item("one item with words", Vec::new())] },
        Block::NumberedList {
            start: u32::MAX,
            items: vec![item("the last number there is", Vec::new()), item("and one more", Vec::new())],
        },
        Block::NumberedList { start: 0, items: vec![ListItem { blocks: vec![deep_list(1)] }] },
        paragraph(vec![Run::plain("before"), Run::Break, Run::Break, Run::plain("after two breaks"), Run::Break]),
    ]
}

fn long_word() -> String {
    ('a'..='z').cycle().take(2000).collect()
}

fn deep_list(depth: usize) -> Block {
    let mut block = Block::plain("the innermost words of all");
    for level in 0..depth {
        let items = vec![item(&format!("level {level} of a list inside a list, and on it goes over the end of the line"), vec![block])];
        block = if level % 3 == 0 { Block::NumberedList { start: 98, items } } else { Block::BulletedList { items } };
    }
    block
}

fn right_to_left() -> Vec<Block> {
    [
        "Rights are kept.",
        "עברית: הגנה על מידע אישי, 25 תלמידים.",
        "العربية: حماية البيانات الشخصية.",
        "Mixed: the school \u{202E}sdrawkcab\u{202C} and \u{2067}שלום\u{2069} again.",
    ]
    .map(Block::plain)
    .to_vec()
}

fn single_words() -> Block {
    Block::BulletedList { items: (0..80).map(|number| item(&format!("item {number}"), Vec::new())).collect() }
}

fn long_addresses() -> Vec<Block> {
    let long = format!("https://example.org/{}?{}", "a-folder/".repeat(30), "key=value&".repeat(30));
    let unbroken = format!("https://example.org/{}", "x".repeat(400));
    let link = |label: &str, address: Option<&str>| Run::Text {
        text: label.to_owned(),
        bold: false,
        italic: false,
        link: Some(Link { address: address.map(str::to_owned) }),
    };
    vec![
        Block::plain("Accuracy is checked."),
        Block::plain(format!("See {long} and {unbroken} for more.")),
        paragraph(vec![Run::plain("A link over "), link(&long, Some(&long)), Run::plain(" many lines.")]),
        paragraph(vec![
            link("lost", None),
            Run::plain(", "),
            link("empty", Some("")),
            Run::plain(", "),
            link("", Some("https://example.org/no-label")),
            Run::plain(", "),
            link("with ü and spaces", Some("https://exämple.org/ä b?c=ß#é")),
            Run::plain(", "),
            link("letter box", Some("mailto:dpo@example.org?subject=A%20word")),
            Run::plain(", "),
            link("script", Some("javascript:app.alert(1)")),
            Run::plain(", "),
            link("a place that is not here", Some("#no_such_place")),
        ]),
    ]
}

fn three_level_list() -> Vec<Block> {
    let inner = |number: usize| Block::BulletedList {
        items: (0..4)
            .map(|at| item(&format!("third level {number}.{at}: kept for six years after the contract ends, then deleted"), Vec::new()))
            .collect(),
    };
    let middle = |number: usize| Block::NumberedList {
        start: 9,
        items: (0..3).map(|at| item(&format!("second level {number}.{at}"), vec![inner(at)])).collect(),
    };
    let items = (0..6).map(|at| {
        item(&format!("first level {at}, with a sentence that goes on over the end of its line to see how it hangs"), vec![middle(at)])
    });
    vec![Block::plain("Retention is as follows:"), Block::BulletedList { items: items.collect() }]
}

fn recipients(form: &dpia_model::Form) -> Result<Value> {
    let mut rows = rows_of(form, 12, &mut |at, number| match (at, number) {
        (5, 1) => "A cell of many words. ".repeat(60),
        (6, _) => "Unbreakable".repeat(12),
        (_, 3) => format!("https://example.org/{}/privacy-notice-of-recipient-{at}", "path/".repeat(at)),
        _ => format!("Recipient {at} {}", "and more words ".repeat((at + number) % 4)),
    })?;
    rows[7].cells = BTreeMap::new();
    Ok(Value::Table { rows })
}

fn unplaced() -> Vec<Unplaced> {
    let place = |line: u32, heading: &str| Place { line, heading: heading.to_owned(), question: None };
    vec![
        Unplaced { id: row_id(1), text: prose("A piece without a place."), place: place(1, "") },
        Unplaced { id: row_id(2), text: RichText::default(), place: place(u32::MAX, "A heading \u{7}with a bell & <tags>") },
        Unplaced { id: row_id(3), text: RichText { blocks: vec![deep_list(3)] }, place: place(3, &"A long heading ".repeat(20)) },
    ]
}

fn import_record() -> Result<ImportRecord> {
    let place = Place { line: 1, heading: String::new(), question: None };
    Ok(ImportRecord {
        document: "old & <document>.docx".to_owned(),
        sha256: Digest::of(b"the document"),
        at: Instant(super::MOMENT.parse()?),
        differences: Vec::new(),
        left_out: vec![LeftOut { reason: LeftOutReason::Slogan, text: "WE LOOK AFTER YOU".to_owned(), place }],
    })
}

/// Pictures of every kind, described and not, one of them inside a list, one drawn twice.
fn add_pictures(made: &mut Made) -> Result<()> {
    let mut blocks = vec![Block::plain("Systems are drawn.")];
    for (at, name) in ["palette.png", "grey-16.png", "alpha.png", "grey.jpg", "progressive.jpg", "cmyk.jpg"].into_iter().enumerate() {
        let attachment = made.attach_fixture(name)?;
        let description = if at % 2 == 0 { format!("Three boxes joined by lines ({name})") } else { String::new() };
        let caption = if at % 3 == 0 { format!("Figure {at}: {name} & <its> caption") } else { String::new() };
        let picture = Block::Picture { attachment, description, caption };
        blocks.push(match name {
            "alpha.png" => Block::BulletedList { items: vec![ListItem { blocks: vec![picture] }, item("and words", Vec::new())] },
            _ => picture,
        });
    }
    blocks.push(blocks[1].clone());
    answer(&mut made.assessment, "it_systems.description", Value::RichText { text: RichText { blocks } })
}
