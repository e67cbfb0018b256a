// Where somebody is: `#/ana/support-floor` in the address, so that a place can be kept, shared and gone back to.

import { attempt, become, conversation, here, state, update } from "./store.js";

const FIRST = "support-floor";

/** The address of a place. */
export function addressOf(place) {
  if (place.kind === "app") return `app-${place.tab}`;
  const one = conversation(place.id);
  return one?.name && (one.kind === "channel" || one.kind === "private") ? one.name : place.id;
}

/** Go to a place, and remember it in the address. */
export function go(place, { replace = false } = {}) {
  const address = `#/${state.me}/${addressOf(place)}`;
  update({ place, thread: null, railOpen: false, pointed: null, editing: null });
  history[replace ? "replaceState" : "pushState"](null, "", address);
  arrived();
}

/** Tell the app when its own page is looked at. */
function arrived() {
  const { place, see } = state;
  if (place.kind === "app" && place.tab === "home" && see.app.installed && see.app.home_tab) attempt("open_home");
  if (place.kind === "app" && place.tab === "messages" && see.app.installed && see.app.messages_tab) attempt("open_messages");
}

/** Open a thread beside its conversation. */
export function showThread(ts) {
  update({ thread: ts, threadTrigger: document.activeElement });
}

export function closeThread() {
  const { threadTrigger } = state;
  update({ thread: null });
  if (threadTrigger?.isConnected) threadTrigger.focus();
  else document.querySelector(".main .composer textarea")?.focus();
}

function placeNamed(name) {
  const { see } = state;
  if (name?.startsWith("app-")) return { kind: "app", tab: name.slice(4) };
  const found = see.conversations.find((one) => one.id === name || one.name === name);
  return found && { kind: "conversation", id: found.id };
}

/** Somewhere this person can be: where the address says, the first channel, or any. */
function somewhere(name) {
  const { see } = state;
  const any = see.conversations.find((one) => one.is_member) ?? see.conversations[0];
  return placeNamed(name) ?? placeNamed(FIRST) ?? (any ? { kind: "conversation", id: any.id } : { kind: "app", tab: "about" });
}

const fromAddress = () => location.hash.slice(2).split("/").map(decodeURIComponent);

/** Read the address and go where it says. */
export async function followAddress() {
  const [handle, name] = fromAddress();
  const workspace = state.cast.workspaces.find((one) => one.people.some((other) => other.handle === handle && !other.deleted && other.kind !== "bot"));
  const me = workspace ? handle : state.cast.default.person;
  const key = workspace?.key ?? state.cast.default.workspace;
  if (me !== state.me || key !== state.workspace) await become(me, key);
  if (state.see) go(somewhere(name), { replace: true });
}

/** Take somebody else's chair, in the same place if they can be there. */
export async function switchTo(handle, workspace) {
  const name = state.place && addressOf(state.place);
  await become(handle, workspace);
  if (state.see) go(somewhere(name));
}

/** What one has read, by conversation; on the first look everything there is. */
export function noteRead(see, first) {
  const { read } = state;
  const key = (one) => `${see.me.id} ${one.id}`;
  for (const one of see.conversations) {
    const newest = one.messages.at(-1)?.ts ?? "0";
    if (first || one.id === here()?.id) read.set(key(one), newest);
  }
}

/** How many messages somebody has not read there. */
export function unread(one) {
  const { read, see } = state;
  const since = Number(read.get(`${see.me.id} ${one.id}`) ?? "0");
  return one.messages.filter((message) => Number(message.ts) > since && message.user !== see.me.id).length;
}
