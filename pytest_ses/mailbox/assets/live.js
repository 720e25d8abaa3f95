// The live page: new messages, and buttons for what a test can do.

const INTERVAL = 1000; // milliseconds between two looks at the account
const JSON_BODY = { "Content-Type": "application/json" };

const live = { etag: "", timer: null };

function startLive() {
  byId("actions").append(button("Delete all", () => change("DELETE", "/messages")));
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
  } catch {
    throw new Error("The endpoint does not respond; the page tries again every second.");
  }
  if (response.ok || response.status === 304) return response;
  const { error } = await response.json().catch(() => ({}));
  throw new Error(error ?? `The endpoint responded with status ${response.status}.`);
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
  const shown = newestFirst(test);
  const { open, tests: [previous] } = state;
  state.tests = [shown];
  if (previous.nodeid !== test.nodeid || open === null) {
    showTests();
    if (open !== null || isWide()) openTest(test.nodeid);
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

const newestFirst = (test) => ({ ...test, messages: [...test.messages].reverse() });

function updateMessages(section, test) {
  const list = section.querySelector(".articles");
  const messages = new Map(test.messages.map((message) => [message.message_id, message]));
  for (const item of [...list.children]) {
    const message = messages.get(item.dataset.messageId);
    messages.delete(item.dataset.messageId);
    if (message) updateEvents(item, message);
    else item.remove();
  }
  list.prepend(...lazyItems([...messages.values()], messageShell, messageContent));
  describeMessages(section, test);
}

function updateEvents(item, message) {
  fill(item);
  if (message.events.length === item.message.events.length) return;
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
