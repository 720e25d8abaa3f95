// The start of the page, its views and its keyboard.

const data = JSON.parse(byId("data").textContent);

const state = {
  live: data.live,
  tests: data.live ? data.tests.map(liveEntry) : data.tests,
  open: null, // the node ID of the open test
  message: null, // the ID of the open message
  tab: "html",
  query: "",
  outcomes: new Set(),
  choices: {},
};

const isWide = () => matchMedia("(min-width: 48rem)").matches;

function showTests() {
  state.tests = sortedTests(state.tests);
  state.open = state.message = null;
  byId("tests").replaceChildren(...state.tests.map(testItem));
  byId("filters").replaceChildren(...(state.live ? [] : filterControls()));
  byId("hint").hidden = false;
  byId("hint").textContent = state.tests.length ? "Select a test to see its messages." : "No test of this run used SES. Tests that take the fixture ses_backend are listed here.";
  applyFilters();
}

function showRun() {
  const messages = state.tests.reduce((sum, test) => sum + test.messages.length, 0);
  const omitted = state.tests.reduce((sum, test) => sum + test.omitted.messages, 0);
  const parts = [
    data.title,
    state.live ? element("span", { class: "connection" }, "live") : `${counted(state.tests.length, "test")}, ${counted(messages + omitted, "message")}`,
    state.live ? null : time(data.created),
    data.seed && `seed ${data.seed}`,
  ].filter(Boolean);
  byId("run").append(...parts.flatMap((part, index) => (index ? [" · ", part] : [part])));
  if (omitted) {
    byId("notes").textContent = `${counted(omitted, "message")} beyond the limit of the page ${omitted === 1 ? "is" : "are"} counted, but not included.`;
  }
}

function showViews() {
  if (!data.resilience) return;
  byId("resilience").append(...resilienceView(data.resilience));
  byId("views").append(...["mailbox", "resilience"].map((view) => button(view[0].toUpperCase() + view.slice(1), () => visitView(view), { "data-view": view })));
  byId("views").hidden = false;
  showView("mailbox");
}

function showView(view) {
  for (const id of ["mailbox", "resilience"]) byId(id).hidden = id !== view;
  for (const node of byId("views").children) node.setAttribute("aria-pressed", node.dataset.view === view);
}

function visitView(view) {
  showView(view);
  pushAddress(view === "mailbox" ? state.open ?? "" : view);
}

/** Return the rows that j and k go through: visible tests, and the messages of the open one. */
function rows() {
  return [...document.querySelectorAll("#tests .row")].filter((row) => row.checkVisibility());
}

function move(step) {
  const all = rows();
  const current = all.indexOf(document.activeElement?.closest(".row"));
  const open = all.findIndex((row) => row.closest("article[data-open]")) ;
  const start = current >= 0 ? current : open >= 0 ? open : all.findIndex((row) => row.closest("[data-open]"));
  const next = all[Math.min(Math.max(start + step, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.querySelector("input[type=search]").focus(),
  "?": () => byId("help").showModal(),
  Escape: () => escapePressed(),
};

// While somebody types, other keys are text.
const SEARCH_KEYS = {
  Enter: () => openFirstRow(),
  Escape: () => { clearFilters(); document.activeElement.blur(); },
};
const SELECT_KEYS = { Escape: KEYS.Escape };

function escapePressed() {
  const isInFilters = document.activeElement.closest("#filters") !== null;
  if (isFiltering() && (isInFilters || !isAnythingShown())) clearFilters();
  else if (!byId("resilience").hidden) visitView("mailbox");
  else if (state.open !== null) backToList();
  else clearFilters();
}

const isAnythingShown = () => [...document.querySelectorAll("#tests > li, #resilience tbody tr")].some((node) => node.checkVisibility());

function openFirstRow() {
  rows()[0]?.click();
  rows()[0]?.focus();
}

function keyPressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const field = event.target.closest("input, select");
  const keys = !field ? KEYS : field.type === "search" ? SEARCH_KEYS : SELECT_KEYS;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

/** Show what the address names, or the first test. The live page has one test, whatever the address. */
function openFirst() {
  const isAddressed = location.hash.length > 1 && (showAddressed() || !state.live);
  if (isAddressed || !isWide() || !state.tests.length) return;
  openTest(state.tests[0].nodeid);
  replaceAddress(state.tests[0].nodeid);
}

function start() {
  showRun();
  showTests();
  showViews();
  const search = document.querySelector("input[type=search]");
  search.addEventListener("input", () => { state.query = folded(search.value.trim()); applyFilters(); });
  for (const node of document.querySelectorAll(".clear")) node.addEventListener("click", () => clearFilters());
  byId("show-help").addEventListener("click", () => byId("help").showModal());
  document.addEventListener("keydown", keyPressed);
  addEventListener("hashchange", showAddressed);
  addEventListener("beforeprint", () => document.querySelectorAll("article, .causes li").forEach(fill));
  openFirst();
  if (state.live) startLive();
}

start();
