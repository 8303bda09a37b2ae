//! One order through the whole path.

use haat_domain::{Action, DispatchRule, Event, Label, LabelState, Paise, PaymentMode, Stage};
use haat_ports::{Files as _, ManifestStore as _};
use haat_sandbox::ajio::{PaymentMethod, Seed, State};

use super::{POB, account_of, ask_all, minutes, minutes_with_polls, with_orders, with_seed};

#[tokio::test]
async fn an_order_goes_from_the_pendency_to_the_courier() {
    let (world, numbers) = with_orders(State::Pendency, 1).await;
    let number = &numbers[0];
    assert_eq!(world.order(number).await.stage, Stage::New);

    world.ask(number, Action::Accept).await.unwrap();
    minutes(&world, 1).await;
    assert_eq!(world.order(number).await.stage, Stage::Accepted);

    // It waits for the purchase order, which a poll hears of after a quarter of an hour.
    world.ask(number, Action::Ship).await.unwrap();
    minutes(&world, 1).await;
    let LabelState::Waiting { reason, .. } = world.order(number).await.label_state() else {
        panic!("{:?}", world.order(number).await);
    };
    assert!(reason.contains("purchase order"), "{reason}");
    minutes_with_polls(&world, 20).await;

    let order = world.order(number).await;
    assert_eq!(order.stage, Stage::ReadyToShip, "{order:#?}");
    assert!(order.ship.is_none(), "{order:#?}");
    let seen = world.ajio().order(number).unwrap();
    let awb = order
        .shipment
        .as_ref()
        .map(|shipment| shipment.awb.to_string());
    assert_eq!(awb, seen.awb);
    let po = order.supply.purchase_order.as_ref().unwrap();
    assert_eq!(Some(&po.number), seen.po_number.as_ref());
    let amount = po.amount.map(Paise::get);
    assert_eq!(amount, seen.po_amount_paise.map(u64::cast_signed));
    let invoice = order.supply.invoice.as_ref().unwrap();
    assert_eq!(Some(invoice.number.to_string()), seen.b2b_invoice);
    let Label::Ready(label) = &order.label else {
        panic!("{order:#?}");
    };
    let pdf = world.files.get(&label.file).await.unwrap();
    assert!(pdf.starts_with(b"%PDF-"));

    world.ask(number, Action::HandOver).await.unwrap();
    minutes(&world, 2).await;
    let order = world.order(number).await;
    assert_eq!(order.stage, Stage::Shipped, "{order:#?}");
    assert!(order.hand_over.is_none());
    let account = account_of(&order);
    let manifests = world
        .table
        .manifests(&world.seller, &account, None, 10)
        .await;
    let manifest = manifests.unwrap().items.remove(0);
    assert_eq!(manifest.orders, std::slice::from_ref(&order.id.number));
    let paper = manifest.paper.expect("its paper is stored");
    assert!(
        world
            .files
            .get(&paper.file)
            .await
            .unwrap()
            .starts_with(b"%PDF-")
    );

    let counters = world.ajio().counters();
    assert_eq!(counters.acknowledgements_of(number).requests, 1);
    assert_eq!(counters.invoices_of(number).requests, 1);
    assert_eq!(counters.ready_of(number).done, 1);
    assert_eq!(counters.manifests_of(number).requests, 1);
}

