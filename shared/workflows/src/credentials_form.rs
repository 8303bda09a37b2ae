//! Whether a marketplace's form is filled in.

use haat_ports::{Credentials, Descriptor};

/// A field of the form cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FormRefusal {
    /// It is empty.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// It has a word that it does not take.
    #[error("{field} must be one of {}", .choices.join(", "))]
    NoSuchChoice {
        /// The field.
        field: &'static str,
        /// The words it takes.
        choices: &'static [&'static str],
    },
}

/// Checks what was typed against the form. A field with words that is left out has the first.
pub(crate) fn check(descriptor: &Descriptor, credentials: &Credentials) -> Result<(), FormRefusal> {
    for field in descriptor.fields {
        let typed = credentials.field(field.name);
        match (typed.is_empty(), field.choices) {
            (true, []) => return Err(FormRefusal::Missing(field.name)),
            (false, [_, ..]) if !field.choices.contains(&typed) => {
                let (field, choices) = (field.name, field.choices);
                return Err(FormRefusal::NoSuchChoice { field, choices });
            }
            (true, [_, ..]) | (false, _) => {}
        }
    }
    Ok(())
}
