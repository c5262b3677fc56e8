//! What the audit of an argument is written with, in both languages.

/// The fixed texts of an audit.
pub(super) struct Words {
    pub title: &'static str,
    pub figures: fn(usize, usize) -> String,
    pub findings: fn(usize, usize) -> String,
    pub no_conclusion: &'static str,
    pub claims: &'static str,
    pub claim: &'static str,
    pub evidence: &'static str,
    pub step: &'static str,
    pub objection: &'static str,
    pub rests_on: &'static str,
    pub rests_on_nothing: &'static str,
    pub held: &'static str,
    pub held_nothing: &'static str,
    pub contradicted: &'static str,
    pub contradicted_nothing: &'static str,
    pub challenged: &'static str,
    pub open: &'static str,
    pub open_nothing: &'static str,
    pub unchecked: fn(usize, usize) -> String,
    pub all_evidence: &'static str,
    pub table: [&'static str; 6],
    pub objections: &'static str,
    pub challenges: &'static str,
    pub challenges_nothing: &'static str,
    pub elsewhere: &'static str,
    pub map: &'static str,
    pub map_cut: fn(usize, usize) -> String,
    pub legend: &'static str,
    pub by_number: &'static str,
    pub by_words: &'static str,
    pub quotes: [&'static str; 2],
    pub colon: &'static str,
    pub comma: &'static str,
    pub line: fn(usize) -> String,
    pub more: fn(usize) -> String,
}

pub(super) fn words(chinese: bool) -> &'static Words {
    if chinese { &CHINESE } else { &ENGLISH }
}

/// A count with its noun.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

const ENGLISH: Words = Words {
    title: "Devil’s advocate audit",
    figures: |all, checked| {
        format!("{} read, {checked} of them checked by recomputing.", counted(all, "figure", "figures"))
    },
    findings: |contradicted, open| {
        format!(
            "{}, {}.",
            counted(contradicted, "contradiction", "contradictions"),
            counted(open, "open question", "open questions")
        )
    },
    no_conclusion: "No heading of the report says that a conclusion follows; its sections are taken as evidence.",
    claims: "Claims",
    claim: "Claim",
    evidence: "Evidence",
    step: "Step",
    objection: "Objection",
    rests_on: "Rests on",
    rests_on_nothing: "no item of evidence that shares a number, a figure, a name or enough words with it",
    held: "Checked and held",
    held_nothing: "no figure",
    contradicted: "Contradicted",
    contradicted_nothing: "nothing",
    challenged: "Challenged by",
    open: "Open questions",
    open_nothing: "none that claimlint asks",
    unchecked: |unchecked, all| {
        format!("{unchecked} of {} not checked by any rule", counted(all, "figure", "figures"))
    },
    all_evidence: "Evidence",
    table: ["", "Evidence", "Supports", "Figures checked", "Contradicted", "Open questions"],
    objections: "Objections",
    challenges: "challenges",
    challenges_nothing: "shares too little with any claim or item of evidence to say what it challenges",
    elsewhere: "Findings elsewhere in the report",
    map: "Argument map",
    map_cut: |shown, all| format!("The map shows {shown} of {all} parts."),
    legend: "Green: figures were checked and none was contradicted. Red: contradicted. Yellow, dashed: a claim without \
             evidence, or evidence that supports nothing. Grey: no figure of it was checked. A dashed arrow challenges.",
    by_number: "by number",
    by_words: "by their words",
    quotes: ["“", "”"],
    colon: ": ",
    comma: ", ",
    line: |line| format!("line {line}"),
    more: |count| format!("and {count} more"),
};

const CHINESE: Words = Words {
    title: "魔鬼代言人审计",
    figures: |all, checked| format!("读出 {all} 个数字，其中 {checked} 个经过重算。"),
    findings: |contradicted, open| format!("{contradicted} 处矛盾，{open} 个待答问题。"),
    no_conclusion: "没有标题表明哪一节是结论，以下把各节当作证据。",
    claims: "论点",
    claim: "论点",
    evidence: "证据",
    step: "推理",
    objection: "质疑",
    rests_on: "依据",
    rests_on_nothing: "没有证据与它有相同的编号、数字、名称或足够多的用词",
    held: "核对无误",
    held_nothing: "没有数字",
    contradicted: "相互矛盾",
    contradicted_nothing: "没有",
    challenged: "受到质疑",
    open: "待答问题",
    open_nothing: "claimlint 没有问题要问",
    unchecked: |unchecked, all| format!("{all} 个数字中有 {unchecked} 个没有规则核对"),
    all_evidence: "证据",
    table: ["", "证据", "支持", "核对的数字", "矛盾", "待答问题"],
    objections: "质疑",
    challenges: "针对",
    challenges_nothing: "与任何论点、证据的共同点都太少，看不出针对什么",
    elsewhere: "报告其他位置的问题",
    map: "论证图",
    map_cut: |shown, all| format!("图中只画出 {all} 个部分中的 {shown} 个。"),
    legend: "绿色：有数字经过核对且没有矛盾。红色：有矛盾。黄色虚线框：没有证据的论点，或不支持任何论点的证据。灰色：没有数字经过核对。虚线箭头表示质疑。",
    by_number: "编号",
    by_words: "用词",
    quotes: ["「", "」"],
    colon: "：",
    comma: "、",
    line: |line| format!("第 {line} 行"),
    more: |count| format!("另有 {count} 项"),
};
