//! Times as people say them, with the whole of it in Indian Standard Time on top.

use haat_domain::{DispatchBy, DispatchRule, ist};
use jiff::{SignedDuration, Timestamp, ToSpan};
use maud::{Markup, html};

/// How much a deadline presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pressure {
    /// It has passed.
    Late,
    /// Less than four hours.
    Soon,
    /// Later than that.
    Calm,
}

const SOON: SignedDuration = SignedDuration::from_hours(4);

/// How much a deadline presses at this moment.
pub(crate) fn pressure(at: Timestamp, now: Timestamp) -> Pressure {
    let left = at.duration_since(now);
    if left.is_negative() {
        Pressure::Late
    } else if left < SOON {
        Pressure::Soon
    } else {
        Pressure::Calm
    }
}

/// A deadline: what presses first ("late by 2 h", "in 3 h"), then the hour.
pub(crate) fn deadline(by: DispatchBy, now: Timestamp) -> Markup {
    let (class, words) = match pressure(by.at, now) {
        Pressure::Late => (
            "late",
            format!("late by {}", length(now.duration_since(by.at))),
        ),
        Pressure::Soon => ("soon", format!("in {}", length(by.at.duration_since(now)))),
        Pressure::Calm => ("calm", day_and_hour(by.at, now)),
    };
    let title = format!("{}; {}", whole(by.at), rule(by.rule));
    html! {
        time.(class) datetime=(by.at) title=(title) { (words) }
        @if class != "calm" { small { (day_and_hour(by.at, now)) } }
    }
}

/// Where a deadline comes from.
pub(crate) fn rule(rule: DispatchRule) -> &'static str {
    match rule {
        DispatchRule::Marketplace => "named by the marketplace",
        DispatchRule::MarketplaceDay => "the marketplace named the day, 17:30 is assumed",
        DispatchRule::HoursAfterOrder => "so many hours after the order, as the deployment is set",
        DispatchRule::Fallback => "the marketplace named none, the day after the order is assumed",
    }
}

/// A moment by day and hour: "today 09:12", "26 Sep 17:30".
pub(crate) fn moment(at: Timestamp, now: Timestamp) -> Markup {
    html! { time datetime=(at) title=(whole(at)) { (day_and_hour(at, now)) } }
}

/// A moment as the start of something that lasts: "09:12" today, with the day otherwise.
pub(crate) fn since(at: Timestamp, now: Timestamp) -> Markup {
    let words = if ist(at).date() == ist(now).date() {
        ist(at).strftime("%H:%M").to_string()
    } else {
        day_and_hour(at, now)
    };
    html! { time datetime=(at) title=(whole(at)) { (words) } }
}

/// How long ago: "just now", "2 min ago".
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> Markup {
    let gone = now.duration_since(at);
    let words = if gone < SignedDuration::from_mins(1) {
        "just now".to_owned()
    } else {
        format!("{} ago", length(gone))
    };
    html! { time datetime=(at) title=(whole(at)) { (words) } }
}

/// How soon: "in 3 min".
pub(crate) fn ahead(at: Timestamp, now: Timestamp) -> Markup {
    let words = format!("in {}", length(at.duration_since(now)));
    html! { time datetime=(at) title=(whole(at)) { (words) } }
}

/// The whole of it: "Sat 12 Sep 2026, 17:30 IST".
pub(crate) fn whole(at: Timestamp) -> String {
    ist(at).strftime("%a %-d %b %Y, %H:%M IST").to_string()
}

fn day_and_hour(at: Timestamp, now: Timestamp) -> String {
    let (there, here) = (ist(at), ist(now));
    let (day, today) = (there.date(), here.date());
    let form = if day == today {
        "today %H:%M"
    } else if day == today.saturating_add(1.day()) {
        "tomorrow %H:%M"
    } else if day == today.saturating_sub(1.day()) {
        "yesterday %H:%M"
    } else if day > today && day < today.saturating_add(7.days()) {
        "%a %H:%M"
    } else if day.year() == today.year() {
        "%-d %b %H:%M"
    } else {
        "%-d %b %Y %H:%M"
    };
    there.strftime(form).to_string()
}

/// A length of time, never more than there is: 119 minutes are "1 h".
fn length(time: SignedDuration) -> String {
    let (minutes, hours) = (time.as_mins(), time.as_hours());
    if minutes < 60 {
        format!("{} min", minutes.max(1))
    } else if hours < 48 {
        format!("{hours} h")
    } else {
        format!("{} days", hours.div_euclid(24))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday 12 September 2026, 14:00 in India.
    const NOW: &str = "2026-09-12T14:00:00+05:30";

    fn said(at: &str) -> String {
        let at: Timestamp = at.parse().unwrap();
        let now = NOW.parse().unwrap();
        let rule = DispatchRule::Marketplace;
        let html = deadline(DispatchBy { at, rule }, now).into_string();
        let (_, words) = html.split_once('>').unwrap();
        words.split('<').next().unwrap().to_owned()
    }

    #[test]
    fn deadlines_are_said_as_people_say_them() {
        let cases = [
            ("2026-09-09T13:00:00+05:30", "late by 3 days"),
            ("2026-09-12T11:59:00+05:30", "late by 2 h"),
            ("2026-09-12T13:59:40+05:30", "late by 1 min"),
            ("2026-09-12T14:00:00+05:30", "in 1 min"),
            ("2026-09-12T14:59:00+05:30", "in 59 min"),
            ("2026-09-12T17:30:00+05:30", "in 3 h"),
            ("2026-09-12T18:00:00+05:30", "today 18:00"),
            ("2026-09-13T00:00:00+05:30", "tomorrow 00:00"),
            ("2026-09-17T17:30:00+05:30", "Thu 17:30"),
            ("2026-09-19T17:30:00+05:30", "19 Sep 17:30"),
            ("2027-01-02T17:30:00+05:30", "2 Jan 2027 17:30"),
        ];
        for (at, expected) in cases {
            assert_eq!(said(at), expected, "{at}");
        }
    }

    #[test]
    fn the_whole_of_it_is_indian_time() {
        let at = "2026-09-12T12:00:00Z".parse().unwrap();
        assert_eq!(whole(at), "Sat 12 Sep 2026, 17:30 IST");
    }

    #[test]
    fn the_past_is_said_by_its_length() {
        let now: Timestamp = NOW.parse().unwrap();
        let said = |seconds| {
            let at = now
                .saturating_sub(SignedDuration::from_secs(seconds))
                .unwrap();
            ago(at, now).into_string()
        };
        assert!(said(59).contains(">just now<"));
        assert!(said(120).contains(">2 min ago<"));
        assert!(said(3 * 3600).contains(">3 h ago<"));
    }
}
