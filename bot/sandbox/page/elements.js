// The elements people use: buttons, menus, pickers, boxes, fields. Each tells the workspace by an act.

import { post } from "./api.js";
import { h } from "./dom.js";
import { face, icon } from "./drawing.js";
import { forget, inTurn, now, settled, soon, track } from "./edits.js";
import { picker } from "./picking.js";
import { menu } from "./popover.js";
import { attempt, nameOf, noteTrigger, person, state, titleOf, toast, update } from "./store.js";
import { plain, plainString, textObject } from "./text.js";
import { momentOf, wallTime } from "./time.js";

const CHOSEN_ALONE = new Set(["datepicker", "timepicker", "datetimepicker"]);
const TYPED = { plain_text_input: "text", number_input: "text", email_text_input: "email", url_text_input: "url", rich_text_input: "text" };

/**
 * Draw an element. `at` says where it is: {key, where: {channel, ts} or {view_id}, values, trouble};
 * `field` is what an input block adds: {id, label, describedby, invalid, dispatch}.
 */
export function element(at, block, one, field = null) {
  const use = new Use(at, block, one, field);
  if (one.type === "button" || one.type === "workflow_button") return button(use);
  if (one.type === "overflow") return overflow(use);
  if (one.type === "checkboxes" || one.type === "radio_buttons") return boxes(use);
  if (CHOSEN_ALONE.has(one.type)) return moment(use);
  if (one.type in TYPED) return typed(use);
  if (one.type === "file_input") return files(use);
  if (one.type === "feedback_buttons") return feedback(use);
  if (one.type === "icon_button") return iconButton(use);
  if (one.type.endsWith("_select")) return select(use);
  if (one.type === "image") return picture(one);
  return h("span", { class: "unknown" }, `[${one.type}]`);
}

/** One element in its place: what it is called, what it holds, how it is used. */
class Use {
  constructor(at, block, one, field) {
    Object.assign(this, { at, block, one, field });
    this.key = `${at.key}/${block.block_id}/${one.action_id}`;
    this.value = at.values?.[block.block_id]?.[one.action_id] ?? {};
    this.label = field?.label ?? (plainString(one.placeholder) || plainString(block.text).slice(0, 80) || one.type.replaceAll("_", " "));
  }

  get inTrouble() {
    return Array.isArray(this.at.trouble) && this.at.trouble.includes(this.one.action_id);
  }

  get described() {
    return { "aria-label": this.label, "aria-describedby": this.field?.describedby, "aria-invalid": this.field?.invalid || null, "data-action": this.one.action_id };
  }

  fields(more) {
    return { ...this.at.where, block_id: blockNow(this.at.where, this.block, this.one), action_id: this.one.action_id, ...more };
  }

  /** Act on it: what was typed around it goes first, and a `confirm` is asked before anything leaves. */
  async go(kind, more = {}) {
    const trigger = document.activeElement;
    if (this.one.confirm && !(await confirmed(this.one.confirm))) return null;
    const asked = this.one.confirm ? { confirmed: true } : {};
    return inTurn(async () => {
      await settled();
      noteTrigger(trigger);
      return track(attempt(kind, this.fields({ ...more, ...asked }), this.key));
    });
  }
}

// An app that redraws its message gives new block_ids; whoever pressed a moment too early still means the same button.
function blockNow({ view_id, channel, ts }, block, one) {
  const { modals, home, conversations } = state.see;
  const place = view_id
    ? [...modals, home].find((view) => view?.id === view_id)
    : conversations.find((other) => other.id === channel)?.messages.find((message) => message.ts === ts);
  const list = place?.blocks ?? [];
  const holds = (other) => [other.element, other.accessory, ...(other.elements ?? [])].some((element) => element?.action_id === one.action_id);
  const now = list.find((other) => other.block_id === block.block_id) ?? list.find(holds) ?? block;
  return now.block_id;
}

