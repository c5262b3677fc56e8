use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::super::model::RoleType;
use crate::lexicon::{ClassId, ClassMap, Lexicon, LexiconBuilder, Meanings};
use crate::quantity::{Kind, Magnitude, Quantity, Unit};
use crate::source::{DataFile, Fault, Span, closest};

/// A measure by its exact name, by its place in the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricId(pub u16);

/// What the figures of a metric look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::relation) enum MetricType {
    /// An amount of money in all: revenue, debt.
    Money,
    /// Money for one of something: a price, earnings per share.
    Price,
    /// So many times: P/E, EV/EBITDA.
    Multiple,
    /// A multiple that may be written in percent: debt to equity.
    Ratio,
    /// A margin, a yield, a rate.
    Percent,
    /// So many: shares.
    Count,
    /// A length of time: payback.
    Duration,
}

impl MetricType {
    /// Whether a figure can be one of the metric.
    pub fn accepts(self, quantity: &Quantity) -> bool {
        if quantity.kind == Kind::Ordinal || matches!(quantity.magnitude, Magnitude::Date(_)) {
            return false;
        }
        let duration = quantity.kind == Kind::Duration;
        match self {
            Self::Duration => duration,
            _ if duration => false,
            Self::Money => matches!(quantity.unit, Unit::Bare | Unit::Money { per: None, .. }),
            Self::Price => matches!(quantity.unit, Unit::Bare | Unit::Money { .. }),
            Self::Multiple => matches!(quantity.unit, Unit::Bare | Unit::Multiple),
            Self::Ratio => matches!(quantity.unit, Unit::Bare | Unit::Multiple | Unit::Percent),
            Self::Percent => quantity.unit == Unit::Percent,
            Self::Count => matches!(quantity.unit, Unit::Bare | Unit::Measure { per: None, .. }),
        }
    }

    /// The type of a role that a figure of the metric fills.
    pub fn role(self) -> RoleType {
        match self {
            Self::Money | Self::Price => RoleType::Amount,
            Self::Multiple | Self::Ratio | Self::Count => RoleType::Number,
            Self::Percent => RoleType::Percent,
            Self::Duration => RoleType::Duration,
        }
    }

    /// Whether the scale that a heading or a caption names is one of its figures too: 单位：亿元.
    pub fn takes_scale(self) -> bool {
        matches!(self, Self::Money | Self::Count)
    }
}

/// What a figure of a metric is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::relation) enum Timing {
    /// A day: a price, and what is made of it.
    Day,
    /// The end of a period: debt, shares.
    End,
    /// A period: revenue.
    #[default]
    Year,
}

/// `metrics.toml` and files below `metrics/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetricFile {
    #[serde(default)]
    metric: BTreeMap<String, Spanned<MetricTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetricTable {
    /// Left out where a file adds names to a metric that another one defines.
    #[serde(rename = "type")]
    kind: Option<MetricType>,
    /// Left out for what is earned over a period.
    of: Option<Timing>,
    #[serde(default)]
    zh: Vec<Spanned<String>>,
    #[serde(default)]
    en: Vec<Spanned<String>>,
    /// Longer strings that contain a name but mean something else.
    #[serde(default)]
    guards: Vec<Spanned<String>>,
}

#[derive(Clone, Debug)]
struct Metric {
    name: String,
    kind: MetricType,
    timing: Timing,
}

/// All metrics, as classes of the lexicon.
#[derive(Clone, Debug, Default)]
pub(in crate::relation) struct Metrics {
    metrics: Vec<Metric>,
    /// The metric that a class holds the names of.
    by_class: ClassMap<MetricId>,
    /// What words mean as names of metrics.
    pub meanings: Meanings,
}

/// Whether a data file holds metrics.
fn holds_metrics(path: &str) -> bool {
    path == "metrics.toml" || path.starts_with("metrics/")
}

