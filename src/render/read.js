// Gives the page's elements as HTML, in the order in which they are seen: shadow trees in place of their hosts'
// children, and what is slotted in its place. Runs in a world of its own, which the page's scripts can't change.
// NODES and CHARS bound what is read.
((NODES, CHARS) => {
  const DEPTH = 500;
  const top = document.documentElement;
  if (!top) return { html: "", cut: false };
  // Nothing is loaded and nothing runs in a document that no window shows.
  const inert = document.implementation.createHTMLDocument("");
  const isKept = (node) => {
    switch (node.localName) {
      case "script": return node.type === "application/ld+json";
      case "style": case "noscript": case "template": case "iframe": return false;
      default: return true;
    }
  };
  const inner = (node) => {
    if (node.shadowRoot) return node.shadowRoot.childNodes;
    if (node.localName === "slot" && node.getRootNode() instanceof ShadowRoot) {
      const assigned = node.assignedNodes();
      if (assigned.length) return assigned;
    }
    return node.childNodes;
  };
  let nodes = NODES, chars = CHARS, cut = false, html = null;
  const todo = [[top, null, 0]];
  while (todo.length) {
    const [node, parent, depth] = todo.pop();
    if (nodes <= 0 || chars <= 0) { cut = true; break; }
    if (node.nodeType === Node.TEXT_NODE) {
      chars -= node.length;
      parent.append(inert.createTextNode(node.data));
      continue;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || !isKept(node)) continue;
    const copy = inert.importNode(node, false);
    nodes -= 1;
    for (const attribute of copy.attributes) chars -= attribute.name.length + attribute.value.length;
    if (parent) parent.append(copy); else html = copy;
    if (depth >= DEPTH) { cut = true; continue; }
    const children = inner(node);
    for (let at = children.length - 1; at >= 0; at -= 1) todo.push([children[at], copy, depth + 1]);
  }
  const whole = "<!DOCTYPE html>" + html.outerHTML;
  return { html: whole.slice(0, CHARS).toWellFormed(), cut: cut || whole.length > CHARS };
})
