// Slack's text as Slack shows it. Everything becomes elements and text nodes; nothing is ever read as HTML.

import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { person, state } from "./store.js";
import { filledDate } from "./time.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
export const decoded = (text) => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);

const STYLES = { "*": "strong", _: "em", "~": "s" };
const TOKEN = /<([^<>\n]+)>|`([^`\n]+)`|(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\3(?![\w*_~])|:([a-z0-9_+'-]+):/;

/** Show mrkdwn. */
export function mrkdwn(text) {
  const parts = text.split(/```\n?([\s\S]*?)\n?```\n?/);
  return parts.map((part, at) => (at % 2 ? h("pre", { class: "pre" }, decoded(part)) : quoted(part)));
}

/** Show a text object: mrkdwn, or plain text with its emoji. */
export function textObject(object) {
  if (!object) return null;
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text);
}

/** Show plain text; only emoji short names mean anything in it. */
export function plain(text) {
  return broken(text, (line) =>
    line.split(/:([a-z0-9_+'-]+):/).map((part, at) => (at % 2 ? emoji(part) : part)),
  );
}

/** Plain text with its emoji, where only characters fit. */
export const plainString = (object) => (object?.text ?? "").replace(/:([a-z0-9_+'-]+):/g, (whole, name) => EMOJI.get(name) ?? whole);

/** One emoji by its short name. */
export function emoji(name) {
  const character = EMOJI.get(name.replace(/::skin-tone-\d$/, ""));
  return character ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, character) : `:${name}:`;
}

function quoted(text) {
  const drawn = [];
  let quote = [];
  let lines = [];
  const endQuote = () => quote.length && drawn.push(h("blockquote", {}, inlineLines(quote.splice(0))));
  const endLines = () => lines.length && drawn.push(inlineLines(lines.splice(0)));
  for (const [at, line] of text.split("\n").entries()) {
    const mark = /^(?:&gt;|>)(?:&gt;&gt;|>>)? ?/.exec(line);
    if (mark && /^(?:&gt;|>){3}/.test(line)) {
      endLines();
      quote = [line.slice(mark[0].length), ...text.split("\n").slice(at + 1)];
      break;
    }
    if (mark) endLines();
    else endQuote();
    (mark ? quote : lines).push(mark ? line.slice(mark[0].length) : line);
  }
  endQuote();
  endLines();
  return drawn;
}

const inlineLines = (lines) => broken(lines.join("\n"), inline);

function broken(text, show) {
  return text.split("\n").flatMap((line, at) => (at ? [h("br"), show(line)] : [show(line)]));
}

function inline(text) {
  const drawn = [];
  let rest = text;
  for (let match = TOKEN.exec(rest); match; match = TOKEN.exec(rest)) {
    const [whole, reference, code, style, inner, name] = match;
    drawn.push(decoded(rest.slice(0, match.index)));
    if (reference) drawn.push(referred(reference));
    else if (code) drawn.push(h("code", {}, decoded(code)));
    else if (style) drawn.push(h(STYLES[style], {}, inline(inner)));
    else drawn.push(emoji(name));
    rest = rest.slice(match.index + whole.length);
  }
  drawn.push(decoded(rest));
  return drawn;
}

function referred(reference) {
  const [target, label] = splitOnce(reference, "|");
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!subteam^")) return usergroup(target.slice(9), label);
  if (target.startsWith("!date^")) {
    const [, seconds, pattern] = target.split("^");
    return h("time", { title: decoded(label ?? "") }, decoded(filledDate(pattern, seconds)));
  }
  if (target.startsWith("!")) return h("span", { class: "mention broadcast" }, `@${decoded(label ?? target.slice(1)).replace(/^@/, "")}`);
  return link(decoded(target), decoded(label ?? target).replace(/^mailto:/, ""));
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A link that leaves this page alone; anything but http and mail is shown and goes nowhere. */
export function link(url, label) {
  if (!/^(https?:|mailto:|tel:)/i.test(url)) return label;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label || url);
}

export function mention(id, label) {
  const one = person(id);
  const name = one?.display_name || one?.name || (id === state.see?.app.user_id ? state.see.app.name : label) || "someone";
  return h("span", { class: id === state.see?.me.id ? "mention me" : "mention" }, `@${name}`);
}

export function channelMention(id, label) {
  const one = state.see?.conversations.find((other) => other.id === id);
  const href = one && `#/${state.me}/${one.name}`;
  return one ? h("a", { class: "mention", href }, `#${one.name}`) : h("span", { class: "mention" }, label ? `#${label}` : "a private channel");
}

