//! Tables of an answer. A table of more columns than a page holds well keeps its first four; what the others say
//! is by its label under the second.

use super::Writer;
use super::tree::{Cell, CellLine, Table, Target, Words};
use super::words::{ADDRESS_LOST, can_lead};
use dpia_model::answer_text::{CellValue, Field, RowText};
use dpia_model::template::{Column, ColumnKind};

/// Columns that are beside one another.
const MOST_COLUMNS: usize = 5;
/// Columns that stay where there are more.
const KEPT_COLUMNS: usize = 4;
/// What a letter of a cell takes at most, on average over a word, in millimetres.
const LETTER: f32 = 2.0;
/// The full measure in millimetres.
const FULL: f32 = 170.0;

impl Writer<'_> {
    /// A table of these columns and rows.
    pub(crate) fn table(&self, columns: &[Column], rows: &[RowText<'_>]) -> Table {
        let kept = if columns.len() > MOST_COLUMNS { KEPT_COLUMNS } else { columns.len() };
        let (shown, folded) = columns.split_at(kept);
        let draw = |row: Option<&RowText<'_>>| {
            let cell = |column: &Column| row.and_then(|row| row.value(Field::Column(&column.id)));
            let mut cells: Vec<Cell> = shown.iter().map(|column| cell(column).map(cell_of).unwrap_or_default()).collect();
            for column in folded {
                let words = cell(column).map(folded_cell).filter(|words| !words.trim().is_empty());
                let words = words.unwrap_or_else(|| "not answered".to_owned());
                if let Some(cell) = cells.get_mut(1) {
                    cell.0.push(CellLine::Small(Words::plain(format!("{}: {words}", column.label))));
                }
            }
            cells
        };
        let mut drawn: Vec<Vec<Cell>> = rows.iter().map(|row| draw(Some(row))).collect();
        // A table without rows shows all the same what its columns ask.
        if rows.is_empty() && !folded.is_empty() {
            drawn.push(draw(None));
        }
        Table { columns: shown.iter().map(|column| column.label.clone()).zip(widths(shown, &drawn)).collect(), rows: drawn }
    }
}

/// Widths that add up to the full measure, by what the columns hold. The narrow one gives way to its longest word.
fn widths(columns: &[Column], rows: &[Vec<Cell>]) -> Vec<f32> {
    let longest_word = |at: usize| {
        let cells = rows.iter().filter_map(|cells| cells.get(at)).flat_map(|cell| &cell.0);
        let texts = cells.filter_map(|line| match line {
            CellLine::Words(words) | CellLine::Small(words) | CellLine::Bullet(words) | CellLine::Tick(_, words) => Some(words.text()),
            CellLine::Badge(..) => None,
        });
        texts.flat_map(|text| text.split_whitespace().map(|word| word.chars().count()).collect::<Vec<_>>()).max().unwrap_or(0) as f32
    };
    let wanted: Vec<f32> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| match column.kind {
            ColumnKind::Text if at == 0 => 33.0,
            ColumnKind::Text => 55.0,
            ColumnKind::Country => (longest_word(at) * LETTER + 4.0).clamp(17.0, 34.0),
            ColumnKind::Link => 65.0,
            ColumnKind::Date => 24.0,
            ColumnKind::Choice { .. } => 28.0,
        })
        .collect();
    let sum: f32 = wanted.iter().sum::<f32>().max(1.0);
    wanted.into_iter().map(|width| width * FULL / sum).collect()
}

fn cell_of(value: CellValue<'_>) -> Cell {
    match value {
        CellValue::Link { label, address } => link_cell(label, address),
        CellValue::Plain(text) => Cell(text.lines().map(|line| CellLine::Words(Words::plain(line))).collect()),
        CellValue::Day(_) | CellValue::Option { .. } | CellValue::Measure(_) | CellValue::Decision(_) => {
            Cell(vec![CellLine::Words(Words::plain(value.plain_text()))])
        }
    }
}

/// A label with its address under it, or the address alone where it is its own label.
fn link_cell(label: &str, address: Option<&str>) -> Cell {
    let label = label.trim();
    let Some(address) = address.map(str::trim).filter(|address| !address.is_empty()) else {
        let mut lines = Vec::new();
        if !label.is_empty() {
            lines.push(CellLine::Words(Words::plain(label)));
        }
        lines.push(CellLine::Small(Words::default().and_remark(ADDRESS_LOST)));
        return Cell(lines);
    };
    let link = |words: &str| match can_lead(address) {
        true => Words::default().and_link(words, Target::Address(address.to_owned())),
        false => Words::plain(words),
    };
    if label.is_empty() || label == address {
        return Cell(vec![CellLine::Words(link(address))]);
    }
    Cell(vec![CellLine::Words(link(label)), CellLine::Small(link(address))])
}

/// A cell in words, with what is to be confirmed of it.
fn folded_cell(value: CellValue<'_>) -> String {
    match value {
        CellValue::Link { label, address } => match address {
            Some(address) if address != label => format!("{label} ({address})"),
            Some(_) => label.to_owned(),
            None => format!("{label} ({ADDRESS_LOST})"),
        },
        CellValue::Plain(_) | CellValue::Day(_) | CellValue::Option { .. } | CellValue::Measure(_) | CellValue::Decision(_) => {
            value.plain_text()
        }
    }
}
