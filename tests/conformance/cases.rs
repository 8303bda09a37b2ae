//! The cases. They speak to the seam and to the stage, and to no marketplace.

mod accepting;
mod errors;
mod handing_over;
mod logins;
mod paging;
mod papers;
mod reading;
mod returning;
mod silence;
mod stock;

use std::future::Future;
use std::pin::Pin;

use haat_ports::{Connection, Shipping};
use jiff::Timestamp;

use crate::stage::Stage;

/// One case.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) run: Run,
    /// Whether a marketplace has what it is about. One that has it cannot skip it.
    pub(crate) concerns: fn(&dyn Connection) -> bool,
}

type Run = fn(Box<dyn Stage>) -> Pin<Box<dyn Future<Output = ()>>>;

impl Case {
    const fn only(mut self, concerns: fn(&dyn Connection) -> bool) -> Self {
        self.concerns = concerns;
        self
    }
}

/// A case of every marketplace.
const fn case(name: &'static str, run: Run) -> Case {
    let concerns = |_: &dyn Connection| true;
    Case {
        name,
        run,
        concerns,
    }
}

fn by_job(line: &dyn Connection) -> bool {
    matches!(line.shipping(), Some(Shipping::ByJob(_)))
}

fn by_order(line: &dyn Connection) -> bool {
    matches!(line.shipping(), Some(Shipping::ByOrder(_)))
}

fn manifests(line: &dyn Connection) -> bool {
    line.manifests().is_some()
}

/// All of them; a marketplace that cannot have one says why.
pub(crate) const CASES: &[Case] = &[
    case("paging::complete", |s| Box::pin(paging::complete(s))),
    case("paging::stable_while_orders_come", |s| {
        Box::pin(paging::stable(s))
    }),
    case("paging::the_same_again", |s| Box::pin(paging::again(s))),
    case("paging::the_past_is_complete", |s| {
        Box::pin(paging::past(s))
    })
    .only(|line| line.orders().history(Timestamp::UNIX_EPOCH).is_some()),
    case("words::every_documented_one_is_understood", |s| {
        Box::pin(reading::documented(s))
    }),
    case("words::an_unknown_one_survives", |s| {
        Box::pin(reading::unknown(s))
    }),
    case("words::every_return_is_understood", |s| {
        Box::pin(returning::words(s))
    })
    .only(|line| line.returns().is_some()),
    case("money::exact_to_the_paisa", |s| Box::pin(reading::money(s))),
    case("time::across_midnight_in_india", |s| {
        Box::pin(reading::midnight(s))
    }),
    case("time::across_the_31st_of_march", |s| {
        Box::pin(reading::financial_year(s))
    }),
    case("accepting::twice_is_once", |s| {
        Box::pin(accepting::twice(s))
    }),
    case("accepting::a_lost_answer_is_read_back", |s| {
        Box::pin(accepting::lost(s))
    }),
    case("accepting::an_answer_that_never_comes", |s| {
        Box::pin(accepting::never_answered(s))
    }),
    case("accepting::after_the_session_ended", |s| {
        Box::pin(accepting::session_gone(s))
    }),
    case("accepting::too_many_are_not_sent", |s| {
        Box::pin(accepting::too_many(s))
    })
    .only(by_job),
    case("cancelling::refused_after_shipping", |s| {
        Box::pin(accepting::cancel_late(s))
    })
    .only(by_order),
    case("stock::one_level_fails_alone", |s| {
        Box::pin(stock::partial(s))
    })
    .only(|line| line.stock().is_some()),
    case("label::a_pdf_and_the_same_again", |s| {
        Box::pin(papers::label(s))
    }),
    case("handing_over::together", |s| {
        Box::pin(handing_over::together(s))
    })
    .only(manifests),
    case("handing_over::twice_is_once", |s| {
        Box::pin(handing_over::twice(s))
    })
    .only(manifests),
    case("handing_over::a_lost_answer_is_read_back", |s| {
        Box::pin(handing_over::lost(s))
    })
    .only(manifests),
    case("handing_over::too_many_are_not_sent", |s| {
        Box::pin(handing_over::too_many(s))
    })
    .only(manifests),
    case("errors::of_each_status", |s| Box::pin(errors::statuses(s))),
    case("errors::retry_after_is_handed_on", |s| {
        Box::pin(errors::retry_after(s))
    }),
    case("errors::garbage_is_malformed", |s| {
        Box::pin(errors::garbage(s))
    }),
    case("errors::an_unclear_deed_is_ambiguous", |s| {
        Box::pin(errors::unclear(s))
    }),
    case("errors::a_refused_deed_is_not_ambiguous", |s| {
        Box::pin(errors::refused(s))
    }),
    case("login::a_wrong_password_is_tried_once", |s| {
        Box::pin(logins::wrong(s))
    }),
    case("login::one_for_twenty_callers", |s| {
        Box::pin(logins::twenty(s))
    }),
    case("login::none_after_a_refusal", |s| {
        Box::pin(logins::refused(s))
    }),
    case("login::a_session_that_ends_between_two_calls", |s| {
        Box::pin(logins::ended(s))
    }),
    case("login::a_fresh_session_that_is_refused", |s| {
        Box::pin(logins::fresh_and_refused(s))
    }),
    case("silence::no_secret_and_no_buyer", |s| {
        Box::pin(silence::nothing_told(s))
    }),
];
