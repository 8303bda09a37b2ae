//! What lies in the table: read by every method that reads it. An item that is not as it should be
//! is an error that names it, never a guess; one that is comes back the same after a write.

use haat_domain::{AccountId, Action, LoginId, OrderId, PackId, ParkedKind, SellerId, TokenId};
use haat_ports::{
    Accounts as _, Jobs as _, Listing, Logins as _, OrderStore as _, ParkedStore as _, Polls as _,
    Sellers as _, Tokens as _,
};
use serde_json::Value;

use crate::shelf::{Shelf, at_once};

pub(crate) fn stored_items(bytes: &[u8]) {
    let Ok(item) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let shelf = Shelf::answering(vec![item.clone()]);
    let table = shelf.table();
    let (seller, account): (SellerId, AccountId) =
        ("shop".parse().unwrap(), "a_1".parse().unwrap());
    let (login, pack): (LoginId, PackId) = ("l_1".parse().unwrap(), "p5-0".parse().unwrap());
    let order: OrderId = "a_1.299000000000000001_1".parse().unwrap();
    at_once(async {
        if let Ok(orders) = table.orders(&seller, std::slice::from_ref(&order)).await {
            for mut read in orders {
                table.put_order(&mut read).await.unwrap();
                shelf.put(shelf.written());
                let again = table
                    .orders(&read.seller, std::slice::from_ref(&read.id))
                    .await;
                assert_eq!(again.unwrap(), [read]);
                shelf.put(vec![item.clone()]);
            }
        }
        for action in Action::ALL {
            if let Ok(mut job) = table.job(&seller, &account, action).await {
                table.put_job(&mut job).await.unwrap();
                shelf.put(shelf.written());
                let again = table.job(&seller, &account, action).await.unwrap();
                assert_eq!(again, job);
                shelf.put(vec![item.clone()]);
            }
        }
        if let Ok(Some(mut read)) = table.account(&seller, &account).await {
            table.put_account(&read).await.unwrap();
            shelf.put(shelf.written());
            let again = table.account(&seller, &account).await.unwrap();
            read.version += 1;
            assert_eq!(again, Some(read));
            shelf.put(vec![item.clone()]);
        }
        for listing in [Listing::Open, Listing::Closed] {
            let _page = table.list_orders(&seller, listing, None, 10).await;
        }
        let _parked = table.parked(&seller, None, 10).await;
        for kind in ParkedKind::ALL {
            let _one = table.one_parked(&seller, &account, kind, "299_1").await;
        }
        let _accounts = table.accounts(&seller).await;
        let _login = table.login(&seller, &login).await;
        let _buyer = table.buyer(&seller, &order).await;
        let _packs = table.packs().await;
        let _states = table.poll_states(&pack).await;
        let _beat = table.heartbeat(&pack).await;
        let _seller = table.seller(&seller).await;
        let _token = table.token(&[7; 32]).await;
        let _tokens = table.tokens(&seller).await;
        let revoked: TokenId = "t_1".parse().unwrap();
        let _revoked = table.revoke(&seller, &revoked).await;
        let _order = table.order_of_awb(&seller, &"VL1".parse().unwrap()).await;
    });
}
