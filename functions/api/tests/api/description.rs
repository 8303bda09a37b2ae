//! `/openapi.json` and the page about the API.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::app::App;

#[tokio::test]
async fn the_description_is_what_was_agreed() {
    let app = App::new().await;
    insta::assert_json_snapshot!("openapi", app.description);
}

#[tokio::test]
async fn every_operation_is_described() {
    let app = App::new().await;
    assert!(
        app.description["openapi"]
            .as_str()
            .unwrap()
            .starts_with("3.1")
    );
    assert_eq!(
        app.description["components"]["securitySchemes"]["token"]["scheme"],
        "bearer"
    );
    let mut names = BTreeSet::new();
    for (path, item) in app.description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            assert_ne!(
                operation["summary"].as_str().unwrap_or_default(),
                "",
                "{place}"
            );
            assert!(
                names.insert(operation["operationId"].as_str().unwrap()),
                "{place}"
            );
            assert!(operation["responses"]["401"].is_object(), "{place}");
        }
    }
}

#[tokio::test]
async fn every_schema_that_is_named_is_there() {
    let app = App::new().await;
    let text = app.description.to_string();
    let named = text.split("\"$ref\":\"").skip(1);
    for reference in named.map(|rest| rest.split('"').next().unwrap()) {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            app.description.pointer(pointer).is_some(),
            "{reference} is not there"
        );
    }
}

/// The page lists every route and every kind of problem, and no other.
#[tokio::test]
async fn the_page_about_the_api_is_complete() {
    let app = App::new().await;
    let page = include_str!("../../../../docs/api.md");
    let kinds = &app.description["components"]["schemas"]["Problem"]["properties"]["type"]["enum"];
    let known: BTreeSet<&str> = kinds
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| {
            kind.as_str()
                .unwrap()
                .strip_prefix("urn:haat:problem:")
                .unwrap()
        })
        .collect();
    let told: BTreeSet<&str> = rows(page, "## Problems").collect();
    assert_eq!(told, known);

    let routes: BTreeSet<String> = app.description["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let told: BTreeSet<String> = rows(page, "## Routes").map(str::to_owned).collect();
    assert_eq!(told, routes);
}

/// The first column of the table below a heading.
fn rows<'a>(page: &'a str, heading: &str) -> impl Iterator<Item = &'a str> {
    let (_, below) = page.split_once(heading).unwrap();
    let section = below.split("\n## ").next().unwrap();
    section
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split('`').next())
}

#[test]
fn the_sample_event_of_the_api_can_be_read() {
    let sample = include_str!("../../../../events/api.json");
    let request = lambda_http::request::from_str(sample).unwrap();
    assert_eq!(request.uri().path(), "/orders");
    let event: Value = serde_json::from_str(sample).unwrap();
    assert!(event["requestContext"]["authorizer"]["lambda"]["seller"].is_string());
}
