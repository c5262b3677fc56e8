use crate::source::Span;

/// Which text a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The report's own source part.
    Report,
    /// One of the texts given with it, by its place among them.
    Given(usize),
}

/// A figure of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceFigure {
    pub origin: Origin,
    pub span: Span,
    /// Index into the text's quantities; `None` where only a charitable reader sees a figure (三G把 for 3 GW).
    pub quantity: Option<usize>,
}

/// How sure it is that a figure is at odds with its sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Worth a look.
    Hint,
    /// Most probably.
    Likely,
    /// No fair reading is left.
    Proof,
}

/// What the sources say to one figure of the report.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// A source has the same figure.
    Supported(SourceFigure),
    /// The figure follows from others of the sources.
    Derived {
        from: Vec<SourceFigure>,
        /// `411亿 + 300亿 = 711亿`.
        arithmetic: String,
    },
    /// A source says the same of another number.
    Differs { from: SourceFigure, strength: Strength },
    /// No source has it, and it follows from nothing there.
    Absent { strength: Strength },
    /// Not a figure that a source would have to give, or one that cannot be judged.
    CannotTell,
}

/// One figure of the report, and what the sources say to it.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundedFigure {
    /// Index into the report's quantities.
    pub quantity: usize,
    pub verdict: Verdict,
}

/// All figures of a report outside its source part, in order of place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grounding {
    pub figures: Vec<GroundedFigure>,
}

impl Grounding {
    /// What the sources say to a quantity of the report.
    pub fn of(&self, quantity: usize) -> Option<&Verdict> {
        let at = self.figures.binary_search_by_key(&quantity, |figure| figure.quantity).ok()?;
        Some(&self.figures[at].verdict)
    }
}
