// Facts about a message: its links, and what causes trouble in email clients.

// Gmail's limit, as senders have measured it; Google does not document it.
const CLIPPED = 102 * 1024;

const FACTS = new WeakMap();

/** Return the links of the HTML, as text and target, and how many pictures have no text. */
function factsOf(message) {
  if (!FACTS.has(message)) FACTS.set(message, readFacts(message.html ?? ""));
  return FACTS.get(message);
}

function readFacts(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return {
    links: [...parsed.querySelectorAll("a[href], area[href]")].map(linkOf),
    picturesWithoutText: parsed.querySelectorAll("img:not([alt])").length,
  };
}

function linkOf(node) {
  const text = node.textContent.trim().replace(/\s+/g, " ");
  const alternative = node.querySelector("img")?.alt ?? node.getAttribute("alt");
  return { text: text || alternative || "", target: node.getAttribute("href").trim() };
}

const linksOf = (message) => factsOf(message).links;

const isWeb = (target) => /^https?:\/\//i.test(target);

function hostOf(target) {
  try {
    return new URL(target).hostname;
  } catch {
    return "";
  }
}

const isVerified = (host, verified) =>
  verified.some((name) => name === "*" || host === name || host.endsWith(`.${name}`) || name.endsWith(`@${host}`));

/** Return the names and values of the headers; those that the entry does not repeat are lines of the source. */
const headersOf = (message) =>
  message.headers ?? message.raw.split("\r\n\r\n", 1)[0].split("\r\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });

const hasHeader = (message, name) =>
  headersOf(message).some(([header]) => header.toLowerCase() === name);

function unverifiedHosts(message) {
  const hosts = linksOf(message).filter(({ target }) => isWeb(target)).map(({ target }) => hostOf(target));
  return [...new Set(hosts)].filter((host) => host && !isVerified(host, message.verified));
}

/** Each returns a text if it applies to a message. */
const WARNINGS = [
  (message) => message.rendering_error && `The template could not be rendered: ${message.rendering_error}`,
  (message) => !message.rendering_error && !message.subject && "The message has no subject.",
  (message) => message.html !== null && !message.text && "The message has no plain-text part; it has only HTML.",
  (message) =>
    message.operation.includes("Bulk") && !message.rendering_error && !hasHeader(message, "list-unsubscribe") &&
    "The message is from a bulk send, and has no List-Unsubscribe header.",
  (message) => {
    const count = factsOf(message).picturesWithoutText;
    return count && `${counted(count, "picture")} without alternative text (the attribute alt).`;
  },
  (message) => {
    const size = new TextEncoder().encode(message.html ?? "").length;
    return size > CLIPPED && `The HTML has ${bytes(size)}; Gmail clips messages whose HTML is over 102 KB.`;
  },
  (message) => {
    const hosts = unverifiedHosts(message);
    return hosts.length && `Links to domains that are not verified in the account: ${hosts.join(", ")}.`;
  },
];

const warningsOf = (message) => WARNINGS.map((check) => check(message)).filter(Boolean);
