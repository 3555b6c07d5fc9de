//! The risk register in three views: the rows, the maps before and after, the measures with what is left.

use super::Writer;
use super::answers::NOT_ANSWERED;
use super::tree::{Block, Cell, CellLine, HeatMap, HeatMaps, Mark, Table, Words};
use dpia_model::answer_text::{CellValue, Field, RowText};
use dpia_model::assessment::{Effect, Risk, Value};
use dpia_model::id::{OptionId, QuestionId};
use dpia_model::template::{ScaleStep, Tone, label_in};

impl Writer<'_> {
    /// The register's rows.
    pub(crate) fn risk_register(&self, rows: &[RowText<'_>]) -> Table {
        let rows = rows
            .iter()
            .enumerate()
            .map(|(at, risk)| {
                let words = |field| risk.value(field).map(|value| value.plain_text()).unwrap_or_default();
                let what = Words::default().and_bold(sentence(&words(Field::Source))).and(" ").and(words(Field::Harm));
                let [likelihood, severity] = [Field::Likelihood, Field::Severity].map(|field| risk.value(field).and_then(step_of));
                let step = |step: Option<(&OptionId, &str)>| plain(step.map_or(NOT_ANSWERED, |(_, label)| label).to_owned());
                vec![
                    plain((at + 1).to_string()),
                    Cell(vec![CellLine::Words(what)]),
                    step(likelihood),
                    step(severity),
                    self.badge(likelihood.map(|(id, _)| id), severity.map(|(id, _)| id)),
                ]
            })
            .collect();
        let heads = [
            ("No.", 8.0),
            ("Source of the risk, and what could happen", 89.0),
            ("Likelihood", 25.0),
            ("Severity", 25.0),
            ("Overall", 23.0),
        ];
        Table { columns: heads.map(|(head, width)| (head.to_owned(), width)).into(), rows }
    }

    /// The maps, if there is a risk to place.
    pub(crate) fn risk_map(&self, register: &QuestionId) -> Vec<Block> {
        let risks = self.risks(register);
        if risks.is_empty() {
            return vec![Block::Nothing("No risk has been recorded".to_owned())];
        }
        let scales = &self.input.form.scales;
        let labels = |steps: &[ScaleStep]| steps.iter().map(|step| step.label.clone()).collect::<Vec<_>>();
        let mut severity = labels(&scales.severity);
        severity.reverse();
        let levels = scales
            .severity
            .iter()
            .rev()
            .map(|row| {
                scales
                    .likelihood
                    .iter()
                    .map(|column| self.level(Some(&column.id), Some(&row.id)).unwrap_or((Tone::Low, String::new())))
                    .collect()
            })
            .collect();
        let before = self.heat_map("Before the measures", risks, |risk| (risk.likelihood.as_ref(), risk.severity.as_ref()));
        let after = self.heat_map("After the measures", risks, |risk| (risk.residual_likelihood.as_ref(), risk.residual_severity.as_ref()));
        let (counts_before, _) = self.count(risks, |risk| (risk.likelihood.as_ref(), risk.severity.as_ref()));
        let (counts_after, high_after) = self.count(risks, |risk| (risk.residual_likelihood.as_ref(), risk.residual_severity.as_ref()));
        let left = match high_after {
            Some(0) => " No high risk remains.".to_owned(),
            Some(1) => " 1 high risk remains.".to_owned(),
            Some(many) => format!(" {many} high risks remain."),
            None => String::new(),
        };
        let summary = Words::default()
            .and_bold("Before:")
            .and(format!(" {counts_before}. "))
            .and_bold("After:")
            .and(format!(" {counts_after}.{left}"));
        let maps = HeatMaps { likelihood: labels(&scales.likelihood), severity, levels, maps: [before, after], summary };
        vec![Block::HeatMaps(Box::new(maps))]
    }

    /// The measures of each risk, and what is left of it.
    pub(crate) fn risk_measures(&self, register: &QuestionId) -> Block {
        let risks = self.risks(register);
        if risks.is_empty() {
            return Block::Nothing("No risk has been recorded".to_owned());
        }
        let heads =
            [("No.", 8.0), ("Measure, and its effect", 60.0), ("Owner and due date", 37.0), ("Residual risk", 32.0), ("Approved", 33.0)];
        let mut rows = Vec::new();
        for (at, risk) in risks.iter().enumerate() {
            let likelihood = self.step(&self.input.form.scales.likelihood, risk.residual_likelihood.as_ref());
            let severity = self.step(&self.input.form.scales.severity, risk.residual_severity.as_ref()).to_lowercase();
            let mut residual = self.badge(risk.residual_likelihood.as_ref(), risk.residual_severity.as_ref());
            if risk.residual_likelihood.is_some() && risk.residual_severity.is_some() {
                residual.0.push(CellLine::Small(Words::plain(format!("{likelihood}, {severity}"))));
            }
            let approved = match risk.is_approved {
                Some(true) => CellLine::Tick(Mark::Ticked, Words::plain("Yes")),
                Some(false) => CellLine::Tick(Mark::Blank, Words::plain("No")),
                None => CellLine::Tick(Mark::Unknown, Words::default().and_remark("to be confirmed")),
            };
            let mut tail = Some((residual, Cell(vec![approved])));
            for (number, measure) in risk.measures.iter().enumerate() {
                let mut what = vec![CellLine::Words(Words::plain(measure.description.as_str()))];
                what.extend(measure.effect.map(|effect| CellLine::Small(Words::plain(format!("Effect: {}", effect_word(effect))))));
                let mut owner = vec![CellLine::Words(Words::plain(measure.owner.as_str()))];
                owner.extend(measure.due.map(|due| CellLine::Small(Words::plain(due.to_string()))));
                let (residual, approved) = tail.take().unwrap_or_default();
                let first = if number == 0 { plain((at + 1).to_string()) } else { Cell::default() };
                rows.push(vec![first, Cell(what), Cell(owner), residual, approved]);
            }
            if let Some((residual, approved)) = tail {
                let none = Cell(vec![CellLine::Words(Words::default().and_italic("No measure has been recorded"))]);
                rows.push(vec![plain((at + 1).to_string()), none, Cell::default(), residual, approved]);
            }
        }
        Block::Table(Table { columns: heads.map(|(head, width)| (head.to_owned(), width)).into(), rows })
    }

    /// The library of risks.
    pub(crate) fn risk_examples(&self) -> Block {
        let heads = [("Source of the risk", 48.0), ("What could happen to people", 52.0), ("Measures that help", 70.0)];
        let rows = self
            .input
            .form
            .risk_examples
            .iter()
            .map(|example| {
                let measures = example.measures.iter().map(|measure| CellLine::Bullet(Words::plain(measure.as_str()))).collect();
                vec![plain(example.source.clone()), plain(example.harm.clone()), Cell(measures)]
            })
            .collect();
        Block::Table(Table { columns: heads.map(|(head, width)| (head.to_owned(), width)).into(), rows })
    }

    fn risks(&self, register: &QuestionId) -> &[Risk] {
        match self.input.assessment.value(register) {
            Some(Value::Risks { risks }) => risks,
            _ => &[],
        }
    }

    fn step(&self, steps: &[ScaleStep], id: Option<&OptionId>) -> String {
        id.map_or(NOT_ANSWERED, |id| label_in(steps, id)).to_owned()
    }

    /// The level of a likelihood with a severity, where the risk is placed.
    fn level(&self, likelihood: Option<&OptionId>, severity: Option<&OptionId>) -> Option<(Tone, String)> {
        let pair = self.input.form.scales.level(likelihood?, severity?)?;
        Some((pair.tone, pair.label.clone()))
    }

    fn badge(&self, likelihood: Option<&OptionId>, severity: Option<&OptionId>) -> Cell {
        match self.level(likelihood, severity) {
            Some((tone, word)) => Cell(vec![CellLine::Badge(tone, word)]),
            None => Cell(vec![CellLine::Small(Words::default().and_remark("to be confirmed"))]),
        }
    }

    fn heat_map<'r>(
        &self,
        title: &str,
        risks: &'r [Risk],
        place: impl Fn(&'r Risk) -> (Option<&'r OptionId>, Option<&'r OptionId>),
    ) -> HeatMap {
        let scales = &self.input.form.scales;
        let (rows, columns) = (scales.severity.len(), scales.likelihood.len());
        let mut cells = vec![vec![Vec::new(); columns]; rows];
        let mut said = Vec::new();
        for (at, risk) in risks.iter().enumerate() {
            let (likelihood, severity) = place(risk);
            let column = likelihood.and_then(|id| scales.likelihood.iter().position(|step| step.id == *id));
            let row = severity.and_then(|id| scales.severity.iter().position(|step| step.id == *id));
            match (row, column) {
                (Some(row), Some(column)) => {
                    cells[rows - 1 - row][column].push(at + 1);
                    let (likelihood, severity) = (&scales.likelihood[column].label, &scales.severity[row].label);
                    said.push(format!("risk {}: {}, {}", at + 1, likelihood.to_lowercase(), severity.to_lowercase()));
                }
                _ => said.push(format!("risk {}: not placed yet", at + 1)),
            }
        }
        HeatMap { title: title.to_owned(), risks: cells, description: format!("{title}. {}.", said.join("; ")) }
    }

    /// The counts by level in words, highest first, and how many are high where all are placed.
    fn count<'r>(
        &self,
        risks: &'r [Risk],
        place: impl Fn(&'r Risk) -> (Option<&'r OptionId>, Option<&'r OptionId>),
    ) -> (String, Option<usize>) {
        let levels: Vec<Option<(Tone, String)>> = risks
            .iter()
            .map(|risk| {
                let (likelihood, severity) = place(risk);
                self.level(likelihood, severity)
            })
            .collect();
        let mut parts: Vec<String> = Vec::new();
        for step in self.input.form.scales.levels.iter().rev() {
            let count = levels.iter().flatten().filter(|(_, word)| *word == step.label).count();
            if count > 0 {
                parts.push(format!("{count} {}", step.label.to_lowercase()));
            }
        }
        let open = levels.iter().filter(|level| level.is_none()).count();
        if open > 0 {
            parts.push(format!("{open} not placed yet"));
        }
        let high = levels.iter().flatten().filter(|(tone, _)| *tone == Tone::High).count();
        (parts.join(", "), (open == 0).then_some(high))
    }
}

fn plain(text: String) -> Cell {
    Cell(vec![CellLine::Words(Words::plain(text))])
}

/// The words with a full stop at their end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', ';']) { text.to_owned() } else { format!("{text}.") }
}

fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Eliminated => "eliminated",
        Effect::Reduced => "reduced",
        Effect::Accepted => "accepted",
    }
}

/// A step of a scale, by its id and its label.
fn step_of<'a>(value: CellValue<'a>) -> Option<(&'a OptionId, &'a str)> {
    match value {
        CellValue::Option { id, label } => Some((id, label)),
        CellValue::Plain(_) | CellValue::Link { .. } | CellValue::Day(_) | CellValue::Measure(_) | CellValue::Decision(_) => None,
    }
}
