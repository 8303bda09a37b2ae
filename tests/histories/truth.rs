//! What must be true of every history at each moment.

use std::collections::BTreeSet;

use haat_domain::{Action, Health, Order, Parked, ParkedKind};
use haat_ports::{Accounts as _, Jobs as _};

use crate::mail::Message;
use crate::shops::Shops;

/// Why a history is not as it must be.
pub(crate) type Verdict = Result<(), String>;

/// `Err` with the words when it is not so.
macro_rules! must {
    ($holds:expr, $($words:tt)+) => {
        if !$holds {
            return Err(format!($($words)+));
        }
    };
}

pub(crate) use must;

/// Every row that a poll read is accounted for.
pub(crate) fn conserved(shops: &mut Shops) -> Verdict {
    for summary in std::mem::take(&mut shops.cloud.polled) {
        for (account, counts) in &summary.counts {
            let known = counts.stored + counts.changed + counts.known + counts.parked;
            let missed = summary.missed.get(account);
            must!(
                counts.read == counts.fetched + counts.repeated,
                "{account}: rows come from nowhere: {counts:?}"
            );
            must!(
                counts.fetched == known || (missed.is_some() && counts.fetched > known),
                "{account}: {counts:?}, missed: {missed:?}"
            );
        }
    }
    Ok(())
}

/// The heartbeat says which accounts a poll could not read whole, and why.
pub(crate) fn missed_is_told(shops: &Shops) -> Verdict {
    let untold = &shops.cloud.untold;
    must!(untold.is_empty(), "missed, and nobody is told: {untold:#?}");
    Ok(())
}

/// Whatever is open is under way, and whatever stopped is shown.
pub(crate) async fn nothing_is_silent(shops: &mut Shops) -> Verdict {
    let unseen = shops.cloud.unseen_changes();
    let orders = shops.open_orders().await;
    let parked = shops.parked().await;
    let shown: BTreeSet<(String, ParkedKind)> = parked.iter().map(place).collect();
    let waiting = waits_for_its_seller(shops).await;
    let mail = shops.cloud.mail.all();
    for order in &orders {
        for action in Action::ALL
            .into_iter()
            .filter(|action| order.wants(*action))
        {
            let comes = mail.iter().any(|message| leads_to(message, order, action));
            if comes || unseen > 0 || waiting.contains(order.id.account.as_str()) {
                continue;
            }
            let (id, seller) = (&order.id, &order.seller);
            let table = &shops.cloud.world.table;
            let job = table.job(seller, &id.account, action).await.unwrap();
            let word = action.word();
            return Err(format!(
                "{id}: {word} is open and nothing comes for it: {order:#?}, {job:#?}"
            ));
        }
        for action in Action::ALL {
            let failed = order.intent(action).filter(|_| !order.wants(action));
            let Some(intent) = failed else { continue };
            let entry = (order.id.to_string(), ParkedKind::of_action(action));
            must!(shown.contains(&entry), "{}: failed unseen", order.id);
            must!(intent.reason.is_some(), "{}: failed unexplained", order.id);
        }
    }
    Ok(())
}

fn place(parked: &Parked) -> (String, ParkedKind) {
    (format!("{}.{}", parked.account, parked.key), parked.kind)
}

fn leads_to(message: &Message, order: &Order, action: Action) -> bool {
    match message {
        Message::Poll(_) => false,
        Message::Ship(message) => message.account == order.id.account && message.action == action,
    }
}

pub(crate) async fn waits_for_its_seller(shops: &Shops) -> BTreeSet<String> {
    let (table, seller) = (&shops.cloud.world.table, &shops.cloud.world.seller);
    let accounts = table.accounts(seller).await.unwrap();
    accounts
        .into_iter()
        .filter_map(|account| match &account.health {
            Health::Connected => None,
            Health::NeedsAttention(attention) => {
                assert!(!attention.reason.what_to_do().is_empty());
                Some(account.id.to_string())
            }
        })
        .collect()
}

/// No password is refused twice: each change of it is found out once, and once more for each
/// function that died of finding out, or heard no answer. One-time passwords are the seller's own
/// tries.
pub(crate) fn refused_once(shops: &Shops) -> Verdict {
    let double = &shops.cloud.double;
    let unheard = double.lost_log_ins() + shops.cloud.deaths_at_login.get();
    for login in &shops.logins {
        let refused = double.refused(login.user);
        let allowed = login.changes + login.refused_otps + unheard;
        must!(
            refused <= allowed,
            "{}: {refused} refused log-ins, {allowed} explained",
            login.user
        );
    }
    Ok(())
}
