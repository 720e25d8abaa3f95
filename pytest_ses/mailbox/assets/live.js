// The live page: new messages, and buttons for what a test can do.

const INTERVAL = 1000; // milliseconds between two looks at the account
const JSON_BODY = { "Content-Type": "application/json" };

// `calls` is how many calls were made, and `cleared` how many of them "Delete all" has hidden.
const live = { etag: "", timer: null, connected: true, calls: 0, cleared: 0 };

function startLive() {
  byId("actions").append(button("Delete all", deleteAll, { title: "Delete all messages, and hide the calls so far" }));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  schedulePoll();
}

function schedulePoll() {
  clearTimeout(live.timer);
  live.timer = setTimeout(poll, INTERVAL);
}

async function poll() {
  clearTimeout(live.timer);
  if (!document.hidden) {
    try {
      await refresh();
      report("");
    } catch (problem) {
      report(problem.message);
    }
  }
  schedulePoll();
}

async function refresh() {
  const headers = { Accept: "application/json", "If-None-Match": live.etag };
  const response = await request("GET", "", { headers });
  if (response.status === 304) return;
  live.etag = response.headers.get("ETag") ?? "";
  update(await response.json());
}

/** Send a request to the control plane; raises the text of its error. */
async function request(method, path, options = {}) {
  let response;
  try {
    response = await fetch(`/_ses${path}`, { method, cache: "no-store", ...options });
    showConnection(true);
  } catch {
    showConnection(false);
    throw new Error("The endpoint does not respond; the page tries again every second.");
  }
  if (response.ok || response.status === 304) return response;
  const { error } = await response.json().catch(() => ({}));
  throw new Error(error ?? `The endpoint responded with status ${response.status}.`);
}

/** Say in the header and beside the test whether the endpoint responds. */
function showConnection(connected) {
  if (live.connected === connected) return;
  live.connected = connected;
  for (const node of document.querySelectorAll(".connection")) node.textContent = connected ? "live" : "not connected";
  for (const node of document.querySelectorAll(".sign")) node.replaceWith(outcomeSign(connected ? "running" : "not connected"));
}

async function deleteAll() {
  live.cleared = live.calls;
  live.etag = "";
  await change("DELETE", "/messages");
}

async function change(method, path, body = {}) {
  try {
    await request(method, path, { headers: JSON_BODY, body: JSON.stringify(body) });
    await refresh();
    report("");
  } catch (problem) {
    report(problem.message);
  }
}

function report(text) {
  byId("status").textContent = text;
  byId("status").hidden = !text;
}

/** Show the new state of the account, and keep what is open. */
function update(test) {
  const shown = liveEntry(test);
  const { open, tests: [previous] } = state;
  state.tests = [shown];
  if (previous.nodeid !== test.nodeid || open === null) {
    showTests();
    if (open !== null || isWide()) {
      openTest(test.nodeid);
      replaceAddress(test.nodeid);
    }
    return;
  }
  const item = itemOf(open);
  item.test = shown;
  item.querySelector(".row .number")?.remove();
  item.querySelector(".row").append(...[messageCount(shown)].filter(Boolean));
  updateMessages(item.querySelector(".messages"), shown);
  item.querySelector(".causes").replaceChildren(...causes(shown));
  if (!item.querySelector("article[data-open]")) openMessage(shown.messages[0]?.message_id);
  applyFilters();
}

/** Return an entry as the page shows it: the newest message first, without the calls that are hidden. */
function liveEntry(test) {
  const { omitted } = test;
  live.calls = omitted.calls + test.calls.length;
  if (live.calls < live.cleared) live.cleared = 0; // The account was reset.
  return { ...test, messages: [...test.messages].reverse(), calls: test.calls.slice(Math.max(live.cleared - omitted.calls, 0)) };
}

function updateMessages(section, test) {
  const list = section.querySelector(".articles");
  const messages = new Map(test.messages.map((message) => [message.message_id, message]));
  for (const item of [...list.children]) {
    const message = messages.get(item.dataset.messageId);
    messages.delete(item.dataset.messageId);
    if (message) updateEvents(item, message);
    else item.remove();
  }
  const items = lazyItems([...messages.values()], messageShell, messageContent);
  addFrames(items);
  list.prepend(...items);
  describeMessages(section, test);
}

function updateEvents(item, message) {
  if (message.events.length === item.message.events.length) return;
  fill(item);
  if (FRAMES.has(item.message)) FRAMES.set(message, FRAMES.get(item.message));
  item.message = message;
  item.querySelector(".timeline").replaceWith(timeline(message));
}

/** Return the buttons with which something happens to a message. */
function actionsOf(message) {
  const recipient = choice("Recipient", message.recipients);
  const simulate = (type, members = {}) => () => change("POST", "/events", { type, message_id: message.message_id, ...members });
  const forRecipient = (type) => () => simulate(type, recipient.value ? { recipient: recipient.value } : {})();
  const links = [...new Set(linksOf(message).map(({ target }) => target).filter(isWeb))];
  const link = choice("Link", links);
  const noHtml = message.html === null;
  return element("div", { class: "actions", role: "group", "aria-label": "Simulate an event" },
    button("Bounce", forRecipient("bounce")),
    button("Complain", forRecipient("complain")),
    button("Delay", forRecipient("delay")),
    message.recipients.length > 1 && recipient,
    button("Open", simulate("open"), { disabled: noHtml }),
    button("Click", () => simulate("click", { link: link.value })(), { disabled: !links.length }),
    links.length > 1 && link);
}

function choice(label, values) {
  return element("select", { "aria-label": label }, values.map((value) => element("option", { value }, value)));
}