export function usergroup(id, label) {
  const group = state.see?.usergroups.find((one) => one.id === id);
  return h("span", { class: "mention" }, `@${(group?.handle ?? label ?? "group").replace(/^@/, "")}`);
}

/** Text of mrkdwn without any marks, for a screen reader's announcement. */
export function spoken(text) {
  return decoded(
    text
      .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => `@${person(id)?.display_name ?? "someone"}`)
      .replace(/<[^|>]*\|([^>]*)>/g, "$1")
      .replace(/<([^>]*)>/g, "$1")
      .replace(/[*_~`]/g, ""),
  );
}

const MARKDOWN = /`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|\*([^*\s][^*]*)\*|_([^_\s][^_]*)_|!?\[([^\]]*)\]\(([^)\s]+)\)|:([a-z0-9_+'-]+):/;

function markdownInline(text) {
  const drawn = [];
  let rest = text;
  for (let match = MARKDOWN.exec(rest); match; match = MARKDOWN.exec(rest)) {
    const [whole, code, bold, alsoBold, struck, italic, alsoItalic, label, url, name] = match;
    drawn.push(rest.slice(0, match.index));
    if (code) drawn.push(h("code", {}, code));
    else if (bold ?? alsoBold) drawn.push(h("strong", {}, markdownInline(bold ?? alsoBold)));
    else if (struck) drawn.push(h("s", {}, markdownInline(struck)));
    else if (italic ?? alsoItalic) drawn.push(h("em", {}, markdownInline(italic ?? alsoItalic)));
    else if (url) drawn.push(link(url, label));
    else drawn.push(emoji(name));
    rest = rest.slice(match.index + whole.length);
  }
  return [...drawn, rest];
}

/** Show the Markdown of a markdown block: headings, lists, quotes, code, emphasis, links. */
export function markdown(text) {
  const drawn = [];
  const lines = text.split("\n");
  while (lines.length) {
    const line = lines.shift();
    const heading = /^(#{1,6})\s+(.*)/.exec(line);
    const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)/.exec(line);
    if (/^```/.test(line)) {
      const end = lines.findIndex((other) => /^```/.test(other));
      const code = lines.splice(0, end < 0 ? lines.length : end);
      lines.shift();
      drawn.push(copyable(code.join("\n")));
    } else if (heading) {
      drawn.push(h("p", { class: "md-heading", role: "heading", "aria-level": Math.min(6, heading[1].length + 3) }, markdownInline(heading[2])));
    } else if (item) {
      const items = [item[2]];
      const more = /^\s*(?:[-*+]|\d+[.)])\s+(.*)/;
      while (lines.length && more.test(lines[0])) items.push(more.exec(lines.shift())[1]);
      drawn.push(h(item[1] ? "ol" : "ul", {}, items.map((words) => h("li", {}, markdownInline(words)))));
    } else if (/^>/.test(line)) {
      drawn.push(h("blockquote", {}, markdownInline(line.replace(/^> ?/, ""))));
    } else if (/^(?:-{3,}|\*{3,})$/.test(line.trim())) {
      drawn.push(h("hr"));
    } else if (line.trim()) {
      drawn.push(h("p", {}, markdownInline(line)));
    }
  }
  return drawn;
}

/** Preformatted text with a button that copies it. */
export function copyable(text) {
  return h(
    "div",
    { class: "copyable" },
    h("pre", { class: "pre" }, text),
    h("button", { type: "button", class: "copy", onclick: (event) => copy(text, event.currentTarget) }, "Copy"),
  );
}

/** Put words on the clipboard and say so on the button. */
export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select and copy";
  }
}
