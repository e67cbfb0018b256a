// Choosing from a list: a button, a box to search in, options by keyboard or pointer.

import { h } from "./dom.js";
import { icon } from "./drawing.js";
import { close, open, popover } from "./popover.js";
import { state, update } from "./store.js";

/**
 * A select. `groups()` gives [{label, options: [{value, label, hint, icon}]}]; `chosen` is the list of chosen options;
 * `choose(values)` is called once, when the list closes; `search(query)` asks somebody else for the groups.
 */
export function picker({ id, label, describedby, invalid, placeholder, chosen, many = false, most = Infinity, groups, choose, search, fewest = 0, clearable, action }) {
  const isOpen = state.open === id;
  const values = isOpen && state.picked ? state.picked : chosen.map((option) => option.value);
  const shown = chosen.map((option) => option.label).join(", ");
  const start = (event) => {
    if (isOpen) return close();
    update({ picked: chosen.map((option) => option.value) });
    open(id, event.currentTarget, () => finish(chosen, many, choose));
    if (search) ask(id, "", search, fewest);
  };
  return h(
    "span",
    { class: "wrap picker", key: `picker ${id}` },
    h(
      "button",
      { type: "button", class: `select ${shown ? "" : "empty"}`, "aria-haspopup": "listbox", "aria-expanded": isOpen, "aria-label": `${label}: ${shown || "nothing chosen"}`, "aria-describedby": describedby, "aria-invalid": invalid || null, "data-action": action, onclick: start, onkeydown: (event) => opensOnArrow(event, start) },
      h("span", { class: "select-words" }, shown || placeholder || "Choose"),
      icon("down", 14),
    ),
    clearable && shown && !isOpen && h("button", { type: "button", class: "quiet clear", "aria-label": `Clear ${label}`, onclick: () => choose([]) }, icon("close", 12)),
    isOpen && list({ id, label, values, many, most, groups, choose, search, fewest }),
  );
}

function opensOnArrow(event, start) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  start(event);
}

function finish(chosen, many, choose) {
  const { picked } = state;
  update({ picked: null });
  const before = chosen.map((option) => option.value);
  if (many && picked && (picked.length !== before.length || picked.some((value) => !before.includes(value)))) choose(picked);
}

let asked = 0;
let askTimer = null;

// The answer to an older question is no answer to a newer one.
function ask(id, query, search, fewest) {
  clearTimeout(askTimer);
  asked += 1;
  const mine = asked;
  if (query.length < fewest) return update({ offered: { groups: [], note: `Type ${fewest === 1 ? "a character" : `${fewest} characters`} or more` } });
  update({ offered: { groups: [], note: "Asking the app…" } });
  askTimer = setTimeout(async () => {
    const answer = await search(query);
    if (mine === asked && state.open === id) update({ active: 0, offered: answer ?? { groups: [], note: "The app gave no answer." } });
  }, query ? 200 : 0);
}

function narrowed(groups, query) {
  const words = query.trim().toLowerCase();
  const fits = (option) => !words || `${option.label} ${option.hint ?? ""}`.toLowerCase().includes(words);
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) })).filter((group) => group.options.length);
}

function list({ id, label, values, many, most, groups, choose, search, fewest }) {
  const shown = search ? (state.offered?.groups ?? []) : narrowed(groups(), state.query);
  const flat = shown.flatMap((group) => group.options);
  const active = Math.min(state.active, flat.length - 1);
  const listId = `list-${id.replace(/[^\w]/g, "-")}`;
  const take = (option) => {
    if (!many) {
      choose([option.value]);
      return close();
    }
    const without = values.filter((value) => value !== option.value);
    const added = without.length < values.length || values.length >= most ? without : [...values, option.value];
    update({ picked: added });
  };
  const onkeydown = (event) => {
    const goals = { ArrowDown: Math.min(active + 1, flat.length - 1), ArrowUp: Math.max(active - 1, 0), PageDown: Math.min(active + 8, flat.length - 1), PageUp: Math.max(active - 8, 0) };
    if (event.key in goals) {
      event.preventDefault();
      update({ active: goals[event.key] });
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (flat[active]) take(flat[active]);
    } else if (event.key === "Tab") {
      close();
    }
  };
  const oninput = (event) => {
    update({ query: event.target.value, active: 0 });
    if (search) ask(id, event.target.value, search, fewest);
  };
  return popover(
    id,
    { class: "choices", onkeydown },
    h("input", { class: "search", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-label": `Search ${label}`, "aria-expanded": "true", "aria-controls": listId, "aria-autocomplete": "list", "aria-activedescendant": flat.length ? `${listId}-${active}` : null, placeholder: "Search", oninput }),
    h("div", { id: listId, role: "listbox", "aria-label": label, "aria-multiselectable": many || null, class: "options", tabindex: -1 }, options(shown, { listId, active, values, take })),
    many && h("p", { class: "choices-note" }, most < Infinity ? `Up to ${most}. ` : "", "Escape when you are done."),
    !flat.length && h("p", { class: "choices-note", role: "status" }, state.offered?.note ?? "Nothing by that name."),
  );
}

function options(groups, { listId, active, values, take }) {
  let number = -1;
  const one = (option) => {
    number += 1;
    const isActive = number === active;
    return h(
      "div",
      { key: `${option.value}`, id: `${listId}-${number}`, role: "option", class: isActive ? "option active" : "option", "aria-selected": values.includes(option.value), onclick: () => take(option), onrender: isActive ? inView : () => {} },
      option.icon,
      h("span", { class: "item-words" }, h("span", {}, option.label), option.hint && h("small", {}, option.hint)),
      values.includes(option.value) && icon("check"),
    );
  };
  return groups.map((group, at) =>
    group.label
      ? h("div", { key: `group ${at} ${group.label}`, role: "group", "aria-label": group.label }, h("div", { class: "menu-heading", "aria-hidden": "true" }, group.label), group.options.map(one))
      : group.options.map(one),
  );
}

const inView = (dom) => dom.scrollIntoView({ block: "nearest" });
