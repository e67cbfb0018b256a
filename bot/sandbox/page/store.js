// What the page knows, and the one way to change it. What the workspace knows comes from `see` alone.

import { Refused, get, listen, post } from "./api.js";

export const state = {
  me: null,
  workspace: null,
  cast: null,
  see: null,
  place: null,
  thread: null,
  railOpen: false,
  drawer: null,
  open: null,
  query: "",
  active: 0,
  picked: null,
  offered: null,
  confirm: null,
  editing: null,
  pointed: null,
  trigger: null,
  threadTrigger: null,
  drawerTrigger: null,
  seenAt: 0,
  busy: new Set(),
  toasts: [],
  reachable: true,
  clockMoved: 0,
  hintClosed: false,
  read: new Map(),
  record: [],
  faults: [],
  traffic: "",
};

let drawing = false;
let draw = () => {};
let stopListening = () => {};
let looking = null;
let lookAgain = false;
let toastNumber = 0;
let noticed = null;
const afterLook = [];

/** Say what draws the page. */
export function drawnBy(callback) {
  draw = callback;
}

/** Change what the page knows and draw it; several changes in one turn are drawn once. */
export function update(changes = {}) {
  Object.assign(state, changes);
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    draw();
  });
}

/** Call back with (before, now) after every look that brought something. */
export function whenSeen(callback) {
  afterLook.push(callback);
}

/** Sit down at somebody's keyboard. */
export async function become(me, workspace = state.workspace) {
  stopListening();
  noticed = null;
  Object.assign(state, { me, workspace, see: null, thread: null, open: null, confirm: null, editing: null, toasts: [] });
  await look();
  stopListening = listen(
    { as: me, workspace },
    {
      changed: () => look(),
      clock: (told) => clockTold(told),
      connection: (connected) => state.see && update({ see: { ...state.see, app: { ...state.see.app, connected } } }),
      reachable: (reachable) => update({ reachable }),
    },
  );
}

async function clockTold({ intent_time }) {
  const told = await get("clock").catch(() => null);
  if (told) update({ clockMoved: told.offset_s });
  if (state.see) update({ see: { ...state.see, intent_time }, seenAt: performance.now() });
}

/** Look again; looks asked for meanwhile become one more. */
export function look() {
  if (looking) {
    lookAgain = true;
    return looking;
  }
  looking = lookNow().finally(() => {
    looking = null;
    if (lookAgain) {
      lookAgain = false;
      return look();
    }
  });
  return looking;
}

async function lookNow() {
  const { me, workspace, see: before } = state;
  try {
    const see = await get("see", { as: me, workspace });
    if (me !== state.me || workspace !== state.workspace) return;
    update({ see, seenAt: performance.now(), reachable: true });
    tellNotices(see.notices);
    for (const callback of afterLook) callback(before, see);
  } catch (problem) {
    if (!(problem instanceof Refused)) update({ reachable: false });
    else toast(problem.message);
  }
}

// Notices from before this page was opened are old news.
function tellNotices(notices) {
  const newest = Math.max(0, ...notices.map((notice) => notice.id));
  if (noticed !== null) for (const notice of notices) if (notice.id > noticed) toast(notice.text);
  noticed = newest;
}

/** Do something as the person at the keyboard, and see its effect before going on. */
export async function act(kind, fields = {}) {
  noteTrigger(document.activeElement);
  try {
    return await post("act", { as: state.me, workspace: state.workspace, do: kind, ...fields });
  } finally {
    await look();
  }
}

/** Remember where the focus goes back to, should what is done now open a modal. */
export function noteTrigger(dom) {
  if (dom !== document.body && !state.see?.modals.length) state.trigger = dom;
}

/** Do something and show a refusal as a banner; gives null then. */
export async function attempt(kind, fields = {}, key = null) {
  if (key) update({ busy: new Set([...state.busy, key]) });
  try {
    return await act(kind, fields);
  } catch (problem) {
    toast(problem.message);
    return null;
  } finally {
    if (key) update({ busy: new Set([...state.busy].filter((other) => other !== key)) });
  }
}

/** Say something that went wrong in a banner that stays until it is dismissed. */
export function toast(text) {
  if (state.toasts.some((shown) => shown.text === text)) return;
  toastNumber += 1;
  update({ toasts: [...state.toasts.slice(-2), { id: toastNumber, text }] });
}

export const person = (id) => state.see?.people.find((one) => one.id === id);
export const conversation = (id) => state.see?.conversations.find((one) => one.id === id);
export const isAppDm = (one) => one.kind === "dm" && one.with === state.see.app.user_id;

/** The conversation in front of the person, the app's Messages tab too. */
export function here() {
  const { place, see } = state;
  if (!place || !see) return null;
  if (place.kind === "conversation") return conversation(place.id) ?? null;
  return place.tab === "messages" ? (see.conversations.find(isAppDm) ?? null) : null;
}

/** What a conversation is called by this person. */
export function nameOf(one) {
  if (one.kind === "dm") return one.with === state.see.me.id ? `${state.see.me.name} (you)` : (person(one.with)?.name ?? state.see.app.name);
  if (one.kind !== "group_dm") return one.name;
  const others = one.members.filter((id) => id !== state.see.me.id);
  return others.map((id) => person(id)?.display_name ?? "someone").join(", ");
}

/** The name with # where Slack writes one. */
export const titleOf = (one) => (one.kind === "channel" || one.kind === "private" ? `#${one.name}` : nameOf(one));
