//! The connector against the sandbox: what happens over several calls, with real sessions.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use haat_domain::{AttentionReason, OrderNumber, Secret, Step};
use haat_ports::{
    Asked, Connection, Credentials, ErrorKind, JobState, Marketplace, MarketplaceError, OrderPage,
    Session, Sessions,
};
use haat_sandbox::{Fault, FaultKind, NewAccount, Options, Sandbox, Seed, State};
use tokio::sync::Mutex;

use crate::requests::feed;
use crate::scripted::{SELLER, credentials, marketplace};

const EMAIL: &str = "seller@example.test";
const SUPPLIER: u64 = 4_100_001;

/// Sessions as the product keeps them, without their storage: one log-in at a time.
struct LiveSessions {
    marketplace: Arc<dyn Marketplace>,
    credentials: Credentials,
    session: Mutex<Option<Session>>,
}

#[async_trait]
impl Sessions for LiveSessions {
    async fn current(&self) -> Result<Session, MarketplaceError> {
        let mut session = self.session.lock().await;
        if session.is_none() {
            *session = Some(self.marketplace.log_in(&self.credentials).await?);
        }
        Ok(session.clone().unwrap())
    }

    async fn renew(&self, _refused: &Session) -> Result<Session, MarketplaceError> {
        *self.session.lock().await = None;
        self.current().await
    }
}

struct Shop {
    sandbox: Sandbox,
    marketplace: Arc<dyn Marketplace>,
    line: Box<dyn Connection>,
}

impl Shop {
    async fn open() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let profile = Some(r#"{"max_label_file_bytes": 2000000}"#);
        let marketplace = marketplace(&sandbox.api_url(), &sandbox.file_host(), profile);
        let sessions = Arc::new(LiveSessions {
            marketplace: marketplace.clone(),
            credentials: credentials(EMAIL, "sandbox-only"),
            session: Mutex::default(),
        });
        let line = marketplace.connect(SELLER, sessions).unwrap();
        Self {
            sandbox,
            marketplace,
            line,
        }
    }

    fn seeded(&self, state: State, count: u32) -> Vec<OrderNumber> {
        let numbers = self
            .sandbox
            .control()
            .seed(&Seed::new(SUPPLIER, state, count))
            .unwrap();
        numbers
            .iter()
            .map(|number| number.parse().unwrap())
            .collect()
    }

    fn fault(&self, fault: Fault) {
        self.sandbox.control().fault(fault).unwrap();
    }

    fn calls(&self, operation: &str) -> u64 {
        self.sandbox.control().counters().calls_of(operation)
    }

    async fn page(&self, tab: &str, cursor: Option<&str>) -> Result<OrderPage, MarketplaceError> {
        self.line
            .orders()
            .page(feed(self.line.orders(), tab), cursor)
            .await
    }

    /// Every number of a tab, page by page.
    async fn tab(&self, tab: &str) -> Vec<OrderNumber> {
        let (mut numbers, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.page(tab, cursor.as_deref()).await.unwrap();
            assert!(page.refused.is_empty(), "{:?}", page.refused);
            numbers.extend(page.reports.into_iter().map(|report| report.number));
            match page.next {
                Some(next) => cursor = Some(next),
                None => return numbers,
            }
        }
    }
}

#[tokio::test]
async fn every_order_of_every_tab_is_read_page_by_page() {
    let shop = Shop::open().await;
    for (state, tab, count) in [
        (State::OnHold, "on-hold", 3),
        (State::Pending, "pending", 120),
        (State::ReadyToShip, "ready-to-ship", 51),
        (State::Shipped, "shipped", 50),
        (State::Cancelled, "cancelled", 1),
    ] {
        let mut seeded = shop.seeded(state, count);
        let mut read = shop.tab(tab).await;
        seeded.sort();
        read.sort();
        assert_eq!(read, seeded, "{tab}");
    }
    assert_eq!(shop.calls("listOrders"), 1 + 3 + 2 + 1 + 1);
}

