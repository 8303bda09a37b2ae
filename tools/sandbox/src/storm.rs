//! Misbehaviour at random: a share of the calls, drawn from a seed.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use fastrand::Rng;
use serde::Deserialize;

use crate::{
    call::{Call, Operation},
    fault::Fault,
};

/// Faults that befall a share of all calls until the storm ends.
///
/// What befalls a call depends on the seed, on who calls and on how many calls he made before, and
/// on nothing else: two accounts that are read side by side meet the same faults in every run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storm {
    /// The same seed gives the same faults.
    pub seed: u64,
    /// What may happen; together 1000 at most.
    pub faults: Vec<Chance>,
}

/// A fault and how often it happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chance {
    /// Of a thousand calls that the fault can befall.
    pub per_mille: u32,
    /// What happens; its `times` and `skip` mean nothing here.
    pub fault: Fault,
}

impl Storm {
    /// A storm without faults.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            faults: Vec::new(),
        }
    }

    /// With this fault on so many of a thousand calls.
    #[must_use]
    pub fn with(mut self, per_mille: u32, fault: Fault) -> Self {
        self.faults.push(Chance { per_mille, fault });
        self
    }
}

/// A storm, and how many calls each caller has made in it.
#[derive(Debug)]
pub(crate) struct Raging {
    storm: Storm,
    calls: HashMap<String, u64>,
}

impl Raging {
    pub(crate) fn new(storm: Storm) -> Self {
        Self {
            storm,
            calls: HashMap::new(),
        }
    }

    /// The fault that this call must suffer, if any.
    pub(crate) fn befalls<O: Operation>(&mut self, call: &Call<O>) -> Option<Fault> {
        let caller = call.identifier.clone().unwrap_or_default();
        let calls = self.calls.entry(caller.clone()).or_default();
        *calls = calls.saturating_add(1);
        let mut hasher = DefaultHasher::new();
        (self.storm.seed, caller, *calls).hash(&mut hasher);
        let mut left = Rng::with_seed(hasher.finish()).u32(0..1_000);
        for chance in &self.storm.faults {
            if left < chance.per_mille {
                return chance.fault.matches(call).then(|| chance.fault.clone());
            }
            left = left.saturating_sub(chance.per_mille);
        }
        None
    }
}
