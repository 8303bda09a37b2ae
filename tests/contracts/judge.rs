//! The judge agrees with the contract's own examples and refuses what departs from them.

use haat_tests::contract::{Contract, Side, Violation};
use http::HeaderMap;
use serde_json::{Value, json};

fn meesho() -> Contract {
    Contract::load("meesho-supplier").unwrap()
}

fn both() -> [Contract; 2] {
    ["meesho-supplier", "ajio-dropship"].map(|name| Contract::load(name).unwrap())
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            let name: http::HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        })
        .collect()
}

const CALL: [(&str, &str); 4] = [
    ("content-type", "application/json"),
    ("identifier", "ab1cd"),
    ("client-type", "d-web"),
    ("cookie", "connect.sid=s%3Asandbox; s_id=4100001"),
];

fn list_call() -> Value {
    json!({ "supplier_details": { "id": 4_100_001, "identifier": "ab1cd" }, "limit": 50, "status": 1, "type": "pending" })
}

fn list(call: &[(&str, &str)], body: &Value) -> Vec<Violation> {
    meesho().check_request(
        "POST",
        "/api/fulfillment/orders",
        &headers(call),
        body.to_string().as_bytes(),
    )
}

fn listed(status: u16, content_type: &str, body: &str) -> Vec<Violation> {
    let headers = headers(&[("content-type", content_type)]);
    meesho().check_answer(
        "POST",
        "/api/fulfillment/orders",
        status,
        &headers,
        body.as_bytes(),
    )
}

/// Exactly one violation, of this side, that speaks of this.
fn is_refused(violations: &[Violation], side: Side, word: &str) {
    let [only] = violations else {
        panic!("expected one violation, found {violations:?}");
    };
    assert_eq!(only.side, side);
    assert!(only.what.contains(word), "{only}");
}

#[test]
fn every_example_of_the_contract_holds() {
    for contract in both() {
        let count = contract.examples().len();
        assert!(count > 50, "{count}");
        for example in contract.examples() {
            let wrong = contract.check_example(example, &example.value);
            assert!(wrong.is_empty(), "{}: {wrong:?}", example.place);
        }
    }
}

#[test]
fn every_example_with_a_misspelt_field_is_refused() {
    let open =
        |place: &str| place.contains("fetch-registration-status") && place.contains("requestBody");
    for contract in both() {
        for example in contract.examples() {
            let mut value = example.value.clone();
            if let Some(fields) = value.as_object_mut().filter(|_| !open(&example.place)) {
                fields.insert("mispelt".to_owned(), json!(1));
                let wrong = contract.check_example(example, &value);
                assert!(!wrong.is_empty(), "{}", example.place);
            }
        }
    }
}

#[test]
fn every_example_that_lost_its_fields_or_its_type_is_refused() {
    for contract in both() {
        for example in contract.examples() {
            let wrong = contract.check_example(example, &json!([]));
            assert!(!wrong.is_empty(), "{}: a list in its place", example.place);
        }
    }
}

#[test]
fn a_good_call_passes() {
    assert_eq!(list(&CALL, &list_call()), []);
}

#[test]
fn a_call_without_header_or_cookie_is_refused() {
    let without = |left_out: &str| {
        let kept: Vec<_> = CALL
            .into_iter()
            .filter(|(name, _)| *name != left_out)
            .collect();
        list(&kept, &list_call())
    };
    is_refused(
        &without("identifier"),
        Side::Request,
        "header identifier is missing",
    );
    is_refused(
        &without("client-type"),
        Side::Request,
        "header client-type is missing",
    );
    is_refused(
        &without("content-type"),
        Side::Request,
        "content-type is missing",
    );
    assert_eq!(without("cookie").len(), 2, "both cookies are missed");
}

#[test]
fn a_header_of_the_wrong_shape_is_refused() {
    let mut call = CALL.to_vec();
    call.push(("supplier-id", "4100001"));
    assert_eq!(list(&call, &list_call()), []);
    call.push(("supplier-id", "Test Shop"));
    is_refused(
        &list(&call, &list_call()),
        Side::Request,
        "header supplier-id",
    );
}

#[test]
fn a_call_with_a_wrong_body_is_refused_by_place() {
    let mut body = list_call();
    body["limit"] = json!(51);
    is_refused(&list(&CALL, &body), Side::Request, "/limit");
    let mut body = list_call();
    body["cursr"] = json!("x");
    is_refused(&list(&CALL, &body), Side::Request, "cursr");
}

#[test]
fn a_session_sent_to_the_file_host_is_refused() {
    let contract = meesho();
    let path = "/label-files/4100001-1.pdf?expires=1&signature=x";
    assert_eq!(
        contract.check_request("GET", path, &HeaderMap::new(), b""),
        []
    );
    let session = headers(&[("cookie", "connect.sid=x")]);
    is_refused(
        &contract.check_request("GET", path, &session, b""),
        Side::Request,
        "another host",
    );
}

#[test]
fn an_unknown_call_is_refused() {
    let unknown = meesho().check_request("POST", "/api/fulfillment/order", &headers(&CALL), b"{}");
    is_refused(&unknown, Side::Request, "no such call");
}

#[test]
fn answers_are_judged_by_status_and_content_type() {
    let page = r#"{"cursor":null,"data":{"subOrders":[]}}"#;
    assert_eq!(listed(200, "application/json; charset=utf-8", page), []);
    assert_eq!(listed(200, "text/html", "<!doctype html>"), []);
    assert_eq!(
        listed(
            403,
            "text/html; charset=utf-8",
            "<html>Access Denied</html>"
        ),
        []
    );
    assert_eq!(
        listed(463, "application/json", r#"{"error":"session expired"}"#),
        []
    );
    is_refused(
        &listed(418, "application/json", "{}"),
        Side::Answer,
        "status 418",
    );
    is_refused(&listed(200, "text/plain", page), Side::Answer, "text/plain");
    is_refused(
        &listed(200, "application/json", &page[..20]),
        Side::Answer,
        "not JSON",
    );
    is_refused(
        &listed(200, "application/json", r#"{"cursor":null}"#),
        Side::Answer,
        "data",
    );
}

#[test]
fn an_answer_with_a_wrong_order_number_is_refused_by_place() {
    let page =
        r#"{"data":{"subOrders":[{"order_num":"299","sub_order_num":"299000000000000001_1"}]}}"#;
    is_refused(
        &listed(200, "application/json", page),
        Side::Answer,
        "/data",
    );
}

#[test]
fn a_retry_after_that_is_no_number_of_seconds_is_refused() {
    let contract = meesho();
    let throttled = |retry_after: &str| {
        let headers = headers(&[
            ("content-type", "application/json"),
            ("retry-after", retry_after),
        ]);
        let body = br#"{"error":"too many requests"}"#;
        contract.check_answer("POST", "/api/fulfillment/orders", 429, &headers, body)
    };
    assert_eq!(throttled("30"), []);
    is_refused(&throttled("soon"), Side::Answer, "Retry-After");
}

#[test]
fn values_are_masked_in_what_a_violation_says() {
    let body = json!({ "email": "seller@example.test", "password": ["secret"], "device_id": "d", "instance": "i" });
    let wrong = meesho().check_request(
        "POST",
        "/api/container/user/v2-login",
        &headers(&CALL[..3]),
        body.to_string().as_bytes(),
    );
    is_refused(&wrong, Side::Request, "/password");
    assert!(!wrong[0].to_string().contains("secret"), "{}", wrong[0]);
}