function confirmed(confirm) {
  return new Promise((answer) => update({ confirm: { ...confirm, answer } }));
}

const mark = () => h("span", { class: "trouble-mark" }, icon("warn", 14), h("span", { class: "unseen" }, "The app did not answer."));

function button(use) {
  const { one } = use;
  const busy = state.busy.has(use.key);
  const press = async () => {
    if (busy) return;
    const answer = await use.go("click");
    if (answer?.url) window.open(answer.url, "_blank", "noopener");
  };
  return h(
    "button",
    { type: "button", key: one.action_id, class: `button ${one.style ?? ""}`, "aria-label": one.accessibility_label ?? null, "aria-busy": busy || null, "data-action": one.action_id, onclick: press },
    plain(one.text?.text ?? ""),
    one.url && h("span", { class: "unseen" }, " (opens a new tab)"),
    use.inTrouble && mark(),
  );
}

function feedback(use) {
  return h(
    "span",
    { class: "feedback", key: use.key },
    ["positive_button", "negative_button"].map((side) => {
      const one = use.one[side];
      const label = one.accessibility_label ?? plainString(one.text);
      return h("button", { type: "button", key: side, class: "quiet small", "aria-label": label, title: label, "data-action": `${use.one.action_id} ${side}`, onclick: () => use.go("click", { value: one.value }) }, icon(side === "positive_button" ? "up" : "thumbdown"), h("span", {}, plainString(one.text)));
    }),
  );
}

function iconButton(use) {
  const { one } = use;
  const visible = !one.visible_to_user_ids || one.visible_to_user_ids.includes(state.see.me.id);
  const label = one.accessibility_label ?? plainString(one.text);
  return visible && h("button", { type: "button", key: use.key, class: "quiet small", "aria-label": label, "data-action": one.action_id, onclick: () => use.go("click") }, icon(one.icon === "trash" ? "close" : "more"), plainString(one.text));
}

function overflow(use) {
  const items = () =>
    use.one.options.map((option) => ({
      id: option.value,
      label: plainString(option.text),
      hint: option.description && plainString(option.description),
      act: async () => {
        await use.go("choose", { value: option.value });
        if (option.url) window.open(option.url, "_blank", "noopener");
      },
    }));
  return menu({ id: use.key, label: use.one.accessibility_label ?? "More actions", items, trigger: { class: "button icon-only", "data-action": use.one.action_id }, content: [icon("more"), use.inTrouble && mark()] });
}

function boxes(use) {
  const { one, value } = use;
  const many = one.type === "checkboxes";
  const chosen = (many ? value.selected_options : value.selected_option && [value.selected_option])?.map((option) => option.value) ?? [];
  const pick = (option) => (event) => {
    const without = chosen.filter((other) => other !== option.value);
    const wanted = many ? (event.target.checked ? [...without, option.value] : without) : [option.value];
    use.go("choose", { values: wanted });
  };
  const rows = one.options.map((option, at) =>
    h(
      "label",
      { class: "box", key: option.value },
      h("input", { type: many ? "checkbox" : "radio", name: use.key, checked: chosen.includes(option.value), "data-action": `${one.action_id} ${at}`, onchange: pick(option) }),
      h("span", {}, textObject(option.text), option.description && h("small", {}, textObject(option.description))),
    ),
  );
  const { "data-action": _, ...described } = use.described;
  return h("div", { key: use.key, class: "boxes", role: many ? "group" : "radiogroup", ...described }, rows);
}

const SLOT = { datepicker: "selected_date", timepicker: "selected_time", datetimepicker: "selected_date_time" };
const NATIVE = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

