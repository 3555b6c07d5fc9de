//! The templates that come with the program: they hold together, and an old edition says what the published document
//! says, word for word and in its order.

use dpia_model::id::{EditionId, OptionId, QuestionId};
use dpia_model::rich_text::plain_runs;
use dpia_model::template::{ColumnKind, Form, Library, NEWEST_EDITION, NEWEST_PACK, Section, SectionItem};
use dpia_model::{Edition, Question, QuestionKind, Run};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

fn library() -> &'static Library {
    static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::built_in().expect("the built-in templates are read"));
    &LIBRARY
}

fn form(edition: &str) -> Form {
    let edition = library().edition(&EditionId::new(edition).expect("an id")).expect("a built-in edition");
    Form::new(edition, &library().packs()[0]).expect("edition and pack fit")
}

fn find<'a>(form: &'a Form, question: &str) -> Option<&'a Question> {
    form.question(&QuestionId::new(question).expect("an id"))
}

fn option_ids(question: &Question) -> Vec<&str> {
    question.options().iter().map(|option| option.id.as_str()).collect()
}

// --- They hold together ----------------------------------------------------------------------------------------------

#[test]
fn every_edition_makes_a_form_with_every_pack() {
    let library = library();
    let editions: Vec<_> = library.editions().iter().map(|edition| edition.id.as_str()).collect();
    assert_eq!(editions, ["2024.1", "2024.2", "2025.1", "2025.2", "2026.1"]);
    for edition in library.editions() {
        for pack in library.packs() {
            let form = Form::new(edition, pack).unwrap_or_else(|error| panic!("{}: {error}", edition.id));
            let parts: Vec<_> = form.parts.iter().map(|part| part.id.as_str()).collect();
            assert_eq!(parts, ["intro", "part_1", "part_2", "appendix_a", "appendix_b"], "{}", edition.id);
        }
    }
}

#[test]
fn a_new_assessment_starts_on_the_latest_edition_and_pack() {
    let library = library();
    let latest = library.editions().iter().max_by_key(|edition| edition.released).map(|edition| edition.id.as_str());
    assert_eq!(latest, Some(NEWEST_EDITION));
    assert_eq!(library.packs().last().map(|pack| pack.id.as_str()), Some(NEWEST_PACK));
    assert!(library.editions().is_sorted_by_key(|edition| edition.released));
}

#[test]
fn every_question_has_a_note_and_every_note_a_question() {
    let library = library();
    let mut asked = BTreeSet::new();
    for edition in library.editions() {
        for pack in library.packs() {
            let form = Form::new(edition, pack).expect("edition and pack fit");
            for question in form.questions() {
                let note = question.guidance.as_ref().unwrap_or_else(|| panic!("{} has no note", question.id));
                assert!(!note.title.is_empty() && !note.paragraphs.is_empty(), "{}", question.id);
                assert!(note.source.is_some(), "the note on {} names no source", question.id);
                asked.insert(question.id.clone());
            }
        }
    }
    for note in library.packs().iter().flat_map(|pack| pack.guidance.keys()) {
        assert!(asked.contains(note), "the note on {note} belongs to no question");
    }
}

#[test]
fn every_link_of_the_form_leads_somewhere() {
    for edition in library().editions() {
        let form = form(edition.id.as_str());
        let targets: BTreeSet<_> =
            form.parts.iter().map(|part| part.id.to_string()).chain(form.sections().map(|section| section.id.to_string())).collect();
        for run in form.sections().flat_map(|section| &section.items).flat_map(item_runs) {
            let Run::Text { text, link: Some(link), .. } = run else { continue };
            match &link.address {
                Some(address) => match address.strip_prefix('#') {
                    Some(target) => assert!(targets.contains(target), "{}: {text} leads to {target}", edition.id),
                    None => assert_eq!(address, "mailto:DPO@junipereducation.org", "{}: {text}", edition.id),
                },
                None => assert_eq!(text, "Juniper Privacy notice", "{}: the only address that is not known", edition.id),
            }
        }
    }
}

