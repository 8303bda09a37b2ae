use haat_aws::lambda::{MissingVariable, env, init_logging};

#[test]
fn a_variable_that_is_set_is_read() {
    // Cargo sets this one for every test.
    assert_eq!(env("CARGO_PKG_NAME"), Ok("haat-aws".to_owned()));
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    let missing = env("HAAT_VARIABLE_THAT_NOBODY_SETS");

    let name = "HAAT_VARIABLE_THAT_NOBODY_SETS".to_owned();
    assert_eq!(missing, Err(MissingVariable(name.clone())));
    assert!(missing.unwrap_err().to_string().contains(&name));
}

#[test]
fn logging_may_be_started_twice() {
    init_logging();
    init_logging();

    assert!(tracing::dispatcher::has_been_set());
}