// A native field reports every keystroke of a year; only a date somebody stopped at is sent.
function moment(use) {
  const { one, value } = use;
  const held = value[SLOT[one.type]];
  const wall = one.type === "datetimepicker" && held != null ? wallTime(new Date(held * 1000)) : held;
  const send = (dom) => () => {
    const written = dom.value || null;
    const wanted = written && one.type === "datetimepicker" ? Math.round(momentOf(written) / 1000) : written;
    return wanted === (held ?? null) ? Promise.resolve() : attempt("choose", use.fields({ value: wanted }), use.key);
  };
  const changed = (event) => {
    if (one.confirm) return use.go("choose", { value: event.target.value || null });
    soon(use.key, send(event.target), 600);
  };
  return h("input", { key: use.key, id: use.field?.id, class: "typed when", type: NATIVE[one.type], value: wall ?? "", ...use.described, onchange: changed, onblur: () => now(use.key) });
}

function typed(use) {
  const { one, field } = use;
  const held = one.type === "rich_text_input" ? spokenRich(use.value.rich_text_value) : use.value.value;
  const multiline = one.multiline || one.type === "rich_text_input";
  const moments = one.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const send = (dom, more) => () => attempt("type", use.fields({ text: dom.value, ...more }));
  const onkeydown = (event) => {
    const enters = event.key === "Enter" && !event.isComposing && !(multiline && !event.ctrlKey && !event.metaKey);
    if (!enters || !field?.dispatch || !moments.includes("on_enter_pressed")) return;
    event.preventDefault();
    forget(use.key);
    track(send(event.target, { enter: true })());
  };
  const most = Math.min(one.max_length ?? 3000, 3000);
  return h(multiline ? "textarea" : "input", {
    key: use.key,
    id: field?.id,
    class: "typed",
    type: multiline ? null : TYPED[one.type],
    inputmode: one.type === "number_input" ? (one.is_decimal_allowed ? "decimal" : "numeric") : null,
    rows: multiline ? 4 : null,
    autocomplete: "off",
    placeholder: plainString(one.placeholder) || null,
    maxlength: one.type === "plain_text_input" ? most : null,
    "data-focus": one.focus_on_load || null,
    value: held ?? "",
    ...use.described,
    oninput: (event) => soon(use.key, send(event.target)),
    onblur: () => now(use.key),
    onkeydown,
  });
}

const spokenRich = (value) => (value?.elements ?? []).flatMap((section) => (section.elements ?? []).map((leaf) => leaf.text ?? "")).join("");

function files(use) {
  const { one, value } = use;
  const held = value.files ?? [];
  const add = async (event) => {
    const chosen = [...event.target.files].slice(0, (one.max_files ?? 10) - held.length);
    event.target.value = "";
    const added = [];
    for (const file of chosen) {
      const answer = await attempt("upload", { filename: file.name, base64: await base64(file) }, use.key);
      if (answer) added.push({ id: answer.file, name: file.name, mimetype: file.type, size: file.size });
    }
    if (added.length) track(attempt("choose", use.fields({ values: [...held, ...added] }), use.key));
  };
  const drop = (file) => track(attempt("choose", use.fields({ values: held.filter((other) => other.id !== file.id) })));
  return h(
    "div",
    { class: "files-input", key: use.key },
    held.map((file) => h("span", { class: "chip", key: file.id }, icon("file", 14), file.name, h("button", { type: "button", class: "quiet", "aria-label": `Remove ${file.name}`, onclick: () => drop(file) }, icon("close", 12)))),
    h("input", { type: "file", id: use.field?.id, multiple: (one.max_files ?? 10) > 1, accept: one.filetypes?.map((type) => `.${type}`).join(",") ?? null, ...use.described, onchange: add }),
  );
}

/** A file's bytes, as the control API takes them. */
export async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

const asOption = (option) => ({ value: option.value, label: plainString(option.text), hint: option.description && plainString(option.description) });
const asPerson = (one) => ({ value: one.id, label: one.name, hint: one.title || one.handle, icon: face(one, 22) });
const asPlace = (one) => ({ value: one.id, label: titleOf(one), hint: one.topic, icon: one.kind === "dm" ? face(person(one.with), 22) : null });

