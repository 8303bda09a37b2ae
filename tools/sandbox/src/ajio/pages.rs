//! Lists by page number, and what can be wrong with a page of them.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde_json::{Value, json};

use super::{options::Profile, refusal, wire::Call};
use crate::{
    fault::{Fault, FaultKind},
    reply::Reply,
};

const LARGEST_PAGE: usize = 50;

/// Which page was asked for, counted from 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    page: usize,
    size: usize,
}

impl Asked {
    pub(crate) fn of(profile: Profile, call: &Call) -> Result<Self, Reply> {
        let first = profile.first_page_asked.number();
        let number = whole(call, "pageNumber")?.unwrap_or(first);
        let page = number
            .checked_sub(first)
            .ok_or_else(|| refusal::bad_request("pageNumber", "is before the first page"))?;
        let size = whole(call, "pageSize")?.unwrap_or(LARGEST_PAGE);
        if !(1..=LARGEST_PAGE).contains(&size) {
            return Err(refusal::bad_request("pageSize", "is not from 1 to 50"));
        }
        Ok(Self { page, size })
    }

    /// The page's items and its `page` object, with what a fault makes of them.
    pub(crate) fn cut<T: Clone>(
        self,
        profile: Profile,
        items: &[T],
        fault: Option<&Fault>,
    ) -> (Vec<T>, Value) {
        let kind = fault.map(|fault| fault.kind);
        let page = match kind {
            Some(FaultKind::RepeatPage) => self.page.saturating_sub(1),
            _ => self.page,
        };
        let start = page.saturating_mul(self.size);
        let mut shown: Vec<T> = items.iter().skip(start).take(self.size).cloned().collect();
        if kind == Some(FaultKind::DuplicateRow) {
            let before = start.checked_sub(1).and_then(|index| items.get(index));
            shown.splice(0..0, before.cloned());
        }
        let told = page.saturating_add(profile.first_page_told.number());
        let pages = items.len().div_ceil(self.size);
        let about = json!({
            "number": told,
            "size": self.size,
            "totalElements": items.len(),
            "totalPages": pages,
        });
        (shown, about)
    }
}

/// Whether a call asks for another page than the first; what cannot be read does not.
pub(crate) fn goes_on(profile: Profile, call: &Call) -> bool {
    let number = call.text("pageNumber").and_then(|text| text.parse().ok());
    number.is_some_and(|number: usize| number > profile.first_page_asked.number())
}

fn whole(call: &Call, name: &str) -> Result<Option<usize>, Reply> {
    let text = call.text(name);
    let number = text.map(|text| text.parse::<usize>()).transpose();
    number.map_err(|_| refusal::bad_request(name, "is not a whole number"))
}

/// From and to, both inclusive (assumed); a bare day as `to` means the whole day (assumed).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Between {
    from: Timestamp,
    to: Timestamp,
}

impl Between {
    pub(crate) fn of(call: &Call, from: &str, to: &str) -> Result<Self, Reply> {
        Ok(Self {
            from: instant(call, from, DateTime::MIN.time())?.unwrap_or(Timestamp::MIN),
            to: instant(call, to, DateTime::MAX.time())?.unwrap_or(Timestamp::MAX),
        })
    }

    pub(crate) fn holds(self, at: Timestamp) -> bool {
        (self.from.as_second()..=self.to.as_second()).contains(&at.as_second())
    }
}

/// `yyyy-MM-dd` or `yyyy-MM-ddTHH:mm:ss`, UTC.
fn instant(
    call: &Call,
    name: &str,
    time_of_bare_day: jiff::civil::Time,
) -> Result<Option<Timestamp>, Reply> {
    let Some(text) = call.text(name) else {
        return Ok(None);
    };
    let wrong = || refusal::bad_request(name, "is not yyyy-MM-ddTHH:mm:ss");
    let moment: DateTime = match text.len() {
        10 => text
            .parse::<Date>()
            .map_err(|_| wrong())?
            .to_datetime(time_of_bare_day),
        19 => text.parse().map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    let zoned = moment.to_zoned(TimeZone::UTC).map_err(|_| wrong())?;
    Ok(Some(zoned.timestamp()))
}

/// Makes the first row unreadable, or puts a status into it that nobody knows.
pub(crate) fn break_first(
    rows: &mut [Value],
    (lines, quantity, status): (&str, &str, &str),
    fault: Option<&Fault>,
) {
    let (Some(fault), Some(row)) = (fault, rows.first_mut()) else {
        return;
    };
    let word = fault.word.as_deref().unwrap_or("TELEPORTED");
    match (fault.kind, fault.field.as_deref()) {
        (FaultKind::MalformedRow, None) => {
            set(row.pointer_mut(&format!("/{lines}/0")), quantity, "three");
        }
        (FaultKind::MalformedRow, Some(field)) => {
            let place = match row.get(field) {
                Some(_) => Some(row),
                None => row.pointer_mut(&format!("/{lines}/0")),
            };
            if let Some(fields) = place.and_then(Value::as_object_mut) {
                fields.remove(field);
            }
        }
        (FaultKind::UnknownWord, _) if !status.is_empty() => set(Some(row), status, word),
        _ => {}
    }
}

fn set(place: Option<&mut Value>, field: &str, word: &str) {
    if let Some(fields) = place.and_then(Value::as_object_mut) {
        fields.insert(field.to_owned(), json!(word));
    }
}
