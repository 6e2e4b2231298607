/**
 * Puts what was measured between its two marks in a page, `<!-- name -->` and `<!-- /name -->`.
 *
 * @param {string} text the page
 * @param {string} name
 * @param {string} content
 */
export function putBetween(text, name, content) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no place for ${name}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
