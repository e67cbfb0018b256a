// Where one types: messages, commands, and the lists that help to finish a name.

import { Refused } from "./api.js";
import { h } from "./dom.js";
import { appIcon, face, icon } from "./drawing.js";
import { base64 } from "./elements.js";
import { EMOJI } from "./emoji.js";
import { menu } from "./popover.js";
import { act, attempt, state, titleOf, update } from "./store.js";

const drafts = new Map();
const helps = new Map();

/** The box under a conversation or a thread. */
export function composer(place, { thread = null } = {}) {
  const key = `${state.me} ${place.id} ${thread ?? ""}`;
  const help = helps.get(key);
  const label = thread ? "Reply in the thread" : `Message ${titleOf(place)}`;
  const listId = `completions${thread ? "-thread" : ""}`;
  const box = { key, place, thread };
  return h(
    "form",
    { class: "composer", key: `composer ${key}`, onsubmit: (event) => send(event, box) },
    help?.problem && h("p", { class: "error", role: "alert" }, help.problem),
    h(
      "div",
      { class: "composer-box" },
      help?.options?.length && completions(box, help, listId),
      h("textarea", {
        rows: 1,
        "aria-label": label,
        placeholder: label,
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": Boolean(help?.options?.length),
        "aria-controls": listId,
        "aria-activedescendant": help?.options?.length ? `${listId}-${help.active}` : null,
        onmount: (dom) => {
          dom.value = drafts.get(key) ?? "";
          grow(dom);
        },
        oninput: (event) => typed(event.target, box),
        onkeydown: (event) => pressed(event, box),
        onblur: () => helps.delete(key) && update(),
      }),
      h(
        "div",
        { class: "composer-row", key: "row" },
        shortcuts(key),
        h("label", { class: "quiet attach", title: "Attach a file" }, icon("clip"), h("span", { class: "unseen" }, "Attach a file"), h("input", { type: "file", class: "unseen", onchange: (event) => attach(event, box) })),
        thread && place.kind !== "dm" && h("label", { class: "box also" }, h("input", { type: "checkbox", name: "broadcast" }), h("span", {}, `Also send to ${titleOf(place)}`)),
        h("span", { class: "grow" }),
        h("button", { type: "submit", class: "button primary send", "aria-label": "Send" }, icon("send")),
      ),
    ),
  );
}

function shortcuts(key) {
  const { shortcuts: all, app, commands } = state.see;
  const globals = all.filter((one) => one.type === "global");
  const items = () => [
    ...(globals.length ? [{ heading: "Shortcuts" }] : []),
    ...globals.map((one) => ({ id: one.callback_id, label: one.name, hint: one.description, icon: appIcon(app, 22), act: () => attempt("shortcut", { callback_id: one.callback_id }) })),
    ...(commands.length ? [{ heading: "Commands" }] : []),
    ...commands.map((one) => ({ id: one.command, label: one.command, hint: one.description, icon: appIcon(app, 22), act: () => write(`${one.command} `) })),
  ];
  return menu({ id: `shortcuts ${key}`, label: "Shortcuts", items, trigger: { class: "quiet shortcuts", disabled: !all.length && !commands.length, title: "Shortcuts and commands" }, content: [icon("bolt"), h("span", {}, "Shortcuts")] });
}

/** Put words into the box under the conversation, ready to be sent or changed. */
export function write(text) {
  const dom = document.querySelector(".main .composer textarea");
  if (!dom) return;
  dom.value = text;
  dom.focus();
  dom.setSelectionRange(text.length, text.length);
  dom.dispatchEvent(new Event("input"));
}

function grow(dom) {
  dom.style.setProperty("height", "auto");
  dom.style.setProperty("height", `${Math.min(dom.scrollHeight, 220)}px`);
}

function typed(dom, { key }) {
  drafts.set(key, dom.value);
  grow(dom);
  const options = offered(dom);
  if (options.length) helps.set(key, { options, active: 0 });
  else helps.delete(key);
  update();
}

