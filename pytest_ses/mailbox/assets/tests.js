// The list of tests; an open test contains its messages, calls and planned failures.

const OUTCOMES = [
  ["failed", "✕"], ["error", "!"], ["running", "●"], ["xpassed", "✓"], ["passed", "✓"], ["xfailed", "✕"], ["skipped", "–"],
];
const RANKS = new Map(OUTCOMES.map(([name], rank) => [name, rank]));
const SIGNS = new Map(OUTCOMES);

function sortedTests(tests) {
  const rank = (test) => RANKS.get(test.outcome) ?? RANKS.size;
  return [...tests].sort((one, other) => rank(one) - rank(other));
}

function testItem(test) {
  const item = element("li", { "data-nodeid": test.nodeid, "data-outcome": test.outcome }, testRow(test));
  item.test = test;
  return item;
}

/** Split a node ID into the path and the name of the test; its parameters can contain anything. */
function splitNodeId(nodeid) {
  const parameters = nodeid.indexOf("[", nodeid.indexOf("::"));
  const separator = nodeid.lastIndexOf("::", parameters < 0 ? nodeid.length : parameters);
  return separator < 0 ? ["", nodeid] : [nodeid.slice(0, separator), nodeid.slice(separator + 2)];
}

function testRow(test) {
  const [path, name] = splitNodeId(test.nodeid);
  return button([
    outcomeSign(test.outcome),
    element("span", { class: "name" }, element("b", {}, name), path && element("small", {}, path)),
    messageCount(test),
  ], () => visitTest(test.nodeid), { class: "row", "aria-expanded": false, title: test.nodeid });
}

function messageCount(test) {
  const count = test.messages.length + test.omitted.messages;
  return count > 0 && element("span", { class: "number", title: counted(count, "message") }, String(count), unseen(count === 1 ? " message" : " messages"));
}

const outcomeSign = (outcome) =>
  element("span", { class: `sign ${outcome}`, title: outcome }, element("span", { "aria-hidden": true }, SIGNS.get(outcome) ?? "?"), unseen(outcome));

const itemOf = (nodeid) => [...byId("tests").children].find((item) => item.dataset.nodeid === nodeid);

/** Open a test and close the others; `messageId` is the message to show. */
function openTest(nodeid, messageId = null) {
  const item = itemOf(nodeid);
  if (!item) return;
  if (state.open !== nodeid) {
    closeTest();
    state.open = nodeid;
    item.dataset.open = "";
    item.querySelector(".row").setAttribute("aria-expanded", true);
    item.append(testPanel(item.test));
  }
  byId("hint").hidden = true;
  if (messageId !== null || !state.message) openMessage(messageId ?? item.test.messages[0]?.message_id);
}

/** Open a test that was chosen; the way back is the button of the browser. */
function visitTest(nodeid) {
  showView("mailbox");
  unhide(nodeid);
  openTest(nodeid);
  pushAddress(nodeid);
}

function closeTest() {
  const item = state.open === null ? null : itemOf(state.open);
  state.open = state.message = null;
  byId("hint").hidden = false;
  if (!item) return;
  delete item.dataset.open;
  item.querySelector(".panel").remove();
  item.querySelector(".row").setAttribute("aria-expanded", false);
}

function testPanel(test) {
  return element("div", { class: "panel" },
    element("div", { class: "activity", tabindex: -1 },
      panelHead(test),
      test.error && element("details", { class: "traceback", open: true }, element("summary", {}, "Error"), element("pre", {}, test.error)),
      messagesSection(test),
      element("div", { class: "causes" }, causes(test))));
}

const causes = (test) => [
  activitySection("Planned failures", test.failures, failureShell, failureContent, "failures"),
  activitySection("Calls", groupedCalls(test.calls), callShell, callContent, "calls"),
].filter(Boolean);

function panelHead(test) {
  const times = test.duration ? seconds(test.duration) : "";
  return element("header", {},
    button("‹ Tests", () => backToList(), { class: "back" }),
    element("h2", {}, breakable(test.nodeid)),
    element("p", { class: "outcome" }, outcomeSign(test.outcome), state.live ? element("span", { class: "connection" }, "live") : [test.outcome, times].filter(Boolean).join(" · ")));
}

/** Let a node ID wrap after its separators. */
const breakable = (nodeid) => nodeid.split(/(?<=::|\/)/).flatMap((part) => [part, element("wbr")]);

function activitySection(title, entries, shell, content, name) {
  if (!entries.length) return null;
  return element("section", { class: name },
    element("h3", {}, title, " ", element("span", { class: "number" }, String(entries.length))),
    element("ol", {}, lazyItems(entries, shell, content)));
}

function messagesSection(test) {
  const items = lazyItems(test.messages, messageShell, messageContent);
  addFrames(items);
  const section = element("section", { class: "messages" },
    element("h3", {}, "Messages ", element("span", { class: "number" })),
    element("div", { class: "articles" }, items),
    empty(""),
    element("p", { class: "note" }));
  describeMessages(section, test);
  return section;
}

function describeMessages(section, test) {
  section.querySelector(".number").textContent = test.messages.length;
  section.querySelector(".empty").textContent = test.messages.length ? "" : withoutMessages(test);
  section.querySelector(".note").textContent = omittedText(test.omitted);
}

function omittedText({ messages, attachments }) {
  return [
    messages > 0 && `${counted(messages, "more message")} ${messages === 1 ? "is" : "are"} not included in this page.`,
    attachments > 0 && `${counted(attachments, "attachment")} over 1 MB ${attachments === 1 ? "is" : "are"} listed, but not included.`,
  ].filter(Boolean).join(" ");
}

function withoutMessages(test) {
  if (test.omitted.messages) return "";
  if (state.live) return "There are no messages. New ones appear here as they are sent.";
  if (test.calls.some(isFailed)) return "SES accepted no message; the calls below show why.";
  return test.calls.length ? "The test sent no message." : "The test sent no message and did not call SES.";
}

function messageShell(message) {
  const item = element("article", { "data-message-id": message.message_id });
  item.message = message;
  // The whole item can be clicked, not only its row.
  item.addEventListener("click", (event) => { if (!event.target.closest(".view")) openMessage(message.message_id); });
  return item;
}

const messageContent = (message) => [
  button([
    element("b", {}, subjectOf(message)),
    element("span", { class: "to" }, message.recipients.join(", ")),
    message.attachments.length > 0 && element("small", { title: counted(message.attachments.length, "attachment") }, `⊕ ${message.attachments.length}`, unseen(" attachments")),
  ], null, { class: "row", "aria-expanded": false }),
  timeline(message),
];

/** Show a message of the open test, and hide the others. */
function openMessage(messageId) {
  const list = itemOf(state.open);
  const item = [...list.querySelectorAll("article")].find((node) => node.dataset.messageId === messageId);
  if (item && "open" in item.dataset) return;
  for (const other of list.querySelectorAll("article[data-open]")) closeMessage(other);
  state.message = item ? messageId : null;
  if (!item) return;
  fill(item);
  item.dataset.open = "";
  item.querySelector(".row").setAttribute("aria-expanded", true);
  item.append(messageView(item.message, state.tab, (tab) => { state.tab = tab; }));
}

function closeMessage(item) {
  delete item.dataset.open;
  item.append(...hiddenFrame(item.message));
  item.querySelector(".view").remove();
  item.querySelector(".row").setAttribute("aria-expanded", false);
}

function backToList() {
  const row = itemOf(state.open)?.querySelector(".row");
  closeTest();
  pushAddress("");
  row?.focus();
}
