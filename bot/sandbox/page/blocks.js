// Block Kit, drawn. A block this page cannot draw is named, never passed over in silence.

import { h } from "./dom.js";
import { element, picture } from "./elements.js";
import { richText } from "./richtext.js";
import { markdown, mrkdwn, plain, plainString, textObject } from "./text.js";

/** Draw blocks; `at` as for `element`, with `errors` for a modal's fields. */
export function blocks(at, list) {
  return list.map((block) => draw(at, block));
}

const DRAWN = {
  section,
  header: (_, block) => h("h3", { class: "block header-block" }, textObject(block.text)),
  context,
  divider: () => h("hr", { class: "block" }),
  actions: (at, block) => h("div", { class: "block actions" }, block.elements.map((one) => element(at, block, one))),
  image,
  input,
  rich_text: (_, block) => h("div", { class: "block" }, richText(block)),
  markdown: (_, block) => h("div", { class: "block markdown" }, markdown(block.text)),
  table: (_, block) => table(block),
  context_actions: (at, block) => h("div", { class: "block actions feedback-row" }, block.elements.map((one) => element(at, block, one))),
  alert: (_, block) => h("div", { class: `block alert ${block.level ?? ""}`, role: "note" }, textObject(block.text)),
};

function draw(at, block) {
  return DRAWN[block.type]?.(at, block) ?? h("p", { class: "block unknown" }, `[${block.type}]`);
}

function section(at, block) {
  return h(
    "div",
    { class: "block section" },
    h(
      "div",
      { class: "section-body" },
      block.text && h("div", { class: "words" }, textObject(block.text)),
      block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, textObject(field)))),
    ),
    block.accessory && h("div", { class: "accessory" }, element(at, block, block.accessory)),
  );
}

function context(_, block) {
  const parts = block.elements.map((one) => (one.type === "image" ? picture(one, "tiny") : h("span", {}, textObject(one))));
  return h("div", { class: "block context" }, parts);
}

function image(_, block) {
  return h("figure", { class: "block" }, block.title && h("figcaption", {}, plain(block.title.text)), picture(block, "large"));
}

function input(at, block) {
  const id = `field-${at.key}-${block.block_id}`.replace(/[^\w-]/g, "-");
  const error = at.errors?.[block.block_id];
  const label = plainString(block.label);
  const describedby = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || null;
  const field = { id, label: block.optional ? `${label} (optional)` : label, describedby, invalid: Boolean(error), dispatch: block.dispatch_action };
  return h(
    "div",
    { class: error ? "block field wrong" : "block field", key: `input ${block.block_id}` },
    h("label", { for: id, class: "label" }, plain(label), block.optional && h("span", { class: "optional" }, "optional")),
    element(at, block, block.element, field),
    error && h("p", { class: "error", id: `${id}-error` }, error),
    block.hint && h("p", { class: "hint", id: `${id}-hint` }, plain(block.hint.text)),
  );
}

function cell(one) {
  if (one.type === "raw_text") return plain(one.text ?? "");
  if (one.type === "raw_number") return String(one.text ?? one.value ?? "");
  return one.type === "rich_text" ? richText(one) : mrkdwn(one.text?.text ?? one.text ?? "");
}

function table(block) {
  const [head = [], ...rows] = block.rows;
  const settings = (at) => `${block.column_settings?.[at]?.align ?? "left"}${block.column_settings?.[at]?.is_wrapped ? " wrapped" : ""}`;
  return h(
    "div",
    { class: "block table-block", tabindex: 0, role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map((one, at) => h("th", { scope: "col", class: settings(at) }, cell(one))))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((one, at) => h("td", { class: settings(at) }, cell(one)))))),
    ),
  );
}
