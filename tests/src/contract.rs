//! A marketplace's contract (OpenAPI 3.1) as a judge over calls and answers.
//!
//! Connector and sandbox are written from the same file without sharing code; this judge
//! reads the file a third time. Objects are closed: a field that the contract does not
//! name is a violation, because a misspelt optional field would otherwise pass for absent.

mod operation;
mod proxy;
mod schemas;
mod session;

use std::fmt;
use std::path::Path;

use http::HeaderMap;
use serde_json::Value;
use thiserror::Error;

pub use operation::Operation;
pub use proxy::{Exchange, RecordingProxy};
use schemas::Schemas;

/// A contract cannot be read; the tests cannot judge.
#[derive(Debug, Error)]
#[error("contract {name}: {what}")]
pub struct Unreadable {
    name: String,
    what: String,
}

/// Who broke the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The caller: our connector.
    Request,
    /// The one called: our sandbox.
    Answer,
}

/// One departure from the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Who broke it.
    pub side: Side,
    /// `operationId`, or method and path when the contract knows no such call.
    pub operation: String,
    /// What is wrong and where; values are masked.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {}: {}", self.side, self.operation, self.what)
    }
}

/// An example that stands in the contract itself.
#[derive(Debug, Clone)]
pub struct Example {
    /// Where it stands, as a JSON pointer.
    pub place: String,
    /// The example.
    pub value: Value,
    schema: String,
}

/// A contract, ready to judge.
pub struct Contract {
    operations: Vec<Operation>,
    examples: Vec<Example>,
    schemas: Schemas,
}

impl Contract {
    /// Reads `tests/contracts/<name>.openapi.yaml`.
    ///
    /// # Errors
    /// [`Unreadable`] when the file is missing, is not YAML or one of its schemas is not a schema.
    pub fn load(name: &str) -> Result<Contract, Unreadable> {
        let unreadable = |what: String| Unreadable {
            name: name.to_owned(),
            what,
        };
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("contracts/{name}.openapi.yaml"));
        let text = std::fs::read_to_string(&file).map_err(|error| unreadable(error.to_string()))?;
        let document: Value =
            serde_saphyr::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
        let operations = operation::all(&document).map_err(unreadable)?;
        let wanted = operations.iter().flat_map(Operation::schemas);
        let schemas = Schemas::compile(&document, wanted).map_err(unreadable)?;
        let examples = operations
            .iter()
            .flat_map(|operation| operation.examples(&document))
            .collect();
        Ok(Contract {
            operations,
            examples,
            schemas,
        })
    }

    /// All calls of the contract.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// All examples of calls and answers that the contract gives.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The call with this `operationId`.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The first example of a call's body.
    pub fn example_call(&self, operation: &Operation) -> Option<&Value> {
        let place = operation.body_place();
        let mut examples = self.examples.iter();
        examples
            .find(|example| example.place.starts_with(place))
            .map(|example| &example.value)
    }

    /// Judges one of the contract's own examples, or a value in its place.
    pub fn check_example(&self, example: &Example, value: &Value) -> Vec<String> {
        self.schemas.check(&example.schema, value)
    }

    /// Judges a call. `path` may carry a query.
    pub fn check_request(
        &self,
        method: &str,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Vec<Violation> {
        let Some(operation) = self.find(method, path) else {
            return vec![Violation {
                side: Side::Request,
                operation: format!("{method} {}", bare(path)),
                what: "the contract knows no such call".to_owned(),
            }];
        };
        let mut wrong = operation.check_headers(headers, &self.schemas);
        wrong.extend(operation.check_session(headers));
        wrong.extend(operation.check_query(path, &self.schemas));
        wrong.extend(operation.check_request_body(headers, body, &self.schemas));
        named(Side::Request, &operation.id, wrong)
    }

    /// Judges an answer to a call.
    ///
    /// HTML with 200 or 403 is allowed everywhere: the panel answers so for paths that it does
    /// not know, and its edge when it blocks a client (rule 3 of the contract).
    pub fn check_answer(
        &self,
        method: &str,
        path: &str,
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Vec<Violation> {
        let html = operation::media_type(headers).as_deref() == Some("text/html");
        if html && matches!(status, 200 | 403) {
            return Vec::new();
        }
        let Some(operation) = self.find(method, path) else {
            return vec![Violation {
                side: Side::Answer,
                operation: format!("{method} {}", bare(path)),
                what: format!("status {status} for a call that the contract does not know"),
            }];
        };
        let wrong = operation.check_answer(status, headers, body, &self.schemas);
        named(Side::Answer, &operation.id, wrong)
    }

    /// The call that a method and a path (with or without query) mean.
    pub fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| {
            operation.method.eq_ignore_ascii_case(method) && operation.matches(bare(path))
        })
    }
}

fn named(side: Side, operation: &str, wrong: Vec<String>) -> Vec<Violation> {
    let violation = |what| Violation {
        side,
        operation: operation.to_owned(),
        what,
    };
    wrong.into_iter().map(violation).collect()
}

fn bare(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}
