use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report::visible;

/// How far a run is, on standard error when that is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for so many inputs; hidden when `quiet`, for a single one, or when standard error is no terminal.
    pub fn new(inputs: usize, quiet: bool) -> Self {
        // The library does not draw to a standard error that is no terminal.
        let hidden = quiet || inputs < 2;
        Self::drawn(inputs, if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() })
    }

    fn drawn(inputs: usize, target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(Some(inputs as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{pos} of {len} checked {wide_msg}") {
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
        self.bar.inc(1);
        if !self.bar.is_hidden() {
            self.bar.set_message(visible(name).into_owned());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use indicatif::TermLike;

    use super::*;

    /// What a terminal of one hundred columns shows: the lines written, the last one unfinished.
    #[derive(Clone, Debug, Default)]
    struct Screen(Arc<Mutex<Vec<String>>>);

    impl Screen {
        fn last(&self, change: impl FnOnce(&mut String)) -> io::Result<()> {
            let mut lines = self.0.lock().unwrap();
            if lines.is_empty() {
                lines.push(String::new());
            }
            change(lines.last_mut().unwrap());
            Ok(())
        }
    }

    impl TermLike for Screen {
        fn width(&self) -> u16 {
            100
        }
        fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
            assert_eq!(lines, 0, "the bar has one line");
            Ok(())
        }
        fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
            self.move_cursor_up(lines)
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.last(|line| line.push_str(text))?;
            self.0.lock().unwrap().push(String::new());
            Ok(())
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.last(|line| line.push_str(text))
        }
        fn clear_line(&self) -> io::Result<()> {
            self.last(String::clear)
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn text_and_bar_keep_out_of_each_others_way() {
        let screen = Screen::default();
        let progress = Progress::drawn(3, ProgressDrawTarget::term_like(Box::new(screen.clone())));
        for name in ["a.md", "\u{1b}[31mb.md", "c.md"] {
            progress.aside(|| {
                screen.write_line("finding one").unwrap();
                screen.write_line("finding two").unwrap();
            });
            progress.advance(name);
            let shown = screen.0.lock().unwrap().clone();
            let (bar, findings) = shown.split_last().unwrap();
            assert!(findings.iter().all(|line| line.starts_with("finding ")), "{shown:?}");
            assert!(bar.contains(" of 3 checked") && !bar.contains('\u{1b}'), "{shown:?}");
        }
        drop(progress);
        assert_eq!(screen.0.lock().unwrap().join("\n"), "finding one\nfinding two\n".repeat(3));
    }
}
