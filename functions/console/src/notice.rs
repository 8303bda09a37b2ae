//! What a page says about the thing just done. It travels as a code in the address, never as
//! text, so that nobody can put words into the console's mouth by a link.

use haat_domain::Refusal;
use serde::Deserialize;

/// How a notice looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Done just now.
    Done,
    /// To know.
    Plain,
    /// It did not happen.
    Refused,
}

/// Everything the console can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    AcceptAsked,
    CancelAsked,
    ShipAsked,
    HandOverAsked,
    UnderWay,
    SyncAsked,
    Resumed,
    SignedOut,
    SessionOver,
    AccountStands,
    Cancelled,
    OnHold,
    AcceptedAlready,
    NotAccepted,
    LabelReady,
    ToBeCancelled,
    PackedAlready,
    NotReadyToShip,
    NoSuchPieces,
    NotOffered,
    NoParcel,
    Left,
    NoLabel,
    LabelUnreadable,
    LabelGone,
    Saved,
    Forgotten,
    TestAsked,
    HandOverAllAsked,
    NothingToHandOver,
}

use Notice as N;
use Tone::{Done, Plain, Refused};

const ALL: [(Notice, &str, Tone, &str); 30] = [
    (
        N::AcceptAsked,
        "accept_asked",
        Done,
        "Asked to accept the order. Its line says how it goes.",
    ),
    (
        N::ShipAsked,
        "ship_asked",
        Done,
        "Asked for shipment and label. The label state says how it goes.",
    ),
    (
        N::CancelAsked,
        "cancel_asked",
        Done,
        "Asked to cancel the order. Its line says how it goes.",
    ),
    (
        N::HandOverAsked,
        "hand_over_asked",
        Done,
        "Asked to hand the order over. It goes on the next manifest.",
    ),
    (
        N::UnderWay,
        "under_way",
        Plain,
        "That was being worked on already. Haat looks at it again now.",
    ),
    (
        N::SyncAsked,
        "sync_asked",
        Done,
        "Asked for. New orders show up here within a minute or two.",
    ),
    (
        N::Resumed,
        "resumed",
        Done,
        "Taken up again. If it fails once more, it comes back here with its reason.",
    ),
    (
        N::SignedOut,
        "signed_out",
        Plain,
        "You are signed out in this browser. The token itself still works until it is revoked.",
    ),
    (
        N::SessionOver,
        "session_over",
        Plain,
        "Your token was revoked or has ended. Sign in with another one.",
    ),
    (
        N::AccountStands,
        "account_stands",
        Refused,
        "The account cannot go on yet. Its card says what to do first.",
    ),
    (
        N::Cancelled,
        "refused_cancelled",
        Refused,
        "Not done: the order was cancelled. Do not pack it.",
    ),
    (
        N::OnHold,
        "refused_on_hold",
        Refused,
        "Not done: the marketplace holds the order back. It opens by itself or is cancelled.",
    ),
    (
        N::AcceptedAlready,
        "refused_accepted_already",
        Refused,
        "Not done: the order is accepted already. Ship is the next step.",
    ),
    (
        N::NotAccepted,
        "refused_not_accepted",
        Refused,
        "Not done: the order is not accepted yet. Accept it first.",
    ),
    (
        N::LabelReady,
        "refused_label_ready",
        Refused,
        "Not done: the order has its label already. Open it with Label.",
    ),
    (
        N::ToBeCancelled,
        "refused_to_be_cancelled",
        Refused,
        "Not done: the order is to be cancelled, as was asked for.",
    ),
    (
        N::PackedAlready,
        "refused_packed_already",
        Refused,
        "Not done: the order is packed already and can no longer be cancelled.",
    ),
    (
        N::NotReadyToShip,
        "refused_not_ready",
        Refused,
        "Not done: the order is not ready to ship yet. Ship it first.",
    ),
    (
        N::NoSuchPieces,
        "refused_no_such_pieces",
        Refused,
        "Not done: the order does not have the pieces that were to be left out.",
    ),
    (
        N::NotOffered,
        "refused_not_offered",
        Refused,
        "Not done: the marketplace cannot be asked for that through Haat.",
    ),
    (
        N::NoParcel,
        "refused_no_parcel",
        Refused,
        "Not done: the marketplace wants weight and size of the parcel. Set them for its products, \
         or for the order.",
    ),
    (
        N::Left,
        "refused_left",
        Refused,
        "Not done: the order has left the warehouse already.",
    ),
    (
        N::NoLabel,
        "no_label",
        Refused,
        "There is no label to open yet. The label state says why.",
    ),
    (
        N::LabelUnreadable,
        "label_unreadable",
        Refused,
        "The stored label cannot be read. Ship the order again to get a new one.",
    ),
    (
        N::LabelGone,
        "label_gone",
        Refused,
        "The label is no longer kept. The marketplace's own panel may still have it.",
    ),
    (N::Saved, "saved", Done, "Saved."),
    (N::Forgotten, "forgotten", Done, "Forgotten."),
    (
        N::TestAsked,
        "test_asked",
        Done,
        "The test is under way. Load the page again in a minute to see what it found.",
    ),
    (
        N::HandOverAllAsked,
        "hand_over_all_asked",
        Done,
        "Asked to hand over all that is ready. The manifests appear below within minutes.",
    ),
    (
        N::NothingToHandOver,
        "nothing_to_hand_over",
        Plain,
        "Nothing new is ready to be handed over: it was asked for already, or waits for its label.",
    ),
];

