//! How heavy and how large a parcel is.

use serde::{Deserialize, Serialize};

/// Weight in grams, sides in millimetres, packaging included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Grams.
    pub weight_grams: u32,
    /// The longest side, millimetres.
    pub length_mm: u32,
    /// The next one, millimetres.
    pub breadth_mm: u32,
    /// The shortest one, millimetres.
    pub height_mm: u32,
}

/// A parcel that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} must be from 1 to {most}, not {given}")]
pub struct InvalidParcel {
    /// The field.
    pub field: &'static str,
    /// The largest value it takes.
    pub most: u32,
    /// What was given.
    pub given: u32,
}

/// A hundred kilograms, and three metres: what is more was typed in the wrong unit. Assumed.
const MOST_GRAMS: u32 = 100_000;
const MOST_MILLIMETRES: u32 = 3_000;

impl Parcel {
    /// The parcel itself, if it can be.
    pub fn checked(self) -> Result<Self, InvalidParcel> {
        let sides = [
            ("weight_grams", self.weight_grams, MOST_GRAMS),
            ("length_mm", self.length_mm, MOST_MILLIMETRES),
            ("breadth_mm", self.breadth_mm, MOST_MILLIMETRES),
            ("height_mm", self.height_mm, MOST_MILLIMETRES),
        ];
        let wrong = sides
            .into_iter()
            .find(|(_, given, most)| !(1..=*most).contains(given));
        match wrong {
            Some((field, given, most)) => Err(InvalidParcel { field, most, given }),
            None => Ok(self),
        }
    }

    /// Several pieces in one parcel, lying on each other: their weights and heights add up, and
    /// the longest length and breadth count. Nothing of no pieces.
    pub fn of_pieces(pieces: impl IntoIterator<Item = (Self, u32)>) -> Option<Self> {
        pieces
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(piece, count)| Self {
                weight_grams: piece.weight_grams.saturating_mul(count),
                height_mm: piece.height_mm.saturating_mul(count),
                ..piece
            })
            .reduce(|below, above| Self {
                weight_grams: below.weight_grams.saturating_add(above.weight_grams),
                length_mm: below.length_mm.max(above.length_mm),
                breadth_mm: below.breadth_mm.max(above.breadth_mm),
                height_mm: below.height_mm.saturating_add(above.height_mm),
            })
    }
}
