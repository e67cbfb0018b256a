// The page: who looks, what they see, drawn anew after every change.

import { get } from "./api.js";
import { h, patch } from "./dom.js";
import { icon } from "./drawing.js";
import { drawer } from "./drawer.js";
import { author } from "./messages.js";
import { confirmation, modal } from "./modal.js";
import { mainPane, threadPane } from "./panes.js";
import { followAddress, noteRead } from "./places.js";
import { bar, closeRail, rail } from "./rail.js";
import { attempt, drawnBy, here, state, titleOf, toast, update, whenSeen } from "./store.js";
import { spoken } from "./text.js";

const page = document.getElementById("page");

function draw() {
  if (!state.see || !state.place) return patch(page, [state.reachable ? h("p", { class: "starting", role: "status" }, "Opening the workspace…") : h("p", { class: "starting", role: "alert" }, "The sandbox is not answering. Is it still running?")]);
  document.title = `${titleOfPlace()} · ${state.see.workspace.name} sandbox`;
  const parts = [bar(), strip(), rail(), state.railOpen && h("div", { class: "veil", onclick: closeRail }), mainPane(), threadPane(), drawer()];
  patch(page, [h("div", { class: `frame ${state.thread ? "with-thread" : ""} ${state.drawer ? "with-drawer" : ""}` }, parts), state.see.modals.length ? modal(banners()) : banners(), confirmation()].filter(Boolean));
}

const titleOfPlace = () => (here() && state.place.kind === "conversation" ? titleOf(here()) : state.see.app.name);

function strip() {
  const off = !state.reachable && "The sandbox is not answering; trying again.";
  const deaf = state.reachable && state.see.app.installed && !state.see.app.connected && `${state.see.app.name} is not connected, so it hears nothing.`;
  return (off || deaf) && h("p", { class: "strip", role: "status", key: "strip" }, icon("warn"), off || deaf);
}

function banners() {
  return h(
    "div",
    { class: "banners" },
    state.toasts.map((one) => h("p", { class: "banner", role: "alert", key: one.id }, h("span", {}, one.text), h("button", { type: "button", class: "quiet", "aria-label": "Dismiss", onclick: () => update({ toasts: state.toasts.filter((other) => other.id !== one.id) }) }, icon("close", 14)))),
  );
}

const polite = document.getElementById("polite");

// New messages where the person is are read out; so is what the app changes in what only they see.
function announce(before, see) {
  noteRead(see, before?.me.id !== see.me.id);
  if (before?.me.id !== see.me.id) return;
  const known = new Map(before.conversations.flatMap((one) => one.messages.map((message) => [`${message.channel} ${message.ts}`, message.text])));
  const words = [];
  for (const one of see.conversations) {
    for (const message of one.messages) {
      const earlier = known.get(`${message.channel} ${message.ts}`);
      const isNews = earlier === undefined || (message.ephemeral && earlier !== message.text);
      if (isNews && (message.user !== see.me.id || message.bot_id)) words.push(news(one, message));
    }
  }
  if (words.length) polite.textContent = words.slice(-3).join(" ");
}

function news(one, message) {
  const by = author(message).name;
  if (one.id !== here()?.id) return `New message in ${titleOf(one)} from ${by}.`;
  return `${message.ephemeral ? "Only visible to you. " : ""}${by}: ${spoken(message.text ?? "")}`;
}

async function start() {
  drawnBy(draw);
  whenSeen(announce);
  draw();
  state.cast = await get("cast");
  const told = await get("clock");
  state.clockMoved = told.offset_s;
  await followAddress();
  // As in Slack, what only one person sees does not outlive a reload.
  if (performance.getEntriesByType("navigation")[0]?.type === "reload") await attempt("reload");
  window.addEventListener("popstate", followAddress);
  setInterval(() => update(), 20_000);
}

start().catch((problem) => {
  update({ reachable: false });
  toast(problem.message);
});