const KINDS = { im: "dm", mpim: "group_dm", private: "private", public: "channel" };

function places(one) {
  const wanted = one.filter?.include?.map((kind) => KINDS[kind]);
  const fits = (place) =>
    !place.is_archived &&
    (!wanted || wanted.includes(place.kind)) &&
    !(one.filter?.exclude_external_shared_channels && place.is_connect) &&
    !(one.filter?.exclude_bot_users && place.kind === "dm" && person(place.with)?.kind === "bot");
  return state.see.conversations.filter(fits);
}

// What each kind offers, and where its value stands.
function kindOf({ one, value }) {
  const kind = one.type.replace(/^multi_/, "").replace(/_select$/, "");
  const people = () => [{ options: state.see.people.filter((other) => !other.deleted).map(asPerson) }];
  const named = (ids, as) => (ids ?? []).filter(Boolean).map((id) => as(id) ?? { value: id, label: id });
  const many = one.type.startsWith("multi_");
  switch (kind) {
    case "users":
      return { groups: people, chosen: named(many ? value.selected_users : [value.selected_user], (id) => person(id) && asPerson(person(id))) };
    case "conversations":
      return { groups: () => [{ options: places(one).map(asPlace) }], chosen: named(many ? value.selected_conversations : [value.selected_conversation], placed) };
    case "channels":
      return { groups: () => [{ options: state.see.conversations.filter((place) => place.kind === "channel" && !place.is_archived).map(asPlace) }], chosen: named(many ? value.selected_channels : [value.selected_channel], placed) };
    default: {
      const groups = () => (one.option_groups ? one.option_groups.map((group) => ({ label: plainString(group.label), options: group.options.map(asOption) })) : [{ options: (one.options ?? []).map(asOption) }]);
      return { groups, chosen: (many ? value.selected_options : [value.selected_option])?.filter(Boolean).map(asOption) ?? [], external: kind === "external" };
    }
  }
}

function placed(id) {
  const place = state.see.conversations.find((one) => one.id === id);
  return place && { value: id, label: titleOf(place) ?? nameOf(place) };
}

function select(use) {
  const { one } = use;
  const { groups, chosen, external } = kindOf(use);
  const many = one.type.startsWith("multi_");
  const search = external
    ? async (query) => {
        try {
          const answer = await post("act", { as: state.me, workspace: state.workspace, do: "suggest", ...use.fields({ query }) });
          const offered = answer.option_groups?.length ? answer.option_groups.map((group) => ({ label: plainString(group.label), options: group.options.map(asOption) })) : [{ options: answer.options.map(asOption) }];
          return { groups: offered, note: answer.delivery?.outcome === "ok" ? "No matches." : "The app did not answer." };
        } catch (problem) {
          toast(problem.message);
          return null;
        }
      }
    : null;
  return picker({
    id: use.key,
    label: use.label,
    describedby: use.field?.describedby,
    invalid: use.field?.invalid,
    placeholder: plainString(one.placeholder),
    chosen,
    many,
    most: one.max_selected_items ?? Infinity,
    groups,
    search,
    fewest: one.min_query_length ?? 3,
    clearable: !many && Boolean(use.field),
    action: one.action_id,
    choose: (values) => use.go("choose", { values }),
  });
}

/** A picture of this machine; one from elsewhere is not fetched, and says so. */
export function picture(one, size = "accessory") {
  const url = one.slack_file?.url ?? (one.slack_file?.id ? `/files/${one.slack_file.id}/picture` : one.image_url);
  const local = url && new URL(url, location.href).origin === location.origin;
  if (local) return h("img", { class: `picture ${size}`, src: new URL(url, location.href).pathname, alt: one.alt_text ?? "" });
  return h("span", { class: `picture away ${size}`, role: "img", title: "Not fetched by the sandbox", "aria-label": one.alt_text ?? "picture" }, one.alt_text || "picture", size === "large" && h("small", {}, "Not fetched by the sandbox"));
}
