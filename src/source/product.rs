use super::span::Span;

/// Whether stars stand between two digits: `2*3 and 3*4` is emphasis to Markdown, and means a product.
pub fn is_product(text: &str, gap: Span) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    digit(gap.start.checked_sub(1)) && digit(Some(gap.end)) && gap.of(text).bytes().all(|byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_between_digits_are_a_product() {
        let stars = |text: &str, start, end| is_product(text, Span::new(start, end));
        assert!(stars("2*3", 1, 2) && stars("2**10", 1, 3));
        assert!(!stars("*3*", 0, 1) && !stars("2*a", 1, 2) && !stars("2*3", 2, 2) && !stars("2x3", 1, 2));
    }
}
