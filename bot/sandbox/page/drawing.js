// Faces and icons, drawn here so that nothing is fetched and nobody is photographed.

import { h } from "./dom.js";

const SKIN = ["#f3d3b8", "#e2b08c", "#c98e63", "#a46b43", "#7a4a2b", "#f0c9a4"];
const HAIR = ["#2b211d", "#4a3021", "#6d4526", "#1d1d24", "#8a6a45", "#8d8d92"];
const TOP = "M12.3 16.500C11.2 6.5 28.8 6.5 27.7 16.5 26.6 12.6 23.6 11.4 20 11.400S13.4 12.6 12.3 16.500Z";
const SWEPT = "M12.2 17C10.5 6 27.5 4 28 14.5 24 14 19.5 12.8 17.3 10.3 16.3 13 14.2 15 12.2 17Z";

const HAIRSTYLES = [
  (fill) => [null, h("path", { d: TOP, fill })],
  (fill) => [h("path", { d: "M10.8 15C10.8 4.8 29.2 4.8 29.2 15L30 29H10Z", fill }), h("path", { d: SWEPT, fill })],
  (fill) => [h("circle", { cx: 20, cy: 6.5, r: 3.8, fill }), h("path", { d: TOP, fill })],
  (fill) => [
    h("g", { fill }, [[13, 12.5], [15.5, 9], [20, 7.6], [24.5, 9], [27, 12.5], [12.3, 16], [27.7, 16]].map(([cx, cy]) => h("circle", { cx, cy, r: 3.4 }))),
    h("path", { d: TOP, fill }),
  ],
  (fill) => [null, h("path", { d: SWEPT, fill })],
  (fill) => [h("path", { d: "M11.2 15C10.8 5.5 29.2 5.5 28.8 15L29.4 23.500C27 26 13 26 10.6 23.500Z", fill }), h("path", { d: TOP, fill })],
];

/** Somebody's face, from their hue and seed; the same in every start. */
export function face(one, size = 36) {
  if (!one?.face) return appIcon({ name: one?.name ?? "?", background_color: "#5b6660" }, size);
  const { hue, seed } = one.face;
  const skin = SKIN[seed % SKIN.length];
  const [behind, before] = HAIRSTYLES[Math.floor(seed / 7) % HAIRSTYLES.length](HAIR[Math.floor(seed / 3) % HAIR.length]);
  const ink = "#2a2422";
  return h(
    "svg",
    { class: "face", viewBox: "3.5 2.5 33 33", width: size, height: size, "aria-hidden": "true", focusable: "false" },
    h("rect", { width: 40, height: 40, fill: `hsl(${hue} 36% 80%)` }),
    behind,
    h("path", { d: "M5 41C5 31.5 12 28.5 20 28.500S35 31.5 35 41Z", fill: `hsl(${(hue + 170) % 360} 32% 42%)` }),
    h("path", { d: "M17 22H23V28.500C23 31 17 31 17 28.500Z", fill: skin, "fill-opacity": 0.85 }),
    h("ellipse", { cx: 20, cy: 17.6, rx: 7.3, ry: 8.3, fill: skin }),
    before,
    h("circle", { cx: 17.2, cy: 18, r: 0.95, fill: ink }),
    h("circle", { cx: 22.8, cy: 18, r: 0.95, fill: ink }),
    seed % 4 === 0 && h("g", { fill: "none", stroke: ink, "stroke-width": 0.7 }, h("circle", { cx: 17.1, cy: 18, r: 2.3 }), h("circle", { cx: 22.9, cy: 18, r: 2.3 }), h("path", { d: "M19.4 18H20.6" })),
    h("path", { d: "M17.4 21.700Q20 23.9 22.6 21.7", fill: "none", stroke: ink, "stroke-width": 0.9, "stroke-linecap": "round" }),
  );
}

