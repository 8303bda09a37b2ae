//! Runs the Meesho double by itself, for `make run` and for tests of whole binaries.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use haat_sandbox::{ClockMode, NewAccount, Options, Sandbox, Seed, Throttle, Timings};
use serde_json::json;

/// The Meesho double: panel API and file host on 127.0.0.1.
#[derive(Debug, Parser)]
#[command(name = "haat-sandbox", version)]
struct Arguments {
    /// Port of the panel API and of the control API; 0 takes a free one.
    #[arg(long, default_value_t = 8792)]
    api_port: u16,
    /// Port of the file host; 0 takes a free one.
    #[arg(long, default_value_t = 8793)]
    files_port: u16,
    /// The same seed gives the same sellers and orders.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Whether time passes by itself.
    #[arg(long, value_enum, default_value_t = Clock::Realtime)]
    clock: Clock,
    /// How many times faster than life orders move; jobs and sessions keep their real time.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    speed: u32,
    /// Seconds from accept to the opening of the label window.
    #[arg(long, default_value_t = 0)]
    label_delay_seconds: u32,
    /// Calls per minute and account before 429; 0 never throttles.
    #[arg(long, default_value_t = 0)]
    calls_per_minute: u32,
    /// Orders made for the first supplier at the start, in several states.
    #[arg(long, default_value_t = 0)]
    orders: u32,
    /// Starts without the account seller@example.test.
    #[arg(long)]
    no_account: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Clock {
    Stopped,
    Realtime,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when standard error is closed too.
            let _ = writeln!(io::stderr(), "haat-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let account = NewAccount::default();
    let first_supplier = account
        .suppliers
        .first()
        .map(|supplier| supplier.supplier_id);
    let sandbox = Sandbox::start(Options {
        api_port: arguments.api_port,
        files_port: arguments.files_port,
        seed: arguments.seed,
        clock: match arguments.clock {
            Clock::Stopped => ClockMode::default(),
            Clock::Realtime => ClockMode::Realtime {
                speed: arguments.speed,
            },
        },
        timings: Timings {
            label_delay_seconds: arguments.label_delay_seconds,
            ..Timings::default()
        },
        throttle: (arguments.calls_per_minute > 0).then_some(Throttle {
            calls_per_minute: arguments.calls_per_minute,
            retry_after_seconds: 30,
        }),
        accounts: if arguments.no_account {
            Vec::new()
        } else {
            vec![account]
        },
    })
    .await?;
    if let (Some(supplier_id), false) = (first_supplier, arguments.no_account) {
        sandbox
            .control()
            .seed(&Seed::mixed(supplier_id, arguments.orders))?;
    }
    let ready = json!({
        "api_url": sandbox.api_url(),
        "file_host": sandbox.file_host(),
        "control_url": format!("{}/_sandbox", sandbox.api_url()),
    });
    writeln!(io::stdout(), "{ready}")?;
    io::stdout().flush()?;
    wait_for_the_end().await?;
    sandbox.stop().await;
    Ok(())
}

/// Ctrl-C, or the polite signal of whoever started this.
async fn wait_for_the_end() -> io::Result<()> {
    let mut polite = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = polite.recv() => Ok(()),
    }
}
