//! Where an order is in its life, and what may happen next.

use serde::{Deserialize, Serialize};

/// Where an order stands. The seller may name his own statuses on top; Haat works with stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The marketplace holds the order back; nothing may be done with it.
    OnHold,
    /// The seller may accept it.
    New,
    /// Accepted; shown as "Pending Label" until its label is there.
    Accepted,
    /// Being collected from the shelves (optional).
    Picking,
    /// Packed; shown as "Pending RTD" where the marketplace has that word.
    Packed,
    /// Waiting for the courier; shown as "Pending Handover".
    ReadyToShip,
    /// The courier has scanned it.
    Shipped,
    /// With the courier's rider.
    OutForDelivery,
    /// The buyer has it.
    Delivered,
    /// Delivered, and the time for returns is over.
    Completed,
    /// Cancelled before it was shipped.
    Cancelled,
    /// On the way back without having reached the buyer (RTO).
    ReturningToOrigin,
    /// Back with the seller.
    Returned,
    /// Lost by the courier.
    Lost,
}

/// What can happen to an order: a word of the marketplace or a deed of the seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The marketplace puts it on hold.
    Hold,
    /// The marketplace opens it to the seller.
    Release,
    /// The marketplace has it as accepted.
    Accept,
    /// The seller starts collecting it.
    Pick,
    /// The seller has packed it.
    Pack,
    /// The seller declares it ready for the courier.
    MakeReady,
    /// The courier scans it.
    Ship,
    /// The courier's rider takes it out.
    GoOutForDelivery,
    /// The buyer receives it.
    Deliver,
    /// The time for returns ends.
    Complete,
    /// Buyer, seller or marketplace cancels it.
    Cancel,
    /// The courier turns it round.
    ReturnToOrigin,
    /// The seller receives it back.
    Return,
    /// The courier loses it.
    Lose,
}

struct Rule {
    step: Step,
    to: Stage,
    from: &'static [Stage],
    /// Stages in which the step is old news: allowed, and nothing changes.
    stays: &'static [Stage],
}

use Stage as S;

const BEFORE_SHIPPING: &[Stage] = &[
    S::OnHold,
    S::New,
    S::Accepted,
    S::Picking,
    S::Packed,
    S::ReadyToShip,
];

/// The whole table. The marketplace's later word wins, so its steps may skip stages that we
/// never saw; the seller's own steps go one by one.
const RULES: &[Rule] = &[
    Rule {
        step: Step::Hold,
        to: S::OnHold,
        from: &[S::New],
        stays: &[S::OnHold],
    },
    Rule {
        step: Step::Release,
        to: S::New,
        from: &[S::OnHold],
        stays: &[S::New],
    },
    Rule {
        step: Step::Accept,
        to: S::Accepted,
        from: &[S::OnHold, S::New],
        stays: &[S::Accepted, S::Picking, S::Packed, S::ReadyToShip],
    },
    Rule {
        step: Step::Pick,
        to: S::Picking,
        from: &[S::Accepted],
        stays: &[S::Picking],
    },
    Rule {
        step: Step::Pack,
        to: S::Packed,
        from: &[S::OnHold, S::New, S::Accepted, S::Picking],
        stays: &[S::Packed, S::ReadyToShip],
    },
    Rule {
        step: Step::MakeReady,
        to: S::ReadyToShip,
        from: &[S::OnHold, S::New, S::Accepted, S::Picking, S::Packed],
        stays: &[S::ReadyToShip],
    },
    Rule {
        step: Step::Ship,
        to: S::Shipped,
        from: BEFORE_SHIPPING,
        stays: &[
            S::Shipped,
            S::OutForDelivery,
            S::Delivered,
            S::Completed,
            S::ReturningToOrigin,
            S::Returned,
            S::Lost,
        ],
    },
    Rule {
        step: Step::GoOutForDelivery,
        to: S::OutForDelivery,
        from: &[
            S::OnHold,
            S::New,
            S::Accepted,
            S::Picking,
            S::Packed,
            S::ReadyToShip,
            S::Shipped,
        ],
        stays: &[
            S::OutForDelivery,
            S::Delivered,
            S::Completed,
            S::ReturningToOrigin,
            S::Returned,
        ],
    },
    Rule {
        step: Step::Deliver,
        to: S::Delivered,
        from: &[
            S::OnHold,
            S::New,
            S::Accepted,
            S::Picking,
            S::Packed,
            S::ReadyToShip,
            S::Shipped,
            S::OutForDelivery,
        ],
        stays: &[S::Delivered, S::Completed, S::Returned],
    },
    Rule {
        step: Step::Complete,
        to: S::Completed,
        from: &[S::Shipped, S::OutForDelivery, S::Delivered],
        stays: &[S::Completed],
    },
    Rule {
        step: Step::Cancel,
        to: S::Cancelled,
        from: BEFORE_SHIPPING,
        stays: &[S::Cancelled],
    },
    Rule {
        step: Step::ReturnToOrigin,
        to: S::ReturningToOrigin,
        from: &[
            S::OnHold,
            S::New,
            S::Accepted,
            S::Picking,
            S::Packed,
            S::ReadyToShip,
            S::Shipped,
            S::OutForDelivery,
        ],
        stays: &[S::ReturningToOrigin, S::Returned],
    },
    Rule {
        step: Step::Return,
        to: S::Returned,
        from: &[
            S::Shipped,
            S::OutForDelivery,
            S::Delivered,
            S::Completed,
            S::ReturningToOrigin,
        ],
        stays: &[S::Returned],
    },
    Rule {
        step: Step::Lose,
        to: S::Lost,
        from: &[S::Shipped, S::OutForDelivery, S::ReturningToOrigin],
        stays: &[S::Lost],
    },
];

