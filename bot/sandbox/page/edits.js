// What is typed goes to the workspace a moment later; pressing a button sends what still waits first.

const waiting = new Map();
const underway = new Set();

/** Send soon; a newer text for the same field takes the place of one that still waits. */
export function soon(key, send, after = 250) {
  clearTimeout(waiting.get(key)?.timer);
  waiting.set(key, { send, timer: setTimeout(() => now(key), after) });
}

/** Send what waits for a field. */
export function now(key) {
  const edit = waiting.get(key);
  if (!edit) return;
  clearTimeout(edit.timer);
  waiting.delete(key);
  track(edit.send());
}

/** Forget what waits for a field, since something newer goes out by itself. */
export function forget(key) {
  clearTimeout(waiting.get(key)?.timer);
  waiting.delete(key);
}

/** Remember something on its way. */
export function track(promise) {
  underway.add(promise);
  promise.finally(() => underway.delete(promise));
  return promise;
}

/** Send everything that waits, and wait until it has arrived. */
export async function settled() {
  for (const key of [...waiting.keys()]) now(key);
  await Promise.allSettled([...underway]);
}

let last = Promise.resolve();

/** Do one thing after another: what is pressed twice in a hurry arrives in the order it was pressed. */
export function inTurn(work) {
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
}
