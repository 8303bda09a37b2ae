//! The plane geometry of PDF: `[a b c d e f]` as in ISO 32000-1, 8.3.3.

use lopdf::Object;

/// A change of coordinates; `a`, `d` scale, `b`, `c` turn, `e`, `f` move.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matrix {
    pub(crate) a: f64,
    pub(crate) b: f64,
    pub(crate) c: f64,
    pub(crate) d: f64,
    pub(crate) e: f64,
    pub(crate) f: f64,
}

impl Matrix {
    pub(crate) const IDENTITY: Matrix = Matrix {
        a: 1.0,
        b: 0.0,
        c: 0.0,
        d: 1.0,
        e: 0.0,
        f: 0.0,
    };

    pub(crate) fn translation(e: f64, f: f64) -> Matrix {
        Matrix {
            e,
            f,
            ..Matrix::IDENTITY
        }
    }

    pub(crate) fn read(operands: &[Object]) -> Option<Matrix> {
        let [a, b, c, d, e, f] = operands else {
            return None;
        };
        Some(Matrix {
            a: number(a)?,
            b: number(b)?,
            c: number(c)?,
            d: number(d)?,
            e: number(e)?,
            f: number(f)?,
        })
    }

    /// First `self`, then `outer`.
    pub(crate) fn within(self, outer: Matrix) -> Matrix {
        Matrix {
            a: self.a * outer.a + self.b * outer.c,
            b: self.a * outer.b + self.b * outer.d,
            c: self.c * outer.a + self.d * outer.c,
            d: self.c * outer.b + self.d * outer.d,
            e: self.e * outer.a + self.f * outer.c + outer.e,
            f: self.e * outer.b + self.f * outer.d + outer.f,
        }
    }

    /// Neither turned nor mirrored, so that lines run from left to right and downwards.
    pub(crate) fn is_upright(self) -> bool {
        self.a > 0.0 && self.d > 0.0 && self.b.abs() < 1e-3 * self.a && self.c.abs() < 1e-3 * self.d
    }
}

pub(crate) fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from)
}