impl Stage {
    /// Every stage, in the order of an undisturbed life.
    pub const ALL: [Self; 14] = [
        S::OnHold,
        S::New,
        S::Accepted,
        S::Picking,
        S::Packed,
        S::ReadyToShip,
        S::Shipped,
        S::OutForDelivery,
        S::Delivered,
        S::Completed,
        S::Cancelled,
        S::ReturningToOrigin,
        S::Returned,
        S::Lost,
    ];

    /// The stage after a step: the same one when the step is old news, nothing when the step
    /// cannot follow.
    pub fn after(self, step: Step) -> Option<Self> {
        let rule = RULES.iter().find(|rule| rule.step == step)?;
        if rule.from.contains(&self) {
            Some(rule.to)
        } else {
            rule.stays.contains(&self).then_some(self)
        }
    }

    /// The stage a step leads to.
    pub fn reached_by(step: Step) -> Option<Self> {
        RULES
            .iter()
            .find(|rule| rule.step == step)
            .map(|rule| rule.to)
    }

    /// Whether the seller still has to hand the order over; only then its deadline counts.
    pub fn is_open(self) -> bool {
        BEFORE_SHIPPING.contains(&self)
    }

    /// Whether nothing of the order is packed: its parcel may still become another one.
    pub fn is_unpacked(self) -> bool {
        matches!(self, S::OnHold | S::New | S::Accepted | S::Picking)
    }

    /// Whether the parcel is on its way: its marketplace has more to tell.
    pub fn is_moving(self) -> bool {
        matches!(self, S::Shipped | S::OutForDelivery | S::ReturningToOrigin)
    }

    /// The word used in table, API and page.
    pub const fn word(self) -> &'static str {
        match self {
            S::OnHold => "on_hold",
            S::New => "new",
            S::Accepted => "accepted",
            S::Picking => "picking",
            S::Packed => "packed",
            S::ReadyToShip => "ready_to_ship",
            S::Shipped => "shipped",
            S::OutForDelivery => "out_for_delivery",
            S::Delivered => "delivered",
            S::Completed => "completed",
            S::Cancelled => "cancelled",
            S::ReturningToOrigin => "returning_to_origin",
            S::Returned => "returned",
            S::Lost => "lost",
        }
    }

    /// The stage of a word, if it is one.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }
}

impl Step {
    /// Every step, in the order of an undisturbed life.
    pub const ALL: [Self; 14] = [
        Self::Hold,
        Self::Release,
        Self::Accept,
        Self::Pick,
        Self::Pack,
        Self::MakeReady,
        Self::Ship,
        Self::GoOutForDelivery,
        Self::Deliver,
        Self::Complete,
        Self::Cancel,
        Self::ReturnToOrigin,
        Self::Return,
        Self::Lose,
    ];

    /// The word used in the matrix and the diagram.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Accept => "accept",
            Self::Pick => "pick",
            Self::Pack => "pack",
            Self::MakeReady => "make ready",
            Self::Ship => "ship",
            Self::GoOutForDelivery => "go out for delivery",
            Self::Deliver => "deliver",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
            Self::ReturnToOrigin => "return to origin",
            Self::Return => "return",
            Self::Lose => "lose",
        }
    }
}
