/**
 * Creates elements without markup. Pushed text only goes into text nodes, and can therefore not
 * become an element, an attribute or a script.
 */

const SVG = 'http://www.w3.org/2000/svg';

/** Returns the element with an id. */
export const byId = (id) => document.getElementById(id);

/**
 * Creates an element.
 *
 * @param {string} tag with classes: `p.help.long`
 * @param {Object} attributes `on…` are listeners; values null and false are left out
 * @param children elements and text; null and false are left out
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  element.classList.add(...classes);
  return fill(element, attributes, children);
}

/** Creates an element of a drawing. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== false));
  return element;
}

/** Returns a text, cut to a maximum length. */
export function shorten(text, length) {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length.toLocaleString('en')} characters)`;
}
