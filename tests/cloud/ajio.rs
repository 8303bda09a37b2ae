//! An account of AJIO beside the other: from its warehouse to the paper of its manifest.

use haat_sandbox::ClockMode;
use haat_sandbox::ajio::{Ajio, Options, Seed, State};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::{PASSWORD, order, until};

const POB: &str = "DV900001";

pub(crate) async fn start() -> Ajio {
    let options = Options {
        clock: ClockMode::Realtime { speed: 1 },
        ..Options::default()
    };
    Ajio::start(options).await.unwrap()
}

/// One order through all that AJIO wants to know on the way.
pub(crate) async fn an_order(api: &Caller, ajio: &Ajio) {
    let seed = Seed::new(POB, State::Pendency, 1).quantity(1);
    let number = ajio.control().seed(&seed).unwrap().remove(0);
    let account = connect(api).await;
    let id = format!("{account}.{number}");
    until("the order has arrived", async || {
        api.get(&format!("/orders/{id}")).await.0 == 200
    })
    .await;

    let courier = format!("/accounts/{account}/courier");
    let papers = json!({"auto_label": false, "auto_documents": true});
    assert_eq!(api.put(&courier, &papers).await.0, 200);
    let (status, problem) = ask(api, &id, "ship").await;
    assert_eq!(status, 409, "nothing is known of its parcel: {problem}");
    measure(api, &id).await;
    let (status, asked) = ask(api, &id, "accept").await;
    assert_eq!(status, 202, "{asked}");
    until("the order is accepted", async || {
        order(api, &id).await["stage"] == "accepted"
    })
    .await;
    ajio.control().raise_po(&number).unwrap();
    let sync = format!("/accounts/{account}/sync");
    assert_eq!(api.post(&sync, &json!({})).await.0, 202);
    until("its purchase order is heard of", async || {
        order(api, &id).await["supply"]["purchase_order"].is_object()
    })
    .await;

    let (status, asked) = ask(api, &id, "ship").await;
    assert_eq!(status, 202, "{asked}");
    until("it is ready to ship", async || {
        order(api, &id).await["stage"] == "ready_to_ship"
    })
    .await;
    paper(api, &format!("/orders/{id}/label")).await;
    paper(api, &format!("/orders/{id}/invoice")).await;

    let (status, asked) = ask(api, &id, "hand_over").await;
    assert_eq!(status, 202, "{asked}");
    until("the courier has it", async || {
        order(api, &id).await["stage"] == "shipped"
    })
    .await;
    let manifests = format!("/manifests?account={account}");
    until("the manifest's paper is there", async || {
        let (_, page) = api.get(&manifests).await;
        page["manifests"][0]["has_paper"] == true
    })
    .await;
    let manifest = api.get(&manifests).await.1["manifests"][0].clone();
    let name = manifest["id"].as_str().unwrap();
    paper(api, &format!("/manifests/{account}/{name}/paper")).await;

    let counters = ajio.control().counters();
    assert_eq!(counters.acknowledgements_of(&number).requests, 1);
    assert_eq!(counters.invoices_of(&number).packs, 1);
    assert_eq!(counters.ready_of(&number).done, 1);
    assert_eq!(counters.manifests_of(&number).requests, 1);
}

/// Connects the POB with its warehouse: the account's id.
async fn connect(api: &Caller) -> String {
    let warehouse = json!({"name": "Bhiwandi", "lines": ["Gala 4, Rahnal"], "city": "Bhiwandi",
        "pin": "421302", "gstin": "27AABCR1718E1ZP"});
    let (status, warehouse) = api.post("/warehouses", &warehouse).await;
    assert_eq!(status, 201, "{warehouse}");
    let new = json!({"marketplace": "ajio", "name": "AJIO Bhiwandi", "warehouse": warehouse["id"],
        "credentials": {"username": POB, "password": PASSWORD}});
    let (status, connected) = api.post("/accounts", &new).await;
    assert_eq!(status, 201, "{connected}");
    connected["account"]["id"].as_str().unwrap().to_owned()
}

async fn measure(api: &Caller, id: &str) {
    let piece = json!({"weight_grams": 350, "length_mm": 300, "breadth_mm": 250, "height_mm": 30});
    let known = order(api, id).await;
    for line in known["lines"].as_array().unwrap() {
        let sku = line["sku"].as_str().unwrap();
        let (status, answer) = api.put(&format!("/parcels/{sku}"), &piece).await;
        assert!(status < 300, "{status} {answer}");
    }
}

async fn ask(api: &Caller, id: &str, action: &str) -> (u16, Value) {
    api.post(&format!("/orders/{id}/{action}"), &json!({}))
        .await
}

/// A link that opens a PDF.
async fn paper(api: &Caller, path: &str) {
    let (status, link) = api.get(path).await;
    assert_eq!(status, 200, "{path}: {link}");
    let pdf = api.fetch(link["url"].as_str().unwrap()).await;
    assert!(pdf.starts_with(b"%PDF-"), "{path}");
}