/** An app's icon: its colour and its first letter. */
export function appIcon(app, size = 36) {
  return h(
    "svg",
    { class: "face", viewBox: "0 0 40 40", width: size, height: size, "aria-hidden": "true", focusable: "false" },
    h("rect", { width: 40, height: 40, fill: app.background_color || "#3f4b47" }),
    h("text", { x: 20, y: 27, "text-anchor": "middle", "font-size": 20, "font-weight": 700, fill: "#fff" }, (app.name || "?").slice(0, 1).toUpperCase()),
  );
}

const ICONS = {
  eye: ["M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Z", "M8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z"],
  close: ["M3.5 3.5 12.5 12.500M12.5 3.5 3.5 12.5"],
  down: ["M4 6.5 8 10.5 12 6.5"],
  back: ["M9.5 3.5 5 8 9.5 12.5"],
  menu: ["M2.5 4.500H13.500M2.5 8H13.500M2.5 11.500H13.5"],
  more: ["M3.5 8h.01M8 8h.01M12.5 8h.01"],
  smile: ["M8 1.800a6.2 6.2 0 1 1 0 12.400A6.2 6.2 0 0 1 8 1.800Z", "M5.5 9.500Q8 12 10.5 9.5", "M6 6.300h.01M10 6.300h.01"],
  thread: ["M2.5 3.500H13.500V10.500H8L5 13V10.500H2.500Z"],
  lock: ["M4 7.500H12V13H4Z", "M5.5 7.500V5.200a2.5 2.5 0 0 1 5 0V7.5"],
  hash: ["M6.2 2.5 4.8 13.500M11.2 2.5 9.8 13.500M2.8 5.800H13.500M2.5 10.200H13.2"],
  clock: ["M8 1.800a6.2 6.2 0 1 1 0 12.400A6.2 6.2 0 0 1 8 1.800Z", "M8 4.500V8L10.5 9.5"],
  clip: ["M12.5 7.5 7.8 12.200a2.8 2.8 0 0 1-4-4L8.5 3.500a1.9 1.9 0 0 1 2.7 2.700L6.7 10.7"],
  send: ["M2.5 13.5 13.8 8 2.5 2.5 4.5 8ZM4.5 8H9"],
  bolt: ["M9 1.5 3.5 9H7.500L6.5 14.5 12.5 6.800H8.500Z"],
  copy: ["M5.5 5.500H13V13.500H5.500Z", "M3 10.500V2.500H10.5"],
  warn: ["M8 2 14.5 13.500H1.500Z", "M8 6.500V9.500M8 11.500h.01"],
  check: ["M3 8.5 6.5 12 13 4.5"],
  gear: ["M2.5 4.500H8M11 4.500H13.500M2.5 11.500H5M8 11.500H13.5", "M9.5 3a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3ZM6.5 10a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z"],
  sun: ["M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z", "M8 1.500V3M8 13V14.500M1.5 8H3M13 8H14.500M3.4 3.4 4.5 4.500M11.5 11.5 12.6 12.600M12.6 3.4 11.5 4.500M4.5 11.5 3.4 12.6"],
  plus: ["M8 3V13M3 8H13"],
  file: ["M4 1.800H9.500L12.5 5V14.200H4Z", "M9.3 2V5.200H12.3"],
  up: ["M5 7V13.500M5 7 8 2.200c1.3 0 1.6 1 1.3 2.200L8.8 6.500H12.500c1 0 1.3.8 1.1 1.600L12.5 12.500c-.2.7-.7 1-1.4 1H5M2.5 7.500V13.5"],
  thumbdown: ["M5 9V2.500M5 9 8 13.800c1.3 0 1.6-1 1.3-2.200L8.8 9.500H12.500c1 0 1.3-.8 1.1-1.600L12.5 3.500c-.2-.7-.7-1-1.4-1H5M2.5 8.500V2.5"],
};

/** A line icon; whatever holds it says in words what it means. */
export function icon(name, size = 16) {
  return h(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": name === "more" ? 2.4 : 1.4, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false" },
    ICONS[name].map((d) => h("path", { d })),
  );
}