#[tokio::test]
async fn list_and_look_up_agree() {
    let shop = Shop::open().await;
    for (state, tab) in [
        (State::OnHold, "on-hold"),
        (State::Pending, "pending"),
        (State::ReadyToShip, "ready-to-ship"),
        (State::Shipped, "shipped"),
    ] {
        let numbers = shop.seeded(state, 5);
        let listed = shop.page(tab, None).await.unwrap().reports;
        let looked_up = shop.line.orders().look_up(&numbers).await.unwrap();
        assert!(looked_up.refused.is_empty() && looked_up.unknown.is_empty());
        assert_eq!(listed.len(), 5);
        for report in listed {
            let other = looked_up
                .reports
                .iter()
                .find(|other| other.number == report.number)
                .unwrap();
            assert_eq!(
                (report.step, &report.word, &report.reason),
                (other.step, &other.word, &other.reason)
            );
            assert_eq!(
                (&report.lines, report.ordered_at),
                (&other.lines, other.ordered_at)
            );
            let awb =
                |packet: &Option<haat_domain::Packet>| packet.clone().and_then(|packet| packet.awb);
            if tab != "shipped" {
                assert_eq!(awb(&report.packet), awb(&other.packet));
            }
            let sandbox = shop
                .sandbox
                .control()
                .order(report.number.as_str())
                .unwrap();
            let detail = other.detail.as_ref().unwrap();
            assert_eq!(
                detail.value.unwrap().get(),
                i64::try_from(sandbox.total_paise).unwrap()
            );
            assert_eq!(
                detail.buyer.as_ref().unwrap().name.as_deref(),
                Some(sandbox.buyer_name.as_str())
            );
        }
    }
}

#[tokio::test]
async fn a_broken_row_is_refused_and_the_rest_of_the_page_goes_on() {
    let shop = Shop::open().await;
    for (state, tab) in [
        (State::Pending, "pending"),
        (State::ReadyToShip, "ready-to-ship"),
        (State::OnHold, "on-hold"),
    ] {
        shop.seeded(state, 4);
        shop.fault(Fault::new("listOrders", FaultKind::MalformedRow));
        let page = shop.page(tab, None).await.unwrap();
        assert_eq!((page.reports.len(), page.refused.len()), (3, 1), "{tab}");
        assert_eq!(page.refused[0].reason, "price: cannot be read");
        assert!(page.refused[0].number.is_some());
    }
}

#[tokio::test]
async fn an_unknown_word_is_kept_and_means_nothing() {
    let shop = Shop::open().await;
    let numbers = shop.seeded(State::Shipped, 2);
    shop.fault(Fault::new("fetchOrderDetails", FaultKind::UnknownWord));
    let reports = shop.line.orders().look_up(&numbers).await.unwrap().reports;
    assert_eq!(
        (reports[0].step, reports[0].word.as_str()),
        (None, "TELEPORTED")
    );
    assert_eq!(reports[1].step, Some(Step::Ship));
}

#[tokio::test]
async fn a_page_given_twice_is_a_failed_read() {
    let shop = Shop::open().await;
    shop.seeded(State::Pending, 60);
    let next = shop.page("pending", None).await.unwrap().next;
    shop.fault(Fault::new("listOrders", FaultKind::RepeatPage));
    let error = shop.page("pending", next.as_deref()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Malformed);
}

#[tokio::test]
async fn an_expired_session_costs_one_log_in() {
    let shop = Shop::open().await;
    shop.seeded(State::Pending, 1);
    shop.page("pending", None).await.unwrap();
    shop.sandbox.control().expire_sessions(SUPPLIER).unwrap();

    let page = shop.page("pending", None).await.unwrap();

    assert_eq!(page.reports.len(), 1);
    assert_eq!(shop.sandbox.control().counters().logins_of(EMAIL), 2);
    assert_eq!(shop.calls("listOrders"), 3);
}

#[tokio::test]
async fn a_session_refused_again_stops_after_one_log_in() {
    let shop = Shop::open().await;
    shop.fault(Fault::status("listOrders", 463).times(9));
    let error = shop.page("pending", None).await.unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Attention(AttentionReason::SessionRefused)
    );
    assert_eq!(shop.sandbox.control().counters().logins_of(EMAIL), 2);
    assert_eq!(shop.calls("listOrders"), 2);
}

#[tokio::test]
async fn a_changed_password_is_tried_once() {
    let shop = Shop::open().await;
    shop.page("pending", None).await.unwrap();
    shop.sandbox
        .control()
        .change_password(SUPPLIER, "another")
        .unwrap();
    let error = shop.page("pending", None).await.unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Attention(AttentionReason::LoginRefused)
    );
    assert_eq!(
        shop.sandbox.control().counters().refused_logins_of(EMAIL),
        1
    );
}

