// Times as the person at the keyboard reads them: in their own zone, whatever the zone of this machine.

import { state } from "./store.js";

const formats = new Map();

function format(options, tz = state.see?.me.tz) {
  const key = JSON.stringify([options, tz]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: tz || "UTC", ...options }));
  return formats.get(key);
}

/** When a message came by the sandbox's clock, which may be days ahead of its `ts`. */
export const shownAt = (message) => new Date(message.at);
export const clockTime = (date, tz) => format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, tz).format(date);
export const dayKey = (date) => format({ year: "numeric", month: "2-digit", day: "2-digit" }).format(date);
export const dayTime = (date) => format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);

/** A day as a heading: today, yesterday, or its date. */
export function dayName(date) {
  const today = intentNow();
  if (dayKey(date) === dayKey(today)) return "Today";
  if (dayKey(date) === dayKey(new Date(today - 86_400_000))) return "Yesterday";
  return format({ weekday: "long", day: "numeric", month: "long" }).format(date);
}

/** Intent time now: as last told, plus what has passed since. */
export function intentNow() {
  return new Date(Date.parse(state.see.intent_time) + performance.now() - state.seenAt);
}

/** Wall-clock parts ("2026-11-23T09:30") of a moment in the person's zone. */
export function wallTime(date) {
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = Object.fromEntries(format(options).formatToParts(date).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** The moment a wall-clock time names in the person's zone; asked twice, since the first guess may lie across a change of clocks. */
export function momentOf(wall) {
  const wanted = Date.parse(`${wall}Z`);
  let guess = wanted;
  for (let turn = 0; turn < 2; turn += 1) guess += wanted - Date.parse(`${wallTime(new Date(guess))}Z`);
  return new Date(guess);
}

const DATE_TOKENS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_pretty: { year: "numeric", month: "long", day: "numeric" },
  date_short_pretty: { year: "numeric", month: "short", day: "numeric" },
  date_long_pretty: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  day_divider_pretty: { weekday: "long", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

/** Fill Slack's date tokens, as in `{date_short} at {time}`. */
export function filledDate(pattern, seconds) {
  const moment = new Date(Number(seconds) * 1000);
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "ago") return dayTime(moment);
    return DATE_TOKENS[token] ? format(DATE_TOKENS[token]).format(moment) : whole;
  });
}
