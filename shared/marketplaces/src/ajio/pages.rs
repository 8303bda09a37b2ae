//! Paging. It is not public whether AJIO's pages are counted from 0 or from 1, so the end of a list
//! is never taken on trust: a list that was not read whole is a failed read, not a short one.

use std::str::FromStr;

use super::profile::Profile;
use super::wire::PageInfo;
use crate::known_pages::mark;

/// A list of half a million rows has no end that we could wait for.
const MOST_PAGES: u32 = 10_000;

/// Where a page is in its list. As text, and so as the cursor of a feed: its number, and behind a
/// dash what stands for the rows of the page before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) number: u32,
    before: Option<u64>,
}

impl Place {
    pub(super) fn first(profile: &Profile) -> Self {
        Self {
            number: profile.page_base,
            before: None,
        }
    }

    /// The place a cursor points at.
    pub(super) fn of(profile: &Profile, cursor: Option<&str>) -> Result<Self, &'static str> {
        match cursor {
            None => Ok(Self::first(profile)),
            Some(text) => text.parse().map_err(|()| "the cursor is no page"),
        }
    }

    /// Where the next page is, after one whose rows have these ids; or why the list cannot have
    /// been read right.
    pub(super) fn next(
        self,
        profile: &Profile,
        ids: &[Option<String>],
        page: Option<&PageInfo>,
    ) -> Result<Option<Self>, String> {
        let read_before = self.number.saturating_sub(profile.page_base);
        let pages = page.map_or(0, |page| page.total_pages);
        if ids.is_empty() {
            let more = page.is_some_and(|page| page.total_elements > 0);
            return if more && u64::from(read_before) < pages {
                Err("page: empty, and the list has more pages: correct page_base".to_owned())
            } else {
                Ok(None)
            };
        }
        let mark = mark(&ids);
        if self.before == Some(mark) {
            return Err("page: the one before it once more: correct page_base".to_owned());
        }
        // Counted from 0 or from 1, it is never further away than that.
        let earliest = u64::from(self.number.saturating_sub(1));
        if page.is_some_and(|page| page.number < earliest) {
            return Err("page.number: an earlier page than was asked for".to_owned());
        }
        let read = read_before.saturating_add(1);
        if read >= MOST_PAGES {
            return Err(format!("page: more than {MOST_PAGES}"));
        }
        let number = self.number.saturating_add(1);
        let is_last = pages > 0 && u64::from(read) >= pages;
        Ok((!is_last).then_some(Self {
            number,
            before: Some(mark),
        }))
    }

    pub(super) fn cursor(self) -> String {
        match self.before {
            Some(before) => format!("{}-{before:x}", self.number),
            None => self.number.to_string(),
        }
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (number, before) = match text.split_once('-') {
            Some((number, before)) => {
                let before = u64::from_str_radix(before, 16).map_err(|_| ())?;
                (number, Some(before))
            }
            None => (text, None),
        };
        let number = number.parse().map_err(|_| ())?;
        Ok(Self { number, before })
    }
}