impl Metrics {
    /// Reads the metrics and registers their names with the lexicon; adds what is wrong to `faults`.
    pub fn read(files: &[DataFile], lexicon: &mut LexiconBuilder, faults: &mut Vec<Fault>) -> Self {
        let mut metrics = Self::default();
        for file in files.iter().filter(|file| holds_metrics(&file.path)) {
            match file.read::<MetricFile>() {
                Ok(parsed) => {
                    for (name, table) in parsed.metric {
                        metrics.add(name, table, file, lexicon, faults);
                    }
                }
                Err(found) => faults.extend(found),
            }
        }
        metrics
    }

    fn add(
        &mut self,
        name: String,
        table: Spanned<MetricTable>,
        file: &DataFile,
        lexicon: &mut LexiconBuilder,
        faults: &mut Vec<Fault>,
    ) {
        let place = Span::from(table.span());
        let table = table.into_inner();
        let class = lexicon.class(&format!("metric:{name}"));
        match (self.find(&name), table.kind) {
            (Some(id), kind) => {
                let known = self.metrics[usize::from(id.0)].kind;
                if let Some(other) = kind.filter(|kind| *kind != known) {
                    let message = format!("the metric `{name}` is defined as another type already");
                    let help = format!("leave `type` out, or rename it: {other:?} is not {known:?}");
                    faults.push(file.fault(place, message).with_help(help));
                }
            }
            (None, Some(kind)) => {
                let id = MetricId(u16::try_from(self.metrics.len()).unwrap_or(u16::MAX));
                self.by_class.insert(class, id);
                self.metrics.push(Metric { name, kind, timing: table.of.unwrap_or_default() });
            }
            (None, None) => {
                let message = format!("the metric `{name}` has no type");
                let help = "write type = \"money\", \"price\", \"multiple\", \"ratio\", \"percent\", \"count\" or \"duration\"";
                faults.push(file.fault(place, message).with_help(help));
            }
        }
        let names = table.zh.into_iter().chain(table.en).map(|name| (name, false));
        for (word, guard) in names.chain(table.guards.into_iter().map(|name| (name, true))) {
            if word.get_ref().trim().is_empty() {
                let fault = file.fault(word.span().into(), "an empty name would match everywhere");
                faults.push(fault.with_help("write the name, or leave it out"));
            } else if guard {
                lexicon.add_guard(class, word.get_ref());
            } else {
                lexicon.add_word(class, word.get_ref(), None);
            }
        }
    }

    /// The metrics of these names, which are written at `place`; adds those that do not exist to `faults`.
    pub fn look_up(
        &self,
        file: &DataFile,
        names: Vec<String>,
        place: Span,
        faults: &mut Vec<Fault>,
    ) -> Vec<MetricId> {
        let mut found = Vec::new();
        for name in names {
            let known = self.find(&name);
            if known.is_none() {
                let written = format!("\"{name}\"");
                let place = file.place_in(place, &written, Span::new(0, written.len()));
                let help = match closest(&name, self.metrics.iter().map(|metric| metric.name.as_str())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "define it as [metric.NAME] in metrics.toml".into(),
                };
                faults.push(file.fault(place, format!("there is no metric `{name}`")).with_help(help));
            }
            found.extend(known);
        }
        found
    }

    /// The metric of that name.
    pub fn find(&self, name: &str) -> Option<MetricId> {
        let at = self.metrics.iter().position(|metric| metric.name == name)?;
        u16::try_from(at).ok().map(MetricId)
    }

    /// Learns what each word means as a name, when all words are known.
    pub fn settle(&mut self, lexicon: &Lexicon) {
        self.meanings = lexicon.meanings(&self.by_class.classes());
    }

    pub fn kind(&self, metric: MetricId) -> MetricType {
        self.metrics[usize::from(metric.0)].kind
    }

    pub fn timing(&self, metric: MetricId) -> Timing {
        self.metrics[usize::from(metric.0)].timing
    }

    pub fn name(&self, metric: MetricId) -> &str {
        &self.metrics[usize::from(metric.0)].name
    }

    /// The metric that the words of a class name.
    pub fn of_class(&self, class: ClassId) -> Option<MetricId> {
        self.by_class.get(class)
    }
}
