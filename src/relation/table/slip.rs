use num_traits::ToPrimitive;

use super::bounds::{Bounds, float};
use super::cell::CellFigure;

/// Numbers of so many digits, and more, are not tried.
const LONGEST: f64 = 1e12;
/// Places that a point is moved.
const POINTS_MOVED: i32 = 4;

/// Whether one slip of the pen, a wrong digit, two digits swapped or the point moved, leads from a figure as it is
/// written into `wanted`, which is in base units.
pub(super) fn leads_to(figure: &CellFigure, wanted: Bounds) -> bool {
    let Some(written) = figure.written() else { return false };
    let wanted = if figure.is_percent() { wanted.times(100.0) } else { wanted };
    let value = float(written.value);
    if value == 0.0 {
        return false;
    }
    let mut moved = (1..=POINTS_MOVED).flat_map(|power| {
        let factor = 10_f64.powi(power);
        [value * factor, value / factor]
    });
    if wanted.contains(-value) || moved.any(|other| wanted.contains(other)) {
        return true;
    }
    let step = if written.step.is_zero() { 1.0 } else { float(written.step) };
    let Some(number) = (value.abs() / step).round().to_u64().filter(|_| value.abs() / step < LONGEST) else {
        return false;
    };
    let unit = step.copysign(value);
    // Below 10^12, so exact in floating point.
    let fits = |other: u64| other.to_f64().is_some_and(|other| wanted.contains(other * unit));
    let mut place = 1;
    while place == 1 || place <= number {
        let (digit, leads) = (number / place % 10, number / place < 10);
        let without = number - digit * place;
        let first = u64::from(leads && place > 1);
        if (first..10).any(|other| other != digit && fits(without + other * place)) {
            return true;
        }
        let next = number / (place * 10) % 10;
        // A number does not begin with a zero.
        let swaps = !(leads || digit == 0 && number / place < 100);
        if swaps && fits(without - next * place * 10 + digit * place * 10 + next * place) {
            return true;
        }
        place *= 10;
    }
    false
}
