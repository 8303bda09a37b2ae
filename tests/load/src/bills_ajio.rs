//! What an account at AJIO costs: A1 to A3.

use haat_ledger::{Ledger, Unit};

use crate::ajio;
use crate::bills::{BATCH, cost};
use crate::figure;
use crate::row::{Row, short};

/// Open orders with which a poll is counted: none, a small day's, a sale day's.
const OPEN: [u32; 3] = [0, 20, 500];

pub(crate) struct AtAjio {
    lives: ajio::Lives,
    polls: Vec<(u32, Ledger, u64)>,
}

impl AtAjio {
    pub(crate) async fn new() -> Self {
        let lives = ajio::whole_lives(BATCH).await;
        let mut polls = Vec::new();
        for open in OPEN {
            let (ledger, requests) = ajio::unchanged_poll(open).await;
            polls.push((open, ledger, requests));
        }
        Self { lives, polls }
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows = vec![self.writes(), self.requests()];
        rows.extend(self.polls.iter().map(requests));
        rows.push(self.price());
        rows
    }

    fn writes(&self) -> Row {
        let each = |unit| short(figure(self.lives.ledger.count(unit)) / f64::from(BATCH));
        let note = format!(
            "{BATCH} orders of one page, acknowledged, bought by AJIO within a quarter of an hour, packed, \
             labelled, told ready and handed over; with the five polls of that time. Beside it {} half reads, \
             {} Lambda calls and {} S3 PUTs each; each leaves {} bytes in the table and {} of papers.",
            each(Unit::HalfRead),
            each(Unit::LambdaCall),
            each(Unit::S3Put),
            self.lives.kept.table,
            self.lives.kept.files,
        );
        let writes = figure(self.lives.ledger.writes()) / f64::from(BATCH);
        let name = "write units of an order's life at AJIO, to the courier";
        Row::new("A1", name, writes, "WRU").note(note)
    }

    fn requests(&self) -> Row {
        let requests = figure(self.lives.requests) / f64::from(BATCH);
        let note = "three calls for each order (acknowledged, packed, its label) and what all of them share: \
                    the polls, look-ups, the ready notice, manifests with their papers. The invoice to the \
                    buyer is one more where the account fetches it.";
        let name = "requests of an order's life at AJIO, to the courier";
        Row::new("A1-requests", name, requests, "AJIO requests").note(note)
    }

    fn price(&self) -> Row {
        let order = cost(&self.lives.ledger) / f64::from(BATCH);
        let note = "as B3-order, to the courier's scan: list prices, Lambda's time derived. A call of AJIO takes \
                    a second, its pause included, in which a function of 512 MB waits: that is most of it.";
        let name = "an order at AJIO, its own requests";
        Row::new("A3", name, order, "µ$").note(note)
    }
}

fn requests((open, ledger, requests): &(u32, Ledger, u64)) -> Row {
    let used = ledger.used();
    let units = used.map(|(unit, count)| format!("{count} {}", unit.name()));
    let note = format!(
        "the pendency page by page, and by number what it does not hold, fifty each; returns are one more \
         in half an hour, or less often; all units: {}",
        units.collect::<Vec<_>>().join(", ")
    );
    let id = format!("A2-{open}");
    let name = format!("an unchanged poll of a POB with {open} open orders");
    Row::new(&id, &name, figure(*requests), "AJIO requests").note(note)
}
