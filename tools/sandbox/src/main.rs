//! Runs the doubles by themselves, for `make run` and for tests of whole binaries.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use haat_sandbox::{
    ClockMode, NewAccount, Options, Sandbox, Seed, Throttle, Timings,
    ajio::{self, Ajio},
};
use serde_json::json;

/// The marketplaces' doubles on 127.0.0.1: Meesho's panel and file host, AJIO's dropship API.
#[derive(Debug, Parser)]
#[command(name = "haat-sandbox", version)]
struct Arguments {
    /// Port of Meesho's panel API and of its control API; 0 takes a free one.
    #[arg(long, default_value_t = 8792)]
    api_port: u16,
    /// Port of Meesho's file host; 0 takes a free one.
    #[arg(long, default_value_t = 8793)]
    files_port: u16,
    /// Port of AJIO's API, its control API and its files; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    ajio_port: u16,
    /// The same seed gives the same sellers and orders.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Whether time passes by itself.
    #[arg(long, value_enum, default_value_t = Clock::Realtime)]
    clock: Clock,
    /// How many times faster than life orders move; jobs and sessions keep their real time.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    speed: u32,
    /// Seconds until a label opens: at Meesho from accept, at AJIO from packing.
    #[arg(long, default_value_t = 0)]
    label_delay_seconds: u32,
    /// Seconds of life from AJIO's acknowledgement to its purchase order.
    #[arg(long, default_value_t = 900)]
    po_delay_seconds: u32,
    /// Calls per minute and account before 429; 0 never throttles.
    #[arg(long, default_value_t = 0)]
    calls_per_minute: u32,
    /// Orders made for Meesho's first supplier at the start, in several states.
    #[arg(long, default_value_t = 0)]
    orders: u32,
    /// Orders made for AJIO's first POB at the start, in several states.
    #[arg(long, default_value_t = 0)]
    ajio_orders: u32,
    /// Starts without the accounts seller@example.test and DV900001.
    #[arg(long)]
    no_account: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Clock {
    Stopped,
    Realtime,
}

impl Arguments {
    fn clock(&self) -> ClockMode {
        match self.clock {
            Clock::Stopped => ClockMode::default(),
            Clock::Realtime => ClockMode::Realtime { speed: self.speed },
        }
    }

    fn throttle(&self) -> Option<Throttle> {
        (self.calls_per_minute > 0).then_some(Throttle {
            calls_per_minute: self.calls_per_minute,
            retry_after_seconds: 30,
        })
    }
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
    let meesho = start_meesho(arguments).await?;
    let ajio = start_ajio(arguments).await?;
    let ready = json!({
        "api_url": meesho.api_url(),
        "file_host": meesho.file_host(),
        "control_url": format!("{}/_sandbox", meesho.api_url()),
        "ajio": {
            "api_url": ajio.api_url(),
            "file_host": ajio.file_host(),
            "control_url": ajio.control_url(),
        },
    });
    writeln!(io::stdout(), "{ready}")?;
    io::stdout().flush()?;
    wait_for_the_end().await?;
    ajio.stop().await;
    meesho.stop().await;
    Ok(())
}

async fn start_meesho(arguments: &Arguments) -> Result<Sandbox, Box<dyn std::error::Error>> {
    let account = NewAccount::default();
    let first_supplier = account
        .suppliers
        .first()
        .map(|supplier| supplier.supplier_id);
    let sandbox = Sandbox::start(Options {
        api_port: arguments.api_port,
        files_port: arguments.files_port,
        seed: arguments.seed,
        clock: arguments.clock(),
        timings: Timings {
            label_delay_seconds: arguments.label_delay_seconds,
            ..Timings::default()
        },
        throttle: arguments.throttle(),
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
    Ok(sandbox)
}

async fn start_ajio(arguments: &Arguments) -> Result<Ajio, Box<dyn std::error::Error>> {
    let pob = ajio::NewPob::default();
    let name = pob.username.clone();
    let double = Ajio::start(ajio::Options {
        port: arguments.ajio_port,
        seed: arguments.seed,
        clock: arguments.clock(),
        timings: ajio::Timings {
            po_delay_seconds: Some(arguments.po_delay_seconds),
            label_delay_seconds: arguments.label_delay_seconds,
            ..ajio::Timings::default()
        },
        throttle: arguments.throttle(),
        profile: ajio::Profile::default(),
        pobs: if arguments.no_account {
            Vec::new()
        } else {
            vec![pob]
        },
    })
    .await?;
    if !arguments.no_account {
        let seed = ajio::Seed::mixed(&name, arguments.ajio_orders);
        double.control().seed(&seed)?;
    }
    Ok(double)
}

/// Ctrl-C, or the polite signal of whoever started this.
async fn wait_for_the_end() -> io::Result<()> {
    let mut polite = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = polite.recv() => Ok(()),
    }
}
