//! GST out of prices that include it, in integer paise.
//!
//! The rule was audited on real invoices: taxable + taxes = total on every line, halves are equal.

/// What one invoice line consists of; all paise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Split {
    pub(crate) taxable: u64,
    pub(crate) tax: Tax,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tax {
    /// Seller and buyer in different States.
    Integrated(u64),
    /// Same State: this much to the Centre and as much again to the State.
    Halves(u64),
}

impl Tax {
    pub(crate) fn total(self) -> u64 {
        match self {
            Self::Integrated(tax) => tax,
            Self::Halves(half) => half.saturating_mul(2),
        }
    }
}

/// Splits a total that includes tax at `percent`.
pub(crate) fn split(total: u64, percent: u64, same_state: bool) -> Split {
    let base = percent.saturating_add(100);
    if same_state {
        let half = round_half_up(total.saturating_mul(percent), base.saturating_mul(2));
        Split {
            taxable: total.saturating_sub(half.saturating_mul(2)),
            tax: Tax::Halves(half),
        }
    } else {
        let taxable = round_half_up(total.saturating_mul(100), base);
        Split {
            taxable,
            tax: Tax::Integrated(total.saturating_sub(taxable)),
        }
    }
}

fn round_half_up(numerator: u64, denominator: u64) -> u64 {
    let half = denominator.checked_div(2).unwrap_or(0);
    numerator
        .saturating_add(half)
        .checked_div(denominator)
        .unwrap_or(0)
}

/// `349.00`
pub(crate) fn rupees(paise: u64) -> String {
    let whole = paise.checked_div(100).unwrap_or(0);
    let rest = paise.checked_rem(100).unwrap_or(0);
    format!("{whole}.{rest:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn across_states_tax_is_what_taxable_leaves_of_the_total() {
        // 34900 / 1.05 = 33238.095...
        assert_eq!(
            split(34_900, 5, false),
            Split {
                taxable: 33_238,
                tax: Tax::Integrated(1_662)
            }
        );
    }

    #[test]
    fn within_a_state_both_halves_are_equal_and_taxable_is_the_rest() {
        // 34900 * 2.5 / 105 = 830.952...
        assert_eq!(
            split(34_900, 5, true),
            Split {
                taxable: 33_238,
                tax: Tax::Halves(831)
            }
        );
        // 10001 * 9 / 118 = 762.788..., so 10001 - 2 * 763
        assert_eq!(
            split(10_001, 18, true),
            Split {
                taxable: 8_475,
                tax: Tax::Halves(763)
            }
        );
    }

    #[test]
    fn an_exact_half_paisa_goes_up() {
        // 21 / 1.05 = 20 exactly; 63 * 100 / 120 = 52.5
        assert_eq!(split(63, 20, false).taxable, 53);
    }

    #[test]
    fn rupees_show_two_decimals() {
        assert_eq!(rupees(34_905), "349.05");
    }
}
