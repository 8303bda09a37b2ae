//! Logging in and being thrown out.

use haat_sandbox::{Options, Sandbox, Throttle};
use serde_json::{Value, json};

use crate::client::{
    EMAIL, IDENTIFIER, PASSWORD, Panel, SUPPLIER, cookies, open_shop, open_shop_with, two_accounts,
};

const ME: &str = "/api/container/supplier/prefetch-supply-data";
const OTP: &str = "/api/container/user/verify-login-otp";

#[tokio::test]
async fn a_login_sets_three_cookies_and_knows_who_it_is() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let mut panel = Panel::of(&sandbox);

    let answer = panel.try_log_in(EMAIL, PASSWORD).await;
    panel.keep_cookies(&answer);

    let set = cookies(&answer);
    assert!(set[0].starts_with("connect.sid=s%3A"));
    assert_eq!(set[1..], ["current_az_identifier=ab1cd", "s_id=4100001"]);
    assert_eq!(
        answer.json::<Value>().await.unwrap(),
        json!({"success": true})
    );

    let (status, me) = panel.post(ME, &json!({"identifier": IDENTIFIER})).await;
    assert_eq!(status, 200);
    assert_eq!(me["supplier"]["supplier_id"], SUPPLIER);
    assert_eq!(me["user"]["email"], EMAIL);
    assert_eq!(sandbox.control().counters().logins_of(EMAIL), 1);
}

#[tokio::test]
async fn a_call_without_identifier_is_1001_and_the_session_lives_on() {
    let (_sandbox, panel) = open_shop().await;
    let body = json!({"identifier": IDENTIFIER});

    let answer = panel
        .bare(ME, &body)
        .header("cookie", &panel.cookies)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error["errorCode"], 1001);

    assert_eq!(panel.post(ME, &body).await.0, 200);
}

#[tokio::test]
async fn without_cookies_401_without_client_type_the_edge_blocks() {
    let (_sandbox, panel) = open_shop().await;
    let body = json!({"identifier": IDENTIFIER});

    let no_cookies = panel
        .bare(ME, &body)
        .header("identifier", IDENTIFIER)
        .send()
        .await
        .unwrap();
    assert_eq!(no_cookies.status(), 401);

    let foreign = reqwest::Client::new()
        .post(format!("{}{ME}", panel.url))
        .header("cookie", &panel.cookies)
        .header("identifier", IDENTIFIER)
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 403);
    assert!(foreign.text().await.unwrap().contains("<html>"));
}

#[tokio::test]
async fn a_session_expires_by_the_clock() {
    let (sandbox, panel) = open_shop().await;
    let body = json!({"identifier": IDENTIFIER});

    sandbox.control().advance_seconds(86_399).unwrap();
    assert_eq!(panel.post(ME, &body).await.0, 200);
    sandbox.control().advance_seconds(1).unwrap();
    assert_eq!(panel.post(ME, &body).await.0, 463);
}

#[tokio::test]
async fn a_changed_password_kills_the_session_and_refuses_the_old_word() {
    let (sandbox, mut panel) = open_shop().await;

    sandbox
        .control()
        .change_password(SUPPLIER, "new-word")
        .unwrap();

    let (status, error) = panel.post(ME, &json!({"identifier": IDENTIFIER})).await;
    assert_eq!((status, error), (463, json!({"error": "session expired"})));
    assert_eq!(panel.try_log_in(EMAIL, PASSWORD).await.status(), 401);
    panel.log_in(EMAIL, "new-word").await;
    let counters = sandbox.control().counters();
    assert_eq!(counters.logins_of(EMAIL), 2);
    assert_eq!(counters.refused_logins_of(EMAIL), 1);
}

#[tokio::test]
async fn the_sixth_wrong_login_is_locked_out_for_half_an_hour() {
    let (sandbox, mut panel) = open_shop().await;
    for _ in 0..5 {
        assert_eq!(panel.try_log_in(EMAIL, "wrong").await.status(), 401);
    }

    let locked = panel.try_log_in(EMAIL, PASSWORD).await;
    assert_eq!(locked.status(), 423);
    assert_eq!(locked.headers()["retry-after"], "1800");

    sandbox.control().advance_seconds(1_800).unwrap();
    panel.log_in(EMAIL, PASSWORD).await;
}