#[tokio::test]
async fn what_the_pendency_says_is_kept_to_the_paisa() {
    let seed = Seed::new(POB, State::Pendency, 3).lines(2).quantity(1);
    let (world, numbers) = with_seed(&seed.payment(PaymentMethod::Cod)).await;
    for number in &numbers {
        let (order, seen) = (
            world.order(number).await,
            world.ajio().order(number).unwrap(),
        );
        assert_eq!(
            order.value.map(Paise::get),
            Some(seen.total_paise.cast_signed())
        );
        let payment = order.payment.unwrap();
        assert_eq!(
            (payment.mode, payment.collect),
            (PaymentMode::Cod, order.value)
        );
        assert_eq!(order.ordered_at.as_second(), seen.order_date);
        assert_eq!(order.lines.len(), 2);
        for (line, seen) in order.lines.iter().zip(&seen.lines) {
            assert_eq!(line.item.as_ref(), Some(&seen.order_item_id));
            assert_eq!(line.sku.as_str(), seen.item_code);
            let supply = line.supply.unwrap();
            assert_eq!(supply.base.get(), seen.base_paise.cast_signed());
            assert_eq!(
                supply.tax.map(Paise::get),
                Some(seen.tax_paise.cast_signed())
            );
        }
        assert!(matches!(
            order.dispatch_by.rule,
            DispatchRule::Marketplace | DispatchRule::HoursAfterOrder
        ));
    }
    assert_eq!(
        world.ajio().counters().calls_of("listOrders"),
        2,
        "the last days and the history alone: of a new order the pendency tells all"
    );
}

#[tokio::test]
async fn an_order_is_accepted_in_part() {
    let seed = Seed::new(POB, State::Pendency, 1).lines(2).quantity(1);
    let (world, numbers) = with_seed(&seed).await;
    let number = &numbers[0];
    let order = world.order(number).await;
    let left_out = order.lines[1].item.clone().unwrap();
    let without = [(left_out, 1)].into();

    let wish = haat_workflows::Wish {
        action: Action::Accept,
        without: Some(without),
    };
    let by = haat_domain::Actor::Token("t_1".parse().unwrap());
    let (store, now) = (
        world.table.as_ref(),
        haat_ports::Clock::now(world.clock.as_ref()),
    );
    let queue: &dyn haat_ports::ShipQueue = world.queues.as_ref();
    haat_workflows::ask(store, queue, &world.seller, &order.id, &wish, by, now)
        .await
        .unwrap();
    minutes(&world, 1).await;
    world.ajio().raise_po(number).unwrap();
    minutes_with_polls(&world, 5).await;
    world.ask(number, Action::Ship).await.unwrap();
    minutes(&world, 3).await;

    let order = world.order(number).await;
    assert_eq!(order.stage, Stage::ReadyToShip, "{order:#?}");
    let cancelled: Vec<u32> = order.lines.iter().map(|line| line.cancelled).collect();
    assert_eq!(cancelled, [0, 1]);
    let seen = world.ajio().order(number).unwrap();
    assert_eq!(seen.lines[1].seller_cancelled, 1);
    assert_eq!(
        seen.lines[1].short_picked, 0,
        "only what was accepted is billed"
    );
}

#[tokio::test]
async fn fifty_and_more_are_shipped_one_by_one_and_looked_up_together() {
    let (world, numbers) = with_orders(State::Confirmed, 60).await;
    ask_all(&world, &numbers, Action::Ship).await;
    minutes(&world, 10).await;
    for number in &numbers {
        assert_eq!(world.order(number).await.stage, Stage::ReadyToShip);
        assert_eq!(world.ajio().counters().invoices_of(number).requests, 1);
    }
    let look_ups = world.ajio().counters().calls_of("listOrders");
    assert!(look_ups < 20, "{look_ups} look-ups for 60 orders");
}

#[tokio::test]
async fn an_order_packed_in_the_portal_is_taken_over() {
    let (world, numbers) = with_orders(State::Confirmed, 1).await;
    world.ajio().move_to(&numbers[0], State::Packed).unwrap();
    world.ask(&numbers[0], Action::Ship).await.unwrap();
    minutes(&world, 3).await;

    let order = world.order(&numbers[0]).await;
    assert_eq!(order.stage, Stage::ReadyToShip, "{order:#?}");
    assert_eq!(world.ajio().counters().invoices_of(&numbers[0]).requests, 0);
    let moved = |entry: &haat_domain::HistoryEntry| entry.event == Event::Moved(Stage::Packed);
    assert!(order.history.iter().any(moved), "{order:#?}");
}
