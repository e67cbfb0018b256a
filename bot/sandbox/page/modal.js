// Modals, one on another, and the question before something that cannot be undone.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { appIcon, icon } from "./drawing.js";
import { inTurn, settled, track } from "./edits.js";
import { attempt, state, update } from "./store.js";
import { plain, plainString } from "./text.js";

const FIELDS = "[data-focus], .modal-body input:not([type=hidden]):not(.search), .modal-body textarea, .modal-body .select, .modal-body button";

/** The modal on top of the person's stack; banners come along, since nothing below it can be reached. */
export function modal(banners) {
  const view = state.see.modals.at(-1);
  if (!view) return null;
  const depth = state.see.modals.length;
  const at = { key: view.id, where: { view_id: view.id }, values: view.state.values, errors: view.errors, trouble: view.trouble };
  const onkeydown = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    close(view);
  };
  const oncancel = (event) => {
    event.preventDefault();
    close(view);
  };
  return h(
    "dialog",
    { class: `modal depth-${depth}`, key: "modal", "aria-labelledby": "modal-title", onmount: opened, onunmount: gone, onrender: (dom) => settle(dom, view), onkeydown, oncancel },
    banners,
    h(
      "form",
      { class: "modal-form", key: view.id, novalidate: true, onsubmit: (event) => submit(event, view) },
      h(
        "div",
        { class: "modal-head" },
        depth > 1 && h("button", { type: "button", class: "quiet", "aria-label": "Back to the view below", onclick: () => close(view) }, icon("back")),
        appIcon(state.see.app, 26),
        h("h2", { id: "modal-title", tabindex: -1 }, plain(view.title?.text ?? "")),
        h("button", { type: "button", class: "quiet", "aria-label": "Close window", onclick: () => close(view) }, icon("close")),
      ),
      view.trouble && h("p", { class: "error banner", role: "alert" }, view.trouble),
      h("div", { class: "modal-body", tabindex: 0, role: "group", "aria-labelledby": "modal-title" }, blocks(at, view.blocks)),
      h(
        "div",
        { class: "modal-foot" },
        h("span", { class: "quietly" }, state.see.app.name),
        h("span", { class: "grow" }),
        h("button", { type: "button", class: "button", onclick: () => close(view) }, plainString(view.close) || (view.submit ? "Cancel" : "Close")),
        view.submit && h("button", { type: "submit", class: "button primary", "aria-busy": state.busy.has(view.id) || null }, plain(view.submit.text)),
      ),
    ),
  );
}

const close = (view) => attempt("close", { view_id: view.id });

let submitting = null;

async function submit(event, view) {
  event.preventDefault();
  if (submitting === view.id) return;
  submitting = view.id;
  // A button pressed just before may still wait for its turn, and means the window as it stands.
  const answer = await inTurn(async () => {
    await settled();
    return track(attempt("submit", { view_id: view.id }, view.id));
  });
  submitting = null;
  if (answer?.errors) queueMicrotask(() => document.querySelector(".modal [aria-invalid=true], .modal .wrong input")?.focus());
}

let opener = null;

function opened(dom) {
  opener = state.trigger;
  dom.showModal();
}

function gone() {
  const back = opener?.isConnected ? opener : document.querySelector(".main .composer textarea, .main [tabindex]");
  opener = null;
  queueMicrotask(() => back?.focus());
}

// A view that takes the place of another begins at its first field; one that is only redrawn leaves the focus alone.
function settle(dom, view) {
  if (dom.shown === view.id) return;
  dom.shown = view.id;
  (dom.querySelector("[data-focus]") ?? dom.querySelector(FIELDS) ?? dom.querySelector("h2"))?.focus();
}

/** The question an element's `confirm` asks. */
export function confirmation() {
  const { confirm } = state;
  if (!confirm) return null;
  const answer = (yes) => () => {
    update({ confirm: null });
    confirm.answer(yes);
  };
  const onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    answer(false)();
  };
  let back = null;
  const onmount = (dom) => {
    back = document.activeElement;
    dom.back = back;
    dom.showModal();
    dom.querySelector(".button")?.focus();
  };
  const onunmount = (dom) => queueMicrotask(() => dom.back?.isConnected && dom.back.focus());
  return h(
    "dialog",
    { class: "modal confirm", key: "confirm", role: "alertdialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text", onmount, onunmount, onkeydown, oncancel: (event) => event.preventDefault() },
    h("h2", { id: "confirm-title" }, plain(confirm.title.text)),
    h("p", { id: "confirm-text" }, plain(confirm.text.text)),
    h("div", { class: "modal-foot" }, h("span", { class: "grow" }), h("button", { type: "button", class: "button", onclick: answer(false) }, plain(confirm.deny?.text ?? "Cancel")), h("button", { type: "button", class: `button ${confirm.style === "danger" ? "danger" : "primary"}`, onclick: answer(true) }, plain(confirm.confirm?.text ?? "Yes"))),
  );
}
