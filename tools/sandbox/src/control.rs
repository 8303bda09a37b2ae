//! What a test or an operator does to any double from outside its contract.

use jiff::{SignedDuration, Timestamp};

use crate::{
    fault::{Fault, FaultKind},
    host::{Double, Shared},
    log::LogEntry,
    storm::{Raging, Storm},
    throttle::Throttle,
};

/// The control of a double: every action of its control API as a method.
pub struct Control<D> {
    pub(crate) shared: Shared<D>,
}

impl<D> Clone for Control<D> {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
        }
    }
}

impl<D> std::fmt::Debug for Control<D> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Control(..)")
    }
}

/// Why a control action was refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No account owns this supplier.
    #[error("no supplier {0} in this sandbox")]
    UnknownSupplier(u64),
    /// No log-in is for this POB.
    #[error("no POB {0} in this sandbox")]
    UnknownPob(String),
    /// No order has this number.
    #[error("no order {0} in this sandbox")]
    UnknownOrder(String),
    /// No product of the POB has this variant.
    #[error("no variant {0} in this sandbox")]
    UnknownVariant(String),
    /// No return has this number.
    #[error("no return {0} in this sandbox")]
    UnknownReturn(String),
    /// The life cycle has no such step.
    #[error("order {0} cannot go from {1} to {2}")]
    NoSuchStep(String, String, String),
    /// The life of the order is over.
    #[error("order {0} has reached the end of its life, {1}")]
    EndOfLife(String, String),
    /// A log-in must own a supplier.
    #[error("an account needs at least one supplier")]
    NoSupplier,
    /// The log-in is known with another password.
    #[error("account {0} exists with another password")]
    AccountTaken(String),
    /// A supplier belongs to one log-in.
    #[error("supplier {0} or its identifier is taken")]
    SupplierTaken(u64),
    /// Not five characters of `a-z0-9`, or the id is 0.
    #[error("identifier `{0}` is not five characters a-z0-9, or its supplier id is 0")]
    Identifier(String),
    /// Not letters and digits.
    #[error("POB `{0}` is not letters and digits")]
    Pob(String),
    /// The fault names no operation, no time or no status.
    #[error("fault on `{0}`: operationId, times or status is impossible")]
    Fault(String),
    /// The stopped clock only goes forward.
    #[error("the clock goes forward only, not by {0} seconds")]
    Backwards(i64),
}

impl<D: Double> Control<D> {
    /// Adds a fault behind those that wait already.
    ///
    /// # Errors
    /// The operation is unknown, or times or status cannot be.
    pub fn fault(&self, fault: Fault) -> Result<(), ControlError> {
        if !fault.is_possible::<D::Operation>() {
            return Err(ControlError::Fault(fault.operation_id));
        }
        self.shared.world().weather().faults.push(fault);
        Ok(())
    }

    /// Forgets all faults that were not played yet, and ends the storm.
    pub fn clear_faults(&self) {
        let mut world = self.shared.world();
        let weather = world.weather();
        weather.faults.clear();
        weather.storm = None;
    }

    /// Forgets the faults of one kind that were not played yet.
    pub fn clear_faults_of(&self, kind: FaultKind) {
        let mut world = self.shared.world();
        world.weather().faults.retain(|fault| fault.kind != kind);
    }

    /// Starts a storm in place of the one that rages, or ends it.
    ///
    /// # Errors
    /// One of its faults cannot be.
    pub fn set_storm(&self, storm: Option<Storm>) -> Result<(), ControlError> {
        let mut chances = storm.iter().flat_map(|storm| &storm.faults);
        if let Some(chance) = chances.find(|chance| !chance.fault.is_possible::<D::Operation>()) {
            return Err(ControlError::Fault(chance.fault.operation_id.clone()));
        }
        self.shared.world().weather().storm = storm.map(Raging::new);
        Ok(())
    }

    /// Ends when a call hangs, as by [`FaultKind::Hang`]: its caller may
    /// be taken for dead then.
    pub async fn hung(&self) {
        self.shared.hung().await;
    }

    /// Advances the clock; what becomes due happens in its order.
    ///
    /// # Errors
    /// The clock does not go backwards.
    pub fn advance_seconds(&self, seconds: i64) -> Result<(), ControlError> {
        if seconds < 0 {
            return Err(ControlError::Backwards(seconds));
        }
        let mut world = self.shared.world();
        world.clock().advance(SignedDuration::from_secs(seconds));
        world.catch_up();
        Ok(())
    }

    /// The sandbox's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.world().now()
    }

    /// The latest calls (20,000 at most), oldest first.
    #[must_use]
    pub fn log(&self) -> Vec<LogEntry> {
        self.shared.world().weather().log.iter().cloned().collect()
    }

    /// Starts, changes or ends the throttle.
    pub fn set_throttle(&self, throttle: Option<Throttle>) {
        self.shared.world().weather().throttle = throttle;
    }
}
