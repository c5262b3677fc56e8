use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report::visible;

/// How far a run is, on standard error when that is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for so many inputs; hidden when `quiet`, for a single one, or when standard error is no terminal.
    pub fn new(inputs: usize, quiet: bool) -> Self {
        // Drawing to standard error is hidden by the library unless it is a terminal.
        let target =
            if quiet || inputs < 2 { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(inputs as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{pos} of {len} checked {wide_msg:.dim}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Writes to the terminal while the bar is out of the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Counts one more input.
    pub fn advance(&self, name: &str) {
        if !self.bar.is_hidden() {
            self.bar.set_message(visible(name).into_owned());
        }
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
