//! Papers in every form that the sandbox gives them.

use haat_ports::ErrorKind;
use haat_sandbox::ajio::{DocumentForm, State};
use haat_sandbox::{Fault, FaultKind};

use super::shop::Shop;

#[tokio::test]
async fn a_paper_is_the_same_in_every_form() {
    let shop = Shop::open().await;
    let number = shop.seeded(State::Packed, 1).remove(0);
    let mut labels = Vec::new();
    for form in [DocumentForm::Base64, DocumentForm::Url, DocumentForm::Raw] {
        shop.control().set_document_form(form);
        labels.push(shop.shipping().label(&number).await.unwrap());
        let invoice = shop.shipping().invoice(&number).await.unwrap().unwrap();
        assert!(invoice.starts_with(b"%PDF-"));
    }
    assert!(labels[0].starts_with(b"%PDF-"));
    assert!(labels.iter().all(|label| *label == labels[0]));
}

#[tokio::test]
async fn a_paper_that_is_not_rendered_yet_is_waited_for() {
    let shop = Shop::open().await;
    shop.control().set_label_delay(60);
    let early = shop.seeded(State::Confirmed, 1).remove(0);
    let unpacked = shop.shipping().label(&early).await.unwrap_err();
    assert_eq!(unpacked.kind, ErrorKind::NotReady);
    let unknown = "S1".parse().unwrap();
    let unknown = shop.shipping().label(&unknown).await.unwrap_err();
    assert_eq!(unknown.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_file_that_misbehaves_is_refused() {
    let shop = Shop::open().await;
    let number = shop.seeded(State::Packed, 1).remove(0);
    shop.control().set_document_form(DocumentForm::Url);
    let mut large = Fault::new("getFile", FaultKind::TooLarge);
    large.megabytes = Some(8);
    for (fault, kind) in [
        (
            Fault::new("getFile", FaultKind::Redirect),
            ErrorKind::Malformed,
        ),
        (
            Fault::new("getFile", FaultKind::WrongContentType),
            ErrorKind::Malformed,
        ),
        (
            Fault::new("getFile", FaultKind::HtmlInsteadOfJson),
            ErrorKind::Malformed,
        ),
        (large, ErrorKind::Malformed),
        (
            Fault::new("getFile", FaultKind::DropBeforeCommit),
            ErrorKind::Unavailable,
        ),
    ] {
        let played = fault.kind;
        shop.fault(fault);
        let error = shop.shipping().label(&number).await.unwrap_err();
        assert_eq!(error.kind, kind, "{played:?}: {error}");
    }
    shop.shipping().label(&number).await.unwrap();
}