#[tokio::test]
async fn five_refusals_lock_the_log_in() {
    let shop = Shop::open().await;
    let wrong = credentials(EMAIL, "wrong");
    let mut kinds = Vec::new();
    for _ in 0..6 {
        kinds.push(shop.marketplace.log_in(&wrong).await.unwrap_err());
    }
    assert_eq!(
        kinds[0].kind,
        ErrorKind::Attention(AttentionReason::LoginRefused)
    );
    assert_eq!(
        kinds[5].kind,
        ErrorKind::Attention(AttentionReason::LoginLocked)
    );
    assert!(kinds[5].retry_after.is_some());
}

#[tokio::test]
async fn a_one_time_password_opens_the_session() {
    let shop = Shop::open().await;
    shop.sandbox.control().demand_otp(SUPPLIER, "1234").unwrap();
    let credentials = credentials(EMAIL, "sandbox-only");
    let wanted = shop.marketplace.log_in(&credentials).await.unwrap_err();
    assert_eq!(
        wanted.kind,
        ErrorKind::Attention(AttentionReason::OtpRequired)
    );
    let challenge = wanted.challenge.unwrap();

    let wrong = shop
        .marketplace
        .answer_otp(&credentials, &challenge, &Secret::new("9999"))
        .await;
    assert_eq!(
        wrong.unwrap_err().kind,
        ErrorKind::Attention(AttentionReason::LoginRefused)
    );
    let session = shop
        .marketplace
        .answer_otp(&credentials, &challenge, &Secret::new("1234"))
        .await
        .unwrap();

    assert_eq!(
        shop.marketplace.sellers(&session).await.unwrap()[0].key,
        SELLER
    );
}

#[tokio::test]
async fn one_log_in_may_own_several_suppliers() {
    let account = NewAccount::new(
        EMAIL,
        "sandbox-only",
        &[(SUPPLIER, "ab1cd"), (4_100_002, "ef2gh")],
    );
    let shop = Shop::with(Options {
        accounts: vec![account],
        ..Options::default()
    })
    .await;
    let session = shop
        .marketplace
        .log_in(&credentials(EMAIL, "sandbox-only"))
        .await
        .unwrap();

    let sellers = shop.marketplace.sellers(&session).await.unwrap();

    let names: BTreeMap<_, _> = sellers
        .iter()
        .map(|seller| (seller.key.as_str(), seller.name.as_str()))
        .collect();
    assert_eq!(
        names.keys().copied().collect::<Vec<_>>(),
        [SELLER, "4100002/ef2gh"]
    );
    assert!(names.values().all(|name| !name.is_empty()));
}

#[tokio::test]
async fn an_edge_block_needs_a_person_and_a_page_instead_of_json_does_not() {
    let shop = Shop::open().await;
    shop.fault(Fault::new("listOrders", FaultKind::EdgeBlock));
    let error = shop.page("pending", None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Attention(AttentionReason::Blocked));
    shop.fault(Fault::new("listOrders", FaultKind::HtmlInsteadOfJson));
    assert_eq!(
        shop.page("pending", None).await.unwrap_err().kind,
        ErrorKind::Malformed
    );
    shop.fault(Fault::new("listOrders", FaultKind::TruncatedJson));
    assert_eq!(
        shop.page("pending", None).await.unwrap_err().kind,
        ErrorKind::Malformed
    );
    shop.fault(Fault::status("listOrders", 429).retry_after(30));
    let error = shop.page("pending", None).await.unwrap_err();
    assert_eq!(
        (error.kind, error.retry_after.unwrap().as_secs()),
        (ErrorKind::RateLimited, 30)
    );
    shop.fault(Fault::new("listOrders", FaultKind::DropBeforeCommit));
    assert_eq!(
        shop.page("pending", None).await.unwrap_err().kind,
        ErrorKind::Unavailable
    );
    assert_eq!(shop.calls("listOrders"), 5, "nothing was repeated");
}

#[tokio::test]
async fn an_accept_whose_answer_is_lost_is_ambiguous_and_found_in_the_jobs() {
    let shop = Shop::open().await;
    let numbers = shop.seeded(State::Pending, 2);
    let shipping = shop.line.shipping().unwrap();
    for kind in [FaultKind::LostResponse, FaultKind::TruncatedJson] {
        shop.fault(Fault::new("reqPendingOrders", kind));
        let error = shipping.accept(&numbers).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Ambiguous, "{kind:?}");
    }
    assert_eq!(shipping.accept_jobs().await.unwrap().len(), 2);
    assert_eq!(shop.calls("reqPendingOrders"), 2, "nothing was repeated");
}

