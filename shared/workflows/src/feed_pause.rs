//! How often feeds are read that need not be read with every poll.
//!
//! Nothing is written for it: time is cut into pieces as long as the pause, and a feed is read by
//! the first poll in a piece. The pauses double from the usual one on, so that each cut of a longer
//! one is a cut of the shorter ones.

use haat_ports::{Feed, Pause};
use jiff::{SignedDuration, Timestamp};

/// Whether a feed is read by a poll, when the account was last read whole at `last`, and the feed
/// last held something new at `changed`.
pub(crate) fn is_due(
    feed: Feed,
    changed: Option<Timestamp>,
    last: Option<Timestamp>,
    now: Timestamp,
) -> bool {
    let (Pause::Minutes { usual, longest }, Some(changed), Some(last)) =
        (feed.pause, changed, last)
    else {
        return true;
    };
    let quiet = now.duration_since(changed);
    let minutes = pause(u64::from(usual), u64::from(longest), quiet);
    let piece = |at: Timestamp| {
        let seconds = i64::try_from(minutes.saturating_mul(60)).unwrap_or(i64::MAX);
        at.as_second().div_euclid(seconds.max(1))
    };
    piece(last) != piece(now)
}

/// A quarter of the time in which nothing changed, at least the usual pause, at most the longest,
/// and the usual one doubled some times.
fn pause(usual: u64, longest: u64, quiet: SignedDuration) -> u64 {
    let quarter = u64::try_from(quiet.as_mins().div_euclid(4)).unwrap_or_default();
    let most = quarter.min(longest);
    let mut minutes = usual.max(1);
    while minutes.saturating_mul(2) <= most {
        minutes = minutes.saturating_mul(2);
    }
    minutes
}

#[cfg(test)]
mod tests {
    use haat_ports::Reading;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH
            .saturating_add(SignedDuration::from_mins(minute))
            .unwrap()
    }

    /// Minutes in which a feed is read by polls every five minutes, all of which succeed.
    fn read(changed: i64, until: i64) -> Vec<i64> {
        let pause = Pause::Minutes {
            usual: 30,
            longest: 240,
        };
        let reading = Reading::Whole;
        let feed = Feed {
            name: "returns",
            reading,
            pause,
        };
        let before = |now: i64| at(now.saturating_sub(5));
        (changed..until)
            .step_by(5)
            .filter(|now| is_due(feed, Some(at(changed)), Some(before(*now)), at(*now)))
            .collect()
    }

    #[test]
    fn a_feed_in_which_something_happens_is_read_in_its_usual_pause() {
        assert_eq!(read(600, 720), [600, 630, 660, 690]);
    }

    #[test]
    fn a_quiet_feed_is_read_less_and_less_often_up_to_the_longest_pause() {
        // Four hours after the change the pause is one hour, after eight two, after sixteen four.
        let read = read(0, 3000);
        let pauses: Vec<i64> = read
            .windows(2)
            .map(|two| two[1].saturating_sub(two[0]))
            .collect();
        assert_eq!(pauses.first(), Some(&30));
        assert!(pauses.windows(2).all(|two| two[0] <= two[1]), "{pauses:?}");
        assert_eq!(pauses.last(), Some(&240));
    }

    #[test]
    fn a_feed_without_a_pause_and_one_never_read_are_always_due() {
        let pause = Pause::None;
        let reading = Reading::Whole;
        let name = "pendency";
        let each_time = Feed {
            name,
            reading,
            pause,
        };
        assert!(is_due(each_time, Some(at(0)), Some(at(1)), at(1)));
        let pause = Pause::Minutes {
            usual: 30,
            longest: 60,
        };
        let new = Feed {
            name,
            reading,
            pause,
        };
        assert!(is_due(new, None, Some(at(1)), at(1)));
        assert!(is_due(new, Some(at(0)), None, at(1)));
    }
}
