// Behind the scenes: the record of traffic, and difficulties on request.

import { get, post } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./drawing.js";
import { state, toast, update } from "./store.js";

const SHOWN_MOST = 200;
const KINDS = [
  ["", "Everything"],
  ["call", "Calls of the app"],
  ["delivery", "Deliveries to the app"],
  ["act", "Acts of people"],
  ["fault", "Faults used"],
];

/** Each fault with the fields it takes: [name, what it is, first value]. */
const FAULTS = {
  ratelimited: ["Slow down (429)", ["method", "Method", "chat.*"], ["retry_after", "Seconds to wait", 2]],
  server_error: ["Server error", ["method", "Method", "*"], ["status", "Status", 500]],
  error: ["Refuse with an error", ["method", "Method", "views.open"], ["error", "Error", "internal_error"]],
  hang: ["No answer", ["method", "Method", "chat.postMessage"], ["for_s", "Seconds", 10]],
  slow: ["A late answer", ["method", "Method", "views.*"], ["for_s", "Seconds", 2]],
  invalid_blocks: ["Refuse a block type", ["block_type", "Block type", "section"]],
  expired_trigger: ["Triggers born expired"],
  duplicate: ["The same event twice", ["what", "Event", "*"]],
  reorder: ["Events in reverse", ["what", "Event", "*"], ["count", "How many", 2]],
  lost_ack: ["Lose the app's answer", ["what", "What", "*"]],
  drop_socket: ["Drop a socket"],
  refresh: ["Ask for a new socket"],
  refuse_socket: ["Refuse new sockets"],
  deaf_socket: ["A deaf socket"],
  clock_skew: ["Clock skew", ["seconds", "Seconds", 600]],
};

let following = false;
let fault = "ratelimited";
let revealed = null;

/** The drawer on the right. */
export function drawer() {
  if (!state.drawer) return null;
  follow();
  const tab = (name, label) => h("button", { type: "button", role: "tab", key: name, id: `drawer-${name}`, "aria-selected": state.drawer === name, "aria-controls": "drawer-page", tabindex: state.drawer === name ? 0 : -1, onclick: () => show(name) }, label);
  const onkeydown = (event) => event.key === "Escape" && closeDrawer();
  return h(
    "aside",
    { class: "drawer", id: "drawer", key: "drawer", "aria-label": "Behind the scenes", tabindex: -1, onkeydown, onmount: (dom) => dom.querySelector("[role=tab][aria-selected=true]")?.focus() },
    h("div", { class: "pane-head" }, h("h2", {}, "Behind the scenes"), h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: closeDrawer }, icon("close")), h("div", { class: "tabs", role: "tablist", "aria-label": "Behind the scenes", onkeydown: between }, tab("traffic", "Traffic"), tab("faults", "Faults"))),
    h("div", { class: "drawer-page", id: "drawer-page", key: state.drawer, role: "tabpanel", "aria-labelledby": `drawer-${state.drawer}`, tabindex: 0 }, state.drawer === "faults" ? faults() : traffic()),
  );
}

function between(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const name = state.drawer === "faults" ? "traffic" : "faults";
  show(name);
  document.getElementById(`drawer-${name}`)?.focus();
}

function closeDrawer() {
  update({ drawer: null });
  if (state.drawerTrigger?.isConnected) state.drawerTrigger.focus();
}

async function show(name) {
  update({ drawer: name });
  if (name === "faults") await listFaults();
}

async function listFaults() {
  const told = await get("faults").catch(() => null);
  if (told) update({ faults: told.faults });
}

// Follows the record while the drawer is open; an entry under way is asked for again, since its verdict comes later.
async function follow() {
  if (following) return;
  following = true;
  await listFaults();
  while (state.drawer) {
    const open = state.record.find((entry) => entry.verdict === "in_flight");
    const after = open ? open.n - 1 : (state.record.at(-1)?.n ?? 0);
    const told = await get("record", { after, wait: open ? 0 : 5 }).catch(() => null);
    if (!told) break;
    const known = state.record.filter((entry) => entry.n <= after);
    if (told.entries.length) update({ record: [...known, ...told.entries].slice(-SHOWN_MOST) });
    if (open || !told.entries.length) await new Promise((done) => setTimeout(done, 400));
  }
  following = false;
}

