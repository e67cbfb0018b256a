// A tree of plain descriptions, patched into the page so that focus, caret, scroll and typed text stay where they are.

const SVG = "http://www.w3.org/2000/svg";
const AS_PROPERTY = new Set(["value", "checked", "disabled", "indeterminate"]);
const watching = new Set();
let mounting = [];

/** Describe an element. Props: attributes, `onclick` and its like, `key`, `style`, `onmount(dom)`, `onunmount(dom)`, `onrender(dom)`. */
export function h(tag, props, ...children) {
  const kept = children.flat(Infinity).filter((child) => child || child === 0);
  return { tag, props: props ?? {}, children: kept.map((child) => (child.tag ? child : { text: String(child) })) };
}

/** Make an element's children look like the descriptions given. */
export function patch(parent, children) {
  const before = focusTrail();
  mounting = [];
  reconcile(parent, parent.drawn ?? [], children);
  parent.drawn = children;
  for (const [dom, hook] of mounting) hook(dom);
  for (const dom of watching) dom.hooks.onrender(dom);
  keepFocus(before);
}

function reconcile(parent, old, fresh) {
  const keyed = new Map();
  const loose = new Map();
  for (const node of old) {
    if (node.props?.key != null) keyed.set(`${node.tag} ${node.props.key}`, node);
    else loose.set(node.tag, [...(loose.get(node.tag) ?? []), node]);
  }
  const kept = new Set();
  for (const node of fresh) {
    const same = node.props?.key != null ? keyed.get(`${node.tag} ${node.props.key}`) : loose.get(node.tag)?.shift();
    if (same && !kept.has(same)) {
      kept.add(same);
      update(same, node);
    } else {
      create(node, parent);
    }
  }
  for (const node of old) if (!kept.has(node)) remove(node);
  place(parent, fresh);
}

// What holds the focus stays where it is and the others move around it, since a moved element loses focus and caret.
function place(parent, fresh) {
  let cursor = parent.firstChild;
  for (const { dom } of fresh) {
    while (cursor && cursor !== dom && dom.parentNode === parent && dom.contains(document.activeElement)) {
      const skipped = cursor;
      cursor = cursor.nextSibling;
      parent.append(skipped);
    }
    if (dom === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(dom, cursor);
  }
}

function create(node, parent) {
  if (node.tag === undefined) {
    node.dom = document.createTextNode(node.text);
    return;
  }
  const drawn = node.tag === "svg" || parent.namespaceURI === SVG;
  node.dom = drawn ? document.createElementNS(SVG, node.tag) : document.createElement(node.tag);
  node.dom.hooks = {};
  for (const [name, value] of Object.entries(node.props)) setProp(node.dom, name, value, undefined);
  reconcile(node.dom, [], node.children);
  if (node.tag === "select" && node.props.value !== undefined) node.dom.value = node.props.value;
  if (node.props.onmount) mounting.push([node.dom, node.props.onmount]);
  if (node.props.onrender) watching.add(node.dom);
}

function update(old, node) {
  node.dom = old.dom;
  if (node.tag === undefined) {
    if (old.text !== node.text) node.dom.data = node.text;
    return;
  }
  for (const name of Object.keys(old.props)) {
    if (!(name in node.props)) setProp(node.dom, name, null, old.props[name]);
  }
  for (const [name, value] of Object.entries(node.props)) {
    if (value !== old.props[name]) setProp(node.dom, name, value, old.props[name]);
  }
  reconcile(node.dom, old.children, node.children);
}

function remove(node) {
  node.dom.remove();
  forget(node);
}

function forget(node) {
  if (node.tag === undefined) return;
  watching.delete(node.dom);
  node.children.forEach(forget);
  node.props.onunmount?.(node.dom);
}

function setProp(dom, name, value, old) {
  if (name === "key") return;
  if (name.startsWith("on")) setHandler(dom, name, value);
  else if (name === "style") setStyle(dom, value ?? {}, old ?? {});
  else if (AS_PROPERTY.has(name) && dom.tagName !== "OPTION") setLive(dom, name, value);
  else if (value == null || (value === false && !name.startsWith("aria-"))) dom.removeAttribute(name);
  else dom.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
}

function setHandler(dom, name, handler) {
  if (name === "onmount" || name === "onunmount") return;
  if (!(name in dom.hooks) && name !== "onrender") dom.addEventListener(name.slice(2), (event) => dom.hooks[name]?.(event));
  dom.hooks[name] = handler;
}

function setStyle(dom, style, old) {
  for (const name of Object.keys(old)) if (!(name in style)) dom.style.removeProperty(name);
  for (const [name, value] of Object.entries(style)) dom.style.setProperty(name, value);
}

// What somebody is typing is newer than what the workspace last heard of it.
function setLive(dom, name, value) {
  if (name === "value" && dom === document.activeElement && dom.tagName !== "SELECT") return;
  if (dom[name] !== (value ?? (name === "value" ? "" : false))) dom[name] = value ?? (name === "value" ? "" : false);
}

function focusTrail() {
  const trail = [];
  for (let dom = document.activeElement; dom && dom !== document.body; dom = dom.parentElement) trail.push(dom);
  return trail;
}

// When the focused thing is gone, its nearest surviving neighbour takes over, so the keyboard never falls to the top.
function keepFocus([focused, ...around]) {
  if (!focused || focused.isConnected || document.activeElement !== document.body) return;
  const action = focused.dataset.action;
  for (const dom of around) {
    if (!dom.isConnected) continue;
    const twin = action && [...dom.querySelectorAll("[data-action]")].find((other) => other.dataset.action === action);
    if (twin) return twin.focus();
    if (dom.hasAttribute("tabindex")) return dom.focus({ preventScroll: true });
  }
}
