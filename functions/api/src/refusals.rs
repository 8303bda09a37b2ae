//! What each refusal of a workflow is over HTTP.
//!
//! An unknown id and another seller's id are one and the same here: no workflow can tell them
//! apart, because every key begins with the seller.

use std::time::Duration;

use haat_domain::{AccountId, InvalidId};
use haat_ports::{ErrorKind, FileError, MarketplaceError, QueueError, StoreError, VaultError};
use haat_workflows::{
    AskRefusal, BackFillRefusal, BuyerError, ConnectRefusal, CourierRefusal, CredentialsRefusal,
    FormRefusal, HandOverRefusal, LinkRefusal, OtpRefusal, PaperRefusal, ParcelRefusal, ReactError,
    RegistrationRefusal, ResumeRefusal, SettingsRefusal, TestRefusal, WarehouseRefusal, WriteError,
};

use crate::problem::{
    BAD_INPUT, CHANGED_MEANWHILE, CHOOSE_SELLER, CONNECTED_ALREADY, INTERNAL, Kind, LABEL_GONE,
    MARKETPLACE_REFUSED, MARKETPLACE_UNAVAILABLE, MARKETPLACE_UNCLEAR, NEEDS_ATTENTION, NO_LABEL,
    NO_OTP_WANTED, NO_PAPER, NOT_FOUND, ORDER_REFUSED, OTHER_SELLER, Problem, SellerChoice,
    UNAVAILABLE, WantedOfAPerson,
};

/// When to come again after trouble of our own.
const SOON: Duration = Duration::from_secs(5);
/// When to come again after trouble of a marketplace that names no time.
const LATER: Duration = Duration::from_secs(60);

pub(crate) fn no_account(id: &AccountId) -> Problem {
    NOT_FOUND.because(format!(
        "There is no account {id}. GET /accounts lists those there are."
    ))
}

fn come_again(detail: &str, cause: &dyn std::error::Error) -> Problem {
    UNAVAILABLE
        .because(detail)
        .retry_after(SOON)
        .caused_by(cause)
}

fn failed(detail: &str, cause: &dyn std::error::Error) -> Problem {
    INTERNAL.because(detail).caused_by(cause)
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Conflict(what) => CHANGED_MEANWHILE.because(format!(
                "{what} was changed by someone else at the same moment. Read it again, and repeat \
                 the request if it is still wanted."
            )),
            StoreError::Unavailable { .. } => come_again(
                "The table did not answer in time. Send the request again.",
                &error,
            ),
            StoreError::Corrupt { .. } => failed(
                "What is stored cannot be read. The operator finds the reason in the log.",
                &error,
            ),
        }
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        match &error {
            VaultError::Unavailable { .. } => come_again(
                "The key service did not answer. Send the request again.",
                &error,
            ),
            VaultError::Broken { .. } => failed(
                "What is stored encrypted cannot be opened. The operator finds the reason in the \
                 log.",
                &error,
            ),
        }
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Store(error) => error.into(),
            WriteError::Vault(error) => error.into(),
        }
    }
}

impl From<BuyerError> for Problem {
    fn from(error: BuyerError) -> Self {
        match error {
            BuyerError::Store(error) => error.into(),
            BuyerError::Vault(error) => error.into(),
            BuyerError::Unreadable(_) => failed("The stored buyer cannot be read.", &error),
        }
    }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        match &error {
            FileError::Missing(_) => LABEL_GONE.because(
                "The label's file is no longer stored: labels are kept 180 days. The marketplace's \
                 own panel may still have it.",
            ),
            FileError::Unavailable { .. } => come_again(
                "The file store did not answer. Send the request again.",
                &error,
            ),
        }
    }
}

impl From<QueueError> for Problem {
    fn from(error: QueueError) -> Self {
        come_again(
            "The work could not be handed on. Send the request again.",
            &error,
        )
    }
}

impl From<InvalidId> for Problem {
    fn from(error: InvalidId) -> Self {
        failed("An id could not be made.", &error)
    }
}

impl From<MarketplaceError> for Problem {
    fn from(error: MarketplaceError) -> Self {
        let wait = error.retry_after.unwrap_or(LATER);
        match error.kind {
            ErrorKind::Attention(reason) => {
                let what_to_do = reason.what_to_do();
                let detail = format!("{error}. {what_to_do}");
                MARKETPLACE_REFUSED
                    .because(detail)
                    .wanting(WantedOfAPerson {
                        reason,
                        said: error.said,
                        what_to_do,
                    })
            }
            ErrorKind::Auth | ErrorKind::NotFound | ErrorKind::Rejected => {
                MARKETPLACE_REFUSED.because(format!("{error}. Asking again gives the same."))
            }
            ErrorKind::RateLimited
            | ErrorKind::Unavailable
            | ErrorKind::Ambiguous
            | ErrorKind::NotReady => MARKETPLACE_UNAVAILABLE
                .because(format!("{error}. Send the request again later."))
                .retry_after(wait)
                .caused_by(&error),
            ErrorKind::Malformed => MARKETPLACE_UNCLEAR
                .because(format!("{error}. Nothing was changed; tell the operator."))
                .caused_by(&error),
        }
    }
}

