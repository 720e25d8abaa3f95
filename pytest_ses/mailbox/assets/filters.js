// Search and filters: which tests, and which of their messages, are visible.

const squeezed = (text) => text.toLowerCase().replace(/\s+/g, " ");

const TEXTS = new WeakMap();

/** Return all that the search looks at in a message, in lower case. */
function searchText(message) {
  if (!TEXTS.has(message)) {
    const addresses = [message.source, ...message.recipients, ...message.to, ...message.cc, ...message.bcc];
    const html = (message.html ?? "").replace(/<(style|script)\b[\s\S]*?<\/\1>|<[^>]*>/gi, " ");
    TEXTS.set(message, squeezed([message.message_id, message.subject, ...addresses, message.text, html].join("\n")));
  }
  return TEXTS.get(message);
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
  const { outcomes, choices, query } = state;
  if (outcomes.size && !outcomes.has(test.outcome)) return false;
  if (Object.entries(choices).some(([name, value]) => value && !valuesOf(test)[name].has(value))) return false;
  return isFound(test.nodeid, query) || test.messages.some((message) => searchText(message).includes(query));
}

const isFound = (text, query) => !query || squeezed(text).includes(query);

function applyFilters() {
  let shown = 0;
  for (const item of byId("tests").children) {
    item.hidden = !isShown(item.test);
    shown += !item.hidden;
  }
  filterMessages();
  byId("hint").hidden = state.open !== null && !itemOf(state.open).hidden;
  const all = state.tests.length;
  byId("count").textContent = shown === all ? "" : shown ? `${shown} of ${counted(all, "test")}` : "No test matches. Press Esc to clear the search and the filters.";
}

/** Hide the messages of the open test that the search does not find. */
function filterMessages() {
  const item = state.open === null ? null : itemOf(state.open);
  if (!item) return;
  const all = isFound(item.test.nodeid, state.query);
  for (const article of item.querySelectorAll("article")) {
    article.hidden = !all && !searchText(article.message).includes(state.query);
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
  return button([outcomeSign(outcome), ` ${count} ${outcome}`], (event) => {
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
