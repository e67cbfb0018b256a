// Messages: in a channel, a DM or a thread; their tools, reactions, files, and what only one person sees.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { appIcon, face, icon } from "./drawing.js";
import { EMOJI, REACTIONS } from "./emoji.js";
import { menu, popover, toggle } from "./popover.js";
import { showThread } from "./places.js";
import { attempt, person, state, titleOf, update } from "./store.js";
import { copy, emoji, mrkdwn, spoken } from "./text.js";
import { clockTime, dayKey, dayName, dayTime, shownAt } from "./time.js";

const TOGETHER_S = 300;

/** Who wrote a message: {id, name, icon, isApp}. */
export function author(message) {
  const one = person(message.user);
  const { app } = state.see;
  if (message.bot_id || one?.kind === "bot") {
    return { id: message.username ?? message.bot_id ?? message.user, name: message.username ?? app.name, isApp: true, picture: appIcon(app) };
  }
  return { id: message.user, name: one?.name ?? "Somebody", isApp: false, picture: face(one) };
}

/** The messages of a conversation itself: no replies but those also sent to the channel. */
export const inChannel = (place) => place.messages.filter((one) => !isReply(one) || one.broadcast || (one.ephemeral && !one.thread_ts));
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** A scrolling list of messages that stays at its end unless somebody scrolled up. */
export function messageList(place, messages, { label, thread = false, lead = null }) {
  const last = messages.at(-1)?.ts;
  const pointed = messages.some((one) => one.ts === state.pointed) ? state.pointed : last;
  const rows = [];
  let before = null;
  for (const message of messages) {
    const day = dayKey(shownAt(message));
    if (!thread && day !== (before && dayKey(shownAt(before)))) rows.push(h("div", { class: "day", key: `day ${day}`, role: "presentation" }, h("span", {}, dayName(shownAt(message)))));
    rows.push(oneMessage(place, message, { joined: follows(before, message), pointed: message.ts === pointed, thread }));
    if (thread && message === messages[0] && messages.length > 1) rows.push(h("div", { class: "day replies", key: "replies" }, h("span", {}, counted(messages.filter(isReply).length))));
    before = message;
  }
  return h("div", { class: "messages", key: `messages ${place.id} ${thread ? state.thread : ""}`, role: "region", "aria-label": label, tabindex: messages.length ? null : 0, onmount: toEnd, onrender: stick, onscroll: noteEnd }, lead, rows);
}

const counted = (count) => `${count} ${count === 1 ? "reply" : "replies"}`;

function toEnd(dom) {
  dom.atEnd = true;
  dom.scrollTop = dom.scrollHeight;
}

function noteEnd({ currentTarget: dom }) {
  dom.atEnd = dom.scrollHeight - dom.scrollTop - dom.clientHeight < 60;
}

function stick(dom) {
  if (dom.atEnd && dom.scrollHeight !== dom.heightBefore) dom.scrollTop = dom.scrollHeight;
  dom.heightBefore = dom.scrollHeight;
}

function follows(before, message) {
  if (!before || before.ephemeral || message.ephemeral || message.subtype || message.broadcast) return false;
  const near = shownAt(message) - shownAt(before) < TOGETHER_S * 1000 && dayKey(shownAt(before)) === dayKey(shownAt(message));
  return near && author(before).id === author(message).id;
}

