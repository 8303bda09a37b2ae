//! What befalls the calls of a double, and what is remembered of them.

use std::collections::{BTreeMap, VecDeque};

use crate::{
    call::{Call, Operation},
    fault::{self, Fault},
    log::LogEntry,
    storm::Raging,
    throttle::Throttle,
};

/// How many calls the log keeps; the counters forget nothing.
const LOG_LENGTH: usize = 20_000;

/// Faults that wait, the storm, the throttle, the log and the counts of calls.
#[derive(Debug, Default)]
pub struct Weather {
    pub(crate) faults: Vec<Fault>,
    pub(crate) storm: Option<Raging>,
    pub(crate) throttle: Option<Throttle>,
    pub(crate) log: VecDeque<LogEntry>,
    /// Calls by operation id, faulty ones included.
    pub(crate) calls: BTreeMap<String, u64>,
    /// Calls that had their effect and whose answer was lost, by operation id.
    pub(crate) lost_answers: BTreeMap<String, u64>,
}

impl Weather {
    /// The fault that this call must suffer, if any.
    pub(crate) fn befalls<O: Operation>(&mut self, call: &Call<O>) -> Option<Fault> {
        fault::take(&mut self.faults, call).or_else(|| self.storm.as_mut()?.befalls(call))
    }

    pub(crate) fn record(&mut self, entry: LogEntry) {
        if self.log.len() >= LOG_LENGTH {
            self.log.pop_front();
        }
        self.log.push_back(entry);
    }
}