#[tokio::test]
async fn a_demanded_code_stands_between_password_and_cookies() {
    let (sandbox, mut panel) = open_shop().await;
    sandbox.control().demand_otp(SUPPLIER, "1234").unwrap();

    let challenged = panel.try_log_in(EMAIL, PASSWORD).await;
    assert!(cookies(&challenged).is_empty());
    let challenge: Value = challenged.json().await.unwrap();
    assert_eq!(
        challenge,
        json!({"success": false, "otp_required": true, "challenge_id": "ch_0001", "masked_mobile": "XXXXXX0000"})
    );

    let mut code = json!({"challenge_id": "ch_0001", "otp": "9999", "email": EMAIL, "device_id": EMAIL, "instance": "inst_1"});
    assert_eq!(panel.bare(OTP, &code).send().await.unwrap().status(), 401);
    code["otp"] = json!("1234");
    let let_in = panel.bare(OTP, &code).send().await.unwrap();
    assert_eq!(let_in.status(), 200);
    panel.keep_cookies(&let_in);
    assert_eq!(
        panel.post(ME, &json!({"identifier": IDENTIFIER})).await.0,
        200
    );
}

#[tokio::test]
async fn one_login_speaks_for_its_suppliers_and_for_no_other() {
    let options = Options {
        accounts: two_accounts(),
        ..Options::default()
    };
    let (_sandbox, mut panel) = open_shop_with(options).await;
    panel.log_in("other@example.test", "other-only").await;

    panel.identifier = "ij3kl".to_owned();
    let path = "/api/container/supplier/fetch-registration-status";
    let (_, owned) = panel.post(path, &json!({})).await;
    assert_eq!(
        owned,
        json!({"decodedToken": {
            "supplier_identifiers": ["ef2gh", "ij3kl"],
            "supplier_identifier_to_id_mapping": {"ef2gh": 4100005, "ij3kl": 4100006},
        }})
    );

    panel.identifier = IDENTIFIER.to_owned();
    let (status, error) = panel.post(ME, &json!({"identifier": IDENTIFIER})).await;
    assert_eq!((status, error["errorCode"].clone()), (403, json!(1002)));
}

#[tokio::test]
async fn supplier_details_carry_a_gst_number_of_the_pickup_state() {
    let (_sandbox, panel) = open_shop().await;
    let path = "/api/container/supplier/getSupplierDetails";
    let (_, details) = panel.post(path, &panel.supplier_ref()).await;
    let supplier = &details["supplier"];
    assert_eq!(supplier["gstin"].as_str().unwrap().len(), 15);
    assert_eq!(supplier["acceptance_preference"], "MANUAL");
    for field in ["name", "store_name", "legal_name", "pickup_state"] {
        assert!(supplier[field].is_string(), "{field} in {details}");
    }
}

#[tokio::test]
async fn a_logout_ends_the_session() {
    let (_sandbox, panel) = open_shop().await;
    let path = "/api/container/user/logout";
    assert_eq!(
        panel.post(path, &json!({})).await,
        (200, json!({"success": true}))
    );
    assert_eq!(
        panel.post(ME, &json!({"identifier": IDENTIFIER})).await.0,
        401
    );
    assert_eq!(panel.post(path, &json!({})).await.0, 401);
}

#[tokio::test]
async fn the_throttle_counts_calls_of_one_minute() {
    let options = Options {
        throttle: Some(Throttle {
            calls_per_minute: 3,
            retry_after_seconds: 30,
        }),
        ..Options::default()
    };
    let (sandbox, panel) = open_shop_with(options).await;
    let body = json!({"identifier": IDENTIFIER});
    // The log-in was the first call of three.
    assert_eq!(panel.post(ME, &body).await.0, 200);
    assert_eq!(panel.post(ME, &body).await.0, 200);

    let throttled = panel.call(ME, &body).send().await.unwrap();
    assert_eq!(throttled.status(), 429);
    assert_eq!(throttled.headers()["retry-after"], "30");

    sandbox.control().advance_seconds(60).unwrap();
    assert_eq!(panel.post(ME, &body).await.0, 200);
}

#[tokio::test]
async fn unknown_get_paths_show_the_page_and_unreadable_bodies_are_500() {
    let (_sandbox, panel) = open_shop().await;

    let page = panel
        .fetch(&format!("{}/panel/v3/new/root/login", panel.url))
        .await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");

    assert_eq!(panel.post(ME, &json!([])).await.0, 500);
    assert_eq!(panel.try_log_in(EMAIL, PASSWORD).await.status(), 200);
}