/// What a page says at its top: a notice that travelled in the address, or a refusal in the words
/// of the workflow that just spoke it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    None,
    Notice(Notice),
    Refused(String),
}

impl From<Option<Notice>> for Message {
    fn from(notice: Option<Notice>) -> Self {
        notice.map_or(Self::None, Self::Notice)
    }
}

impl Notice {
    /// The page `address` with this notice on it.
    pub(crate) fn on(self, address: &str) -> String {
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}notice={}", self.row().1)
    }

    pub(crate) fn tone(self) -> Tone {
        self.row().2
    }

    pub(crate) fn text(self) -> &'static str {
        self.row().3
    }

    fn row(self) -> (Self, &'static str, Tone, &'static str) {
        let row = ALL.into_iter().find(|(notice, ..)| *notice == self);
        row.unwrap_or((self, "", Plain, ""))
    }
}

impl From<&Refusal> for Notice {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Cancelled => Self::Cancelled,
            Refusal::OnHold { .. } => Self::OnHold,
            Refusal::AcceptedAlready => Self::AcceptedAlready,
            Refusal::NotAccepted => Self::NotAccepted,
            Refusal::LabelReady => Self::LabelReady,
            Refusal::ToBeCancelled => Self::ToBeCancelled,
            Refusal::PackedAlready => Self::PackedAlready,
            Refusal::NotReadyToShip => Self::NotReadyToShip,
            Refusal::NoSuchPieces { .. } | Refusal::NothingLeft => Self::NoSuchPieces,
            Refusal::Left(_) => Self::Left,
        }
    }
}

/// The notice part of any page's address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct NoticeQuery {
    notice: Option<String>,
}

impl NoticeQuery {
    /// The notice; none for a code that is not ours.
    pub(crate) fn notice(&self) -> Option<Notice> {
        of_code(self.notice.as_deref())
    }
}

/// The notice of a code, if it is ours.
pub(crate) fn of_code(code: Option<&str>) -> Option<Notice> {
    let row = ALL.into_iter().find(|(_, known, ..)| code == Some(known));
    row.map(|(notice, ..)| notice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_has_a_code_of_its_own_and_a_text() {
        for (notice, code, _, text) in ALL {
            assert_eq!(of_code(Some(code)), Some(notice), "{code}");
            assert!(text.ends_with('.'), "{code}");
            assert_eq!(notice.on("/x?a=1"), format!("/x?a=1&notice={code}"));
        }
        assert_eq!(of_code(Some("<b>pay me</b>")), None);
        assert_eq!(of_code(None), None);
    }
}
