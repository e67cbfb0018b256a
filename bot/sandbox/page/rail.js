// The left rail (channels, messages, apps) and the bar on top (who I am, what time it is).

import { post } from "./api.js";
import { h } from "./dom.js";
import { appIcon, face, icon } from "./drawing.js";
import { addressOf, go, switchTo, unread } from "./places.js";
import { close, menu, popover, toggle, walk } from "./popover.js";
import { attempt, isAppDm, nameOf, person, state, toast, update } from "./store.js";
import { clockTime, dayTime, intentNow, momentOf, wallTime } from "./time.js";

/** The rail with everywhere one can go. */
export function rail() {
  const { see } = state;
  const channels = see.conversations.filter((one) => one.kind === "channel" || one.kind === "private");
  const direct = see.conversations.filter((one) => (one.kind === "dm" || one.kind === "group_dm") && !isAppDm(one));
  return h(
    "nav",
    { class: `rail ${state.railOpen ? "open" : ""}`, id: "rail", "aria-label": "Channels, messages and apps", onkeydown: (event) => event.key === "Escape" && state.railOpen && closeRail() },
    h("h1", { class: "workspace" }, see.workspace.name, h("small", {}, "a pretend workspace")),
    group("Channels", channels.map(link), addChannel()),
    group("Direct messages", direct.map(link), startDirect()),
    group("Apps", [appLink()]),
  );
}

function group(name, rows, tool = null) {
  const id = `group-${name.replaceAll(" ", "-")}`;
  return h("section", { key: name, "aria-labelledby": id }, h("div", { class: "rail-head" }, h("h2", { id }, name), tool), h("ul", {}, rows));
}

function link(one) {
  const current = state.place?.id === one.id;
  const count = unread(one);
  const other = one.kind === "dm" && person(one.with);
  const name = nameOf(one);
  const mark = other ? face(other, 20) : icon(one.kind === "private" ? "lock" : one.kind === "group_dm" ? "thread" : "hash", 15);
  const open = (event) => {
    event.preventDefault();
    go({ kind: "conversation", id: one.id });
  };
  return h(
    "li",
    { key: one.id },
    h(
      "a",
      { href: `#/${state.me}/${addressOf({ kind: "conversation", id: one.id })}`, class: `place ${count ? "unread" : ""} ${one.is_member ? "" : "outside"}`, "aria-current": current ? "page" : null, onclick: open },
      mark,
      h("span", { class: "place-name" }, name),
      one.kind === "private" && h("span", { class: "unseen" }, ", private"),
      one.is_connect && h("small", { class: "tag" }, "shared"),
      !one.is_member && h("span", { class: "unseen" }, ", not joined"),
      count > 0 && h("span", { class: "count" }, String(count), h("span", { class: "unseen" }, " unread")),
    ),
  );
}

function appLink() {
  const { app, conversations } = state.see;
  const dm = conversations.find(isAppDm);
  const count = dm ? unread(dm) : 0;
  const open = (event) => {
    event.preventDefault();
    go({ kind: "app", tab: count && app.messages_tab ? "messages" : app.home_tab ? "home" : "about" });
  };
  return h(
    "li",
    { key: "app" },
    h(
      "a",
      { href: `#/${state.me}/app-home`, class: `place ${count ? "unread" : ""}`, "aria-current": state.place?.kind === "app" ? "page" : null, onclick: open },
      appIcon(app, 20),
      h("span", { class: "place-name" }, app.name),
      h("span", { class: app.connected ? "dot on" : "dot", title: app.connected ? "connected" : "not connected" }, h("span", { class: "unseen" }, app.connected ? ", connected" : ", not connected")),
      count > 0 && h("span", { class: "count" }, String(count), h("span", { class: "unseen" }, " unread")),
    ),
  );
}

function startDirect() {
  const items = () =>
    state.see.people
      .filter((one) => !one.deleted && one.kind !== "bot" && one.id !== state.see.me.id)
      .map((one) => ({ id: one.id, label: one.name, hint: one.title, icon: face(one, 24), act: () => openDirect(one.handle) }));
  return menu({ id: "new dm", label: "New direct message", items, trigger: { class: "quiet on-dark", title: "New direct message" }, content: icon("plus", 14) });
}

async function openDirect(handle) {
  const answer = await attempt("open_dm", { with: handle });
  if (answer) go({ kind: "conversation", id: answer.channel });
}

function addChannel() {
  const id = "new channel";
  const create = async (event) => {
    event.preventDefault();
    const { name, secret } = event.target.elements;
    const answer = await attempt("create_channel", { name: name.value.trim().toLowerCase().replace(/\s+/g, "-"), private: secret.checked });
    if (!answer) return;
    close(false);
    go({ kind: "conversation", id: answer.channel });
  };
  return h(
    "span",
    { class: "wrap", key: id },
    h("button", { type: "button", class: "quiet on-dark", "aria-label": "New channel", title: "New channel", "aria-expanded": state.open === id, onclick: (event) => toggle(id, event) }, icon("plus", 14)),
    popover(
      id,
      { class: "form", role: "group", "aria-label": "New channel" },
      h("form", { onsubmit: create }, h("label", { class: "label", for: "channel-name" }, "Name"), h("input", { id: "channel-name", name: "name", class: "typed", required: true, autocomplete: "off" }), h("label", { class: "box" }, h("input", { type: "checkbox", name: "secret" }), h("span", {}, "Private")), h("button", { class: "button primary" }, "Make the channel")),
    ),
  );
}

