//! Which marketplaces a deployment speaks to.

use std::collections::BTreeMap;
use std::sync::Arc;

use haat_marketplaces::{Hosts, Place, Registry, SetUpError, descriptors, http_client};
use haat_ports::{Clock, Marketplaces};
use jiff::Timestamp;

use crate::script::StoppedClock;

fn registry(variables: &[(&str, &str)]) -> Result<Registry, SetUpError> {
    let clock: Arc<dyn Clock> = Arc::new(StoppedClock(Timestamp::UNIX_EPOCH));
    let variables: BTreeMap<_, _> = variables.iter().copied().collect();
    Registry::from_variables(&http_client().unwrap(), &clock, |name| {
        variables.get(name).map(|text| (*text).to_owned())
    })
}

#[test]
fn a_marketplace_with_an_address_is_there() {
    let registry = registry(&[
        ("MEESHO_URL", "http://127.0.0.1:8792"),
        ("MEESHO_FILE_HOSTS", "127.0.0.1:8793"),
        ("MEESHO_PROFILE", r#"{"session_hours": 12}"#),
    ])
    .unwrap();

    assert_eq!(registry.all().len(), 1);
    let meesho = registry.get(&"meesho".parse().unwrap()).unwrap();
    assert_eq!(meesho.descriptor().name, "Meesho");
    assert!(registry.get(&"nobody".parse().unwrap()).is_none());
}

#[test]
fn a_parameter_that_cannot_be_used_is_named() {
    for (variables, named) in [
        (&[][..], "MEESHO_URL"),
        (&[("MEESHO_URL", " ")][..], "MEESHO_URL"),
        (
            &[("MEESHO_URL", "http://panel.example.test")][..],
            "MEESHO_URL",
        ),
        (
            &[
                ("MEESHO_URL", "http://127.0.0.1:1"),
                ("MEESHO_PROFILE", r#"{"sesion_hours": 12}"#),
            ][..],
            "sesion_hours",
        ),
    ] {
        let error = registry(variables).err().unwrap().to_string();
        assert!(error.contains(named), "{error}");
    }
}

#[test]
fn a_place_for_a_marketplace_that_does_not_exist_is_refused() {
    let clock: Arc<dyn Clock> = Arc::new(StoppedClock(Timestamp::UNIX_EPOCH));
    let place = Place {
        hosts: Hosts::parse("https://panel.example.test", "").unwrap(),
        profile: None,
    };
    let places = BTreeMap::from([("mesho".to_owned(), place)]);
    let error = Registry::new(&http_client().unwrap(), &clock, &places)
        .err()
        .unwrap();
    assert!(error.to_string().contains("mesho"), "{error}");
}

#[test]
fn the_settings_form_is_known_without_any_address() {
    let meesho = descriptors()
        .find(|descriptor| descriptor.id == "meesho")
        .unwrap();
    let fields: Vec<_> = meesho
        .fields
        .iter()
        .map(|field| (field.name, field.secret))
        .collect();
    assert_eq!(fields, [("email", false), ("password", true)]);
    assert_eq!((meesho.limits.look_up, meesho.limits.accept), (50, 2000));
}
