//! The description of the API: made from the handlers, completed by what holds for all of them.

use std::sync::LazyLock;

use axum::http::StatusCode;
use serde_json::json;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, OpenApiBuilder, Ref, ResponseBuilder,
};
use utoipa::{OpenApi, PartialSchema};

use crate::problem::{
    BAD_INPUT, INTERNAL, Kind, NOT_ALLOWED, NOT_FOUND, NOT_JSON, NOT_SIGNED_IN, ORDER_REFUSED,
    PROBLEM_JSON, SellerChoice, TOO_LARGE, Told, UNAVAILABLE, WantedOfAPerson,
};
use crate::{
    accounts, connect, failed, manifests, marketplaces, order_actions, orders, parcels,
    registrations, returns, set_up, warehouses,
};

const WHAT_IT_IS: &str = "Orders of all marketplace accounts in one place: accept them, ship them, \
    fetch their labels.\n\nTimes are RFC 3339 in UTC, money is in paise beside its text, ids are \
    text. Every error is a problem (RFC 9457) whose `detail` says what to do; decide by its `type`.";

const WHAT_A_TOKEN_IS: &str = "A token of this deployment, `haat_…`. Its scopes stand at each \
    operation: `read` looks, `pack` also works on orders, `admin` does everything. The operator \
    makes one with `haat token create`.";

/// Every handler with a path.
#[derive(OpenApi)]
#[openapi(paths(
    marketplaces::list_marketplaces,
    accounts::list_accounts,
    connect::connect,
    accounts::show_account,
    accounts::change_account,
    connect::replace_credentials,
    connect::answer_one_time_password,
    accounts::back_fill_account,
    set_up::set_courier,
    set_up::start_test,
    set_up::show_test,
    registrations::list_registrations,
    registrations::note_registration,
    registrations::replace_registration,
    registrations::drop_registration,
    accounts::sync_account,
    orders::list_orders,
    orders::show_order,
    order_actions::accept_order,
    order_actions::cancel_order,
    order_actions::ship_order,
    order_actions::hand_order_over,
    order_actions::link_label,
    warehouses::list_warehouses,
    warehouses::add,
    warehouses::replace,
    parcels::list_parcels,
    parcels::put_parcel,
    parcels::put_order_parcel,
    parcels::drop_order_parcel,
    manifests::link_invoice,
    manifests::hand_all_over,
    manifests::list_manifests,
    manifests::link_manifest,
    returns::list_returns,
    failed::list_failed,
    failed::list_waiting,
    failed::resume
))]
struct Handlers;

/// A refusal that many operations share.
struct Shared {
    name: &'static str,
    description: &'static str,
    kind: &'static Kind,
    /// An example of its `detail`.
    detail: &'static str,
    /// Whether an operation at this path can give it.
    given_by: fn(&str, &Operation, Changes) -> bool,
}

/// Whether an operation changes anything.
type Changes = bool;

const SHARED: &[Shared] = &[
    Shared {
        name: "NotSignedIn",
        description: "No valid token",
        kind: &NOT_SIGNED_IN,
        detail: "Send a token of this deployment as `Authorization: Bearer haat_…`.",
        given_by: |_, _, _| true,
    },
    Shared {
        name: "NotAllowed",
        description: "The token lacks the scope",
        kind: &NOT_ALLOWED,
        detail: "This token lacks the scope pack.",
        given_by: |_, _, _| true,
    },
    Shared {
        name: "NotFound",
        description: "There is no such thing; another seller's looks the same",
        kind: &NOT_FOUND,
        detail: "there is no order a_5d41402abc4b2a76.299000000000000001_1",
        given_by: |path, _, _| path.contains('{'),
    },
    Shared {
        name: "Refused",
        description: "Not now. The detail says why; after `changed-meanwhile` read again and repeat",
        kind: &ORDER_REFUSED,
        detail: "order a_5d41402abc4b2a76.299000000000000001_1: the order was cancelled; \
            do not pack it",
        given_by: |_, _, changes| changes,
    },
    Shared {
        name: "TooLarge",
        description: "The body has more than 64 KiB",
        kind: &TOO_LARGE,
        detail: "A body has at most 64 KiB.",
        given_by: |_, operation, _| operation.request_body.is_some(),
    },
    Shared {
        name: "NotJson",
        description: "The body is not declared as JSON",
        kind: &NOT_JSON,
        detail: "Send the body as JSON, with `Content-Type: application/json`.",
        given_by: |_, operation, _| operation.request_body.is_some(),
    },
    Shared {
        name: "BadInput",
        description: "The input cannot be used, or the marketplace refuses it",
        kind: &BAD_INPUT,
        detail: "In the body: missing field `name`.",
        given_by: |path, operation, _| {
            operation.request_body.is_some()
                || !path.contains('{') && operation.parameters.is_some()
        },
    },
    Shared {
        name: "Internal",
        description: "Haat failed; the operator finds why in the log",
        kind: &INTERNAL,
        detail: "What is stored cannot be read. The operator finds the reason in the log.",
        given_by: |_, _, _| true,
    },
    Shared {
        name: "Unavailable",
        description: "Haat or a marketplace cannot do this just now; `Retry-After` says when",
        kind: &UNAVAILABLE,
        detail: "The table did not answer in time. Send the request again.",
        given_by: |_, _, _| true,
    },
];

/// What is there before the first handler.
fn frame() -> utoipa::openapi::OpenApi {
    let mut token = Http::new(HttpAuthScheme::Bearer);
    token.description = Some(WHAT_A_TOKEN_IS.to_owned());
    let mut components = ComponentsBuilder::new()
        .security_scheme("token", SecurityScheme::Http(token))
        .schema("Problem", Told::schema())
        .schema("WantedOfAPerson", WantedOfAPerson::schema())
        .schema("SellerChoice", SellerChoice::schema());
    for shared in SHARED {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .example(Some(json!(shared.kind.told(shared.detail))))
            .build();
        let response = ResponseBuilder::new()
            .description(shared.description)
            .content(PROBLEM_JSON, content);
        components = components.response(shared.name, response.build());
    }
    let info = InfoBuilder::new()
        .title("Haat")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(WHAT_IT_IS));
    OpenApiBuilder::new()
        .info(info.build())
        .components(Some(components.build()))
        .build()
}

/// The description as it is served. Made when it is first asked for: most processes never are, and
/// a cold start would pay six million instructions for it.
pub(crate) fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(made);
    &TEXT
}

fn made() -> String {
    let mut described = frame().merge_from(Handlers::openapi());
    for (path, item) in &mut described.paths.paths {
        for (operation, changes) in operations(item) {
            let given = SHARED
                .iter()
                .filter(|shared| (shared.given_by)(path, operation, changes));
            let given: Vec<&Shared> = given.collect();
            for shared in given {
                let response = Ref::from_response_name(shared.name);
                let responses = &mut operation.responses.responses;
                responses.insert(status_text(shared.kind.status), response.into());
            }
        }
    }
    json!(described).to_string()
}

fn status_text(status: StatusCode) -> String {
    status.as_u16().to_string()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, Changes)> {
    let looking = item.get.iter_mut().map(|operation| (operation, false));
    let changing = [
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ];
    let changing = changing
        .into_iter()
        .flatten()
        .map(|operation| (operation, true));
    looking.chain(changing)
}
