//! The fields of the JSON Lines contract.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::Serialize;

use super::lexicon::QuantityLexicon;
use super::model::{Bound, Currency, Date, Figure, Grain, Kind, Magnitude, Quantity, Unit};

/// A quantity as the JSON Lines contract writes it; numbers are decimal strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContractFields {
    /// number percent money quantity date duration range ordinal
    pub kind: &'static str,
    /// The value in the unit; of a date its ISO 8601 form. Absent from a range.
    pub value: Option<String>,
    /// The lower end of a range or bound.
    pub low: Option<String>,
    /// The upper end of a range or bound.
    pub high: Option<String>,
    /// ISO 4217, percent, percentage_point, basis_point, multiple, a unit's symbol; `/` and a unit for prices.
    pub unit: Option<String>,
}

impl Kind {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Percent => "percent",
            Kind::Money => "money",
            Kind::Quantity => "quantity",
            Kind::Date => "date",
            Kind::Duration => "duration",
            Kind::Range => "range",
            Kind::Ordinal => "ordinal",
        }
    }
}

impl Unit {
    /// The contract's name; a bare `$` is written as USD. `None` for a pure number.
    pub fn name(self, lexicon: &QuantityLexicon) -> Option<String> {
        let (name, per) = match self {
            Unit::Bare => return None,
            Unit::Percent => ("percent".to_owned(), None),
            Unit::PercentagePoint => ("percentage_point".to_owned(), None),
            Unit::BasisPoint => ("basis_point".to_owned(), None),
            Unit::Multiple => ("multiple".to_owned(), None),
            Unit::Money { currency, per } => (currency.code(), per),
            Unit::Measure { unit, per } => (lexicon.unit_symbol(unit).to_owned(), per),
        };
        match per {
            // The price of one is still an amount of money to whoever reads the contract.
            Some(_) if matches!(self, Unit::Money { .. }) => Some(name),
            Some(per) => Some(format!("{name}/{}", lexicon.unit_symbol(per))),
            None => Some(name),
        }
    }
}

impl Currency {
    /// The ISO 4217 code; USD where any dollar is meant.
    pub fn code(self) -> String {
        match self {
            Currency::AnyDollar => "USD".to_owned(),
            Currency::Iso(letters) => letters.iter().map(|&letter| char::from(letter)).collect(),
        }
    }
}

impl Quantity {
    /// The fields of the JSON Lines contract.
    pub fn contract(&self, lexicon: &QuantityLexicon) -> ContractFields {
        let mut fields = ContractFields {
            kind: self.kind.name(),
            value: None,
            low: None,
            high: None,
            unit: self.unit.name(lexicon),
        };
        match self.magnitude {
            Magnitude::One(figure) => {
                let value = plain(figure.value);
                match self.bound {
                    Bound::Exact => {}
                    Bound::AtLeast | Bound::MoreThan => fields.low = Some(value.clone()),
                    Bound::AtMost | Bound::LessThan => fields.high = Some(value.clone()),
                }
                fields.value = Some(value);
            }
            Magnitude::Range { low, high } => {
                let written = |end: Option<Figure>| end.map(|figure| plain(figure.value));
                fields.low = written(low);
                fields.high = written(high);
            }
            Magnitude::Date(date) => self.date_fields(date, &mut fields),
        }
        fields
    }

    fn date_fields(&self, date: Date, fields: &mut ContractFields) {
        if date.grain == Grain::Impossible {
            return;
        }
        let day_grain = date.grain == Grain::Day;
        match self.bound {
            Bound::Exact => match date.grain {
                Grain::Span | Grain::QuarterSpan | Grain::Week => {
                    let last = date.end.pred_opt().unwrap_or(date.end);
                    let whole_years = starts_year(date.start) && starts_year(date.end);
                    let whole_months = date.start.day() == 1
                        && date.end.day() == 1
                        && (date.start.month(), date.start.year()) != (last.month(), last.year());
                    let write = |day: NaiveDate| {
                        if whole_years && date.grain != Grain::QuarterSpan {
                            year(day, date)
                        } else if date.grain == Grain::QuarterSpan {
                            format!("{}-Q{}", year(day, date), day.month0() / 3 + 1)
                        } else if whole_months {
                            format!("{}-{:02}", year(day, date), day.month())
                        } else {
                            iso_day(day, date)
                        }
                    };
                    fields.low = Some(write(date.start));
                    fields.high = Some(write(last));
                }
                // Said relative to a date that is not known.
                _ if date.relative && !date.year_known => {}
                _ => fields.value = Some(iso(date)),
            },
            Bound::AtLeast => fields.low = Some(iso_day(date.start, date)),
            Bound::MoreThan => {
                fields.low = Some(iso_day(if day_grain { date.start } else { date.end }, date))
            }
            Bound::LessThan => fields.high = Some(iso_day(date.start, date)),
            Bound::AtMost => fields.high = Some(iso_day(if day_grain { date.start } else { date.end }, date)),
        }
    }
}

fn starts_year(day: NaiveDate) -> bool {
    day.day() == 1 && day.month() == 1
}

fn year(day: NaiveDate, date: Date) -> String {
    if date.year_known { format!("{:04}", day.year()) } else { "XXXX".to_owned() }
}

/// A day of the date, with `XXXX` for an unknown year.
fn iso_day(day: NaiveDate, date: Date) -> String {
    format!("{}-{:02}-{:02}", year(day, date), day.month(), day.day())
}

/// ISO 8601 to the date's grain; `XXXX` for an unknown year.
fn iso(date: Date) -> String {
    let year = year(date.start, date);
    let (month, day) = (date.start.month(), date.start.day());
    match date.grain {
        Grain::Day | Grain::Week | Grain::Span | Grain::QuarterSpan => format!("{year}-{month:02}-{day:02}"),
        Grain::Month => format!("{year}-{month:02}"),
        Grain::Quarter => format!("{year}-Q{}", (month - 1) / 3 + 1),
        Grain::Half => format!("{year}-H{}", (month - 1) / 6 + 1),
        Grain::Year => year,
        Grain::Impossible => String::new(),
    }
}

fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}