function oneMessage(place, message, { joined, pointed, thread }) {
  const by = author(message);
  const key = `${message.channel} ${message.ts}`;
  const when = shownAt(message);
  const onkeydown = (event) => event.target === event.currentTarget && step(event);
  const editing = state.editing?.ts === message.ts && state.editing.channel === message.channel && state.editing.thread === thread;
  return h(
    "article",
    { class: `message ${joined ? "joined" : ""} ${message.ephemeral ? "ephemeral" : ""} ${/_(join|leave|topic|purpose|name|archive)$/.test(message.subtype ?? "") ? "told" : ""}`, key, "data-ts": message.ts, tabindex: pointed ? 0 : -1, "aria-label": `${by.name}, ${dayTime(when)}${message.ephemeral ? ", only visible to you" : ""}`, onfocusin: () => state.pointed !== message.ts && update({ pointed: message.ts }), onkeydown },
    h("div", { class: "side" }, joined ? h("time", { class: "aside-time", "aria-hidden": "true" }, clockTime(when)) : by.picture),
    h(
      "div",
      { class: "body" },
      message.ephemeral && h("p", { class: "only-you" }, icon("eye", 14), "Only visible to you"),
      message.broadcast && !thread && h("p", { class: "only-you" }, icon("thread", 14), h("button", { type: "button", class: "linkish", onclick: () => showThread(message.thread_ts) }, "Replied to a thread")),
      !joined && h("p", { class: "by" }, h("strong", {}, by.name), by.isApp && h("span", { class: "badge" }, "APP"), h("time", { datetime: when.toISOString(), title: dayTime(when) }, clockTime(when))),
      editing ? editor(message) : content(message, key),
      message.ephemeral && h("p", { class: "dismiss" }, h("button", { type: "button", class: "linkish", onclick: () => attempt("dismiss", { channel: message.channel, ts: message.ts }) }, "Dismiss message")),
      reactions(message, thread),
      !thread && message.reply_count > 0 && repliesLink(message),
    ),
    !message.ephemeral && !editing && tools(place, message, { pointed, thread }),
  );
}

// Up and down walk from message to message, as in a list; Tab goes into the one that has the focus.
function step(event) {
  const all = [...event.currentTarget.parentElement.querySelectorAll(":scope > article")];
  const at = all.indexOf(event.currentTarget);
  const goal = { ArrowDown: all[at + 1], ArrowUp: all[at - 1], Home: all[0], End: all.at(-1) }[event.key];
  if (!goal) return;
  event.preventDefault();
  goal.focus();
}

function content(message, key) {
  const at = { key, where: { channel: message.channel, ts: message.ts }, values: message.state, trouble: message.trouble };
  const drawn = message.blocks?.length ? blocks(at, message.blocks) : message.text && h("div", { class: "words" }, mrkdwn(message.text));
  return h(
    "div",
    { class: "content" },
    drawn,
    message.edited && h("small", { class: "edited" }, "(edited)"),
    (message.attachments ?? []).map((one) => attachment(one, at)),
    (message.files ?? []).map(file),
  );
}

function attachment(one, at) {
  const colour = /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : null;
  return h(
    "div",
    { class: "attachment", style: colour ? { "border-color": colour } : {} },
    one.pretext && h("div", {}, mrkdwn(one.pretext)),
    one.title && h("strong", {}, one.title),
    one.blocks?.length ? blocks(at, one.blocks) : mrkdwn(one.text ?? one.fallback ?? ""),
    one.fields && h("div", { class: "fields" }, one.fields.map((field) => h("div", {}, h("strong", {}, field.title), h("br"), mrkdwn(String(field.value ?? ""))))),
  );
}

function file(one) {
  const path = new URL(one.url_private, location.href).pathname;
  if (one.mimetype?.startsWith("image/")) return h("img", { class: "picture large", src: path, alt: one.alt_txt || one.title || one.name });
  return h("a", { class: "file", href: path, download: one.name }, icon("file", 20), h("span", {}, h("strong", {}, one.title || one.name), h("small", {}, `${one.mimetype}, ${one.size.toLocaleString("en")} bytes`)));
}

function reactions(message, thread) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((one) => reaction(message, one)), reactor(message, `more ${thread}`, "chip-button"));
}

function reaction(message, { name, users, count }) {
  const mine = users.includes(state.see.me.id);
  const who = users.map((id) => person(id)?.display_name ?? state.see.app.name).join(", ");
  return h("button", { type: "button", key: name, class: mine ? "reaction mine" : "reaction", "aria-pressed": mine, "aria-label": `${name.replaceAll("_", " ")}, ${count}: ${who}`, title: who, onclick: () => attempt(mine ? "unreact" : "react", { channel: message.channel, ts: message.ts, name }) }, EMOJI.get(name) ?? `:${name}:`, h("span", {}, String(count)));
}

