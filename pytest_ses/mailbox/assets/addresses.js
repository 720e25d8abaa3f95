// The addresses of the page: its fragment names a test, a message or a view, and nothing the list.

const addressOf = (name) =>
  name ? `#${encodeURIComponent(name).replace(/%2F/g, "/").replace(/%3A/g, ":")}` : location.pathname + location.search;

/** Make what was chosen an entry of the history, unless it is the current one. */
function pushAddress(name) {
  byId("missing").hidden = true;
  if (decoded(location.hash.slice(1)) !== name) history.pushState(null, "", addressOf(name));
}

function replaceAddress(name) {
  byId("missing").hidden = true;
  history.replaceState(null, "", addressOf(name));
}

/** Show what the address names, and return whether it exists. */
function showAddressed() {
  const fragment = location.hash.slice(1);
  const isShown = [fragment, decoded(fragment)].some((name) => name === "" ? showList() : showTest(name) || showMessage(name) || showNamedView(name));
  if (!isShown) {
    showList();
    byId("missing").textContent = `${decoded(fragment)} is not in this report.`;
  }
  byId("missing").hidden = isShown;
  return isShown;
}

function showList() {
  showView("mailbox");
  closeTest();
  return true;
}

function showTest(nodeid, messageId = null) {
  if (!itemOf(nodeid)) return false;
  showView("mailbox");
  unhide(nodeid);
  openTest(nodeid, messageId);
  itemOf(nodeid).scrollIntoView({ block: "nearest" });
  return true;
}

function showMessage(messageId) {
  const owner = state.tests.find((test) => test.messages.some(({ message_id: id }) => id === messageId));
  return owner !== undefined && showTest(owner.nodeid, messageId);
}

function showNamedView(name) {
  const isView = !byId("views").hidden && name === "resilience";
  if (isView) showView(name);
  return isView;
}

/** Show a test in the list although the search or a filter hides it. */
function unhide(nodeid) {
  if (itemOf(nodeid).hidden) clearFilters();
}