#[test]
fn no_two_questions_of_a_section_and_no_two_options_of_a_list_have_the_same_words() {
    for edition in library().editions() {
        let form = form(edition.id.as_str());
        for section in form.sections() {
            let prompts: BTreeSet<_> = section.questions().map(|question| plain_runs(&question.prompt)).collect();
            assert_eq!(prompts.len(), section.questions().count(), "{} {}", edition.id, section.id);
            for question in section.questions() {
                assert!(!question.prompt.is_empty(), "{}", question.id);
                let labels: BTreeSet<_> = question.options().iter().map(|option| &option.label).collect();
                assert_eq!(labels.len(), question.options().len(), "{} {}", edition.id, question.id);
            }
        }
    }
}

#[test]
fn a_question_has_one_shape_in_every_edition() {
    let mut shapes: BTreeMap<QuestionId, (&'static str, EditionId)> = BTreeMap::new();
    for edition in library().editions() {
        for question in form(edition.id.as_str()).questions() {
            let shape = question.kind.name();
            let (first, where_first) = shapes.entry(question.id.clone()).or_insert((shape, edition.id.clone()));
            assert_eq!(*first, shape, "{} in {} and {where_first}", question.id, edition.id);
        }
    }
}

#[test]
fn the_pack_places_risks_as_the_ico_does() {
    let library = library();
    let scales = &library.packs()[0].scales;
    let level = |likelihood: &str, severity: &str| {
        let id = |text: &str| OptionId::new(text).expect("an id");
        scales.level(&id(likelihood), &id(severity)).map(|step| step.label.as_str())
    };
    for (severity, expected) in
        [("minimal", ["Low", "Low", "Low"]), ("significant", ["Low", "Medium", "High"]), ("severe", ["Low", "High", "High"])]
    {
        for (likelihood, expected) in ["remote", "possible", "probable"].into_iter().zip(expected) {
            assert_eq!(level(likelihood, severity), Some(expected), "{likelihood}, {severity}");
        }
    }
}

#[test]
fn all_that_the_pack_adds_is_internal_and_nothing_of_an_edition_is() {
    let library = library();
    for edition in library.editions() {
        assert!(edition.parts.iter().flat_map(|part| &part.sections).all(|section| !section.is_internal), "{}", edition.id);
    }
    for pack in library.packs() {
        let appendices = pack.appendices.iter().flat_map(|part| &part.sections);
        assert!(pack.sections.iter().chain(appendices).all(|section| section.is_internal), "{}", pack.id);
        assert!(pack.risk_examples.iter().all(|risk| (2..=4).contains(&risk.measures.len())), "{}", pack.id);
    }
}

// --- What differs between the editions ---------------------------------------------------------------------------------

#[test]
fn the_lists_have_as_many_options_as_the_published_forms() {
    let check = |edition: &str, consider: usize, data: usize, first: &str| {
        let form = form(edition);
        let count = |id: &str| find(&form, id).map(|question| question.options().len());
        assert_eq!(count("screening.consider"), Some(consider), "{edition}");
        assert_eq!(count("screening.must"), Some(12), "{edition}");
        assert_eq!(count("processing.data"), Some(data), "{edition}");
        assert_eq!(count("processing.people"), Some(4), "{edition}");
        assert_eq!(count("lawful_basis.article_6"), Some(6), "{edition}");
        assert_eq!(count("lawful_basis.article_9"), Some(11), "{edition}");
        let data = find(&form, "processing.data").expect("asked in every edition");
        assert_eq!(data.options()[0].label, first, "{edition}");
        assert!(matches!(&data.kind, QuestionKind::TickList { other: Some(other), .. } if other.as_str() == "other"), "{edition}");
    };
    check("2024.1", 6, 12, "Name, Address, DOB, Phone, Email");
    check("2024.2", 5, 12, "Name");
    check("2025.1", 6, 12, "Name");
    check("2025.2", 6, 17, "Name and titles/job titles");
}

#[test]
fn what_means_something_else_has_another_id() {
    let (first, second, lumped) = (form("2024.1"), form("2024.2"), form("2025.2"));
    let data = |form| option_ids(find(form, "processing.data").expect("asked")).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    let (first, second, lumped) = (data(&first), data(&second), data(&lumped));
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(only(&first, &second), ["name_and_contact"]);
    assert_eq!(only(&second, &lumped), ["biometric_genetic", "health", "location", "profiling", "religion_union_politics"]);
}

#[test]
fn the_newest_edition_asks_all_that_its_forerunners_ask() {
    let newest = form(NEWEST_EDITION);
    for edition in library().editions() {
        for question in form(edition.id.as_str()).questions() {
            assert!(newest.question(&question.id).is_some(), "{} of {}", question.id, edition.id);
        }
    }
    let last = form("2025.2");
    for question in last.questions() {
        let kept: BTreeSet<_> = newest.question(&question.id).map(option_ids).unwrap_or_default().into_iter().collect();
        assert!(option_ids(question).into_iter().all(|id| kept.contains(id)), "{}", question.id);
    }
}

#[test]
fn the_newest_edition_marks_its_additions() {
    for edition in library().editions() {
        let marked: Vec<String> =
            form(edition.id.as_str()).questions().filter(|question| question.is_addition).map(|question| question.id.to_string()).collect();
        let expected: &[&str] = match edition.id.as_str() {
            NEWEST_EDITION => &[
                "nature.volumes",
                "disclosure.recipients",
                "necessity.alternatives",
                "rights.complaints",
                "lawful_basis.article_6",
                "lawful_basis.schedule_1",
                "lawful_basis.article_10",
                "automated.decisions",
                "children.code",
            ],
            _ => &[],
        };
        assert_eq!(marked, expected, "{}", edition.id);
    }
    let newest = form(NEWEST_EDITION);
    let recipients = find(&newest, "disclosure.recipients").map(|question| &question.kind);
    let Some(QuestionKind::Table { columns }) = recipients else { panic!("the recipients are a table") };
    let columns: Vec<_> = columns.iter().map(|column| (column.id.as_str(), &column.kind)).collect();
    assert!(matches!(
        columns[..],
        [
            ("name", ColumnKind::Text),
            ("purpose", ColumnKind::Text),
            ("country", ColumnKind::Country),
            ("privacy_notice", ColumnKind::Link),
            ("role", ColumnKind::Choice { .. }),
            ("safeguard", ColumnKind::Text),
            ("safeguard_date", ColumnKind::Date),
        ]
    ));
    for id in ["necessity.alternatives", "automated.decisions", "children.code"] {
        let kind = find(&newest, id).map(|question| &question.kind);
        assert!(matches!(kind, Some(QuestionKind::YesNo { reasoning: Some(_), .. })), "{id}");
    }
}

#[test]
fn the_newest_edition_is_free_of_the_typing_errors_of_the_old() {
    let newest = form(NEWEST_EDITION);
    for words in newest.sections().flat_map(|section| &section.items).flat_map(item_wordings) {
        for error in ["'", "innovate ways", "scale size", "rights request.", "ip data", "etc?", "processes?"] {
            assert!(!words.contains(error), "\"{error}\" stands in: {words}");
        }
    }
}

fn item_wordings(item: &SectionItem) -> Vec<String> {
    let options = match item {
        SectionItem::Question { question } => question.options().iter().map(|option| option.label.clone()).collect(),
        _ => Vec::new(),
    };
    item_paragraphs(item).iter().map(|runs| plain_runs(runs)).chain(options).collect()
}

fn item_paragraphs(item: &SectionItem) -> Vec<&Vec<Run>> {
    match item {
        SectionItem::Text { paragraphs } => paragraphs.iter().collect(),
        SectionItem::Question { question } => {
            let note = question.guidance.iter().flat_map(|note| &note.paragraphs);
            std::iter::once(&question.prompt).chain(&question.help).chain(note).collect()
        }
        SectionItem::RiskMap { .. } | SectionItem::RiskMeasures { .. } | SectionItem::GuidanceNotes | SectionItem::RiskExamples => {
            Vec::new()
        }
    }
}

fn item_runs(item: &SectionItem) -> impl Iterator<Item = &Run> {
    item_paragraphs(item).into_iter().flatten()
}

// --- An old edition is a record of the published document --------------------------------------------------------------

#[test]
fn edition_2024_1_says_what_sonar_multi_school_says() {
    // The table with date, result and sign-off is lost in the published copy.
    check_record("2024.1", "2024-04-19-sonar-multi-school.txt", &[], &["screening.date", "screening.result", "screening.sign_off"]);
}

#[test]
fn edition_2024_2_says_what_juniper_mis_says() {
    // The place to sign has no words in any published copy. The asterisk only leads to the note, which is the question's help.
    let artefacts = [("Full DPIA not required*", "Full DPIA not required")];
    check_record("2024.2", "2024-06-04-juniper-mis.txt", &artefacts, &["screening.sign_off"]);
}

#[test]
fn edition_2025_1_says_what_sisra_analytics_says() {
    // Of the table with date, result and sign-off only the note "*Delete one option" is left; it has its place.
    let lost = ["screening.date", "screening.result", "screening.sign_off"];
    check_record("2025.1", "2025-05-06-sisra-analytics.txt", &[], &lost);
    let words = published_lines("2025-05-06-sisra-analytics.txt", &[]);
    assert!(words.iter().any(|line| line.join(" ") == "*Delete one option"));
}

#[test]
fn edition_2025_2_says_what_pupil_progress_says() {
    // The beginning of one prompt is twice, once struck out: an artefact of the conversion. Of the two results its
    // author deleted one, as the form asks.
    let artefacts = [
        ("~~Describe the people whose~~ Describe the people whose", "Describe the people whose"),
        ("Result of DPIA Screening\tFull DPIA required", "Result of DPIA Screening\tFull DPIA required\tFull DPIA not required"),
    ];
    check_record("2025.2", "2025-07-04-pupil-progress.txt", &artefacts, &["screening.sign_off"]);
}

/// Fixed words, as they have to stand: one after the other without a gap, on whole lines or cells.
struct Wording {
    what: String,
    words: Vec<String>,
    /// Ends at the end of a line or cell, as a label or a title does.
    is_closed: bool,
}

/// Finds every fixed word of the edition in the document, in order. The words of one question stand together without a
/// gap; between questions there may be answers.
fn check_record(edition: &str, document: &str, artefacts: &[(&str, &str)], lost: &[&str]) {
    let library = library();
    let edition = library.edition(&EditionId::new(edition).expect("an id")).expect("a built-in edition");
    let lines = published_lines(document, artefacts);
    let starts: BTreeSet<usize> = lines.iter().scan(0, |at, line| Some(std::mem::replace(at, *at + line.len()))).collect();
    let text: Vec<&str> = lines.iter().flatten().map(String::as_str).collect();
    let is_edge = |at: usize| at == text.len() || starts.contains(&at);
    let mut at = 0;
    for group in wordings(edition, lost) {
        let fits = |start: usize| {
            let mut end = start;
            is_edge(start)
                && group.iter().all(|wording| {
                    let is_opened = !wording.is_closed || is_edge(end);
                    let is_there = text.get(end..end + wording.words.len()).is_some_and(|found| found == wording.words);
                    end += wording.words.len();
                    is_opened && is_there && (!wording.is_closed || is_edge(end))
                })
        };
        let size: usize = group.iter().map(|wording| wording.words.len()).sum();
        at = match (at..text.len()).find(|start| fits(*start)) {
            Some(start) => start + size,
            None => panic!(
                "{document} does not say this after \"… {}\":\n{}",
                text[at.saturating_sub(12)..at].join(" "),
                group.iter().map(|wording| format!("  {}: {}", wording.what, wording.words.join(" "))).collect::<Vec<_>>().join("\n")
            ),
        };
    }
}

/// The lines and cells of a document as words; marks of the conversion (headings, bold, lists, boxes, links) are left out,
/// quotes are not touched.
fn published_lines(document: &str, artefacts: &[(&str, &str)]) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/documents").join(document);
    let mut text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for (artefact, mended) in artefacts {
        assert_eq!(text.matches(artefact).count(), 1, "{artefact}");
        text = text.replace(artefact, mended);
    }
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(letter) = rest.chars().next() {
        if let Some((_, after)) = rest.strip_prefix("<input ").and_then(|inner| inner.split_once('>')) {
            rest = after;
        } else if let Some((label, after)) = split_link(rest) {
            plain.push_str(label);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("**").or_else(|| rest.strip_prefix("~~")).or_else(|| rest.strip_prefix('\\')) {
            rest = after;
        } else {
            plain.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    plain
        .lines()
        .map(|line| line.trim_start_matches('#').trim())
        .map(|line| line.strip_prefix("- ").unwrap_or(line))
        .flat_map(|line| line.split('\t').flat_map(|cell| cell.split(" / ")))
        .map(|cell| cell.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .filter(|words| !words.is_empty())
        .collect()
}

fn split_link(text: &str) -> Option<(&str, &str)> {
    let (label, after) = text.strip_prefix('[')?.split_once("](")?;
    let (_, after) = after.split_once(')')?;
    (!label.contains(['[', '\n'])).then_some((label, after))
}

/// The fixed words of an edition in groups that stand without a gap.
fn wordings(edition: &Edition, lost: &[&str]) -> Vec<Vec<Wording>> {
    let mut groups = vec![vec![closed("the title", &edition.title)]];
    for part in &edition.parts {
        groups.push(vec![closed(part.id.as_str(), &part.title)]);
        for section in &part.sections {
            groups.push(vec![closed(section.id.as_str(), &section.title)]);
            groups.extend(section_wordings(section, lost));
        }
    }
    groups
}

fn section_wordings(section: &Section, lost: &[&str]) -> Vec<Vec<Wording>> {
    let mut groups = Vec::new();
    for item in &section.items {
        match item {
            SectionItem::Text { paragraphs } => {
                groups.push(paragraphs.iter().map(|runs| closed(section.id.as_str(), &plain_runs(runs))).collect());
            }
            SectionItem::Question { question } if lost.contains(&question.id.as_str()) => {}
            SectionItem::Question { question } => groups.extend(question_wordings(question)),
            other => panic!("an edition holds text and questions, not {other:?}"),
        }
    }
    groups
}

fn question_wordings(question: &Question) -> Vec<Vec<Wording>> {
    let id = question.id.as_str();
    let prompt = open(id, &plain_runs(&question.prompt));
    let help = question.help.iter().map(|runs| open(id, &plain_runs(runs)));
    let labels = question.options().iter().map(|option| closed(&format!("{id}, {}", option.id), &option.label));
    match &question.kind {
        // The note on a choice is under it.
        QuestionKind::Choice { .. } => {
            let note: Vec<_> = help.collect();
            let choice: Vec<_> = std::iter::once(prompt).chain(labels).collect();
            if note.is_empty() { vec![choice] } else { vec![choice, note] }
        }
        QuestionKind::YesNo { yes, no, .. } => {
            vec![std::iter::once(prompt).chain(help).chain([open(id, yes), open(id, no)]).collect()]
        }
        QuestionKind::Table { columns } => {
            let heads = columns.iter().map(|column| closed(&format!("{id}, {}", column.id), &column.label));
            vec![std::iter::once(prompt).chain(help).chain(heads).collect()]
        }
        QuestionKind::Date => vec![vec![Wording { is_closed: true, ..prompt }]],
        QuestionKind::RichText { .. }
        | QuestionKind::TickList { .. }
        | QuestionKind::TickGrid { .. }
        | QuestionKind::SignOff
        | QuestionKind::RiskRegister => {
            let mut group: Vec<_> = std::iter::once(prompt).chain(help).chain(labels).collect();
            if question.options().is_empty() {
                group.push(closed("the end of the line", ""));
            }
            vec![group]
        }
    }
}

fn open(what: &str, words: &str) -> Wording {
    Wording { what: what.to_owned(), words: words.split_whitespace().map(str::to_owned).collect(), is_closed: false }
}

fn closed(what: &str, words: &str) -> Wording {
    Wording { is_closed: true, ..open(what, words) }
}

#[test]
fn a_step_that_appears_twice_in_its_scale_is_refused() {
    let library = Library::built_in().unwrap();
    let pack = library.pack(&NEWEST_PACK.parse().unwrap()).unwrap();
    for (step, other) in [("possible", "remote"), ("severe", "minimal")] {
        let (from, to) = (format!("{{ id = \"{step}\""), format!("{{ id = \"{other}\""));
        assert!(pack.source.contains(&from), "{step}");
        let refused = dpia_model::template::Pack::parse(&pack.source.replacen(&from, &to, 1)).unwrap_err().to_string();
        assert!(refused.contains(&format!("the step {other} is listed twice in its scale")), "{refused}");
    }
}
