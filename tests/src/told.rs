//! What the table's stream tells of an order, as far as it wakes `react`.

use haat_domain::{Action, Order, Stage};

/// What the table's stream has told of an order.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Told {
    /// Its stage, if it is one that something may begin in.
    begins: Option<Stage>,
    /// What is asked of it.
    open: [bool; 4],
    purchase_order: bool,
}

impl Told {
    pub(crate) fn of(order: &Order) -> Self {
        let begins = matches!(order.stage, Stage::New | Stage::Accepted);
        Self {
            begins: begins.then_some(order.stage),
            open: Action::ALL.map(|action| order.wants(action)),
            purchase_order: order.supply.purchase_order.is_some(),
        }
    }

    /// Whether it tells something that an earlier look did not.
    pub(crate) fn is_news_after(self, before: Self) -> bool {
        let begins = self.begins.is_some() && self.begins != before.begins;
        let mut open = self.open.iter().zip(before.open);
        let asked = open.any(|(is, was)| *is && !was);
        begins || asked || (self.purchase_order && !before.purchase_order)
    }
}