impl From<ConnectRefusal> for Problem {
    fn from(refusal: ConnectRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            ConnectRefusal::NoSuchMarketplace(_) => BAD_INPUT.because(format!(
                "{detail}. GET /marketplaces lists those there are."
            )),
            ConnectRefusal::Form(refusal) => refusal.into(),
            ConnectRefusal::NoSuchWarehouse(_) => BAD_INPUT.because(detail),
            ConnectRefusal::Marketplace(error) => error.into(),
            ConnectRefusal::ChooseSeller(sellers) => {
                let choice = sellers.into_iter().map(|seller| SellerChoice {
                    key: seller.key,
                    name: seller.name,
                });
                CHOOSE_SELLER.because(detail).choosing_of(choice.collect())
            }
            ConnectRefusal::NotItsSeller(_) => OTHER_SELLER.because(detail),
            ConnectRefusal::ConnectedAlready(_) => CONNECTED_ALREADY.because(detail),
            ConnectRefusal::Store(error) => error.into(),
            ConnectRefusal::Queue(error) => come_again(
                "The account is connected, but its first poll could not be asked for. Do not \
                 connect it again: the schedule brings its orders within minutes.",
                &error,
            ),
            ConnectRefusal::Id(error) => error.into(),
        }
    }
}

impl From<FormRefusal> for Problem {
    fn from(refusal: FormRefusal) -> Self {
        let lists = "GET /marketplaces lists the fields.";
        BAD_INPUT.because(match &refusal {
            FormRefusal::Missing(field) => {
                format!("credentials.{field} is missing or empty. {lists}")
            }
            FormRefusal::NoSuchChoice { .. } => format!("credentials.{refusal}. {lists}"),
        })
    }
}

impl From<CredentialsRefusal> for Problem {
    fn from(refusal: CredentialsRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            CredentialsRefusal::NoSuchAccount(id) => no_account(&id),
            CredentialsRefusal::Form(refusal) => refusal.into(),
            CredentialsRefusal::Marketplace(error) => error.into(),
            CredentialsRefusal::OtherSeller(_) => OTHER_SELLER.because(detail),
            CredentialsRefusal::OtpRequired(_) => NEEDS_ATTENTION.because(detail),
            CredentialsRefusal::Store(error) => error.into(),
            CredentialsRefusal::Queue(error) => come_again(
                "The credentials are changed, but catching up could not be asked for: the \
                 schedule does it within minutes, or ask with POST /accounts/{id}/sync.",
                &error,
            ),
        }
    }
}

impl From<OtpRefusal> for Problem {
    fn from(refusal: OtpRefusal) -> Self {
        match refusal {
            OtpRefusal::NotAsked(_) => because(&NO_OTP_WANTED, &refusal),
            OtpRefusal::Wrong(error) => error.into(),
            OtpRefusal::Seller(refusal) => refusal.into(),
            OtpRefusal::Credentials(refusal) => refusal.into(),
            OtpRefusal::Store(error) => error.into(),
            OtpRefusal::Marketplace(error) => error.into(),
            OtpRefusal::Id(error) => error.into(),
        }
    }
}

impl From<SettingsRefusal> for Problem {
    fn from(refusal: SettingsRefusal) -> Self {
        match refusal {
            SettingsRefusal::NoSuchAccount(id) => no_account(&id),
            SettingsRefusal::Interval(_)
            | SettingsRefusal::Delay(_)
            | SettingsRefusal::NoSuchWarehouse(_)
            | SettingsRefusal::SeriesWithoutWarehouse => because(&BAD_INPUT, &refusal),
            SettingsRefusal::Write(error) => error.into(),
            SettingsRefusal::Id(error) => error.into(),
        }
    }
}

impl From<BackFillRefusal> for Problem {
    fn from(refusal: BackFillRefusal) -> Self {
        match refusal {
            BackFillRefusal::NoSuchAccount(id) => no_account(&id),
            BackFillRefusal::Days(_) => because(&BAD_INPUT, &refusal),
            BackFillRefusal::Marketplace(error) => error.into(),
            BackFillRefusal::Store(error) => error.into(),
            BackFillRefusal::Queue(error) => error.into(),
        }
    }
}

impl From<WarehouseRefusal> for Problem {
    fn from(refusal: WarehouseRefusal) -> Self {
        match refusal {
            WarehouseRefusal::NoSuchWarehouse(_) => because(&NOT_FOUND, &refusal),
            WarehouseRefusal::NameTaken(_) => because(&BAD_INPUT, &refusal),
            WarehouseRefusal::Store(error) => error.into(),
            WarehouseRefusal::Id(error) => error.into(),
        }
    }
}

