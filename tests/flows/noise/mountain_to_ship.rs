//! One account has ten thousand orders to be accepted and labelled; its neighbour's two are done
//! as if it were alone.

use haat_aws::batch::{SqsEvent, each_message};
use haat_domain::{Action, Actor, Order, OrderId, OrderReport, Step};
use haat_ports::{OrderStore as _, ShipMessage};
use haat_sandbox::{LogEntry, Seed, State};
use haat_tests::template::CHANGES_AT_ONCE;
use haat_tests::world::World;
use haat_workflows::work_on_jobs;
use jiff::SignedDuration;
use serde_json::json;

use super::Neighbour;

const MANY: u32 = 10_000;

#[tokio::test]
async fn ten_thousand_orders_at_work_delay_no_neighbour() {
    let alone = Shop::with(0).await.until_done().await;
    let beside = Shop::with(MANY).await.until_done().await;

    assert_eq!(beside.calls, alone.calls, "its own work and no more");
    assert_eq!(beside.took, alone.took);
    // A hundred messages of the neighbour's lay before its own: they are worked on side by side.
    let Done {
        waited, meanwhile, ..
    } = beside;
    assert!(
        waited <= 2,
        "{waited} calls for the mountain before its first"
    );
    assert!(
        meanwhile <= 2 * alone.calls.len(),
        "{meanwhile} calls for the mountain before its last"
    );
}

/// How the quiet account's orders were done.
struct Done {
    calls: Vec<String>,
    took: SignedDuration,
    /// Calls for the neighbour before its own first one in a delivery, at most.
    waited: usize,
    /// Calls for the neighbour before its own last one, of all deliveries.
    meanwhile: usize,
}

struct Shop {
    world: World,
    noisy: Neighbour,
    quiet: Neighbour,
    /// The quiet account's orders.
    own: Vec<OrderId>,
}

impl Shop {
    /// Two accounts of one login: `count` orders of the noisy one are asked for, half to be
    /// accepted and half to be labelled, and then one of each of the quiet one.
    async fn with(count: u32) -> Self {
        let world = super::near(super::one_login()).await;
        let (noisy, quiet) = super::noisy_first(&world, &super::one_login()).await;
        let (mut mountain, mut own) = (Vec::new(), Vec::new());
        for action in [Action::Accept, Action::Ship] {
            mountain.extend(asked_for(&world, action, &noisy, count / 2).await);
            own.extend(asked_for(&world, action, &quiet, 1).await);
        }
        for changed in mountain.chunks(*CHANGES_AT_ONCE).chain([own.as_slice()]) {
            let (table, queue) = (world.table.as_ref(), world.queues.as_ref());
            let now = world.sandbox.control().now();
            haat_workflows::react(table, queue, &world.seller, changed, now)
                .await
                .unwrap();
        }
        Self {
            world,
            noisy,
            quiet,
            own,
        }
    }

    /// Delivers what is due until the quiet account's orders are done.
    async fn until_done(self) -> Done {
        let control = self.world.sandbox.control();
        let (began, start) = (control.now(), control.log().len());
        let end = began + SignedDuration::from_mins(10);
        let (mut waited, mut meanwhile) = (0, 0);
        loop {
            assert!(control.now() < end, "{:?} are not done", self.own);
            let from = control.log().len();
            self.deliver(self.world.take_due()).await;
            let log = control.log().split_off(from);
            let (of_noisy, own) = (positions(&log, &self.noisy), positions(&log, &self.quiet));
            let before = |own: Option<&usize>| {
                let first = |one: &&usize| own.is_some_and(|own| *one < own);
                of_noisy.iter().filter(first).count()
            };
            waited = waited.max(before(own.first()));
            meanwhile += before(own.last());
            if !self.still_wanted().await {
                break;
            }
            self.world.skip_to_next_message(end);
        }
        let log = control.log().split_off(start);
        let own = positions(&log, &self.quiet).into_iter();
        Done {
            calls: own.map(|call| log[call].operation.clone()).collect(),
            took: control.now().duration_since(began),
            waited,
            meanwhile,
        }
    }

    async fn still_wanted(&self) -> bool {
        let orders = self.world.table.orders(&self.world.seller, &self.own).await;
        let wants = |order: &Order| Action::ALL.into_iter().any(|action| order.wants(action));
        orders.unwrap().iter().any(wants)
    }

    /// Hands these messages over as one batch. Each account is a group of its own, as the queue's
    /// messages carry it.
    async fn deliver(&self, messages: Vec<ShipMessage>) {
        let record = |(number, message): (usize, &ShipMessage)| {
            json!({
                "messageId": number.to_string(),
                "body": serde_json::to_string(message).unwrap(),
                "attributes": { "MessageGroupId": message.account },
            })
        };
        let records: Vec<_> = messages.iter().enumerate().map(record).collect();
        let event: SqsEvent = serde_json::from_value(json!({ "Records": records })).unwrap();
        let work = async |message: ShipMessage| work_on_jobs(&self.world.desk, &message).await;
        let response = each_message(event, work).await;
        assert!(response.batch_item_failures.is_empty(), "{response:?}");
    }
}

/// Which of these calls were made for this account.
fn positions(log: &[LogEntry], whose: &Neighbour) -> Vec<usize> {
    let calls = log.iter().enumerate();
    let own = calls.filter(|(_, call)| call.identifier == whose.identifier);
    own.map(|(position, _)| position).collect()
}

/// Orders at the marketplace and in the table, as polls and wishes leave them there.
async fn asked_for(
    world: &World,
    action: Action,
    neighbour: &Neighbour,
    count: u32,
) -> Vec<OrderId> {
    let (state, step, word) = match action {
        Action::Accept => (State::Pending, Step::Release, "PENDING"),
        Action::Ship => (State::ReadyToShip, Step::Accept, "READY_TO_SHIP"),
        Action::Cancel | Action::HandOver => panic!("the panel has no such action"),
    };
    let control = world.sandbox.control();
    let numbers = control
        .seed(&Seed::new(neighbour.supplier, state, count))
        .unwrap();
    let now = control.now();
    let mut ids = Vec::new();
    for number in numbers {
        let report = OrderReport {
            purchase: number.split('_').next().unwrap().to_owned(),
            number: number.parse().unwrap(),
            step: Some(step),
            word: word.to_owned(),
            reason: None,
            lines: Vec::new(),
            ordered_at: Some(now),
            dispatch_by: None,
            supply: haat_domain::Supply::default(),
            packet: None,
            detail: None,
        };
        let id = OrderId {
            account: neighbour.account.clone(),
            number: report.number.clone(),
        };
        let (seller, meesho) = (world.seller.clone(), "meesho".parse().unwrap());
        let mut order = Order::first_heard(id.clone(), seller, meesho, &report, now);
        let by = Actor::Token("t_1".parse().unwrap());
        order.ask(action, by, now).unwrap();
        world.table.put_order(&mut order).await.unwrap();
        ids.push(id);
    }
    ids
}
