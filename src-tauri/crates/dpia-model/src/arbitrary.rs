//! Generators for property tests: whole assessments and changes to them, hostile text among it.

use crate::assessment::*;
use crate::change::{Change, TableRow};
use crate::date::{CivilDate, Instant};
use crate::id::*;
use crate::rich_text::{Block, Link, ListItem, RichText, Run};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use uuid::Uuid;

fn words() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[ -~]{0,24}", 1 => "\\PC{0,16}", 1 => Just("Zażółć ŵ ‘quoted’ <b>&amp;</b> 1. # - ~~x~~".to_owned())]
}

fn uuid() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn day() -> impl Strategy<Value = CivilDate> {
    (1900i16..2200, 1i8..=12, 1i8..=28).prop_filter_map("a day of the calendar", |(year, month, day)| CivilDate::new(year, month, day))
}

fn instant() -> impl Strategy<Value = Instant> {
    (0i64..4_000_000_000).prop_filter_map("a moment", |second| jiff::Timestamp::from_second(second).ok().map(Instant))
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![
        (words(), instant()).prop_map(|(by, at)| Origin::Typed { by, at }),
        (words(), instant()).prop_map(|(document, at)| Origin::Imported { document, at }),
        (words(), instant()).prop_map(|(by, at)| Origin::Confirmed { by, at }),
    ]
}

fn run() -> impl Strategy<Value = Run> {
    prop_oneof![
        5 => (words(), any::<bool>(), any::<bool>(), of(of(words()))).prop_map(|(text, bold, italic, link)| Run::Text {
            text,
            bold,
            italic,
            link: link.map(|address| Link { address }),
        }),
        1 => Just(Run::Break),
    ]
}

/// A rich text without pictures, lists up to three deep.
pub fn rich_text() -> impl Strategy<Value = RichText> {
    let paragraph = vec(run(), 0..4).prop_map(|runs| Block::Paragraph { runs });
    let block = paragraph.prop_recursive(3, 12, 3, |inner| {
        let items = vec(vec(inner, 1..3).prop_map(|blocks| ListItem { blocks }), 1..3);
        (items, of(1u32..9)).prop_map(|(items, start)| match start {
            Some(start) => Block::NumberedList { start, items },
            None => Block::BulletedList { items },
        })
    });
    vec(block, 0..4).prop_map(|blocks| RichText { blocks })
}

fn slug(prefix: &'static str) -> impl Strategy<Value = String> {
    (0u8..6).prop_map(move |number| format!("{prefix}_{number}"))
}

fn option_id() -> impl Strategy<Value = OptionId> {
    slug("option").prop_filter_map("a slug", |text| OptionId::new(text).ok())
}

/// One of a few question ids, so that changes meet answers.
pub fn question_id() -> impl Strategy<Value = QuestionId> {
    slug("question").prop_filter_map("a slug", |text| QuestionId::new(text).ok())
}

fn tick() -> impl Strategy<Value = Tick> {
    prop_oneof![Just(Tick::Ticked), Just(Tick::NotTicked), Just(Tick::Unknown)]
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        words().prop_map(|text| Cell::Text { text }),
        (words(), of(words())).prop_map(|(label, address)| Cell::Link { label, address }),
        day().prop_map(|date| Cell::Date { date }),
        option_id().prop_map(|option| Cell::Choice { option }),
    ]
}

/// A row of named cells.
pub fn row() -> impl Strategy<Value = Row> {
    let column = slug("column").prop_filter_map("a slug", |text| ColumnId::new(text).ok());
    (uuid(), btree_map(column, cell(), 0..4)).prop_map(|(id, cells)| Row { id: RowId(id), cells })
}

/// A risk with its measures.
pub fn risk() -> impl Strategy<Value = Risk> {
    let effect = prop_oneof![Just(Effect::Eliminated), Just(Effect::Reduced), Just(Effect::Accepted)];
    let measure = (uuid(), words(), words(), of(day()), of(effect)).prop_map(|(id, description, owner, due, effect)| Measure {
        id: RowId(id),
        description,
        owner,
        due,
        effect,
    });
    (uuid(), words(), words(), of(option_id()), of(option_id()), vec(measure, 0..3), of(option_id()), of(any::<bool>())).prop_map(
        |(id, source, harm, likelihood, severity, measures, residual, is_approved)| Risk {
            id: RowId(id),
            source,
            harm,
            likelihood,
            severity,
            measures,
            residual_likelihood: residual.clone(),
            residual_severity: residual,
            is_approved,
        },
    )
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => rich_text().prop_map(|text| Value::RichText { text }),
        1 => (btree_map(option_id(), tick(), 0..5), of(rich_text())).prop_map(|(ticks, other)| Value::Ticks { ticks, other }),
        1 => (any::<bool>(), of(rich_text())).prop_map(|(is_yes, reasoning)| Value::YesNo { is_yes, reasoning }),
        2 => vec(row(), 0..4).prop_map(|rows| Value::Table { rows }),
        1 => (day(), any::<bool>()).prop_map(|(date, has_short_year)| Value::Date { date, has_short_year }),
        1 => (option_id(), of(rich_text())).prop_map(|(option, reason)| Value::Choice { option, reason }),
        1 => (words(), words(), of(day()), of(any::<[u8; 32]>())).prop_map(|(name, role, date, signs)| Value::SignOff {
            name,
            role,
            date,
            signs: signs.map(Digest::from_bytes),
        }),
        2 => vec(risk(), 0..3).prop_map(|risks| Value::Risks { risks }),
    ]
}

