// Search and filters: which tests, which of their messages, and which results are visible.

/** Return a text without differences of case, spelling of characters and white space: Straße is STRASSE. */
const folded = (text) => text.normalize("NFKD").toLowerCase().toUpperCase().replace(/\s+/g, " ");

const TEXTS = new WeakMap();

/** Return whether the search finds the text that `read` returns for an owner, which it does once. */
function isFound(owner, read) {
  if (!state.query) return true;
  if (!TEXTS.has(owner)) TEXTS.set(owner, folded(read(owner)));
  return TEXTS.get(owner).includes(state.query);
}

const isTestFound = (test) => isFound(test, ({ nodeid }) => nodeid);
const isMessageFound = (message) => isFound(message, messageText);
const isRowFound = (row) => isFound(row, ({ cells }) => [...cells].map((cell) => cell.textContent).join("\n"));

function messageText(message) {
  const addresses = [message.source, ...message.recipients, ...message.to, ...message.cc, ...message.bcc];
  const files = message.attachments.map(({ filename }) => filename);
  const html = (message.html ?? "").replace(/<(style|script)\b[\s\S]*?<\/\1>|<[^>]*>/gi, " ");
  return [message.message_id, message.subject, ...addresses, ...files, message.text, html].join("\n");
}

/** Each is a filter with a list of values: its label, and the values of a test. */
const CHOICES = {
  operation: ["Operation", (test) => test.calls.map(operationOf)],
  event: ["Event", (test) => test.messages.flatMap((message) => message.events.map(({ type }) => type))],
  recipient: ["Recipient", (test) => test.messages.flatMap((message) => message.recipients)],
  template: ["Template", (test) => test.messages.map((message) => message.template_name).filter(Boolean)],
};

const VALUES = new WeakMap();

function valuesOf(test) {
  if (!VALUES.has(test)) {
    const sets = Object.entries(CHOICES).map(([name, [, values]]) => [name, new Set(values(test))]);
    VALUES.set(test, Object.fromEntries(sets));
  }
  return VALUES.get(test);
}

function isShown(test) {
  const { outcomes, choices } = state;
  if (outcomes.size && !outcomes.has(test.outcome)) return false;
  if (Object.entries(choices).some(([name, value]) => value && !valuesOf(test)[name].has(value))) return false;
  return isTestFound(test) || test.messages.some(isMessageFound);
}

const isFiltering = () => Boolean(state.query || state.outcomes.size || Object.values(state.choices).some(Boolean));

function applyFilters() {
  filterItems(byId("tests").children, (item) => isShown(item.test), "count", "test");
  filterItems(byId("resilience").querySelectorAll("tbody tr"), isRowFound, "results-count", "result");
  filterMessages();
  byId("hint").hidden = state.open !== null && !itemOf(state.open).hidden;
  for (const node of document.querySelectorAll(".clear")) node.hidden = node.closest("#resilience") ? !state.query : !isFiltering();
}

/** Hide the items that do not match, and say how many do. */
function filterItems(items, matches, countId, noun) {
  let shown = 0;
  for (const item of items) {
    item.hidden = !matches(item);
    shown += !item.hidden;
  }
  const all = items.length;
  byId(countId).textContent = shown === all ? "" : shown ? `${shown} of ${counted(all, noun)}` : `No ${noun} matches.`;
}

/** Hide the messages of the open test that the search does not find. */
function filterMessages() {
  const item = state.open === null ? null : itemOf(state.open);
  if (!item) return;
  const all = isTestFound(item.test);
  for (const article of item.querySelectorAll("article")) {
    article.hidden = !all && !isMessageFound(article.message);
  }
}

function clearFilters() {
  document.querySelector("input[type=search]").value = "";
  Object.assign(state, { query: "", outcomes: new Set(), choices: {} });
  for (const control of byId("filters").querySelectorAll("select, input")) control.value = "";
  for (const chip of byId("filters").querySelectorAll("[aria-pressed]")) chip.setAttribute("aria-pressed", false);
  applyFilters();
}

function filterControls() {
  const chips = OUTCOMES.map(([outcome]) => outcomeChip(outcome)).filter(Boolean);
  const controls = Object.keys(CHOICES).map(choiceControl).filter(Boolean);
  return [
    chips.length > 1 && element("div", { class: "chips", role: "group", "aria-label": "Outcomes" }, chips),
    controls.length > 0 && element("details", { class: "choices" }, element("summary", {}, "Filters"), controls),
  ].filter(Boolean);
}

function outcomeChip(outcome) {
  const count = state.tests.filter((test) => test.outcome === outcome).length;
  if (!count) return null;
  return button([outcomeSign(outcome), ` ${outcome === "error" ? counted(count, outcome) : `${count} ${outcome}`}`], (event) => {
    const pressed = !state.outcomes.delete(outcome);
    if (pressed) state.outcomes.add(outcome);
    event.currentTarget.setAttribute("aria-pressed", pressed);
    applyFilters();
  }, { "aria-pressed": false });
}

function choiceControl(name) {
  const [label] = CHOICES[name];
  const values = [...new Set(state.tests.flatMap((test) => [...valuesOf(test)[name]]))].sort();
  if (!values.length) return null;
  const choose = (event) => { state.choices[name] = event.target.value; applyFilters(); };
  const options = [element("option", { value: "" }, "all"), values.map((value) => element("option", { value }, value))];
  return element("label", {}, `${label} `, element("select", { change: choose, name }, options));
}