impl From<ParcelRefusal> for Problem {
    fn from(refusal: ParcelRefusal) -> Self {
        match refusal {
            ParcelRefusal::NoSuchOrder(_) => because(&NOT_FOUND, &refusal),
            ParcelRefusal::Invalid(_) => because(&BAD_INPUT, &refusal),
            ParcelRefusal::PackedAlready(_) => because(&ORDER_REFUSED, &refusal),
            ParcelRefusal::Write(error) => error.into(),
        }
    }
}

impl From<HandOverRefusal> for Problem {
    fn from(refusal: HandOverRefusal) -> Self {
        match refusal {
            HandOverRefusal::NoSuchAccount(id) => no_account(&id),
            HandOverRefusal::NotOffered(_) => because(&ORDER_REFUSED, &refusal),
            HandOverRefusal::Write(error) => error.into(),
        }
    }
}

impl From<PaperRefusal> for Problem {
    fn from(refusal: PaperRefusal) -> Self {
        match refusal {
            PaperRefusal::NoSuchOrder(_) | PaperRefusal::NoSuchManifest { .. } => {
                because(&NOT_FOUND, &refusal)
            }
            PaperRefusal::Cancelled(_) => because(&ORDER_REFUSED, &refusal),
            PaperRefusal::NoInvoice(_) | PaperRefusal::NoPaper { .. } => {
                because(&NO_PAPER, &refusal)
            }
            PaperRefusal::File(error) => error.into(),
            PaperRefusal::Store(error) => error.into(),
        }
    }
}

impl From<CourierRefusal> for Problem {
    fn from(refusal: CourierRefusal) -> Self {
        match refusal {
            CourierRefusal::NoSuchAccount(id) => no_account(&id),
            CourierRefusal::Write(error) => error.into(),
        }
    }
}

impl From<TestRefusal> for Problem {
    fn from(refusal: TestRefusal) -> Self {
        match refusal {
            TestRefusal::NoSuchAccount(id) => no_account(&id),
            TestRefusal::NoSuchOrder(_) => because(&BAD_INPUT, &refusal),
            TestRefusal::Ask(refusal) => refusal.into(),
            TestRefusal::Write(error) => error.into(),
            TestRefusal::Queue(error) => error.into(),
        }
    }
}

impl From<RegistrationRefusal> for Problem {
    fn from(refusal: RegistrationRefusal) -> Self {
        match refusal {
            RegistrationRefusal::NoSuchMarketplace(_) => BAD_INPUT.because(format!(
                "{refusal}. GET /marketplaces lists those there are."
            )),
            RegistrationRefusal::NoSuchWarehouse(_) | RegistrationRefusal::Reminder => {
                because(&BAD_INPUT, &refusal)
            }
            RegistrationRefusal::NoSuchRegistration(_) => because(&NOT_FOUND, &refusal),
            RegistrationRefusal::Store(error) => error.into(),
            RegistrationRefusal::Id(error) => error.into(),
        }
    }
}

impl From<AskRefusal> for Problem {
    fn from(refusal: AskRefusal) -> Self {
        match refusal {
            AskRefusal::NoSuchOrder(_) => because(&NOT_FOUND, &refusal),
            AskRefusal::Refused { .. }
            | AskRefusal::NotOffered { .. }
            | AskRefusal::NoParcel { .. } => because(&ORDER_REFUSED, &refusal),
            AskRefusal::Write(error) => error.into(),
            AskRefusal::Queue(error) => error.into(),
        }
    }
}

impl From<LinkRefusal> for Problem {
    fn from(refusal: LinkRefusal) -> Self {
        match refusal {
            LinkRefusal::NoSuchOrder(_) => because(&NOT_FOUND, &refusal),
            LinkRefusal::Cancelled(_) => because(&ORDER_REFUSED, &refusal),
            LinkRefusal::NoLabel { .. } => because(&NO_LABEL, &refusal),
            LinkRefusal::Unreadable { .. } => because(&NO_LABEL, &refusal).caused_by(refusal),
            LinkRefusal::File(error) => error.into(),
            LinkRefusal::Store(error) => error.into(),
        }
    }
}

impl From<ResumeRefusal> for Problem {
    fn from(refusal: ResumeRefusal) -> Self {
        match refusal {
            ResumeRefusal::NoSuchAccount(id) => no_account(&id),
            ResumeRefusal::NeedsAttention { .. } => because(&NEEDS_ATTENTION, &refusal),
            ResumeRefusal::Ask(refusal) => refusal.into(),
            ResumeRefusal::Queue(error) => error.into(),
            ResumeRefusal::Store(error) => error.into(),
            ResumeRefusal::Write(error) | ResumeRefusal::React(ReactError::Write(error)) => {
                error.into()
            }
            ResumeRefusal::React(ReactError::Queue(error)) => error.into(),
        }
    }
}

/// The workflow's own words are the detail.
fn because(kind: &Kind, refusal: &dyn std::error::Error) -> Problem {
    kind.because(refusal.to_string())
}
