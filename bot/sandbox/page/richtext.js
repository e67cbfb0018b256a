// rich_text blocks: sections, lists, quotes, preformatted text.

import { h } from "./dom.js";
import { channelMention, copyable, emoji, link, mention, usergroup } from "./text.js";
import { filledDate } from "./time.js";

/** Show a rich_text block. */
export function richText(block) {
  return h("div", { class: "rich" }, (block.elements ?? []).map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section":
      return h("div", { class: "rich-section" }, leaves(element.elements));
    case "rich_text_list":
      return list(element);
    case "rich_text_quote":
      return h("blockquote", {}, leaves(element.elements));
    case "rich_text_preformatted":
      return copyable((element.elements ?? []).map((leaf) => leaf.text ?? leaf.url ?? "").join(""));
    default:
      return h("span", { class: "unknown" }, `[${element.type}]`);
  }
}

function list(element) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const start = tag === "ol" && element.offset ? element.offset + 1 : null;
  const items = (element.elements ?? []).map((item) => h("li", {}, item.type === "rich_text_list" ? list(item) : leaves(item.elements)));
  return h(tag, { start, class: `indent-${Math.min(8, element.indent ?? 0)}` }, items);
}

const leaves = (elements) => (elements ?? []).map((leaf) => styled(leaf, shown(leaf)));

function shown(leaf) {
  switch (leaf.type) {
    case "text":
      return leaf.text.split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line]));
    case "link":
      return link(leaf.url, leaf.text || leaf.url);
    case "emoji":
      return emoji(leaf.name);
    case "user":
      return mention(leaf.user_id);
    case "channel":
      return channelMention(leaf.channel_id);
    case "usergroup":
      return usergroup(leaf.usergroup_id);
    case "broadcast":
      return h("span", { class: "mention broadcast" }, `@${leaf.range}`);
    case "date":
      return h("time", {}, filledDate(leaf.format, leaf.timestamp));
    case "color":
      return h("code", {}, leaf.value);
    default:
      return h("span", { class: "unknown" }, `[${leaf.type}]`);
  }
}

function styled({ style = {} }, inner) {
  let drawn = inner;
  if (style.code) drawn = h("code", {}, drawn);
  if (style.strike) drawn = h("s", {}, drawn);
  if (style.italic) drawn = h("em", {}, drawn);
  if (style.bold) drawn = h("strong", {}, drawn);
  return drawn;
}