/** What could finish the word before the caret. */
function offered(dom) {
  const before = dom.value.slice(0, dom.selectionStart);
  const slash = /^\/(\S*)$/.exec(before);
  if (slash) return commandsLike(before);
  const word = /(?:^|[\s(])([@#:])([\w.+-]*)$/.exec(before);
  if (!word) return [];
  const [, mark, part] = word;
  if (mark === "@") return peopleLike(part.toLowerCase());
  if (mark === "#") return channelsLike(part.toLowerCase());
  return part.length > 1 ? emojiLike(part) : [];
}

function commandsLike(start) {
  const fits = state.see.commands.filter((one) => one.command.startsWith(start));
  return fits.map((one) => ({ text: `${one.command} `, label: one.command, more: one.usage_hint, hint: one.description, icon: appIcon(state.see.app, 24) }));
}

function peopleLike(part) {
  const { people, usergroups } = state.see;
  const fits = (words) => words.toLowerCase().split(/[\s@]+/).some((word) => word.startsWith(part));
  const named = people
    .filter((one) => !one.deleted && fits(`${one.handle} ${one.name}`))
    .map((one) => (one.kind === "bot" ? { text: "@app ", label: one.name, hint: "App", icon: appIcon(state.see.app, 24) } : { text: `@${one.handle} `, label: one.name, hint: one.title, icon: face(one, 24) }));
  const groups = usergroups.filter((one) => fits(one.handle)).map((one) => ({ text: `@${one.handle} `, label: `@${one.handle}`, hint: one.name }));
  const all = ["here", "channel"].filter(fits).map((name) => ({ text: `@${name} `, label: `@${name}`, hint: name === "here" ? "Everybody who is active here" : "Everybody in this channel" }));
  return [...named, ...groups, ...all].slice(0, 8);
}

const channelsLike = (part) =>
  state.see.conversations
    .filter((one) => (one.kind === "channel" || one.kind === "private") && one.name.includes(part))
    .slice(0, 8)
    .map((one) => ({ text: `#${one.name} `, label: `#${one.name}`, hint: one.topic }));

const emojiLike = (part) =>
  [...EMOJI].filter(([name]) => name.startsWith(part)).slice(0, 8).map(([name, character]) => ({ text: `:${name}: `, label: `:${name}:`, hint: character }));

function completions(box, help, listId) {
  return h(
    "div",
    { class: "completions", key: "completions", id: listId, role: "listbox", "aria-label": "Suggestions" },
    help.options.map((option, at) =>
      h(
        "div",
        { key: option.label, id: `${listId}-${at}`, role: "option", class: at === help.active ? "option active" : "option", "aria-selected": at === help.active, onpointerdown: (event) => event.preventDefault(), onclick: () => finish(box, option) },
        option.icon,
        h("span", { class: "item-words" }, h("span", {}, h("strong", {}, option.label), option.more && h("span", { class: "quietly" }, ` ${option.more}`)), option.hint && h("small", {}, option.hint)),
      ),
    ),
  );
}

const boxOf = ({ thread }) => document.querySelector(`${thread ? ".thread" : ".main"} .composer textarea`);

function finish(box, option) {
  const dom = boxOf(box);
  const before = dom.value.slice(0, dom.selectionStart).replace(/(^\/\S*|[@#:][\w.+-]*)$/, option.text);
  dom.value = before + dom.value.slice(dom.selectionStart).replace(/^ /, "");
  dom.setSelectionRange(before.length, before.length);
  dom.focus();
  drafts.set(box.key, dom.value);
  helps.delete(box.key);
  update();
}

function pressed(event, box) {
  if (event.isComposing) return;
  const help = helps.get(box.key);
  if (help?.options?.length && completes(event, box, help)) return event.preventDefault();
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    event.target.form.requestSubmit();
  } else if (event.key === "ArrowUp" && !event.target.value) {
    editLast(event, box);
  }
}

function completes(event, box, help) {
  const { options, active } = help;
  const whole = options[active].text.trim() === event.target.value.trim();
  if (event.key === "ArrowDown") help.active = (active + 1) % options.length;
  else if (event.key === "ArrowUp") help.active = (active - 1 + options.length) % options.length;
  else if (event.key === "Escape") helps.delete(box.key);
  else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !whole)) finish(box, options[active]);
  else return false;
  if (event.key === "Escape") event.stopPropagation();
  update();
  return true;
}

function editLast(event, { place, thread }) {
  const own = place.messages.filter((one) => one.user === state.see.me.id && !one.ephemeral && (thread ? one.thread_ts === thread : !one.thread_ts || one.thread_ts === one.ts));
  const last = own.at(-1);
  if (!last) return;
  event.preventDefault();
  update({ editing: { channel: last.channel, ts: last.ts, thread: Boolean(thread) } });
}

async function send(event, box) {
  event.preventDefault();
  const form = event.target;
  const dom = form.querySelector("textarea");
  const text = dom.value.trim();
  if (!text) return;
  const broadcast = form.elements.broadcast?.checked ?? false;
  dom.value = "";
  drafts.delete(box.key);
  helps.delete(box.key);
  grow(dom);
  update();
  const { place, thread } = box;
  const where = { in: place.id, text, ...(thread ? { thread_ts: thread } : {}) };
  try {
    if (/^\/\S/.test(text)) await act("slash", where);
    else await act("say", { ...where, broadcast });
  } catch (problem) {
    // What was typed comes back, so that nothing is lost to a mistake.
    if (!dom.value) {
      dom.value = text;
      drafts.set(box.key, text);
      grow(dom);
    }
    helps.set(box.key, { problem: problem instanceof Refused ? problem.message : "The sandbox did not answer." });
    update();
  }
}

async function attach(event, { place, thread }) {
  const [file] = event.target.files;
  if (!file) return;
  const content = await base64(file);
  event.target.value = "";
  await attempt("upload", { in: place.id, filename: file.name, base64: content, ...(thread ? { thread_ts: thread } : {}) });
}