function reactor(message, suffix, style, tabindex = null) {
  const id = `react ${message.channel} ${message.ts} ${suffix}`;
  const react = (name) => () => {
    toggle(id, {});
    attempt("react", { channel: message.channel, ts: message.ts, name });
  };
  return h(
    "span",
    { class: "wrap", key: id },
    h("button", { type: "button", class: style, tabindex, "aria-label": "Add a reaction", title: "Add a reaction", "aria-haspopup": "true", "aria-expanded": state.open === id, onclick: (event) => toggle(id, event) }, icon("smile")),
    popover(id, { class: "emoji-grid", role: "group", "aria-label": "Reactions", onkeydown: acrossGrid }, REACTIONS.map((name) => h("button", { type: "button", key: name, "aria-label": name.replaceAll("_", " "), title: `:${name}:`, onclick: react(name) }, emoji(name)))),
  );
}

function acrossGrid(event) {
  const all = [...event.currentTarget.querySelectorAll("button")];
  const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 };
  if (!(event.key in moves)) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + moves[event.key]))].focus();
}

function repliesLink(message) {
  const faces = (message.reply_users ?? []).slice(0, 3).map((id) => (person(id)?.face ? face(person(id), 20) : appIcon(state.see.app, 20)));
  return h("button", { type: "button", class: "replies-link", onclick: () => showThread(message.ts) }, faces, h("span", { class: "linkish" }, counted(message.reply_count)), h("span", { class: "quietly" }, `last ${dayTime(new Date(message.latest_reply_at))}`));
}

function tools(place, message, { pointed, thread }) {
  const tabindex = pointed ? 0 : -1;
  return h(
    "div",
    { class: "tools", role: "group", "aria-label": "Message tools" },
    reactor(message, `tools ${thread}`, "quiet", tabindex),
    !thread && h("button", { type: "button", class: "quiet", tabindex, "aria-label": "Reply in thread", title: "Reply in thread", onclick: () => showThread(message.thread_ts ?? message.ts) }, icon("thread")),
    menu({ id: `tools ${message.channel} ${message.ts} ${thread}`, label: "More for this message", items: () => items(place, message, thread), trigger: { class: "quiet", tabindex, title: "More" }, content: icon("more") }),
  );
}

function items(place, message, thread) {
  const where = { channel: message.channel, ts: message.ts };
  const own = message.user === state.see.me.id && !message.bot_id;
  const shortcuts = state.see.shortcuts.filter((one) => one.type === "message");
  return [
    ...shortcuts.map((one) => ({ id: one.callback_id, label: one.name, hint: state.see.app.name, icon: appIcon(state.see.app, 20), act: () => attempt("message_shortcut", { callback_id: one.callback_id, ...where }) })),
    { label: "Copy text", icon: icon("copy"), act: () => copy(spoken(message.text ?? ""), document.createElement("i")) },
    { label: "Copy link", icon: icon("copy"), hint: titleOf(place), act: () => copy(message.permalink ?? "", document.createElement("i")) },
    ...(own ? [{ label: "Edit message", icon: icon("gear"), act: () => update({ editing: { ...where, thread } }) }, { label: "Delete message", icon: icon("close"), danger: true, act: () => askDelete(where) }] : []),
  ];
}

function askDelete(where) {
  const words = (text) => ({ type: "plain_text", text });
  const answer = (yes) => yes && attempt("delete", where);
  update({ confirm: { title: words("Delete message"), text: words("Delete this message? It cannot be undone."), confirm: words("Delete"), deny: words("Keep it"), style: "danger", answer } });
}

function editor(message) {
  const where = { channel: message.channel, ts: message.ts };
  const written = { dom: null };
  const leave = () => {
    update({ editing: null, pointed: message.ts });
    queueMicrotask(() => document.querySelector(`article[data-ts="${message.ts}"]`)?.focus());
  };
  const save = async () => {
    const text = written.dom.value.trim();
    if (text && (await attempt("edit", { ...where, text }))) leave();
  };
  const onkeydown = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      leave();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  };
  const onmount = (dom) => {
    written.dom = dom;
    dom.value = spoken(message.text ?? "");
    dom.focus();
  };
  const onrender = (dom) => {
    written.dom = dom;
  };
  return h(
    "div",
    { class: "editor", key: "editor" },
    h("textarea", { class: "typed", rows: 3, "aria-label": "Edit your message", onmount, onrender, onkeydown }),
    h("div", { class: "row" }, h("button", { type: "button", class: "button", onclick: leave }, "Cancel"), h("button", { type: "button", class: "button primary", onclick: save }, "Save changes")),
  );
}
