// A message as an email client shows it: its head, and a tab for each way to look at it.

const TABS = [
  ["html", "HTML", (message) => message.html !== null, htmlTab],
  ["text", "Text", () => true, textTab],
  ["headers", "Headers", () => true, headersTab],
  ["source", "Source", () => true, sourceTab],
  ["parts", "Parts", () => true, partsTab],
  ["links", "Links", () => true, linksTab],
  ["warnings", "Warnings", () => true, warningsTab],
  ["template", "Template", (message) => message.template !== null, templateTab],
];

const TAB_COUNTS = { links: (message) => linksOf(message).length, warnings: (message) => warningsOf(message).length };

/** Return the view of a message; `tab` is the ID of the tab to show if the message has it. */
function messageView(message, tab, select) {
  const view = element("section", { class: "view", "aria-label": "Message" }, messageHead(message));
  if (state.live) view.append(actionsOf(message));
  const available = TABS.filter(([, , applies]) => applies(message));
  const selected = available.find(([id]) => id === tab) ?? available[0];
  const panel = element("div", { class: "tab-panel", role: "tabpanel", id: "tab-panel", tabindex: 0 });
  const show = ([id, , , content]) => {
    for (const node of list.children) markTab(node, node.dataset.tab === id);
    panel.setAttribute("aria-labelledby", `tab-${id}`);
    panel.dataset.tab = id;
    panel.replaceChildren(...[content(message), id === "html" ? [] : hiddenFrame(message)].flat());
  };
  const list = element("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the message", keydown: moveTab },
    available.map((entry) => tabOf(message, entry, () => { select(entry[0]); show(entry); })));
  view.append(list, panel);
  show(selected);
  return view;
}

function tabOf(message, [id, title], click) {
  const count = TAB_COUNTS[id]?.(message);
  return button([title, count ? element("span", { class: "number" }, String(count)) : null], click,
    { role: "tab", id: `tab-${id}`, "data-tab": id, "aria-controls": "tab-panel" });
}

function markTab(node, selected) {
  node.setAttribute("aria-selected", selected);
  node.tabIndex = selected ? 0 : -1;
}

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...event.currentTarget.children];
  const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
}

function messageHead(message) {
  const rows = [
    ["From", message.source], ["To", message.to.join(", ")], ["Cc", message.cc.join(", ")],
    ["Bcc", message.bcc.join(", ")], ["Sent", time(message.sent_at)],
    ["Template", message.template_name], ["Configuration set", message.configuration_set],
    ["Tags", Object.entries(message.tags).map(([name, value]) => `${name}: ${value}`).join(", ")],
    ["Size", bytes(message.size)],
  ].filter(([, value]) => value);
  return element("header", {},
    element("h3", {}, subjectOf(message)),
    element("dl", { class: "facts" }, rows.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
    message.rendering_error !== null && element("p", { class: "problem" }, `Not rendered: ${message.rendering_error}`),
    message.attachments.length > 0 && element("ul", { class: "attachments", "aria-label": "Attachments" }, message.attachments.map(attachmentItem)));
}

const subjectOf = (message) => message.subject || (message.rendering_error !== null ? "(not rendered)" : "(no subject)");

function attachmentItem(file) {
  const name = cleanName(file.filename ?? file.content_id);
  const size = element("small", {}, bytes(file.size));
  if (file.data === null) {
    return element("li", {}, element("span", { title: `${file.content_type}; too large to be included in this page` }, name, " ", size, element("small", {}, " not included")));
  }
  const href = `data:application/octet-stream;base64,${file.data}`;
  return element("li", {}, element("a", { href, download: name, title: `Download (${file.content_type})` }, name, " ", size));
}

/** Return a file name without folders, control characters and changes of the direction of text. */
function cleanName(filename) {
  const last = (filename ?? "").toWellFormed().split(/[/\\]/).pop();
  const clean = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").replace(/[<>:"|?*]/g, "_").replace(/^[.\s]+|[.\s]+$/g, "");
  return clean.slice(-100) || "attachment";
}

const FRAMES = new WeakMap();

/** Return the frame with the HTML of a message, and how many remote pictures it lacks. */
function frameOf(message) {
  if (!FRAMES.has(message)) {
    const { source, remote, height } = safeDocument(message);
    const attributes = { sandbox: "", referrerpolicy: "no-referrer", loading: "lazy", title: "HTML of the message", style: `--height: ${height}px` };
    FRAMES.set(message, { frame: element("iframe", { ...attributes, srcdoc: source }), remote });
  }
  return FRAMES.get(message);
}

