// Elements, and the formats of values.

/** Create an element; strings among the children become text, never markup. */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(attribute, value);
    else node.setAttribute(attribute, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const byId = (id) => document.getElementById(id);

const unseen = (text) => element("span", { class: "unseen" }, text);

const button = (text, click, attributes = {}) =>
  element("button", { type: "button", click, ...attributes }, text);

function counted(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

function bytes(count) {
  if (count < 1000) return counted(count, "byte");
  return count < 1000000 ? `${(count / 1000).toFixed(1)} KB` : `${(count / 1000000).toFixed(1)} MB`;
}

function seconds(count) {
  if (count < 0.001) return "< 1 ms";
  return count < 1 ? `${Math.round(count * 1000)} ms` : `${count.toFixed(count < 10 ? 2 : 0)} s`;
}

/** Format the time from one moment to another, such as `+2 h 5 min`. */
function after(start, end) {
  const total = Math.max(Date.parse(end) - Date.parse(start), 0) / 1000;
  if (total < 60) return `+${seconds(total)}`;
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, length]) => total >= length);
  const parts = [];
  let rest = total;
  for (const [name, length] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / length);
    if (count) parts.push(`${count} ${name}`);
    rest -= count * length;
  }
  return `+${parts.join(" ")}`;
}

function time(moment) {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  return element("time", { datetime: moment, title: moment }, date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" }));
}

const json = (value) => JSON.stringify(value, null, 2);

// A page can have thousands of items, so those that are not visible are filled when they come into view.
const EAGER = 50;

const filler = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => fill(entry.target)),
  { scrollMargin: "1000px" },
);

/** Return an empty item for each entry, with the first ones filled; `fill` adds what `content` returns. */
function lazyItems(entries, shell, content) {
  return entries.map((entry, index) => {
    const node = shell(entry);
    node.content = () => content(entry);
    if (index < EAGER) fill(node);
    else filler.observe(node);
    return node;
  });
}

function fill(node) {
  if (!node.content) return;
  node.append(...node.content().flat().filter(Boolean));
  node.content = null;
  filler.unobserve(node);
}
