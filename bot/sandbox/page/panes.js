// The middle of the page: a conversation, the app's own pages, and the thread beside them.

import { blocks } from "./blocks.js";
import { composer, write } from "./composer.js";
import { h } from "./dom.js";
import { appIcon, face, icon } from "./drawing.js";
import { inChannel, isReply, messageList } from "./messages.js";
import { closeThread, go } from "./places.js";
import { attempt, here, nameOf, person, state, titleOf, update } from "./store.js";

/** The main pane for where the person is. */
export function mainPane() {
  const { place } = state;
  if (place?.kind === "app") return appPane(place.tab);
  const one = here();
  return one ? conversationPane(one) : h("main", { class: "main", tabindex: -1 }, h("p", { class: "empty" }, "This conversation is gone. Choose another on the left."));
}

function conversationPane(one) {
  const other = one.kind === "dm" && person(one.with);
  const count = one.members.length;
  return h(
    "main",
    { class: "main", key: `main ${one.id}`, tabindex: -1, "aria-label": titleOf(one) },
    h(
      "div",
      { class: "pane-head" },
      h("h2", {}, other ? face(other, 24) : icon(one.kind === "private" ? "lock" : one.kind === "group_dm" ? "thread" : "hash", 17), nameOf(one)),
      h("p", { class: "topic" }, other ? [other.title, other.status_text && ` · ${other.status_text}`] : one.topic),
      one.kind !== "dm" && h("span", { class: "quietly members" }, `${count} ${count === 1 ? "member" : "members"}`),
    ),
    messageList(one, inChannel(one), { label: `Messages in ${titleOf(one)}` }),
    foot(one),
  );
}

function foot(one) {
  if (one.is_archived) return h("p", { class: "foot-note" }, "This channel is archived.");
  if (one.is_member) return h("div", { class: "foot" }, hint(), composer(one));
  return h("p", { class: "foot-note" }, `You are looking at ${titleOf(one)}. `, h("button", { type: "button", class: "button primary", onclick: () => attempt("join", { in: one.id }) }, "Join channel"));
}

const hasHeard = new Set();

// The hint goes away by itself, for good, once this person has heard from the app.
function hint() {
  const { see } = state;
  if (see.conversations.some((one) => one.messages.some((message) => message.bot_id))) hasHeard.add(see.me.id);
  const [first, ...others] = see.commands;
  if (!first || hasHeard.has(see.me.id) || state.hintClosed || !see.app.installed) return null;
  // A hint in brackets says what may follow; one without is itself an example.
  const example = /^[[<]/.test(first.usage_hint ?? "") ? "" : first.usage_hint;
  const line = [first.command, example].filter(Boolean).join(" ");
  return h(
    "aside",
    { class: "try", "aria-label": "What to try" },
    appIcon(see.app, 34),
    h(
      "div",
      { class: "try-words" },
      h("p", {}, h("strong", {}, "Try it: "), "type ", h("code", {}, line)),
      h("p", { class: "quietly" }, `${first.description}. You are ${see.me.name}; anybody else is one click away, top right.`),
      others.length > 0 && h("p", { class: "try-more" }, "Also: ", others.slice(0, 6).map((one) => h("button", { type: "button", key: one.command, class: "linkish", title: one.description, onclick: () => write(`${one.command} `) }, one.command))),
    ),
    h("button", { type: "button", class: "button", onclick: () => write(line) }, "Write it for me"),
    h("button", { type: "button", class: "quiet", "aria-label": "Close this hint", onclick: () => update({ hintClosed: true }) }, icon("close", 14)),
  );
}

const TABS = [
  ["home", "Home"],
  ["messages", "Messages"],
  ["about", "About"],
];

function appPane(tab) {
  const { app } = state.see;
  const shown = TABS.filter(([name]) => name === "about" || app[`${name}_tab`]);
  return h(
    "main",
    { class: "main app", key: "main app", tabindex: -1, "aria-label": app.name },
    h(
      "div",
      { class: "pane-head" },
      h("h2", {}, appIcon(app, 24), app.name, h("span", { class: "badge" }, "APP")),
      h("div", { class: "tabs", role: "tablist", "aria-label": `${app.name}'s pages`, onkeydown: betweenTabs }, shown.map(([name, label]) => h("button", { type: "button", key: name, role: "tab", id: `tab-${name}`, "aria-selected": name === tab, "aria-controls": "app-page", tabindex: name === tab ? 0 : -1, onclick: () => go({ kind: "app", tab: name }) }, label))),
    ),
    h("div", { class: "app-page", id: "app-page", key: `page ${tab}`, role: "tabpanel", "aria-labelledby": `tab-${tab}`, tabindex: tab === "messages" ? null : 0 }, PAGES[tab]?.() ?? about()),
  );
}

function betweenTabs(event) {
  const all = [...event.currentTarget.children];
  const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!move) return;
  event.preventDefault();
  const next = all[(all.indexOf(document.activeElement) + move + all.length) % all.length];
  next.focus();
  next.click();
}

