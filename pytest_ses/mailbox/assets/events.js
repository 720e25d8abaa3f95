// What happened to the messages of a test: events, calls and planned failures.

const BAD_EVENTS = new Set(["Bounce", "Complaint", "Reject", "Rendering Failure"]);

function timeline(message) {
  return element("ol", { class: "timeline", "aria-label": "Events" }, message.events.map((event) => eventItem(event, message)));
}

function eventItem(event, message) {
  const people = event.recipients.join(", ");
  return element("li", { "data-event-type": event.type, class: BAD_EVENTS.has(event.type) ? "bad" : null },
    element("details", {},
      element("summary", {},
        element("b", {}, event.type), " ",
        element("small", {}, [detailOf(event), event.at === message.sent_at ? "" : after(message.sent_at, event.at)].filter(Boolean).join(" · "))),
      element("dl", { class: "facts" },
        element("dt", {}, "At"), element("dd", {}, event.at),
        element("dt", {}, "Recipients"), element("dd", {}, people)),
      Object.keys(event.detail).length > 0 && element("pre", {}, json(event.detail))));
}

/** Return the most telling value of the details of an event. */
function detailOf({ detail }) {
  const types = [detail.bounceType, detail.bounceSubType].filter(Boolean).join(" ");
  return types || detail.complaintFeedbackType || detail.delayType || detail.reason || detail.link || detail.errorMessage || "";
}

/** Group attempts: an attempt belongs to the last call of the same kind with one attempt less. */
function groupedCalls(calls) {
  const groups = [];
  for (const call of calls) {
    const isPrevious = (group) => group.at(-1).attempt === call.attempt - 1 && sameCall(group.at(-1), call);
    const group = call.attempt > 1 && groups.findLast(isPrevious);
    if (group) group.push(call);
    else groups.push([call]);
  }
  return groups;
}

function sameCall(one, other) {
  return operationOf(one) === operationOf(other) && JSON.stringify(one.params) === JSON.stringify(other.params);
}

const operationOf = (call) => `${call.service}:${call.operation ?? "?"}`;

const callShell = (attempts) =>
  element("li", { "data-operation": operationOf(attempts[0]), class: isFailed(attempts.at(-1)) ? "bad" : null });

function callContent(attempts) {
  const last = attempts.at(-1);
  const isPlain = attempts.length === 1 && !last.error && !last.fault;
  const summary = [last.region, attempts.length > 1 && counted(attempts.length, "attempt"), isPlain && resultOf(last)];
  return [
    element("div", { class: "call" }, element("code", {}, operationOf(last)), " ", element("small", {}, summary.filter(Boolean).join(" · "))),
    !isPlain && element("ol", { class: "attempts" }, attempts.map(attemptItem)),
    callDetails(last),
  ];
}

const isFailed = (call) => Boolean(call.error) || call.response === null;

function attemptItem(call) {
  return element("li", { class: isFailed(call) ? "bad" : null },
    call.waited !== null && element("small", { class: "waited" }, `waited ${seconds(call.waited)}`),
    element("span", {}, resultOf(call)),
    call.fault && element("small", { class: "planned" }, `planned: ${call.fault}`));
}

function resultOf({ error, response }) {
  if (error) return `${error.code} (${error.status})${error.message ? `: ${error.message}` : ""}`;
  return response === null ? "not received by SES" : "ok";
}

function callDetails(call) {
  const details = element("details", { class: "params" }, element("summary", {}, "Parameters and response"));
  details.addEventListener("toggle", () => {
    if (details.children.length === 1) {
      details.append(element("pre", {}, json(call.params)), element("pre", {}, json(call.response)));
    }
  });
  return details;
}

const failureShell = (failure) => element("li", { class: failure.unmet ? "bad" : null });

function failureContent(failure) {
  const limit = failure.times === null ? "" : ` of ${failure.times}`;
  const noun = (failure.times ?? failure.happened) === 1 ? "time" : "times";
  return [
    element("code", {}, failure.planned), " ",
    element("small", {}, `happened ${failure.happened}${limit} ${noun}`),
    failure.warning && element("p", { class: "note" }, failure.warning),
  ];
}