/** Close the rail where it lies over the page, and give the focus back. */
export function closeRail() {
  update({ railOpen: false });
  document.querySelector(".rail-toggle")?.focus();
}

function openRail() {
  update({ railOpen: !state.railOpen });
  if (state.railOpen) queueMicrotask(() => document.querySelector("#rail a")?.focus());
}

/** The bar on top. */
export function bar() {
  return h(
    "header",
    { class: "bar" },
    h("button", { type: "button", class: "quiet on-dark rail-toggle", "aria-label": "Channels and apps", "aria-expanded": state.railOpen, "aria-controls": "rail", onclick: openRail }, icon("menu", 18)),
    h("p", { class: "bar-title" }, h("strong", {}, "Sandbox"), h("span", {}, "Nothing here leaves this machine.")),
    h("span", { class: "grow" }),
    clock(),
    h("button", { type: "button", class: "quiet on-dark", "aria-expanded": Boolean(state.drawer), "aria-controls": "drawer", title: "Traffic and faults", onclick: (event) => update({ drawer: state.drawer ? null : "traffic", drawerTrigger: event.currentTarget }) }, icon("gear"), h("span", { class: "wide" }, "Behind the scenes"), h("span", { class: "unseen narrow-only" }, "Behind the scenes")),
    h("button", { type: "button", class: "quiet on-dark", "aria-label": "Light or dark", title: "Light or dark", onclick: turnTheme }, icon("sun")),
    whoAmI(),
  );
}

function turnTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem("sandbox.theme", root.dataset.theme);
  } catch {
    // Storage may be forbidden; the choice then lasts until the page is closed.
  }
}

function whoAmI() {
  const { me } = state.see;
  const items = () =>
    state.cast.workspaces.flatMap((workspace) => [
      { heading: workspace.name },
      ...workspace.people
        .filter((one) => !one.deleted && one.kind !== "bot" && one.kind !== "connect")
        .map((one) => ({
          id: one.id,
          label: one.name,
          hint: `${one.title || one.kind}, ${clockTime(intentNow(), one.tz)} there`,
          icon: face(one, 30),
          checked: one.id === me.id,
          act: () => switchTo(one.handle, workspace.key),
        })),
    ]);
  return menu({
    id: "who",
    label: `You are ${me.name}. Be somebody else`,
    items,
    popClass: "people",
    trigger: { class: "who", title: "Be somebody else" },
    content: [face(me, 26), h("span", { class: "wide" }, me.name), icon("down", 14)],
  });
}

function clock() {
  const id = "clock";
  const now = intentNow();
  const moved = state.clockMoved > 30;
  const jump = (body) => async () => {
    close();
    await moveClock(body);
  };
  const custom = (event) => {
    event.preventDefault();
    const wall = event.target.elements.moment.value;
    if (wall) jump({ to: momentOf(wall).toISOString() })();
  };
  const item = (label, body) => h("button", { type: "button", role: "menuitem", tabindex: -1, class: "item", onclick: jump(body) }, label);
  return h(
    "span",
    { class: "wrap", key: id },
    h("button", { type: "button", class: moved ? "quiet on-dark clock moved" : "quiet on-dark clock", "aria-haspopup": "true", "aria-expanded": state.open === id, "aria-label": `Clock: ${dayTime(now)} in ${zone()}. Move it`, title: "The time at which things are due. Messages keep real time.", onclick: (event) => toggle(id, event) }, icon("clock"), h("span", {}, h("span", { class: "wide" }, `${dayTime(now).split(",").slice(0, -1).join(",")}, `), clockTime(now)), moved && h("span", { class: "wide tag" }, `+${ahead(state.clockMoved)}`)),
    popover(
      id,
      { class: "menu clock-menu", role: "group", "aria-label": "Move the clock" },
      h("p", { class: "choices-note" }, `When things are due, as ${state.see.me.display_name} reads it (${zone()}). It only goes forward.`),
      h("div", { role: "menu", "aria-label": "Jump", onkeydown: walk }, item("One hour on", { by_s: 3600 }), item("Tomorrow, 9:00", { jump: "tomorrow 09:00", as: state.me }), item("Next Monday, 9:00", { jump: "Monday 09:00", as: state.me })),
      h("form", { onsubmit: custom }, h("label", { class: "label", for: "moment" }, "Or to"), h("input", { id: "moment", name: "moment", type: "datetime-local", class: "typed", min: wallTime(now) }), h("button", { class: "button" }, "Move")),
    ),
  );
}

const zone = () => (state.see.me.tz ?? "UTC").split("/").at(-1).replaceAll("_", " ");

function ahead(seconds) {
  const hours = Math.round(seconds / 3600);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

async function moveClock(body) {
  try {
    const told = await post("clock", { ...body, workspace: state.workspace });
    update({ clockMoved: told.offset_s, see: { ...state.see, intent_time: told.intent_time }, seenAt: performance.now() });
  } catch (problem) {
    toast(problem.message);
  }
}
