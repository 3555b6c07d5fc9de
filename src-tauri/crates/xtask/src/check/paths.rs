//! The paths that a Rust source names, and the modules that it declares: read from its words, without what only tests have.
//!
//! Comments and literals are skipped, and so is an item under `#[cfg(test)]`. What a macro makes is not seen.

/// What a source names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// The modules that are files of their own.
    pub(super) modules: Vec<String>,
    /// What `use` brings in.
    pub(super) imports: Vec<Import>,
    /// Paths with `::` in the rest of the code.
    pub(super) paths: Vec<Vec<String>>,
    /// Every word of the rest of the code.
    pub(super) words: Vec<String>,
}

/// A path that `use` brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    /// The path; it ends in `*` where all of a module is brought in.
    pub(super) path: Vec<String>,
    /// The name that it has here.
    pub(super) name: String,
    /// Others can reach it through this module.
    pub(super) is_exported: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Mark(char),
    /// `::`
    Step,
}

impl Source {
    /// Reads the text of a source.
    pub(super) fn read(text: &str) -> Self {
        let tokens = without_tests(&tokens_of(text));
        let mut source = Self::default();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                Token::Word(word) if word == "use" && !is_mark(&tokens, at + 1, '<') => {
                    let is_exported = at > 0 && (is_word(&tokens, at - 1, "pub") || is_mark(&tokens, at - 1, ')'));
                    at = source.read_import(&tokens, at + 1, &mut Vec::new(), is_exported);
                }
                Token::Word(word) if word == "mod" && is_mark(&tokens, at + 2, ';') => {
                    source.modules.extend(word_at(&tokens, at + 1));
                    at += 3;
                }
                Token::Word(word) => {
                    let mut path = vec![word.clone()];
                    while tokens.get(at + 1) == Some(&Token::Step)
                        && let Some(next) = word_at(&tokens, at + 2)
                    {
                        path.push(next);
                        at += 2;
                    }
                    source.words.extend(path.iter().cloned());
                    if path.len() > 1 {
                        source.paths.push(path);
                    }
                    at += 1;
                }
                Token::Mark(_) | Token::Step => at += 1,
            }
        }
        source
    }

    /// Reads the tree of a `use` from this token on, below this path; gives the token after it.
    fn read_import(&mut self, tokens: &[Token], mut at: usize, above: &mut Vec<String>, is_exported: bool) -> usize {
        let depth = above.len();
        let mut name = None;
        while let Some(token) = tokens.get(at) {
            match token {
                Token::Word(word) if word == "as" => {
                    name = word_at(tokens, at + 1);
                    at += 1;
                }
                Token::Word(word) => above.push(word.clone()),
                Token::Mark('*') => above.push("*".to_owned()),
                Token::Mark('{') => {
                    at += 1;
                    while !is_mark(tokens, at, '}') && at < tokens.len() {
                        at = self.read_import(tokens, at, &mut above.clone(), is_exported);
                        at += usize::from(is_mark(tokens, at, ','));
                    }
                    above.truncate(depth);
                }
                Token::Mark(',' | '}' | ';') => break,
                Token::Mark(_) | Token::Step => {}
            }
            at += 1;
        }
        if above.len() > depth {
            // `a::{self}` is `a`.
            if above.len() > 1 && above.last().is_some_and(|last| last == "self") {
                above.pop();
            }
            let name = name.or_else(|| above.last().cloned()).unwrap_or_default();
            self.imports.push(Import { path: above.clone(), name, is_exported });
        }
        at
    }
}

fn word_at(tokens: &[Token], at: usize) -> Option<String> {
    match tokens.get(at) {
        Some(Token::Word(word)) => Some(word.clone()),
        Some(Token::Mark(_) | Token::Step) | None => None,
    }
}

fn is_word(tokens: &[Token], at: usize, word: &str) -> bool {
    matches!(tokens.get(at), Some(Token::Word(found)) if found == word)
}

fn is_mark(tokens: &[Token], at: usize, mark: char) -> bool {
    tokens.get(at) == Some(&Token::Mark(mark))
}