const PAGES = { home, messages, about };

function home() {
  const { home: view, app } = state.see;
  if (!view) return h("p", { class: "empty" }, app.connected ? `${app.name} has not drawn its Home yet.` : `${app.name} is not connected, so nobody draws its Home.`);
  const at = { key: view.id, where: { view_id: view.id }, values: view.state.values, errors: view.errors, trouble: view.trouble };
  return h("div", { class: "home", tabindex: -1 }, typeof view.trouble === "string" && h("p", { class: "error", role: "alert" }, view.trouble), blocks(at, view.blocks));
}

function messages() {
  const one = here();
  const { app } = state.see;
  const list = one?.messages.length ? messageList(one, inChannel(one), { label: `Messages with ${app.name}` }) : h("p", { class: "empty" }, `Nothing from ${app.name} yet.`);
  const readOnly = app.messages_tab_read_only || !one;
  return [list, readOnly ? h("p", { class: "foot-note" }, "Sending messages to this app has been turned off.") : h("div", { class: "foot" }, composer(one))];
}

function about() {
  const { app, commands, shortcuts } = state.see;
  const rows = (list) => h("dl", { class: "about-list" }, list.map(([term, words]) => h("div", { key: term }, h("dt", {}, term), h("dd", {}, words || "–"))));
  return h(
    "div",
    { class: "home about" },
    h("p", { class: "lead" }, app.description),
    h("h3", {}, "Commands"),
    rows(commands.map((one) => [`${one.command} ${one.usage_hint ?? ""}`, one.description])),
    shortcuts.length > 0 && h("h3", {}, "Shortcuts"),
    rows(shortcuts.map((one) => [one.name, `${one.description} (${one.type === "global" ? "from the Shortcuts menu" : "from a message's menu"})`])),
    h("h3", {}, "In this workspace"),
    rows([
      ["Installed", app.installed ? "yes" : "no"],
      ["Connected", app.connected ? `yes, over ${app.transport === "http" ? "signed HTTP" : "a socket"}` : "no"],
    ]),
  );
}

/** The thread beside a conversation. */
export function threadPane() {
  const one = here();
  const root = one?.messages.find((message) => message.ts === state.thread);
  if (!root) return null;
  const list = [root, ...one.messages.filter((message) => message.thread_ts === root.ts && (isReply(message) || message.ephemeral))];
  const onkeydown = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    closeThread();
  };
  return h(
    "aside",
    { class: "thread", key: `thread ${root.ts}`, "aria-label": `Thread in ${titleOf(one)}`, tabindex: -1, onkeydown, onmount: (dom) => dom.querySelector(".composer textarea")?.focus() },
    h("div", { class: "pane-head" }, h("h2", {}, "Thread"), h("p", { class: "topic" }, titleOf(one)), h("button", { type: "button", class: "quiet", "aria-label": "Close the thread", onclick: closeThread }, icon("close"))),
    messageList(one, list, { label: "Messages in the thread", thread: true }),
    one.is_member && !one.is_archived && h("div", { class: "foot" }, composer(one, { thread: root.ts })),
  );
}