function traffic() {
  const shown = state.record.filter((entry) => !state.traffic || entry.kind === state.traffic).reverse();
  return [
    h("label", { class: "row", key: "filter" }, h("span", { class: "label" }, "Show"), h("select", { class: "typed", value: state.traffic, onchange: (event) => update({ traffic: event.target.value }) }, KINDS.map(([value, label]) => h("option", { value }, label)))),
    shown.length ? h("ol", { class: "record", key: "record" }, shown.map(entryRow)) : h("p", { class: "empty" }, "No traffic yet."),
  ];
}

const titles = {
  call: (entry) => entry.method,
  delivery: (entry) => entry.what ?? entry.type,
  act: (entry) => `${entry.as} · ${entry.do}`,
  fault: (entry) => `${entry.fault} on ${entry.on || "everything"}`,
};
const arrows = { call: "app calls", delivery: "to the app", act: "a person", fault: "fault" };

function entryRow(entry) {
  const { n, kind, verdict, at, ms, ...rest } = entry;
  const good = verdict === "ok" || verdict === undefined;
  return h(
    "li",
    { key: n },
    h(
      "details",
      { ontoggle: (event) => event.currentTarget.open && revealed !== n && ((revealed = n), update()) },
      h("summary", {}, h("span", { class: `kind ${kind}` }, arrows[kind] ?? kind), h("span", { class: "entry-title" }, titles[kind]?.(entry) ?? kind), h("span", { class: good ? "verdict" : "verdict bad" }, good ? (ms != null ? `${Math.round(ms)} ms` : "") : verdict)),
      revealed === n && h("pre", { class: "pre", tabindex: 0, "aria-label": "The whole entry" }, JSON.stringify({ at, verdict, ms, ...rest }, null, 2)),
    ),
  );
}

function faults() {
  const [, ...fields] = FAULTS[fault];
  const arm = async (event) => {
    event.preventDefault();
    const body = { fault };
    for (const [name, , first] of fields) {
      const written = event.target.elements[name].value.trim();
      body[name] = typeof first === "number" ? Number(written) : written;
    }
    await send(body);
  };
  const choose = (event) => {
    fault = event.target.value;
    update();
  };
  return [
    h("p", { key: "lead", class: "quietly" }, "Make Slack difficult on request, and see that nothing is lost."),
    h(
      "form",
      { class: "fault-form", key: "form", onsubmit: arm },
      h("label", { class: "label", for: "fault-kind" }, "Fault"),
      h("select", { class: "typed", id: "fault-kind", value: fault, onchange: choose }, Object.entries(FAULTS).map(([name, [label]]) => h("option", { value: name }, label))),
      fields.map(([name, label, first]) => h("label", { key: `${fault} ${name}`, class: "stacked" }, h("span", { class: "label" }, label), h("input", { class: "typed", name, value: first, required: true, autocomplete: "off" }))),
      h("button", { class: "button primary" }, "Arm once"),
    ),
    state.faults.length > 0 && h("h3", { key: "armed" }, "Armed"),
    state.faults.length > 0 && h("ul", { class: "armed", key: "list" }, state.faults.map(({ id, fault: kind, times, ...more }) => h("li", { key: id }, h("strong", {}, FAULTS[kind]?.[0] ?? kind), " ", Object.values(more).join(", "), times === null ? " until cleared" : ""))),
    state.faults.length > 0 && h("button", { type: "button", class: "button", key: "clear", onclick: () => send({ clear: true }) }, "Disarm all"),
  ];
}

async function send(body) {
  try {
    const told = await post("faults", body);
    update({ faults: told.faults });
  } catch (problem) {
    toast(problem.message);
  }
}
