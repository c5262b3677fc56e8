use rust_decimal::Decimal;

use super::bounds::Bounds;

/// Digits of a number that are tried.
const DIGITS: usize = 12;

/// Whether one slip of the pen, a wrong digit, two digits swapped or the point moved, leads from `value`, written in
/// steps of `step`, into `wanted`.
pub(super) fn leads_to(value: Decimal, step: Decimal, wanted: Bounds) -> bool {
    if value.is_zero() {
        return false;
    }
    let step = if step.is_zero() { Decimal::ONE } else { step };
    let inside = |other: Decimal| wanted.low <= other && other <= wanted.high;
    if inside(-value) {
        return true;
    }
    let mut factor = Decimal::ONE;
    for _ in 0..4 {
        factor *= Decimal::TEN;
        let moved = [value.checked_mul(factor), value.checked_div(factor)];
        if moved.into_iter().flatten().any(inside) {
            return true;
        }
    }
    let Some(written) = value.abs().checked_div(step).map(|written| written.round().normalize()) else {
        return false;
    };
    let digits: Vec<u8> = written.to_string().bytes().filter(u8::is_ascii_digit).collect();
    if digits.is_empty() || digits.len() > DIGITS {
        return false;
    }
    let read = |digits: &[u8]| {
        // So few digits fit.
        let number = digits.iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        let number = Decimal::from(number);
        let value = if value.is_sign_negative() { -number } else { number };
        value.checked_mul(step).is_some_and(inside)
    };
    let mut other = digits.clone();
    for at in 0..digits.len() {
        for digit in b'0'..=b'9' {
            if digit == digits[at] || at == 0 && digit == b'0' && digits.len() > 1 {
                continue;
            }
            other[at] = digit;
            if read(&other) {
                return true;
            }
        }
        other[at] = digits[at];
        if at > 0 {
            other.swap(at - 1, at);
            if other[0] != b'0' && read(&other) {
                return true;
            }
            other.swap(at - 1, at);
        }
    }
    false
}
