// The view of the resilience checks: error coverage, sweep and chaos.

function resilienceView(results) {
  const sections = [
    results.error_coverage && coverageSection(results.error_coverage),
    results.sweep && sweepSection(results.sweep),
    results.chaos && chaosSection(results.chaos),
  ].filter(Boolean);
  return sections.length ? sections : [empty("The run has no results.")];
}

function coverageSection({ percent, operations }) {
  const names = Object.keys(operations);
  return element("section", {},
    element("h3", {}, "Error coverage ", element("span", { class: "number" }, `${percent.toFixed(1)} %`)),
    element("p", {}, "The failures that the tests have met, of those that matter for each operation."),
    names.length
      ? table("Error coverage", ["Operation", "Calls", "Met", "Missed"], names.map((name) => coverageRow(name, operations[name])))
      : empty("No operation was called."));
}

function coverageRow(name, { calls, met, missed }) {
  return [element("code", {}, name), String(calls), failureChips(met, "met"), failureChips(missed, "missed")];
}

function failureChips(names, kind) {
  if (!names.length) return "–";
  const sign = kind === "met" ? "✓" : "✕";
  return element("ul", { class: `failure-chips ${kind}` }, names.map((name) => element("li", {}, element("span", { "aria-hidden": true }, sign), ` ${name}`)));
}

function sweepSection(rows) {
  const survived = rows.filter((row) => row.outcome === "survived").length;
  return element("section", {},
    element("h3", {}, "Sweep ", element("span", { class: "number" }, `${survived} of ${rows.length} survived`)),
    rows.length
      ? table("Sweep", ["Outcome", "Test", "Call", "Failure", "Exception", "To reproduce"], rows.map(sweepRow))
      : empty("No call was made to fail."));
}

function sweepRow(row) {
  return [
    element("span", { class: `result ${row.outcome}` }, row.outcome.replace("_", " ")),
    testLink(row.test),
    [`${row.call} `, element("code", {}, row.operation)],
    element("span", { class: "kind" }, row.kind),
    row.exception ? element("div", { class: "exception" }, row.exception, row.where && element("small", {}, row.where)) : "–",
    // A marker has no effect on a test that makes its backend itself.
    [!row.marker && element("small", {}, "without ses_backend, so add to it: "), element("code", { class: "marker" }, row.marker ?? row.method)].filter(Boolean),
  ];
}

function testLink(nodeid) {
  const isListed = state.tests.some((test) => test.nodeid === nodeid);
  if (!isListed) return breakable(nodeid);
  const click = (event) => { event.preventDefault(); visitTest(nodeid); };
  return element("a", { href: addressOf(nodeid), click }, breakable(nodeid));
}

function chaosSection({ rate, kinds, line, failures }) {
  return element("section", {},
    element("h3", {}, "Chaos ", element("span", { class: "number" }, counted(failures, "failure"))),
    element("p", {}, `Every call failed with a probability of ${rate}${kinds?.length ? `: ${[kinds].flat().join(", ")}` : ""}. To repeat the run:`),
    element("pre", {}, line));
}
