//! Forms: what was typed is kept, and a refusal names its field.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use haat_domain::InvalidId;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

/// What was typed, field by field. What is stored takes the same shape, so that a form that was
/// refused looks like a fresh one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Typed(BTreeMap<String, String>);

/// Which field is wrong, and how.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) field: String,
    pub(crate) said: String,
}

/// A form that was refused. It is shown again; nothing was changed.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Which form of the page.
    pub(crate) form: String,
    pub(crate) typed: Typed,
    pub(crate) wrong: Wrong,
}

/// A form on a page.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    form: &'a str,
    typed: Typed,
    wrong: Option<&'a Wrong>,
}

impl Wrong {
    pub(crate) fn new(field: &str, said: impl Display) -> Self {
        Self {
            field: field.to_owned(),
            said: said.to_string(),
        }
    }
}

impl FromIterator<(String, String)> for Typed {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl Typed {
    /// What is stored, as if it were typed.
    pub(crate) fn of<const N: usize>(fields: [(&str, String); N]) -> Self {
        let fields = fields.into_iter();
        Self(fields.map(|(name, text)| (name.to_owned(), text)).collect())
    }

    /// The field without outer spaces; empty where it is not in the form.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.0.get(field).map_or("", |text| text.trim())
    }

    /// Whether the form has the field: a page shows only what its marketplace takes.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// The fields that begin so, without that beginning, as far as something is typed in them.
    pub(crate) fn all<'a>(&'a self, begin: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = self.0.iter();
        let named = fields.filter_map(move |(name, text)| Some((name.strip_prefix(begin)?, text)));
        let trimmed = named.map(|(name, text)| (name, text.trim()));
        trimmed.filter(|(_, text)| !text.is_empty())
    }

    /// A text for people, 1 to 100 characters.
    pub(crate) fn name(&self, field: &str, label: &str) -> Result<String, Wrong> {
        let text = self.text(field);
        let shaped = (1..=100).contains(&text.chars().count());
        if shaped && !text.chars().any(char::is_control) {
            return Ok(text.to_owned());
        }
        let said = format!("“{label}” must have 1 to 100 characters.");
        Err(Wrong::new(field, said))
    }

    /// The same, where nothing may be said.
    pub(crate) fn optional_name(&self, field: &str, label: &str) -> Result<Option<String>, Wrong> {
        let is_said = !self.text(field).is_empty();
        is_said.then(|| self.name(field, label)).transpose()
    }

    /// A whole number in a range.
    pub(crate) fn number<T>(
        &self,
        field: &str,
        label: &str,
        range: RangeInclusive<T>,
    ) -> Result<T, Wrong>
    where
        T: FromStr + PartialOrd + Display,
    {
        let number = self.text(field).parse::<T>().ok();
        number.filter(|n| range.contains(n)).ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            let said = format!("“{label}” must be a whole number from {least} to {most}.");
            Wrong::new(field, said)
        })
    }

    /// An id or another text with a rule of its own.
    pub(crate) fn id<T>(&self, field: &str, label: &str) -> Result<T, Wrong>
    where
        T: FromStr<Err = InvalidId>,
    {
        let parsed = self.text(field).parse::<T>();
        parsed.map_err(|wrong| Wrong::new(field, format!("“{label}” must be {}.", wrong.rule)))
    }

    /// The same, where nothing may be said.
    pub(crate) fn optional_id<T>(&self, field: &str, label: &str) -> Result<Option<T>, Wrong>
    where
        T: FromStr<Err = InvalidId>,
    {
        let is_said = !self.text(field).is_empty();
        is_said.then(|| self.id(field, label)).transpose()
    }

    /// A day.
    pub(crate) fn date(&self, field: &str, label: &str) -> Result<Date, Wrong> {
        let date = self.text(field).parse::<Date>();
        date.map_err(|_| Wrong::new(field, format!("“{label}” must be a day, as 2026-11-25.")))
    }
}

impl<'a> Sheet<'a> {
    /// The form of this name: as it was typed when it was refused, as it is stored otherwise.
    pub(crate) fn new(form: &'a str, stored: Typed, refused: Option<&'a Refused>) -> Self {
        match refused.filter(|refused| refused.form == form) {
            Some(refused) => Self {
                form,
                typed: refused.typed.clone(),
                wrong: Some(&refused.wrong),
            },
            None => Self {
                form,
                typed: stored,
                wrong: None,
            },
        }
    }

    /// A line of text.
    pub(crate) fn text(&self, name: &str, label: &str, hint: &str) -> Markup {
        self.input(name, label, hint, "text", None)
    }

    /// A whole number. It is a text to the browser, which keeps what was typed wrong.
    pub(crate) fn number(&self, name: &str, label: &str, hint: &str) -> Markup {
        self.input(name, label, hint, "text", Some("numeric"))
    }

    /// A day.
    pub(crate) fn date(&self, name: &str, label: &str, hint: &str) -> Markup {
        self.input(name, label, hint, "date", None)
    }

    fn input(&self, name: &str, label: &str, hint: &str, kind: &str, mode: Option<&str>) -> Markup {
        let id = format!("{}-{name}", self.form);
        html! {
            div.field {
                label for=(id) { (label) }
                (self.about(name, &id, hint))
                input id=(id) name=(name) type=(kind) inputmode=[mode] maxlength="200"
                    value=(self.typed.text(name)) autocomplete="off"
                    aria-describedby={ (id) "-about" }
                    aria-invalid=[self.wrong_of(name).map(|_| "true")];
            }
        }
    }

    /// One of several; each is a value and its words.
    pub(crate) fn choice(
        &self,
        name: &str,
        label: &str,
        hint: &str,
        options: &[(String, String)],
    ) -> Markup {
        let id = format!("{}-{name}", self.form);
        html! {
            div.field {
                label for=(id) { (label) }
                (self.about(name, &id, hint))
                select id=(id) name=(name) aria-describedby={ (id) "-about" }
                    aria-invalid=[self.wrong_of(name).map(|_| "true")] {
                    @for (value, words) in options {
                        option value=(value) selected[self.typed.text(name) == value] { (words) }
                    }
                }
            }
        }
    }

    /// Yes or no.
    pub(crate) fn tick(&self, name: &str, label: &str, hint: &str) -> Markup {
        let id = format!("{}-{name}", self.form);
        html! {
            div.field.tick {
                input id=(id) name=(name) type="checkbox" value="on"
                    checked[!self.typed.text(name).is_empty()] aria-describedby={ (id) "-about" };
                label for=(id) { (label) }
                (self.about(name, &id, hint))
            }
        }
    }

    fn about(&self, name: &str, id: &str, hint: &str) -> Markup {
        html! {
            div id={ (id) "-about" } {
                @if !hint.is_empty() { p.hint { (hint) } }
                @if let Some(wrong) = self.wrong_of(name) { p.error { (wrong.said) } }
            }
        }
    }

    fn wrong_of(&self, name: &str) -> Option<&Wrong> {
        self.wrong.filter(|wrong| wrong.field == name)
    }
}
