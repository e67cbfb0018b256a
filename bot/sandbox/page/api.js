// The control API, as bot/sandbox/README.md has it.

/** A refusal of the sandbox, in its own words. */
export class Refused extends Error {
  constructor(body) {
    super(body.message ?? body.error ?? "The sandbox gave no answer.");
    this.error = body.error;
    this.body = body;
  }
}

async function answered(response) {
  const body = await response.json().catch(() => ({ ok: false, message: "The sandbox gave no answer." }));
  if (!body.ok) throw new Refused(body);
  return body;
}

export async function get(path, query = {}) {
  const wanted = Object.entries(query).filter(([, value]) => value != null);
  return answered(await fetch(`/sandbox/${path}?${new URLSearchParams(wanted)}`, { cache: "no-store" }));
}

export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answered(await fetch(`/sandbox/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Listen to what changes for a person; returns a function that stops listening. */
export function listen({ as, workspace }, { changed, clock, connection, reachable }) {
  const source = new EventSource(`/sandbox/stream?${new URLSearchParams({ as, workspace })}`);
  source.addEventListener("open", () => reachable(true));
  source.addEventListener("error", () => reachable(false));
  source.addEventListener("change", changed);
  source.addEventListener("clock", (event) => clock(JSON.parse(event.data)));
  source.addEventListener("connection", (event) => connection(JSON.parse(event.data).connected));
  return () => source.close();
}
