/** Charts as SVG files, drawn by Observable Plot on a document without a browser. */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const folder = new URL('../docs/charts/', import.meta.url);

/** For the widths of a page and of a phone. The narrow ones have facets one below the other, and short lines. */
const FORMS = [
  { end: '', width: 860, letters: 110, isNarrow: false },
  { end: '-narrow', width: 420, letters: 52, isNarrow: true },
];

/** What differs between light and dark. The scheme is that of the page that shows the picture. */
const STYLE = `
  svg { --holdline: #c2410c; --native: #111827; --others: #64748b; color: #111827; background: white; }
  @media (prefers-color-scheme: dark) {
    svg { --holdline: #fb923c; --native: #f3f4f6; --others: #94a3b8; color: #e5e7eb; background: #1b1b1f; }
  }`;

/** @param {string} name */
export const colour = (name) => `var(--${['holdline', 'native'].includes(name) ? name : 'others'})`;

/** For the marks of a chart. */
export const inColour = (/** @type {{ name: string }} */ { name }) => colour(name);

/** On what it was measured, for the foot of a chart. @param {import('./results.mjs').Result} result */
export function stamp({ machine, versions }) {
  const { date, processor, system, node, chromium } = machine;
  const engines = `Node ${node}, Chromium ${chromium.split('.')[0]}`;
  return `holdline ${versions['holdline']} · ${engines} · ${processor}, ${system} · ${date}`;
}

/** @param {string} words @param {number} letters in a line */
function lines(words, letters) {
  /** @type {string[]} */
  const all = [];
  for (const word of words.split(' ')) {
    const last = all.at(-1);
    if (last === undefined || `${last} ${word}`.length > letters) all.push(word);
    else all[all.length - 1] = `${last} ${word}`;
  }
  return all;
}

/**
 * Draws a chart twice, for a page and for a phone.
 *
 * @param {string} name the file's, without its end
 * @param {string} title
 * @param {string} foot
 * @param {(isNarrow: boolean) => Record<string, any>} optionsFor what Plot takes
 */
export function draw(name, title, foot, optionsFor) {
  mkdirSync(folder, { recursive: true });
  for (const { end, width, letters, isNarrow } of FORMS) {
    const { height = 400, marginTop = 28, x, y, ...others } = optionsFor(isNarrow);
    const head = lines(title, letters * 0.8);
    const feet = lines(foot, letters * 1.4);
    const above = 16 + head.length * 18;
    const below = 38 + feet.length * 14;
    const whole = height + above + below - 36;
    const svg = Plot.plot({
      document,
      width,
      height: whole,
      marginTop: marginTop + above,
      marginBottom: below + 18,
      // Between the ticks and the foot.
      x: { labelOffset: 34, ...x },
      // Above the axis it would be in the title's way.
      y: { labelAnchor: 'center', ...y },
      ...others,
    });
    svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    svg.append(
      ...head.map((line, at) => text(12, 22 + at * 18, 15, 600, line)),
      ...feet.map((line, at) => text(12, whole - 12 - (feet.length - 1 - at) * 14, 10, 400, line)),
    );
    // Plot sets it as a property, which this document does not have.
    svg.setAttribute('style', 'font: 12px system-ui, sans-serif;');
    const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
    style.textContent = STYLE;
    svg.prepend(style);
    // In attributes a tenth of a pixel is enough.
    const short = svg.outerHTML.replace(/"[^"]*"/g, (/** @type {string} */ value) =>
      value.replace(/\d+\.\d{2,}/g, (number) => `${Number(Number(number).toFixed(1))}`),
    );
    writeFileSync(new URL(`${name}${end}.svg`, folder), `${short}\n`);
  }
}

/** @type {(x: number, y: number, size: number, weight: number, content: string) => Element} */
function text(x, y, size, weight, content) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  const place = {
    x,
    y,
    'text-anchor': 'start',
    'font-size': size,
    'font-weight': weight,
    fill: 'currentColor',
  };
  for (const [key, value] of Object.entries(place)) element.setAttribute(key, `${value}`);
  element.textContent = content;
  return element;
}
