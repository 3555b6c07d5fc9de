//! The person that a certificate names, and the bounds that X.509 sets to each part.

use std::fmt;

use crate::error::SigningError;

/// Whom a certificate is made out to. All four parts are needed; surrounding spaces are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name as it is to be read in a signature, at most 64 characters (X.520 `ub-common-name`).
    pub name: String,
    /// Role, such as "Data Protection Officer", at most 64 characters (`ub-title`).
    pub role: String,
    /// Organisation, at most 64 characters (`ub-organization-name`).
    pub organisation: String,
    /// Email address in ASCII, at most 254 characters (RFC 5321 4.5.3.1.3; `ub-emailaddress` is 255).
    pub email: String,
}

/// A part of a [`Person`], to name it in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonField {
    /// [`Person::name`].
    Name,
    /// [`Person::role`].
    Role,
    /// [`Person::organisation`].
    Organisation,
    /// [`Person::email`].
    Email,
}

impl PersonField {
    /// The most characters that a certificate holds in this part.
    pub fn limit(self) -> usize {
        match self {
            PersonField::Name | PersonField::Role | PersonField::Organisation => 64,
            PersonField::Email => 254,
        }
    }
}

impl fmt::Display for PersonField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PersonField::Name => "name",
            PersonField::Role => "role",
            PersonField::Organisation => "organisation",
            PersonField::Email => "email address",
        })
    }
}

impl Person {
    /// Returns the person with surrounding spaces removed, if a certificate can hold every part.
    ///
    /// # Errors
    /// The first part that is empty, too long or not printable, or an email address that is none.
    pub fn check(&self) -> Result<Person, SigningError> {
        let checked = Person {
            name: check_text(PersonField::Name, &self.name)?,
            role: check_text(PersonField::Role, &self.role)?,
            organisation: check_text(PersonField::Organisation, &self.organisation)?,
            email: check_text(PersonField::Email, &self.email)?,
        };
        if !is_email(&checked.email) {
            return Err(SigningError::EmailMalformed { email: checked.email });
        }
        Ok(checked)
    }
}

fn check_text(field: PersonField, text: &str) -> Result<String, SigningError> {
    let text = text.trim();
    let length = text.chars().count();
    if text.is_empty() {
        return Err(SigningError::FieldEmpty { field });
    }
    if length > field.limit() {
        return Err(SigningError::FieldTooLong { field, length, limit: field.limit() });
    }
    if text.chars().any(is_unshown) {
        return Err(SigningError::FieldNotPrintable { field });
    }
    Ok(text.to_owned())
}

/// Controls, line separators and the marks that turn the direction of text: a name that holds
/// one would be shown as something that it is not.
pub(crate) fn is_unshown(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// `local@domain`, both sides as RFC 5322 dot-atoms; the quoted form is not taken.
fn is_email(text: &str) -> bool {
    let atom = |part: &str, extra: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c));
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    local.len() <= 64 && local.split('.').all(|part| atom(part, "!#$%&'*+-/=?^_`{|}~")) && domain.split('.').all(|part| atom(part, "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, role: &str, organisation: &str, email: &str) -> Person {
        Person { name: name.into(), role: role.into(), organisation: organisation.into(), email: email.into() }
    }

    #[test]
    fn a_part_that_a_certificate_cannot_hold_is_refused_by_its_name() {
        let long = "ŵ".repeat(65);
        let check = |p: Person, said: &str| {
            assert_eq!(p.check().unwrap_err().to_string(), said);
        };
        check(person("  ", "Officer", "Juniper", "a@b.uk"), "the name is empty; a certificate needs it");
        check(person("Ann", &long, "Juniper", "a@b.uk"), "the role has 65 characters; a certificate holds at most 64");
        check(
            person("Ann", "Officer", "Juni\nper", "a@b.uk"),
            "the organisation contains a line break or another character that cannot be shown",
        );
        check(
            person("Ann \u{202e}nnA", "Officer", "Juniper", "a@b.uk"),
            "the name contains a line break or another character that cannot be shown",
        );
        for email in ["ann", "@b.uk", "ann@", "a b@c.uk", "ann@b..uk", "józef@b.pl"] {
            check(
                person("Ann", "Officer", "Juniper", email),
                &format!("the email address \"{email}\" is not of the form name@domain in plain letters, digits and signs"),
            );
        }
    }

    #[test]
    fn letters_are_counted_and_not_bytes() {
        let name = "Ωραία ".repeat(10) + "Ωρα";
        let p = person(&name, "Swyddog Diogelu Data", "Żółć", "anwen.o'neill@ysgol.cymru");
        assert_eq!(p.check().expect("63 letters fit"), p);
    }

    #[test]
    fn surrounding_spaces_are_dropped() {
        let p = person(" Ann ", "Officer\t", "Juniper", " a@b.uk ").check();
        assert_eq!(p.expect("fits"), person("Ann", "Officer", "Juniper", "a@b.uk"));
    }
}
