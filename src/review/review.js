// The page of `claimlint review`. Whatever comes from a report is set as text, never as markup.
"use strict";

(() => {
  const WORDS = {
    en: {
      title: "Review of findings", skip: "Skip to the report", report: "Report", reviewer: "Reviewer", theme: "Light or dark",
      help: "Keys", findings: "Findings", finding: "Finding", filters: "Filters", search: "Search findings", state: "State",
      severity: "Severity", confidence: "Confidence", rule: "Rule", section: "Section", list: "List of findings",
      progress: "Progress", legend: "Coverage", save: "Save", cancel: "Cancel", close: "Close",
      nextUnchecked: "Next unchecked figure", all: "all", error: "error", warning: "warning", note: "note",
      high: "high", medium: "medium", low: "low", undecided: "undecided", accepted: "accepted", dismissed: "dismissed",
      open: "open", noted: "with a note", anyState: "All states", anySeverity: "All severities", anyConfidence: "All confidences",
      anyRule: "All rules", anySection: "All sections", before: "before the first heading",
      held: "checked and held", contradicted: "contradicted", unchecked: "never checked", derived: "derived",
      supported: "supported by the source", accept: "Accept", dismiss: "Dismiss", addNote: "Note", reopen: "Take back",
      acceptHint: "the finding is right", dismissHint: "it may stand", arithmetic: "Arithmetic", repair: "Nearest repair",
      places: "Places", source: "Source", also: "On the same clause", why: "Why this rule", what: "What it finds", fix: "What to do",
      line: (n) => `line ${n}`, sure: (c) => `${c} confidence`, decided: (a, b) => `${a} of ${b} decided`,
      shown: (a, b) => (a === b ? `${b} findings` : `${a} of ${b} findings`),
      by: (v, who, day) => `${v} by ${who}, ${day}`, reason: "Reason", noteText: "Note",
      askDismiss: "Why may it stand?", askNote: "Note", none: "No finding matches the filters.", nothing: "Nothing was found.",
      noUnchecked: "Every figure was checked.", at: (n, all) => `Unchecked figure ${n} of ${all}`,
      gone: (n) => `${n} decided, finding gone`, takeOut: "Take out",
      unsaved: (text) => `Not saved: ${text}`, away: "claimlint does not answer. Start it again and open its new address; what was decided is in the file.",
      changed: (by, verdict) => `${by} decided this in the meantime: ${verdict}. Nothing was overwritten; decide again to replace it.`,
      changedOpen: "Somebody took the decision back in the meantime. Decide again if you mean it.",
      broken: (text) => `The decisions cannot be read, and nothing is written until the file is mended: ${text}`,
      outside: "The decisions were changed by somebody else and are shown as they are now.",
      undone: "Undone", nothingToUndo: "Nothing to undo", readonly: "An exported page: nothing can be decided here.",
      keys: {
        "j / k": "next, previous finding", a: "accept: the finding is right", d: "dismiss, with a reason", n: "note", u: "undo the last decision",
        c: "next unchecked figure", "/": "search", "?": "these keys", Esc: "close, or leave the search",
      },
    },
    zh: {
      title: "审阅发现", skip: "跳到正文", report: "报告", reviewer: "审阅人", theme: "明暗", help: "按键", findings: "发现", finding: "发现",
      filters: "筛选", search: "搜索发现", state: "状态", severity: "级别", confidence: "把握", rule: "规则", section: "章节",
      list: "发现列表", progress: "进度", legend: "覆盖", save: "保存", cancel: "取消", close: "关闭", nextUnchecked: "下一个未检验的数字",
      all: "全部", error: "错误", warning: "警告", note: "提示", high: "高", medium: "中", low: "低", undecided: "未决定",
      accepted: "已采纳", dismissed: "已驳回", open: "未决定", noted: "有备注", anyState: "全部状态", anySeverity: "全部级别",
      anyConfidence: "全部把握", anyRule: "全部规则", anySection: "全部章节", before: "首个标题之前", held: "检验且成立", contradicted: "被推翻",
      unchecked: "从未检验", derived: "推算得出", supported: "有来源支持", accept: "采纳", dismiss: "驳回", addNote: "备注", reopen: "撤回",
      acceptHint: "发现属实", dismissHint: "可以保留", arithmetic: "算式", repair: "最近的修正", places: "位置", source: "来源",
      also: "同一句上的发现", why: "规则说明", what: "查什么", fix: "怎么办", line: (n) => `第 ${n} 行`, sure: (c) => `把握${c}`,
      decided: (a, b) => `已决定 ${a} / ${b}`, shown: (a, b) => (a === b ? `${b} 条发现` : `${b} 条发现中的 ${a} 条`),
      by: (v, who, day) => `${who} 于 ${day} ${v}`, reason: "理由", noteText: "备注", askDismiss: "为什么可以保留？", askNote: "备注",
      none: "没有符合筛选的发现。", nothing: "没有发现。", noUnchecked: "所有数字都检验过。", at: (n, all) => `未检验的数字 ${n} / ${all}`,
      gone: (n) => `${n} 条决定的发现已不存在`, takeOut: "移除", unsaved: (text) => `没有保存：${text}`,
      away: "claimlint 没有回应。请重新启动并打开新地址；已作的决定都在文件里。",
      changed: (by, verdict) => `${by} 刚刚已作决定：${verdict}。没有覆盖；再决定一次即替换。`,
      changedOpen: "刚刚有人撤回了决定。如仍需要，请再决定一次。",
      broken: (text) => `决定文件无法读取，修好之前不会写入：${text}`, outside: "决定已被他人修改，现按文件显示。",
      undone: "已撤销", nothingToUndo: "没有可撤销的", readonly: "导出的页面：不能在此作决定。",
      keys: {
        "j / k": "下一条、上一条发现", a: "采纳：发现属实", d: "驳回，并写理由", n: "备注", u: "撤销上一个决定", c: "下一个未检验的数字",
        "/": "搜索", "?": "这些按键", Esc: "关闭，或离开搜索",
      },
    },
  };
  const POLL = 1500;
  const DECIDED = ["accepted", "dismissed"];

  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const stored = (area, key, value) => {
    try {
      if (value === undefined) return area.getItem(key);
      area.setItem(key, value);
    } catch { /* A browser may keep nothing. */ }
    return null;
  };
  let language = stored(localStorage, "claimlint-language") || data.interface;
  const t = (key) => WORDS[language][key];

  /** An element with attributes and children; texts are texts. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "click") element.addEventListener("click", value);
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  // The model: findings in order, decisions by key.
  const keyOf = (report, rule, fingerprint) => JSON.stringify([report, rule, fingerprint]);
  const findings = [];
  data.reports.forEach((report, reportIndex) => {
    report.byNumber = new Map();
    for (const sheet of report.findings) {
      const finding = {
        ...sheet, report, reportIndex, order: findings.length, key: keyOf(report.id, sheet.rule, sheet.fingerprint),
        haystack: [sheet.message, sheet.rule, sheet.repair || "", ...sheet.arithmetic.map((term) => term.text), ...sheet.places.map((place) => place.text)]
          .join(" ").toLowerCase(),
      };
      report.byNumber.set(sheet.number, finding);
      findings.push(finding);
    }
  });
  const byKey = new Map(findings.map((finding) => [finding.key, finding]));
  let decisions = new Map();
  let revision = "";
  let shown = findings;
  let current = null;
  let reportIndex = 0;

  const decisionOf = (finding) => decisions.get(finding.key) || null;
  const verdictOf = (finding) => {
    const decision = decisionOf(finding);
    return decision && DECIDED.includes(decision.verdict) ? decision.verdict : "undecided";
  };

  // Places in the text.
  const sections = [...document.querySelectorAll("section[data-report]")];
  const placeMaps = [];
  function places(report, name) {
    if (!placeMaps[report]) {
      const map = new Map();
      for (const element of sections[report].querySelectorAll("[data-f]")) {
        for (const one of element.dataset.f.split(" ")) {
          if (!map.has(one)) map.set(one, []);
          map.get(one).push(element);
        }
      }
      placeMaps[report] = map;
    }
    return placeMaps[report].get(name) || [];
  }

  function showReport(index) {
    if (reportIndex === index) return;
    sections[reportIndex].hidden = true;
    sections[index].hidden = false;
    reportIndex = index;
    $("report").selectedIndex = index;
    unchecked = null;
    buildCoverage();
    buildSections();
    if ($("section").value) {
      $("section").value = "";
      applyFilters();
    }
    markDecided();
  }

  /** Brings an element into view, whatever is folded around it. */
  function reveal(element) {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    element.scrollIntoView({ block: "center", inline: "nearest" });
  }

  let flashed = [];
  function flash(elements) {
    for (const element of flashed) element.classList.remove("flash");
    flashed = elements;
    for (const element of elements) element.classList.add("flash");
  }

  function goToPlace(finding, index) {
    showReport(finding.reportIndex);
    const anchor = document.getElementById(`r${finding.reportIndex + 1}-p${finding.number}-${index + 1}`);
    const marked = places(finding.reportIndex, `${finding.number}-${index + 1}`);
    const target = marked[0] || anchor;
    if (target) reveal(target);
    flash(marked);
  }

  // The list: of many findings only those in view are there.
  const SPARE = 12;
  const items = new Map();
  let rowHeight = 46;
  function itemOf(finding) {
    let item = items.get(finding);
    if (!item) {
      item = make("li", { class: finding.severity === "note" ? "note-level" : finding.severity },
        make("button", { type: "button", click: () => select(finding) },
          make("span", { class: "number" }, finding.number),
          make("span", { class: "what" }, make("span", { class: "unseen" }), finding.message),
          make("span", { class: "state" }, make("span", { "aria-hidden": "true" }), make("span", { class: "unseen" }))));
      items.set(finding, item);
      showState(finding);
    }
    return item;
  }

  function drawList() {
    const list = $("list");
    const view = list.parentElement;
    const first = Math.min(Math.max(Math.floor(view.scrollTop / rowHeight) - SPARE, 0), shown.length);
    const last = Math.min(first + Math.ceil(view.clientHeight / rowHeight) + 2 * SPARE, shown.length);
    list.style.height = `${shown.length * rowHeight}px`;
    list.style.paddingTop = `${first * rowHeight}px`;
    const wanted = shown.slice(first, last).map((finding, index) => {
      const item = itemOf(finding);
      item.setAttribute("aria-posinset", first + index + 1);
      item.setAttribute("aria-setsize", shown.length);
      return item;
    });
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    if (wanted.length !== list.children.length || wanted.some((item, index) => list.children[index] !== item)) {
      list.replaceChildren(...wanted);
      if (focused && focused.isConnected) focused.focus({ preventScroll: true });
    }
    list.dataset.count = shown.length;
  }

  /** Brings the current finding into the part of the list that is in view. */
  function showInList() {
    const at = current ? shown.indexOf(current) : -1;
    const view = $("list").parentElement;
    if (at >= 0) {
      const top = at * rowHeight;
      if (top < view.scrollTop) view.scrollTop = top;
      else if (top + rowHeight > view.scrollTop + view.clientHeight) view.scrollTop = top + rowHeight - view.clientHeight;
    }
    drawList();
  }

  function showState(finding) {
    const item = items.get(finding);
    if (!item) return;
    const decision = decisionOf(finding);
    const verdict = verdictOf(finding);
    item.dataset.verdict = verdict;
    const [, what, state] = item.firstChild.children;
    // For those who see no colours and signs.
    what.firstChild.textContent = `${t(finding.severity)}: `;
    state.firstChild.textContent = { accepted: "✓", dismissed: "✕", undecided: decision ? "✎" : "" }[verdict];
    state.lastChild.textContent = verdict !== "undecided" ? t(verdict) : decision ? t("noted") : "";
  }

  /** Shows in the text what is decided. */
  function markDecided() {
    for (const finding of data.reports[reportIndex].findings) {
      const whole = data.reports[reportIndex].byNumber.get(finding.number);
      const verdict = verdictOf(whole);
      if ((whole.marked || "undecided") === verdict) continue;
      whole.marked = verdict;
      for (const element of places(reportIndex, finding.number)) element.dataset.verdict = verdict;
    }
  }

  function applyFilters() {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [state, severity, confidence, rule, section] = ["state", "severity", "confidence", "rule", "section"].map((id) => $(id).value);
    const fitting = [];
    for (const finding of findings) {
      const fits = (!state || (state === "noted" ? Boolean(decisionOf(finding)?.note) : verdictOf(finding) === state))
        && (!severity || finding.severity === severity)
        && (!confidence || finding.confidence === confidence)
        && (!rule || finding.rule === rule)
        && (!section || (finding.reportIndex === reportIndex && String(finding.section) === section))
        && words.every((word) => finding.haystack.includes(word));
      if (fits) fitting.push(finding);
    }
    shown = fitting;
    drawList();
    $("count").textContent = findings.length === 0 ? t("nothing") : shown.length === 0 ? t("none") : t("shown")(shown.length, findings.length);
  }

  function showProgress() {
    const decided = findings.filter((finding) => verdictOf(finding) !== "undecided").length;
    $("progress").max = Math.max(findings.length, 1);
    $("progress").value = decided;
    $("progress-text").textContent = t("decided")(decided, findings.length);
    document.title = `${t("decided")(decided, findings.length)} – claimlint`;
  }

  // One finding.
  function select(finding, options = {}) {
    if (current) {
      itemOf(current).firstChild.removeAttribute("aria-current");
      for (const element of places(current.reportIndex, current.number)) element.classList.remove("current");
    }
    current = finding;
    flash([]);
    if (!finding) return buildCard();
    showReport(finding.reportIndex);
    const marked = places(finding.reportIndex, finding.number);
    for (const element of marked) element.classList.add("current");
    const target = marked.find((element) => !(element instanceof SVGElement)) || document.getElementById(`r${finding.reportIndex + 1}-p${finding.number}`);
    if (target && !options.still) reveal(target);
    itemOf(finding).firstChild.setAttribute("aria-current", "true");
    showInList();
    buildCard();
    if (!options.quiet) say(`${t("finding")} ${finding.number}: ${t(finding.severity)}: ${finding.message}`);
  }

  const term = (finding, { text, place }) => place === null ? text
    : make("button", { type: "button", class: "operand", click: () => goToPlace(finding, place) }, text);

  function buildCard() {
    const card = $("card");
    if (!current) {
      card.replaceChildren(make("p", { class: "quiet" }, findings.length ? t("none") : t("nothing")));
      return;
    }
    const finding = current;
    const level = finding.severity === "note" ? "note-level" : finding.severity;
    const heading = data.reports[finding.reportIndex].sections[finding.section];
    const label = (text) => make("span", { class: "label" }, text);
    const rule = data.rules[finding.rule];
    const also = finding.also.map((number) => finding.report.byNumber.get(number)).filter(Boolean);
    card.className = level;
    card.replaceChildren(
      make("p", { class: "head" },
        make("span", { class: "number" }, finding.number), " ", make("strong", { class: "severity" }, t(finding.severity)), " ",
        make("span", { class: "meta" }, [t("line")(finding.line), t("sure")(t(finding.confidence)), heading].filter(Boolean).join(" · "))),
      make("p", { class: "message" }, finding.message),
      ...(finding.arithmetic.length ? [make("p", { class: "arithmetic" }, label(t("arithmetic")), " ", make("span", { class: "sum" }, ...finding.arithmetic.map((one) => term(finding, one))))] : []),
      ...(finding.repair ? [make("p", { class: "repair" }, label(t("repair")), " ", finding.repair)] : []),
      ...(finding.places.length ? [make("ul", { class: "places", "aria-label": t("places") }, ...finding.places.map((place, index) =>
        make("li", {}, make("span", { class: "role" }, place.role), " ", make("button", { type: "button", class: "operand", click: () => goToPlace(finding, index) }, place.text || "…"))))] : []),
      ...finding.passages.map((passage) => make("blockquote", { class: "passage" },
        label(`${t("source")} · ${passage.place}`), make("br"), passage.before, make("mark", {}, passage.here), passage.behind)),
      ...(also.length ? [make("p", { class: "also" }, label(t("also")), " ", ...also.flatMap((other) =>
        [make("button", { type: "button", class: "operand", click: () => select(other) }, `${other.number} ${other.rule}`), " "]))] : []),
      make("details", { class: "rule" }, make("summary", {}, make("code", {}, finding.rule)),
        ...(rule ? ["what", "why", "fix"].map((part) => make("p", {}, label(t(part)), " ", rule[part])) : [])),
      decisionBox(finding));
  }

  function decisionBox(finding) {
    const decision = decisionOf(finding);
    const box = make("div", { class: "decision", "data-verdict": verdictOf(finding) });
    if (decision) {
      box.append(make("p", { class: "verdict" }, t("by")(t(decision.verdict), decision.reviewer, decision.date)));
      if (decision.reason) box.append(make("p", {}, make("span", { class: "label" }, t("reason")), " ", decision.reason));
      if (decision.note) box.append(make("p", {}, make("span", { class: "label" }, t("noteText")), " ", decision.note));
    }
    if (data.readonly) return box;
    const button = (id, key, text, act, hint) => make("button", { type: "button", id, title: hint, "aria-keyshortcuts": key, click: act }, text, " ", make("kbd", {}, key));
    box.append(make("p", { class: "buttons" },
      button("accept", "a", t("accept"), accept, t("acceptHint")),
      button("dismiss", "d", t("dismiss"), dismiss, t("dismissHint")),
      button("add-note", "n", t("addNote"), note, null),
      decision ? make("button", { type: "button", id: "reopen", click: () => decide(finding, () => null) }, t("reopen")) : null));
    return box;
  }

  function step(by) {
    if (shown.length === 0) return;
    let at = current ? shown.indexOf(current) : -1;
    if (at < 0) {
      // From where the current one would stand; after the last one comes the first again.
      const behind = current ? shown.findIndex((finding) => finding.order > current.order) : 0;
      at = by > 0 ? behind - 1 : behind < 0 ? shown.length : behind;
      if (at < -1) at = -1;
    }
    const next = shown[Math.min(Math.max(at + by, 0), shown.length - 1)];
    if (next) select(next);
  }

  /** Goes on after a decision: to the next finding, behind the last one to the first that is undecided. */
  function advance() {
    const at = shown.indexOf(current);
    const open = (finding) => verdictOf(finding) === "undecided" && !sending.has(finding) && finding !== current;
    const next = shown[at + 1] || shown.find(open);
    if (next) select(next);
  }

  // Figures that nothing checked.
  let unchecked = null;
  let uncheckedAt = -1;
  function nextUnchecked() {
    if (!unchecked) {
      unchecked = [...sections[reportIndex].querySelectorAll(".unchecked")];
      uncheckedAt = -1;
    }
    if (unchecked.length === 0) return say(t("noUnchecked"));
    uncheckedAt = (uncheckedAt + 1) % unchecked.length;
    reveal(unchecked[uncheckedAt]);
    flash([unchecked[uncheckedAt]]);
    say(t("at")(uncheckedAt + 1, unchecked.length));
  }

  const STANDINGS = ["held", "supported", "derived", "contradicted", "unchecked"];
  function buildCoverage() {
    const coverage = data.reports[reportIndex]?.coverage || {};
    const parts = STANDINGS.filter((name) => coverage[name] > 0);
    const all = parts.reduce((sum, name) => sum + coverage[name], 0);
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 1000 10");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", parts.map((name) => `${t(name)}: ${coverage[name]}`).join(", ") || t("legend"));
    let x = 0;
    for (const name of parts) {
      const rect = document.createElementNS(space, "rect");
      const width = 1000 * coverage[name] / all;
      for (const [key, value] of Object.entries({ x, y: 0, width, height: 10, class: name })) rect.setAttribute(key, value);
      svg.append(rect);
      x += width;
    }
    $("coverage").replaceChildren(svg);
    $("legend").replaceChildren(...parts.map((name) => make("li", { class: name }, make("i"), `${t(name)} `, make("b", {}, String(coverage[name])))));
    $("next-unchecked").hidden = !coverage.unchecked;
  }

  // Decisions.
  function takeBoard(board, outside) {
    revision = board.revision;
    const before = decisions;
    if (board.broken.length === 0) {
      decisions = new Map(board.entries.map((entry) => [keyOf(entry.report, entry.rule, entry.fingerprint), entry]));
    }
    const changed = [...new Set([...before.keys(), ...decisions.keys()])]
      .filter((key) => before.get(key)?.revision !== decisions.get(key)?.revision);
    for (const key of changed) {
      const finding = byKey.get(key);
      if (finding) showState(finding);
    }
    banner(board.broken.length ? t("broken")(board.broken.join("; ")) : outside && changed.length ? t("outside") : null, board.broken.length > 0);
    if (changed.length) {
      markDecided();
      showProgress();
      applyFilters();
      showGone();
      if (current && changed.includes(current.key)) buildCard();
    }
  }

  function showGone() {
    const gone = [...decisions.entries()].filter(([key]) => !byKey.has(key));
    $("gone").hidden = gone.length === 0;
    $("gone").firstChild.textContent = t("gone")(gone.length);
    $("gone").lastChild.replaceChildren(...gone.map(([key, entry]) => make("li", {},
      `${entry.report}: ${entry.rule}: ${entry.message} (${t("by")(t(entry.verdict), entry.reviewer, entry.date)}) `,
      data.readonly ? null : make("button", { type: "button", click: () => send({ key, ...entry, id: entry.report }, () => null) }, t("takeOut")))));
  }

  const undoStack = JSON.parse(stored(sessionStorage, "claimlint-undo") || "[]");
  const remember = () => stored(sessionStorage, "claimlint-undo", JSON.stringify(undoStack.slice(-200)));
  const plain = (decision) => decision && (({ verdict, reason, note, reviewer, date }) => ({ verdict, reason, note, reviewer, date }))(decision);

  // One after another, each upon what the one before has made of the file.
  let queue = Promise.resolve();
  const sending = new Set();
  let waiting = 0;
  function send(target, change) {
    waiting += 1;
    const job = queue.then(() => sendNow(target, change)).finally(() => { waiting -= 1; });
    queue = job.catch(() => false);
    return queue;
  }

  async function sendNow(target, change) {
    const before = decisions.get(target.key) || null;
    const [report, rule, fingerprint] = JSON.parse(target.key);
    let response;
    let answer;
    try {
      response = await fetch("decisions", {
        method: "POST",
        headers: { "content-type": "application/json", "x-claimlint-token": location.pathname.split("/")[1] },
        body: JSON.stringify({ report, rule, fingerprint, before: before && before.revision, decision: change(before) }),
      });
      answer = await response.json();
    } catch {
      banner(t("unsaved")(t("away")), true);
      throw new Error("away");
    }
    if (answer.board) takeBoard(answer.board, false);
    if (response.ok) return before;
    const now = decisions.get(target.key);
    banner(response.status === 409
      ? now ? t("changed")(now.reviewer, t(now.verdict)) : t("changedOpen")
      : t("unsaved")(answer.error), true);
    throw new Error("refused");
  }

  /** Writes a decision down; what it was before can be brought back. */
  async function decide(finding, change, options = {}) {
    if (data.readonly) return say(t("readonly"));
    let before;
    sending.add(finding);
    const outcome = await send(finding, (was) => { before = was; return change(was); });
    sending.delete(finding);
    if (outcome === false) return;
    if (!options.undo) {
      undoStack.push({ key: finding.key, before: plain(before) });
      remember();
    }
    const verdict = verdictOf(finding);
    say(`${verdict === "undecided" ? t("undecided") : t(verdict)}. ${$("progress-text").textContent}`);
  }

  const reviewer = () => $("reviewer").value.trim() || data.reviewer;
  const given = (was, change) => ({ verdict: "open", reason: null, note: was?.note || null, reviewer: reviewer(), date: null, ...change });

  function accept() {
    if (!current) return;
    const finding = current;
    if (!data.readonly) advance();
    decide(finding, (was) => given(was, { verdict: "accepted" }));
  }

  async function dismiss() {
    if (!current || data.readonly) return;
    const finding = current;
    const reason = await ask(t("askDismiss"), finding, decisionOf(finding)?.reason, true);
    if (reason === null) return;
    if (current === finding) advance();
    decide(finding, (was) => given(was, { verdict: "dismissed", reason }));
  }

  async function note() {
    if (!current || data.readonly) return;
    const finding = current;
    const text = await ask(t("askNote"), finding, decisionOf(finding)?.note, false);
    if (text === null) return;
    decide(finding, (was) => {
      const verdict = was?.verdict || "open";
      if (verdict === "open" && !text) return null;
      return given(was, { verdict, reason: was?.reason || null, note: text || null });
    });
  }

  function undo() {
    if (data.readonly) return;
    const last = undoStack.pop();
    remember();
    if (!last) return say(t("nothingToUndo"));
    const finding = byKey.get(last.key);
    if (!finding) return undo();
    select(finding, { quiet: true });
    decide(finding, () => last.before, { undo: true }).then(() => say(t("undone")));
  }

  function ask(title, finding, text, needed) {
    const dialog = $("ask");
    $("ask-title").textContent = title;
    $("ask-about").textContent = finding.message;
    const field = $("ask-text");
    field.value = text || "";
    field.required = needed;
    dialog.returnValue = "cancel";
    dialog.showModal();
    field.focus();
    field.select();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "save" ? field.value.trim() : null), { once: true });
    });
  }

  async function poll() {
    if (document.hidden || waiting) return;
    try {
      const response = await fetch("decisions", { headers: { "if-none-match": `"${revision}"` }, cache: "no-store" });
      if (response.status === 200 && !waiting) takeBoard((await response.json()).board, true);
    } catch {
      banner(t("away"), true);
    }
  }

  // What is said.
  function say(text) {
    $("status").textContent = text;
  }

  function banner(text, grave = false) {
    $("banner").hidden = !text;
    $("banner").textContent = text || "";
    $("banner").classList.toggle("grave", grave);
  }

  // Words, look and keys.
  function options(id, first, values) {
    const chosen = $(id).value;
    $(id).replaceChildren(make("option", { value: "" }, first), ...values.map(([value, text]) => make("option", { value }, text)));
    $(id).value = chosen;
    if ($(id).selectedIndex < 0) $(id).selectedIndex = 0;
  }

  function buildSections() {
    const report = data.reports[reportIndex];
    const used = new Set(report ? report.findings.map((finding) => String(finding.section)) : []);
    options("section", t("anySection"), [...used].map((index) => [index, index === "null" ? t("before") : report.sections[index]]));
  }

  function showWords() {
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
    for (const element of document.querySelectorAll("[data-l]")) element.setAttribute("aria-label", t(element.dataset.l));
    for (const element of document.querySelectorAll("[data-p]")) element.setAttribute("placeholder", t(element.dataset.p));
    $("language").textContent = language === "zh" ? "English" : "中文";
    $("language").lang = language === "zh" ? "en" : "zh";
    const named = (values) => values.map((value) => [value, t(value)]);
    options("state", t("anyState"), named(["undecided", "accepted", "dismissed", "noted"]));
    options("severity", t("anySeverity"), named(["error", "warning", "note"]));
    options("confidence", t("anyConfidence"), named(["high", "medium", "low"]));
    options("rule", t("anyRule"), [...new Set(findings.map((finding) => finding.rule))].sort().map((rule) => [rule, rule]));
    buildSections();
    $("keys").replaceChildren(...Object.entries(t("keys")).flatMap(([key, text]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, text)]));
    buildCoverage();
    findings.forEach(showState);
    showProgress();
    applyFilters();
    showGone();
    buildCard();
  }

  function showTheme(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    $("theme").textContent = dark ? "☀" : "☾";
  }

  const KEYS = {
    j: () => step(1), k: () => step(-1), a: accept, d: dismiss, n: note, u: undo, c: nextUnchecked,
    "/": () => $("search").focus(), "?": () => $("help").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select");
    if (event.key === "Escape" && field && !event.target.closest("dialog")) return field.blur();
    if (event.target.id === "ask-text" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      return $("ask-save").click();
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("article a.out");
    if (link) link.target = "_blank";
    const place = event.target.closest("article [data-f], article a.ref");
    if (!place || link) return;
    const section = place.closest("section[data-report]");
    const names = (place.dataset.f || place.dataset.number).split(" ").filter((name) => !name.includes("-"));
    const finding = data.reports[Number(section.dataset.report)].byNumber.get(names[names.length - 1]);
    if (!finding) return;
    event.preventDefault();
    select(finding, { still: true });
  });

  // Text fields of the filters take effect as they change.
  $("list").parentElement.addEventListener("scroll", drawList);
  addEventListener("resize", drawList);
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("input", applyFilters);
  $("report").addEventListener("change", (event) => {
    showReport(event.target.selectedIndex);
    scrollTo(0, 0);
    const first = shown.find((finding) => finding.reportIndex === reportIndex);
    if (first) select(first, { still: true });
  });
  $("next-unchecked").addEventListener("click", nextUnchecked);
  $("help-open").addEventListener("click", () => $("help").showModal());
  $("language").addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    stored(localStorage, "claimlint-language", language);
    showWords();
  });
  $("theme").addEventListener("click", () => {
    const theme = $("theme").textContent === "☀" ? "light" : "dark";
    stored(localStorage, "claimlint-theme", theme);
    showTheme(theme);
  });
  $("reviewer").value = stored(localStorage, "claimlint-reviewer") || data.reviewer;
  $("reviewer").addEventListener("change", () => stored(localStorage, "claimlint-reviewer", $("reviewer").value.trim()));
  if (data.readonly) document.body.classList.add("readonly");

  showTheme(stored(localStorage, "claimlint-theme"));
  showWords();
  rowHeight = $("list").firstChild?.offsetHeight || rowHeight;
  takeBoard(data.board, false);
  select(findings.find((finding) => verdictOf(finding) === "undecided") || findings[0] || null, { quiet: true, still: true });
  if (!data.readonly) setInterval(poll, POLL);
  document.body.dataset.ready = "true";
})();
