use super::super::outline::Language;
use crate::finding::{Confidence, Coverage, GroundingCoverage, Severity, SuppressedBy};

/// The interface's own words in one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    chinese: bool,
}

impl Words {
    pub fn of(language: Language) -> Self {
        Self { chinese: language == Language::Chinese }
    }

    fn pick(self, chinese: &'static str, english: &'static str) -> &'static str {
        if self.chinese { chinese } else { english }
    }

    pub fn tag(self) -> &'static str {
        if self.chinese { Language::Chinese.tag() } else { Language::English.tag() }
    }

    pub fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.pick("错误", "error"),
            Severity::Warning => self.pick("警告", "warning"),
            Severity::Note => self.pick("提示", "note"),
        }
    }

    /// `3 errors`.
    pub fn counted(self, count: usize, severity: Severity) -> String {
        let noun = self.severity(severity);
        match (self.chinese, severity, count) {
            (true, Severity::Note, _) => format!("{count} 条{noun}"),
            (true, ..) => format!("{count} 个{noun}"),
            (false, _, 1) => format!("1 {noun}"),
            (false, ..) => format!("{count} {noun}s"),
        }
    }

    pub fn suppressed(self, count: usize) -> String {
        if self.chinese { format!("{count} 条已搁置") } else { format!("{count} suppressed") }
    }

    /// `2 inputs could not be read`.
    pub fn unread(self, count: usize) -> String {
        match (self.chinese, count) {
            (true, _) => format!("另有 {count} 份输入未能读取或检验"),
            (false, 1) => "1 input could not be read or checked".to_string(),
            (false, _) => format!("{count} inputs could not be read or checked"),
        }
    }

    /// `30 of 92 figures checked`, and where they come from.
    pub fn coverage(self, coverage: Coverage) -> String {
        let Coverage { quantities, checked, grounding } = coverage;
        let sentence = match (self.chinese, quantities) {
            (true, _) => format!("{quantities} 个数字中检验了 {checked} 个"),
            (false, 1) => format!("{checked} of 1 figure checked"),
            (false, _) => format!("{checked} of {quantities} figures checked"),
        };
        match grounding {
            None => sentence,
            Some(grounding) => format!("{sentence}{}{}", self.semicolon(), self.grounding(&grounding)),
        }
    }

    /// `against the source: 60 supported, 3 absent`.
    fn grounding(self, grounding: &GroundingCoverage) -> String {
        let counts = [
            (grounding.supported, self.supported()),
            (grounding.derived, self.derived()),
            (grounding.different, self.different()),
            (grounding.absent, self.absent()),
            (grounding.open(), self.open()),
        ];
        let told = counts.into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told.map(|(count, what)| format!("{count} {what}")).collect();
        format!("{}{}", self.against_the_source(), told.join(self.comma()))
    }

    pub fn confidence(self, confidence: Confidence) -> &'static str {
        match confidence {
            Confidence::High => self.pick("把握高", "high confidence"),
            Confidence::Medium => self.pick("把握中等", "medium confidence"),
            Confidence::Low => self.pick("把握低", "low confidence"),
        }
    }

    /// What a drawing shows, for those who cannot see it.
    pub fn chart(self, boxes: usize, links: usize) -> String {
        if self.chinese {
            format!("示意图：{boxes} 个节点，{links} 条连线")
        } else {
            format!("Diagram with {boxes} boxes and {links} links")
        }
    }

    pub fn line(self, line: usize) -> String {
        if self.chinese { format!("第 {line} 行") } else { format!("line {line}") }
    }

    /// What a finding's number says to those who cannot see it.
    pub fn finding(self, number: &str, severity: Severity, rule: &str) -> String {
        let severity = self.severity(severity);
        if self.chinese {
            format!("发现 {number}：{severity}，{rule}")
        } else {
            format!("Finding {number}: {severity}, {rule}")
        }
    }

    pub fn back_to_place(self, number: &str) -> String {
        if self.chinese {
            format!("发现 {number} 在原文中的位置")
        } else {
            format!("Place of finding {number} in the text")
        }
    }

    /// Where and why a finding is suppressed.
    pub fn suppression(self, by: SuppressedBy, reason: Option<&str>) -> String {
        let place = match by {
            SuppressedBy::Comment => self.pick("报告中的注释", "a comment in the report"),
            SuppressedBy::Baseline => self.pick("基线文件", "the baseline"),
            SuppressedBy::Decision => self.pick("审阅决定", "a reviewer's decision"),
        };
        let reason = reason.unwrap_or(self.pick("未给理由", "no reason given"));
        if self.chinese {
            format!("由{place}搁置：{reason}")
        } else {
            format!("Suppressed by {place}: {reason}")
        }
    }

    /// `12,345 characters`.
    pub fn characters(self, count: usize) -> String {
        let digits = count.to_string();
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if self.chinese { format!("{grouped} 字") } else { format!("{grouped} characters") }
    }
}

/// Words that stand alone: a method for each.
macro_rules! words {
    ($($name:ident: $chinese:literal, $english:literal;)*) => {
        impl Words {
            $(pub fn $name(self) -> &'static str {
                self.pick($chinese, $english)
            })*
        }
    };
}

words! {
    title: "报告核查", "Report check";
    skip: "跳到正文", "Skip to the report";
    comma: "、", ", ";
    semicolon: "；", "; ";
    against_the_source: "对照素材：", "against the source: ";
    supported: "个有据", "supported";
    derived: "个可推得", "derived";
    different: "个不同", "different";
    absent: "个没有", "absent";
    open: "个未定", "open";
    in_report: "报告", "Report";
    in_source: "素材", "Source";
    no_findings: "没有发现", "no findings";
    findings: "发现", "Findings";
    reports: "报告", "Reports";
    arithmetic: "算式", "Arithmetic";
    repair: "修正", "Repair";
    rule: "规则", "Rule";
    places: "相关位置", "Related places";
    legend: "图例", "Legend";
    checked: "检验过的数字", "figure checked";
    unchecked: "从未检验的数字", "figure never checked";
    related: "与发现相关的位置", "place that a finding relates to";
    transcript: "原始文本", "source text";
    suppressed_heading: "已搁置的发现", "Suppressed findings";
    nowhere: "报告中没有可显示的位置", "No text of the report stands here";
    table: "表格", "Table";
    as_written: "图的源码", "The diagram as written";
    back: "回到开头", "Back to the top";
    made_by: "由 claimlint 生成。未标记不等于正确：只有检验过的数字才经过核算。",
        "Made by claimlint. Silence is no proof: only the figures checked were recomputed.";
}
