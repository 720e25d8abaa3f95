// The HTML of a message as a document that loads and runs nothing.
//
// The frame that shows it is sandboxed and has a policy of its own. What is removed here would be
// blocked there; it is removed so that the browser does not even try, and shows no broken pictures.

const FRAME_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const REMOVED_ELEMENTS = `
  script noscript template iframe frame frameset noframes object embed applet param portal fencedframe
  link meta base title audio video source track picture>source svg math canvas xmp plaintext noembed`
  .trim().split(/\s+/).join(",");

const KEPT_ATTRIBUTES = new Set(`
  abbr align alt bgcolor border cellpadding cellspacing checked class clear color cols colspan compact
  coords dir disabled face headers height hspace id lang media name noshade nowrap open placeholder
  readonly role rows rowspan scope selected shape size span start style summary title type valign value
  vspace width`.trim().split(/\s+/));

const FRAME_STYLE = ":where(a[data-link]){color:#1a4fc4;text-decoration:underline;cursor:help}";

/** Return the document for the frame, how many remote pictures it lacks, and its likely height. */
function safeDocument(message) {
  const parsed = new DOMParser().parseFromString(message.html, "text/html");
  const pictures = new Pictures(message.attachments);
  removeComments(parsed);
  for (const node of parsed.querySelectorAll(REMOVED_ELEMENTS)) node.remove();
  for (const node of parsed.querySelectorAll("*")) cleanElement(node, pictures);
  const policy = parsed.createElement("meta");
  policy.setAttribute("http-equiv", "Content-Security-Policy");
  policy.setAttribute("content", FRAME_POLICY);
  const style = parsed.createElement("style");
  style.textContent = FRAME_STYLE;
  const height = likelyHeight(parsed.body ?? parsed.documentElement);
  parsed.head.prepend(policy, style);
  const doctype = parsed.doctype ? "<!doctype html>" : "";
  return { source: doctype + parsed.documentElement.outerHTML, remote: pictures.remote, height };
}

const BLOCKS = "address,blockquote,br,center,dd,div,dt,figure,h1,h2,h3,h4,h5,h6,hr,li,p,pre,td,th";
const PICTURE_HEIGHT = 160; // pixels, of a picture without a height

/** Estimate the height of a document in pixels, on the large side: its frame cannot be measured. */
function likelyHeight(body) {
  const lines = body.textContent.length / 60 + body.querySelectorAll(BLOCKS).length;
  const pictures = [...body.querySelectorAll("img")].map((node) => Number.parseInt(node.getAttribute("height"), 10) || PICTURE_HEIGHT);
  return Math.round(pictures.reduce((sum, height) => sum + height, 64 + lines * 40));
}

function removeComments(parsed) {
  const walker = parsed.createTreeWalker(parsed, NodeFilter.SHOW_COMMENT | NodeFilter.SHOW_PROCESSING_INSTRUCTION);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.remove();
}

function cleanElement(node, pictures) {
  const name = node.localName;
  const link = name === "a" || name === "area" ? node.getAttribute("href") : null;
  const picture = name === "img" ? node.getAttribute("src") ?? "" : null;
  for (const { name: attribute } of [...node.attributes]) {
    if (!KEPT_ATTRIBUTES.has(attribute)) node.removeAttribute(attribute);
  }
  if (link !== null) {
    // Without href, because a click would replace the message in the frame.
    node.setAttribute("data-link", "");
    node.setAttribute("title", link);
  }
  if (picture !== null) showPicture(node, picture, pictures);
  if (name === "style") node.textContent = cleanSheet(node.textContent, pictures);
  if (node.hasAttribute("style")) cleanStyle(node, pictures);
}

function showPicture(node, url, pictures) {
  const data = pictures.data(url);
  node.setAttribute("src", data ?? placeholder(node));
  if (data === null) node.setAttribute("title", `not loaded: ${url}`);
}

/** The pictures of a message: inline data, or attachments with a content ID. */
class Pictures {
  constructor(attachments) {
    this.remote = 0;
    this.attached = new Map(attachments.filter((file) => file.content_id).map((file) => [file.content_id, file]));
  }

  /** Return a picture as a data: URL, or null for one that would have to be loaded. */
  data(url) {
    const text = url.trim();
    if (/^data:image\/[\w.+-]+[;,]/i.test(text)) return text;
    if (/^cid:/i.test(text)) return this.attachment(text.slice(4));
    if (text) this.remote += 1;
    return null;
  }

  attachment(id) {
    const file = this.attached.get(id) ?? this.attached.get(decoded(id));
    const isPicture = file?.data && /^image\/[\w.+-]+$/.test(file.content_type);
    return isPicture ? `data:${file.content_type};base64,${file.data}` : null;
  }
}

/** Decode the escapes of a text; a percent sign that belongs to none stays. */
function decoded(text) {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** Return a drawing in place of a picture, with its alternative text. */
function placeholder(node) {
  const drawing = document.implementation.createDocument("http://www.w3.org/2000/svg", "svg");
  const width = Math.min(Number.parseInt(node.getAttribute("width"), 10) || 160, 2000);
  const height = Math.min(Number.parseInt(node.getAttribute("height"), 10) || 48, 2000);
  const root = drawing.documentElement;
  root.setAttribute("width", width);
  root.setAttribute("height", height);
  const add = (name, attributes, text = "") => {
    const part = drawing.createElementNS(root.namespaceURI, name);
    for (const [attribute, value] of Object.entries(attributes)) part.setAttribute(attribute, value);
    part.textContent = text;
    root.append(part);
  };
  const box = { x: 0.5, y: 0.5, width: Math.max(width - 1, 0), height: Math.max(height - 1, 0) };
  add("rect", { ...box, fill: "#eef0f4", stroke: "#8b93a3", "stroke-dasharray": "4 3" });
  const text = wellFormed(node.getAttribute("alt") || "picture not loaded").slice(0, 60);
  const middle = { x: "50%", y: "50%", "text-anchor": "middle", "dominant-baseline": "central" };
  if (width >= 60 && height >= 16) {
    add("text", { ...middle, "font-family": "sans-serif", "font-size": 12, fill: "#4b5363" }, text);
  }
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(drawing))}`;
}

// Characters that are not allowed in XML would break the drawing.
const wellFormed = (text) => text.toWellFormed().replace(/[\u0000-\u001f\ufffe\uffff]/g, " ");

/** Clean a style sheet; the browser parses it first, so no spelling of a URL is missed. */
function cleanSheet(text, pictures) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text); // ignores @import
  const rules = [...sheet.cssRules].map((rule) => cleanUrls(rule.cssText, pictures));
  return rules.join("\n").replaceAll("</", "<\\/");
}

function cleanStyle(node, pictures) {
  const text = node.getAttribute("style");
  if (/[\\(]/.test(text)) node.setAttribute("style", cleanUrls(node.style.cssText, pictures));
}

function cleanUrls(css, pictures) {
  // A custom property keeps its spelling, and can contain a URL with escapes.
  const unescaped = css.replace(/--[^:;{}]*:[^;{}]*\\[^;}]*/g, "");
  return unescaped.replace(/(?:url|src)\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)]*))\s*\)/gi, (_, double, single, bare) => {
    const data = pictures.data(double ?? single ?? bare);
    return data === null ? "none" : `url("${data.replace(/["\\\n]/g, encodeURIComponent)}")`;
  });
}