/// An answer in any state.
pub fn answer() -> impl Strategy<Value = Answer> {
    let content = prop_oneof![
        1 => Just(Content::Unanswered),
        1 => of(rich_text()).prop_map(|stated| Content::Unknown { stated }),
        8 => value().prop_map(|value| Content::Answered { value }),
        1 => words().prop_map(|reason| Content::NotApplicable { reason }),
    ];
    (content, of(origin())).prop_map(|(content, origin)| Answer { content, origin })
}

fn place() -> impl Strategy<Value = Place> {
    (any::<u32>(), words(), of(question_id())).prop_map(|(line, heading, question)| Place { line, heading, question })
}

/// A piece without a place.
pub fn unplaced() -> impl Strategy<Value = Unplaced> {
    (uuid(), rich_text(), place()).prop_map(|(id, text, place)| Unplaced { id: RowId(id), text, place })
}

fn details() -> impl Strategy<Value = Details> {
    let date = prop_oneof![
        Just(DocumentDate::Unanswered),
        words().prop_map(|as_written| DocumentDate::Unknown { as_written }),
        (day(), any::<bool>()).prop_map(|(date, has_short_year)| DocumentDate::Known { date, has_short_year }),
    ];
    (words(), date, of(words()), of(words()), of(1990i16..2100)).prop_map(|(product, date, version, author, copyright_year)| Details {
        product,
        date,
        version,
        author,
        copyright_year,
    })
}

fn import_record() -> impl Strategy<Value = ImportRecord> {
    let difference = (words(), words(), place()).prop_map(|(found, expected, place)| Difference {
        kind: DifferenceKind::Wording,
        found,
        expected,
        place,
    });
    let left_out = (words(), place()).prop_map(|(text, place)| LeftOut { reason: LeftOutReason::Slogan, text, place });
    (words(), any::<[u8; 32]>(), instant(), vec(difference, 0..2), vec(left_out, 0..2)).prop_map(
        |(document, sha256, at, differences, left_out)| ImportRecord {
            document,
            sha256: Digest::from_bytes(sha256),
            at,
            differences,
            left_out,
        },
    )
}

/// A whole assessment, without attachments, its ids of questions from a small set. It names edition 2026.1 without
/// following it: layers under the form carry what they are given.
pub fn assessment() -> impl Strategy<Value = Assessment> {
    (uuid(), details(), btree_map(question_id(), answer(), 0..6), vec(unplaced(), 0..3), of(import_record())).prop_filter_map(
        "slugs",
        |(id, details, answers, mut unplaced, imported)| {
            unplaced.sort_by_key(|piece| piece.id);
            unplaced.dedup_by_key(|piece| piece.id);
            Some(Assessment {
                id: AssessmentId(id),
                edition: EditionId::new(crate::template::NEWEST_EDITION).ok()?,
                pack: PackId::new(crate::template::NEWEST_PACK).ok()?,
                details,
                answers,
                unplaced,
                attachments: Default::default(),
                imported,
            })
        },
    )
}

/// A change, which may or may not fit a given assessment.
pub fn change() -> impl Strategy<Value = Change> {
    let table_row =
        || prop_oneof![row().prop_map(|row| TableRow::Cells { row }), risk().prop_map(|risk| TableRow::Risk { risk: Box::new(risk) })];
    let leaf = prop_oneof![
        (question_id(), of(answer())).prop_map(|(question, answer)| Change::SetAnswer { question, answer }),
        (question_id(), 0u32..3, rich_text(), of(origin())).prop_map(|(question, at, text, origin)| Change::SpliceText {
            question,
            at,
            removed: Vec::new(),
            inserted: text.blocks,
            origin,
        }),
        (question_id(), 0u32..5, table_row()).prop_map(|(question, at, row)| Change::InsertRow { question, at, row }),
        details().prop_map(|details| Change::SetDetails { details }),
        (0u32..4, unplaced()).prop_map(|(at, piece)| Change::InsertUnplaced { at, piece }),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| vec(inner, 0..3).prop_map(|changes| Change::All { changes }))
}
