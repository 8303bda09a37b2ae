//! The operator's command line. It speaks to the table and the queues with the AWS credentials
//! of the environment; `docs/operating.md` shows each command in use.

#[cfg(test)]
mod documented;
mod redrive;
mod tokens;

use std::io::{Write as _, stdout};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use aws_types::SdkConfig;
use clap::{Args, Parser, Subcommand};
use haat_aws::lambda::env;
use haat_aws::{Table, http_client, sdk_config};
use haat_domain::{Scope, SellerId, TokenId};
use haat_ports::{Clock as _, SystemClock};

/// Set up and look after a deployment of Haat.
#[derive(Parser)]
#[command(name = "haat", version)]
struct Command {
    /// Name of the deployed stack: its queues begin with it.
    #[arg(long, env = "HAAT_STACK", default_value = "haat", global = true)]
    stack: String,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Sellers: the tenants of this deployment.
    #[command(subcommand)]
    Seller(SellerCommand),
    /// API tokens: who may speak for a seller.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Work that came to rest, sent on its way again.
    #[command(subcommand)]
    Redrive(Redrive),
}

#[derive(Subcommand)]
enum SellerCommand {
    /// Creates a seller and prints its id.
    Create {
        /// Name for people.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        table: TableName,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Creates a token and prints it; it is never shown again.
    Create {
        #[arg(long)]
        seller: SellerId,
        /// What the token is for.
        #[arg(long)]
        name: String,
        /// What it may do: read, pack, stock, admin. May be given several times.
        #[arg(long = "scope", required = true, value_parser = scope)]
        scopes: Vec<Scope>,
        #[command(flatten)]
        table: TableName,
    },
    /// Lists a seller's tokens, newest first.
    List {
        #[arg(long)]
        seller: SellerId,
        #[command(flatten)]
        table: TableName,
    },
    /// Ends a token; the API forgets it within a minute.
    Revoke {
        #[arg(long)]
        seller: SellerId,
        #[arg(long)]
        id: TokenId,
        #[command(flatten)]
        table: TableName,
    },
}

/// What may have come to rest.
#[derive(Subcommand)]
enum Redrive {
    /// Polls that failed five times.
    Polls,
    /// Work on orders that failed five times.
    Ship,
    /// Changes of orders that could not be acted upon: looks at every open order of a seller anew.
    React {
        #[arg(long)]
        seller: SellerId,
        #[command(flatten)]
        table: TableName,
    },
}

#[derive(Args)]
struct TableName {
    /// The deployment's table (output `TableName` of the stack).
    #[arg(long = "table", env = "TABLE_NAME")]
    table_name: String,
}

impl TableName {
    fn open(&self, config: &SdkConfig) -> Table {
        Table::new(config, &self.table_name, Arc::new(SystemClock))
    }
}

fn scope(word: &str) -> Result<Scope, String> {
    Scope::of_word(word).ok_or_else(|| "not one of read, pack, stock, admin".to_owned())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let command = Command::parse();
    let config = sdk_config(http_client()?).context(
        "set AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN)",
    )?;
    let printed = run(&command, &config).await?;
    writeln!(stdout(), "{printed}")?;
    Ok(())
}

async fn run(command: &Command, config: &SdkConfig) -> Result<String> {
    let now = SystemClock.now();
    match &command.what {
        What::Seller(SellerCommand::Create { name, table }) => {
            tokens::create_seller(&table.open(config), name, now).await
        }
        What::Token(TokenCommand::Create {
            seller,
            name,
            scopes,
            table,
        }) => tokens::create(&table.open(config), seller, name, scopes.clone(), now).await,
        What::Token(TokenCommand::List { seller, table }) => {
            tokens::list(&table.open(config), seller).await
        }
        What::Token(TokenCommand::Revoke { seller, id, table }) => {
            tokens::revoke(&table.open(config), seller, id).await
        }
        What::Redrive(Redrive::Polls) => redrive::queue(config, &command.stack, "polls").await,
        What::Redrive(Redrive::Ship) => redrive::queue(config, &command.stack, "ship").await,
        What::Redrive(Redrive::React { seller, table }) => {
            let queue = redrive::ship_queue(config, &command.stack).await?;
            redrive::orders(&table.open(config), &queue, seller, now).await
        }
    }
}

/// The region the commands speak to, for messages.
fn region() -> String {
    env("AWS_REGION").unwrap_or_default()
}