/// The tokens of a text; literals and lifetimes are none.
fn tokens_of(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    let is = |at: usize, words: &str| words.chars().enumerate().all(|(step, letter)| letters.get(at + step) == Some(&letter));
    while let Some(&letter) = letters.get(at) {
        if is(at, "//") {
            at += letters[at..].iter().take_while(|letter| **letter != '\n').count();
        } else if is(at, "/*") {
            let mut depth = 1;
            at += 2;
            while depth > 0 && at < letters.len() {
                let step = usize::from(is(at, "/*") || is(at, "*/"));
                depth = if is(at, "/*") { depth + 1 } else { depth - step };
                at += 1 + step;
            }
        } else if letter == '"' {
            at = after_string(&letters, at + 1);
        } else if letter == '\'' {
            // A lifetime has no mark at its end.
            let is_character = is(at + 1, "\\") || letters.get(at + 2) == Some(&'\'');
            at = if is_character { after_character(&letters, at + 1) } else { at + 1 };
        } else if letter.is_alphabetic() || letter == '_' {
            let word: String = letters[at..].iter().take_while(|letter| letter.is_alphanumeric() || **letter == '_').collect();
            at += word.chars().count();
            let hashes = letters[at..].iter().take_while(|letter| **letter == '#').count();
            match word.as_str() {
                "r" | "br" | "cr" if letters.get(at + hashes) == Some(&'"') => {
                    let end = format!("\"{}", "#".repeat(hashes));
                    at += hashes + 1;
                    while at < letters.len() && !is(at, &end) {
                        at += 1;
                    }
                    at += end.chars().count();
                }
                "b" | "c" if is(at, "\"") || is(at, "'") => {}
                _ => tokens.push(Token::Word(word)),
            }
        } else if is(at, "::") {
            tokens.push(Token::Step);
            at += 2;
        } else {
            if !letter.is_whitespace() && !letter.is_ascii_digit() {
                tokens.push(Token::Mark(letter));
            }
            at += 1;
        }
    }
    tokens
}

/// The place after the end of a string that has begun.
fn after_string(letters: &[char], mut at: usize) -> usize {
    while let Some(letter) = letters.get(at) {
        match letter {
            '"' => return at + 1,
            '\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

/// The place after the end of a character that has begun.
fn after_character(letters: &[char], at: usize) -> usize {
    let start = if letters.get(at) == Some(&'\\') { at + 2 } else { at + 1 };
    start + letters.get(start..).unwrap_or_default().iter().take_while(|letter| **letter != '\'').count() + 1
}

/// The tokens without the items that only tests have.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mark = tokens_of("#[cfg(test)]");
    let (mut kept, mut at) = (Vec::new(), 0);
    while let Some(token) = tokens.get(at) {
        if tokens[at..].starts_with(&mark) {
            at = after_item(tokens, at + mark.len());
        } else {
            kept.push(token.clone());
            at += 1;
        }
    }
    kept
}

/// The place after an item: its `;`, or the bracket that ends its body.
fn after_item(tokens: &[Token], mut at: usize) -> usize {
    let (mut depth, mut is_import) = (0_usize, false);
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            Token::Word(word) if word == "use" && depth == 0 => is_import = true,
            Token::Mark('{' | '(' | '[') => depth += 1,
            Token::Mark(closing @ ('}' | ')' | ']')) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *closing == '}' && !is_import {
                    return at;
                }
            }
            Token::Mark(';') if depth == 0 => return at,
            Token::Word(_) | Token::Mark(_) | Token::Step => {}
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(path: &str, name: &str, is_exported: bool) -> Import {
        Import { path: path.split("::").map(str::to_owned).collect(), name: name.to_owned(), is_exported }
    }

    #[test]
    fn each_name_of_a_use_has_its_path() {
        let check = |text: &str, expected: &[Import]| assert_eq!(Source::read(text).imports, expected, "{text}");
        check("use crate::error::AppError;", &[import("crate::error::AppError", "AppError", false)]);
        check(
            "use crate::past::{self, Moment as When};",
            &[import("crate::past", "past", false), import("crate::past::Moment", "When", false)],
        );
        check(
            "pub(crate) use super::{a::{B, c}, d::*};",
            &[import("super::a::B", "B", true), import("super::a::c", "c", true), import("super::d::*", "*", true)],
        );
        check("pub use thinning::find_surplus;", &[import("thinning::find_surplus", "find_surplus", true)]);
        check("#[cfg(test)] use crate::a::{B}; fn f(_: impl Sized + use<>) {}", &[]);
    }

    #[test]
    fn paths_in_code_are_found_and_those_in_words_and_tests_are_not() {
        let text = r##"
            //! Not crate::said::here.
            mod child;
            #[cfg(test)]
            mod tests;
            fn work<'a>(given: &'a str, mark: char) -> crate::error::Made {
                let words = ("crate::in_a::string", r#"a " and crate::raw"#, b"crate::bytes", '"', '\'', b'x');
                /* crate::a /* crate::b */ */
                child::begin::<u8>(given)
            }
            #[cfg(test)]
            mod more { use crate::views::View; fn f() { crate::views::show() } }
            const LAST: u8 = super::LAST;
        "##;
        let source = Source::read(text);
        assert_eq!(source.modules, ["child"]);
        let paths: Vec<String> = source.paths.iter().map(|path| path.join("::")).collect();
        assert_eq!(paths, ["crate::error::Made", "child::begin", "super::LAST"]);
        assert!(source.imports.is_empty());
    }
}