function hiddenFrame(message) {
  if (message.html === null) return [];
  const { frame } = frameOf(message);
  frame.hidden = true;
  return [frame];
}

// A frame takes a browser as long as hundreds of other elements.
const EAGER_FRAMES = 5;
const whenIdle = globalThis.requestIdleCallback ?? setTimeout;

/** Add the frames of messages that are not open: the first ones at once, further ones without a delay. */
function addFrames(items) {
  items.slice(0, EAGER_FRAMES).forEach(addFrame);
  const rest = items.slice(EAGER_FRAMES, EAGER);
  const addNext = () => {
    const item = rest.shift();
    if (item?.isConnected) addFrame(item);
    if (rest.length) whenIdle(addNext);
  };
  whenIdle(addNext);
}

function addFrame(item) {
  if (!item.querySelector("iframe")) item.append(...hiddenFrame(item.message));
}

function htmlTab(message) {
  const { frame, remote } = frameOf(message);
  const note = remote > 0 && element("p", { class: "note" },
    `${counted(remote, "remote picture")} not loaded${remote === 1 ? "" : "; placeholders are shown"}.`);
  frame.hidden = false;
  return [note, frame].filter(Boolean);
}

function textTab(message) {
  return message.text ? element("pre", {}, message.text) : empty("The message has no plain-text part.");
}

const empty = (text) => element("p", { class: "empty" }, text);

const table = (caption, columns, rows) =>
  element("table", {},
    element("caption", { class: "unseen" }, caption),
    element("thead", {}, element("tr", {}, columns.map((column) => element("th", { scope: "col" }, column)))),
    element("tbody", {}, rows.map((cells) => element("tr", {}, cells.map((cell, index) => element("td", { "data-label": columns[index] }, cell))))));

function headersTab(message) {
  const headers = headersOf(message);
  if (!headers.length) return empty("The message was not rendered, so it has no headers.");
  return table("Headers", ["Name", "Value"], headers);
}

function sourceTab(message) {
  if (!message.raw) return empty("The message was not rendered, so it has no source.");
  const rest = message.size - new TextEncoder().encode(message.raw).length;
  return [
    element("pre", { class: "source" }, message.raw),
    rest > 0 && element("p", { class: "note" }, `${bytes(rest)} more are not included in this page.`),
  ].filter(Boolean);
}

function partsTab(message) {
  if (!message.parts) return empty("The message was not rendered, so it has no parts.");
  return [
    element("ul", { class: "tree" }, partItem(message.parts)),
    element("p", { class: "note" }, `The whole message has ${bytes(message.size)}; the sizes are those of the encoded contents.`),
  ];
}

function partItem(part) {
  const details = [part.filename, part.charset, part.encoding, bytes(part.size)].filter(Boolean).join(" · ");
  return element("li", {}, element("code", {}, part.content_type), " ", element("small", {}, details),
    part.parts.length > 0 && element("ul", {}, part.parts.map(partItem)));
}

function linksTab(message) {
  const links = linksOf(message);
  if (!links.length) return empty(message.html === null ? "The message has no HTML, so no links were read." : "The HTML has no links.");
  return table("Links", ["Text", "Target"], links.map(({ text, target }) => [text || element("em", {}, "no text"), targetOf(target)]));
}

function targetOf(target) {
  // Other schemes, such as javascript:, are only shown.
  if (!isWeb(target)) return element("code", {}, target);
  return element("a", { href: target, target: "_blank", rel: "noopener noreferrer nofollow" }, target);
}

function warningsTab(message) {
  const warnings = warningsOf(message);
  if (warnings.length) return element("ul", { class: "warnings" }, warnings.map((text) => element("li", {}, text)));
  return empty("No warnings: checked are the subject, the text part, List-Unsubscribe of bulk sends, alternative texts, the size, and the domains of links.");
}

function templateTab(message) {
  const part = (name, title) => [message.template[name], message[name]].some((text) => text !== null && text !== undefined) &&
    element("section", { class: "before-after" },
      element("h4", {}, title),
      element("figure", {}, element("figcaption", {}, "Template"), element("pre", {}, message.template[name] ?? "")),
      element("figure", {}, element("figcaption", {}, "Result"), element("pre", {}, message[name] ?? "not rendered")));
  return element("div", {},
    element("h4", {}, "Template data"), element("pre", {}, json(message.template_data)),
    part("subject", "Subject"), part("text", "Text"), part("html", "HTML"));
}
