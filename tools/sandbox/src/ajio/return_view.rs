//! Returns as the control shows them.

use serde::Serialize;

use super::returns::{QcCode, Return, ReturnKind, ReturnState};

/// A return as the double sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnView {
    /// Whose.
    pub pob: String,
    /// `RT` and eight digits.
    pub return_id: String,
    /// Of which order.
    pub order_id: String,
    /// Why it comes back.
    pub kind: ReturnKind,
    /// Where it stands.
    pub state: ReturnState,
    /// AWB of the way back.
    pub awb: String,
    /// What comes back.
    pub items: Vec<ReturnItemView>,
    /// AJIO's invoice, once raised.
    pub rsi_number: Option<String>,
    /// The seller's credit note, once posted.
    pub credit_note: Option<String>,
}

/// An item of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnItemView {
    /// `<return>-<n>`
    pub return_item_id: String,
    /// The order's line.
    pub order_item_id: String,
    /// Units that come back.
    pub quantity: u64,
    /// What QC said of how many units.
    pub checked: Vec<(QcCode, u64)>,
}

pub(crate) fn return_view(returned: &Return) -> ReturnView {
    let items = returned.items.iter().map(|item| ReturnItemView {
        return_item_id: item.id.clone(),
        order_item_id: item.line_id.clone(),
        quantity: item.quantity,
        checked: item.checked.clone(),
    });
    ReturnView {
        pob: returned.pob.clone(),
        return_id: returned.id.clone(),
        order_id: returned.order_id.clone(),
        kind: returned.kind,
        state: returned.state,
        awb: returned.awb.clone(),
        items: items.collect(),
        rsi_number: returned.rsi.as_ref().map(|rsi| rsi.number.clone()),
        credit_note: returned.credit_note.clone(),
    }
}
