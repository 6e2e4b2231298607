/** Charts as SVG files, drawn by Observable Plot on a document without a browser. */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const folder = new URL('../docs/charts/', import.meta.url);

const HOLDLINE = '#c2410c';
const NATIVE = '#111827';
const OTHERS = '#64748b';

/** @param {string} name */
export const colour = (name) => ({ holdline: HOLDLINE, native: NATIVE })[name] ?? OTHERS;

/** For the marks of a chart. */
export const inColour = (/** @type {{ name: string }} */ { name }) => colour(name);

/** On what it was measured, for the foot of a chart. @param {import('./results.mjs').Result} result */
export function stamp({ machine, versions }) {
  const { date, processor, system, node, chromium } = machine;
  const engines = `Node ${node}, Chromium ${chromium.split('.')[0]}`;
  return `holdline ${versions['holdline']} · ${engines} · ${processor}, ${system} · ${date}`;
}

/**
 * @param {string} name the file's, without its end
 * @param {string} title
 * @param {string} foot
 * @param {Record<string, any>} options what Plot takes
 */
export function draw(name, title, foot, options) {
  const { width = 860, height = 400, marginTop = 40, y, ...others } = options;
  const svg = Plot.plot({
    document,
    width,
    height: height + 66,
    marginTop: marginTop + 34,
    marginBottom: 70,
    // Above the axis it would be in the title's way.
    y: { labelAnchor: 'center', ...y },
    ...others,
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.append(text(16, 24, 15, 600, title), text(16, height + 54, 10, 400, foot));
  // Plot sets it as a property, which this document does not have.
  svg.setAttribute('style', 'background: white; color: #111827; font: 12px system-ui, sans-serif;');
  mkdirSync(folder, { recursive: true });
  // A tenth of a pixel is enough.
  const short = svg.outerHTML.replace(
    /\d+\.\d{2,}/g,
    (/** @type {string} */ number) => `${Number(Number(number).toFixed(1))}`,
  );
  writeFileSync(new URL(`${name}.svg`, folder), `${short}\n`);
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