#[tokio::test]
async fn an_order_is_accepted_and_its_label_fetched() {
    let shop = Shop::open().await;
    let numbers = shop.seeded(State::Pending, 3);
    let control = shop.sandbox.control();
    let shipping = shop.line.shipping().unwrap();

    let Asked::Job(accept) = shipping.accept(&numbers).await.unwrap() else {
        panic!("Meesho accepts by jobs");
    };
    assert_eq!(
        shipping.accept_jobs().await.unwrap()[0].state,
        JobState::Running
    );
    control.advance_seconds(5).unwrap();
    let job = shipping.accept_jobs().await.unwrap().remove(0);
    assert_eq!((job.id, job.state), (accept, JobState::Finished));
    let packed = shop.page("ready-to-ship", None).await.unwrap().reports;
    assert!(
        packed
            .iter()
            .all(|report| report.packet.as_ref().unwrap().awb.is_some())
    );

    let Asked::Job(labels) = shipping.request_labels().await.unwrap() else {
        panic!("Meesho makes labels by jobs");
    };
    control.advance_seconds(30).unwrap();
    let job = shipping.label_jobs().await.unwrap().jobs.remove(0);
    assert_eq!(
        (&job.job.id, &job.job.state, job.labels),
        (&labels, &JobState::Finished, Some(3))
    );
    let pdf = shipping.label_file(&job).await.unwrap();
    assert!(pdf.starts_with(b"%PDF-"));

    shipping.labels_stored(&labels).await.unwrap();
    assert!(control.orders().iter().all(|order| order.label_downloaded));
}

#[tokio::test]
async fn a_label_file_that_misbehaves_is_refused() {
    let shop = Shop::open().await;
    shop.seeded(State::ReadyToShip, 1);
    let shipping = shop.line.shipping().unwrap();
    shipping.request_labels().await.unwrap();
    shop.sandbox.control().advance_seconds(30).unwrap();
    let job = shipping.label_jobs().await.unwrap().jobs.remove(0);
    let mut large = Fault::new("getLabelFile", FaultKind::TooLarge);
    large.megabytes = Some(64);
    for (fault, kind) in [
        (
            Fault::new("getLabelFile", FaultKind::Redirect),
            ErrorKind::Malformed,
        ),
        (
            Fault::new("getLabelFile", FaultKind::WrongContentType),
            ErrorKind::Malformed,
        ),
        (
            Fault::new("getLabelFile", FaultKind::HtmlInsteadOfJson),
            ErrorKind::Malformed,
        ),
        (large, ErrorKind::Malformed),
        (
            Fault::new("getLabelFile", FaultKind::DropBeforeCommit),
            ErrorKind::Unavailable,
        ),
    ] {
        let played = fault.kind;
        shop.fault(fault);
        let error = shipping.label_file(&job).await.unwrap_err();
        assert_eq!(error.kind, kind, "{played:?}: {error}");
    }
    shipping.label_file(&job).await.unwrap();
    shop.sandbox.control().advance_seconds(3_601).unwrap();
    assert_eq!(
        shipping.label_file(&job).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
    let fresh = shipping.label_jobs().await.unwrap().jobs.remove(0);
    shipping.label_file(&fresh).await.unwrap();
}

#[tokio::test]
async fn labels_that_are_not_open_yet_are_a_failed_job_with_the_panels_text() {
    let shop = Shop::open().await;
    shop.sandbox.control().set_label_delay(3_600);
    let numbers = shop.seeded(State::Pending, 1);
    let shipping = shop.line.shipping().unwrap();
    shipping.accept(&numbers).await.unwrap();
    shop.sandbox.control().advance_seconds(5).unwrap();
    shipping.request_labels().await.unwrap();
    shop.sandbox.control().advance_seconds(30).unwrap();

    let job = shipping.label_jobs().await.unwrap().jobs.remove(0);

    assert!(
        matches!(&job.job.state, JobState::Failed { said } if !said.is_empty()),
        "{job:?}"
    );
    let report = shop
        .line
        .orders()
        .look_up(&numbers)
        .await
        .unwrap()
        .reports
        .remove(0);
    let packet = report.packet.unwrap();
    assert_eq!(packet.label_open, Some(false));
    assert!(packet.label_opens_at.is_some());
}
