// Menus and lists that open over the page: one at a time, closed by Escape, focus given back.

import { h } from "./dom.js";
import { icon } from "./drawing.js";
import { state, update } from "./store.js";

let anchor = null;
let onClose = null;

/** Open a popover by its id, beside the thing that was pressed. */
export function open(id, beside, closed = null) {
  if (state.open) close(false);
  anchor = beside;
  onClose = closed;
  update({ open: id, query: "", active: 0, offered: null });
}

/** Close what is open; focus goes back to what opened it. */
export function close(refocus = true) {
  if (!state.open) return;
  const before = anchor;
  const closed = onClose;
  onClose = null;
  update({ open: null, query: "", offered: null });
  if (refocus && before?.isConnected) before.focus();
  closed?.();
}

export const toggle = (id, event, closed) => (state.open === id ? close() : open(id, event.currentTarget, closed));

document.addEventListener("pointerdown", (event) => {
  if (!state.open || event.target.closest?.("[data-popover]") || anchor?.contains(event.target)) return;
  close(false);
});

// Fixed, and measured each time, so that no scrolling parent cuts it off.
function beside(dom) {
  if (!anchor?.isConnected) return;
  const box = anchor.getBoundingClientRect();
  dom.style.setProperty("left", "8px");
  const { offsetWidth: width, offsetHeight: height } = dom;
  const below = innerHeight - box.bottom - 12;
  const up = height > below && box.top > below;
  const top = up ? Math.max(8, box.top - height - 4) : box.bottom + 4;
  dom.style.setProperty("left", `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`);
  dom.style.setProperty("top", `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`);
}

/** The box of an open popover; `first` picks what gets the focus. */
export function popover(id, props, ...children) {
  if (state.open !== id) return null;
  const { first = "input, [role^=menuitem], button", ...rest } = props;
  const onmount = (dom) => {
    beside(dom);
    dom.querySelector(first)?.focus({ preventScroll: true });
  };
  const onkeydown = (event) => {
    rest.onkeydown?.(event);
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  return h("div", { key: `popover ${id}`, "data-popover": id, ...rest, class: `popover ${rest.class ?? ""}`, onmount, onrender: beside, onkeydown }, children);
}

/** A button and the menu it opens. Items: {label, hint, icon, act, checked, danger, disabled}, or {heading}. */
export function menu({ id, label, items, trigger = {}, content, wrap = "", popClass = "" }) {
  const isOpen = state.open === id;
  const button = h(
    "button",
    { type: "button", "aria-haspopup": "menu", "aria-expanded": isOpen, "aria-label": label, ...trigger, onclick: (event) => toggle(id, event) },
    content,
  );
  const choose = (item) => {
    close();
    item.act();
  };
  const rows = isOpen ? items().map((item, at) => row(item, at, choose)) : [];
  return h("span", { class: `wrap ${wrap}`, key: `menu ${id}` }, button, popover(id, { role: "menu", "aria-label": label, class: `menu ${popClass}`, onkeydown: walk }, rows));
}

function row(item, at, choose) {
  if (item.heading) return h("div", { class: "menu-heading", role: "presentation", key: `heading ${item.heading}` }, item.heading);
  const role = item.checked === undefined ? "menuitem" : "menuitemradio";
  return h(
    "button",
    { type: "button", role, key: `item ${item.id ?? item.label} ${at}`, tabindex: -1, "aria-checked": item.checked, disabled: item.disabled, class: item.danger ? "item danger" : "item", onclick: () => choose(item) },
    item.icon,
    h("span", { class: "item-words" }, h("span", {}, item.label), item.hint && h("small", {}, item.hint)),
    item.checked && icon("check"),
  );
}

/** Arrow keys, Home, End and first letters move through a menu; Tab leaves it. */
export function walk(event) {
  const items = [...event.currentTarget.querySelectorAll("[role^=menuitem]:not(:disabled)")];
  const at = items.indexOf(document.activeElement);
  const goals = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 };
  if (event.key === "Tab") return close();
  let goal = goals[event.key];
  if (goal === undefined && /^\S$/.test(event.key) && document.activeElement?.tagName !== "INPUT") {
    const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    goal = items.indexOf(after.find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase())));
  }
  if (goal === undefined || goal < 0) return;
  event.preventDefault();
  items[goal].focus();
}
