// Shapes of charts and icons, and round steps for an axis.

export function shape(parent, name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

// A drawing in 24 by 24.
export function icon(path) {
  const svg = shape(document.createDocumentFragment(), "svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": true });
  shape(svg, "path", { d: path });
  return svg;
}

// A step of 1, 2 or 5 times a power of ten, at least `least`, that cuts the range into at most `most` parts.
export function niceStep(range, most, least) {
  const rough = Math.max(range / most, least);
  const ten = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  return ten * [1, 2, 5, 10].find((k) => k * ten >= rough * 0.999999);
}
