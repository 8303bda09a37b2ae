//! What is measured, in groups that stand alone: when one cannot be measured its rows say why, and
//! the others are kept.

/// A part of the bench, and the rows it must bring.
pub struct Group {
    /// Its name for `--only`.
    pub name: &'static str,
    /// Ids of its rows; it may bring more.
    pub rows: &'static [&'static str],
}

/// All of them, in the order in which they are measured.
pub const GROUPS: [Group; 8] = [
    Group {
        name: "bills",
        rows: &[
            "B1",
            "B2-packs-of-100",
            "B2-packs-of-100-calls",
            "B2-packs-of-100-sqs",
            "B2-packs-of-2",
            "B3",
            "B3-order",
            "B3-polls",
            "B3-schedule",
            "B3-table",
            "B3-recovery",
            "B3-labels",
            "B4",
            "B4-orders",
            "B4-polls",
            "B4-schedule",
            "B4-idle",
            "B4-key",
            "B4-watch",
            "B4-storage",
            "B4-recovery",
            "B4-free",
        ],
    },
    Group {
        name: "sizes",
        rows: &[
            "B5-authorize",
            "B5-schedule",
            "B5-react",
            "B5-poll",
            "B5-ship",
            "B5-api",
            "B5-console",
        ],
    },
    Group {
        name: "starts",
        rows: &[
            "B6-authorize",
            "B6-schedule",
            "B6-react",
            "B6-poll",
            "B6-ship",
            "B6-api",
            "B6-console",
        ],
    },
    Group {
        name: "memory",
        rows: &["B12-start", "B12-backlog"],
    },
    Group {
        name: "instructions",
        rows: &["B8", "B9", "B10"],
    },
    Group {
        name: "peers",
        rows: &["B11", "B13", "B13-unchanged"],
    },
    Group {
        name: "suites",
        rows: &["HISTORIES", "FUZZ"],
    },
    Group {
        name: "load",
        rows: &[
            "LOAD",
            "LOAD-read",
            "LOAD-accept",
            "LOAD-ask",
            "LOAD-label",
            "LOAD-cloud",
            "LOAD-functions",
            "LOAD-estimate",
        ],
    },
];
