use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

#[test]
fn every_key() {
    let shop = "shop".parse().expect("a seller");
    let a_1: AccountId = "a_1".parse().expect("an account");
    let l_1 = "l_1".parse().expect("a login");
    let first: OrderId = "a_1.299000000000000001_1".parse().expect("an order");
    let pack_id = "p5-0".parse().expect("a pack");
    let number = "VL0012345678901".parse().expect("an AWB");
    let noon = at("2026-09-12T12:00:00Z");
    let invoices = InvoiceSeries {
        gstin: "27AABCR1718E1ZP".parse().expect("a GSTIN"),
        prefix: "HUB".parse().expect("a prefix"),
        year: 2026,
    };
    let came_back = "RT70000001".parse().expect("a return");
    let offered = OfferKey {
        product: "790001".to_owned(),
        variant: "790001002".to_owned(),
    };
    let keys = [
        ("seller", seller(&shop)),
        ("data key", seller_key(&shop)),
        ("account", account(&shop, &a_1)),
        ("login", login(&shop, &l_1)),
        ("session", session(&shop, &l_1)),
        ("token", token(&shop, &"t_1".parse().expect("a token"))),
        ("token look-up", token_lookup("9f86d081")),
        ("order", order(&shop, &first)),
        ("buyer", buyer(&shop, &first)),
        ("AWB", awb(&shop, &number)),
        ("job", job(&shop, &a_1, Action::Accept)),
        (
            "waiting orders",
            waiting(&shop, &a_1, Action::Ship, noon, "9f86d081"),
        ),
        ("parked", parked(&shop, &a_1, ParkedKind::OrderRow, "299_1")),
        ("parcel", parcel(&shop, &"KURTI #1".parse().expect("a SKU"))),
        (
            "warehouse",
            warehouse(&shop, &"w_1".parse().expect("a warehouse")),
        ),
        (
            "registration",
            registration(&shop, &"r_1".parse().expect("a registration")),
        ),
        ("test", test(&shop, &a_1)),
        ("invoice series", series(&shop, &invoices)),
        (
            "manifest",
            manifest(&shop, &a_1, &"20260912T120000Z-a_1".parse().expect("an id")),
        ),
        ("return", one_return(&shop, &a_1, &came_back)),
        ("offer", offer(&shop, &a_1, &offered)),
        ("pack", pack(&pack_id)),
        ("poll state", poll_state(&pack_id, &shop, &a_1)),
        ("heartbeat", heartbeat(&pack_id)),
    ];
    let entries = [
        ("open order", open_order(&shop, noon, &first)),
        ("shipped order", closed_order(&shop, noon, &first, true)),
        ("closed order", closed_order(&shop, noon, &first, false)),
        ("return", returned(&shop, noon, &a_1, &came_back)),
        (
            "parked",
            parked_since(&shop, noon, &a_1, ParkedKind::OrderRow, "299_1"),
        ),
    ];
    let keys = keys.map(|(name, key)| format!("{name}: {} | {}", key.pk, key.sk));
    let entries = entries.map(|(name, key)| format!("{name}: {} | {}", key.gpk, key.gsk));
    let all = format!("{}\n\nby_time\n{}", keys.join("\n"), entries.join("\n"));
    insta::assert_snapshot!(all);
}

#[test]
fn an_order_is_read_back_from_its_key_alone() {
    let (shop, id) = order_of_key("S#shop#O#a_1.299_1").expect("an order's key");
    assert_eq!(
        (shop.as_str(), id.to_string().as_str()),
        ("shop", "a_1.299_1")
    );
    for other in [
        "S#shop",
        "S#shop#AWB#VL1",
        "TOKEN#9f86",
        "PACK#p5-0",
        "S#shop#O#a_1",
        "",
    ] {
        assert_eq!(order_of_key(other), None, "{other}");
    }
}

#[test]
fn text_order_in_the_index_is_time_order() {
    let shop = "shop".parse().expect("a seller");
    let id = "a_1.299_1".parse().expect("an order");
    let in_order = [
        "2026-09-09T23:59:59.999Z",
        "2026-09-10T00:00:00Z",
        "2026-09-10T00:00:00.5Z",
        "2026-10-01T00:00:00Z",
        "2027-01-01T00:00:00Z",
    ];
    let texts = in_order.map(|time| open_order(&shop, at(time), &id).gsk);
    assert!(texts.is_sorted(), "{texts:#?}");
}

#[test]
fn waiting_orders_are_found_by_their_time_and_read_back() {
    let shop = "shop".parse().expect("a seller");
    let a_1: AccountId = "a_1".parse().expect("an account");
    let noon = at("2026-09-12T12:00:00Z");
    let note = waiting(&shop, &a_1, Action::Ship, noon, "9f86d081").sk;
    let until = |time: &str| waiting_until(&a_1, Action::Ship, at(time));
    assert!(note < until("2026-09-12T12:00:00Z"));
    assert!(note > until("2026-09-12T11:59:59.999Z"));
    assert!(note < waiting_until(&a_1, Action::Ship, Timestamp::MAX));
    assert_eq!(waiting_name(&note), Some("9f86d081"));
    for sk in [note, job(&shop, &a_1, Action::Ship).sk] {
        assert_eq!(work_of(&sk), Some((a_1.clone(), Action::Ship)), "{sk}");
    }
    assert_eq!(work_of("ACCT#a_1"), None);
}

#[test]
fn an_index_entry_leads_to_its_item() {
    let shop = "shop".parse().expect("a seller");
    let a_1 = "a_1".parse().expect("an account");
    let id = "a_1.299_1".parse().expect("an order");
    let noon = at("2026-09-12T12:00:00Z");
    let kind = ParkedKind::LabelPage;
    for gsk in [
        open_order(&shop, noon, &id).gsk,
        closed_order(&shop, noon, &id, false).gsk,
        closed_order(&shop, noon, &id, true).gsk,
    ] {
        assert_eq!(of_index(&shop, &gsk), Some(order(&shop, &id)));
    }
    let moving = |is_moving| order_of_index(&closed_order(&shop, noon, &id, is_moving).gsk);
    assert_eq!(moving(true), Some((id.clone(), true)));
    assert_eq!(moving(false), Some((id.clone(), false)));
    let number = "RT70000001".parse().expect("a return");
    let entry = returned(&shop, noon, &a_1, &number);
    let key = one_return(&shop, &a_1, &number);
    assert_eq!(of_index(&shop, &entry.gsk), Some(key.clone()));
    assert_eq!(return_of(&key.sk), Some((a_1.clone(), number)));
    // A parked thing's key is whatever the marketplace sent, a # included.
    let entry = parked_since(&shop, noon, &a_1, kind, "page#3");
    let key = parked(&shop, &a_1, kind, "page#3");
    assert_eq!(of_index(&shop, &entry.gsk), Some(key.clone()));
    assert_eq!(parked_of(&key.sk), Some((a_1, kind, "page#3".to_owned())));
}
