//! The recording proxy changes nothing that passes.

use haat_sandbox::{Fault, FaultKind, Options};
use serde_json::json;

use crate::panel::Panel;

#[tokio::test]
async fn cookies_and_bodies_pass_in_both_directions() {
    let mut panel = Panel::open(Options::default()).await;
    let answer = panel.call("login").await;
    let cookies = answer.cookies();
    for name in ["connect.sid=", "current_az_identifier=", "s_id="] {
        assert!(
            cookies.iter().any(|cookie| cookie.starts_with(name)),
            "{cookies:?}"
        );
    }
    panel.cookies = cookies.join("; ");
    let owner = panel.call("prefetchSupplyData").await.json();
    assert_eq!(owner["supplier"]["identifier"], "ab1cd");
}

#[tokio::test]
async fn the_panels_own_status_and_html_pass() {
    let panel = Panel::open_logged_in().await;
    let control = panel.sandbox.control();
    control.expire_sessions(crate::panel::SUPPLIER).unwrap();
    assert_eq!(panel.call("listOrders").await.status, 463);
    let page = panel
        .get(&format!("{}/panel/v3/new/root/login", panel.proxy.url()))
        .await;
    assert_eq!(page.status, 200);
    assert!(
        page.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
}

#[tokio::test]
async fn a_connection_that_breaks_without_an_answer_breaks_here_too() {
    for kind in [FaultKind::LostResponse, FaultKind::DropBeforeCommit] {
        let panel = Panel::open_logged_in().await;
        panel
            .sandbox
            .control()
            .fault(Fault::new("listOrders", kind))
            .unwrap();
        assert!(
            panel.try_call("listOrders", |_| {}).await.is_err(),
            "{kind:?}"
        );
        let last = panel.proxy.exchanges().pop().unwrap();
        assert_eq!(
            (last.path.as_str(), last.status),
            ("/api/fulfillment/orders", None)
        );
        assert_eq!(panel.call("listOrders").await.status, 200);
    }
}

#[tokio::test]
async fn a_call_and_an_answer_that_break_the_contract_are_noted() {
    let panel = Panel::open_logged_in().await;
    panel
        .call_with("listOrders", |body| body["limit"] = json!("fifty"))
        .await;
    let fault = Fault::new("listOrders", FaultKind::TruncatedJson);
    panel.sandbox.control().fault(fault).unwrap();
    panel.call("listOrders").await;
    let noted = panel.violations();
    let noted: Vec<String> = noted.iter().map(ToString::to_string).collect();
    assert_eq!(noted.len(), 2, "{noted:?}");
    assert!(noted[0].starts_with("Request of listOrders"), "{noted:?}");
    assert!(noted[1].starts_with("Answer of listOrders"), "{noted:?}");
}
