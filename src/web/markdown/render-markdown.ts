/**
 * Renders the Markdown our own guides are written in: headings, paragraphs, lists with blocks inside, fenced code and
 * tables. HTML in a document is shown as text, so a guide can never become more than text. One pass over the lines.
 */
import { markup, type Html } from '../../pages/index.js';
import { renderInline, type ResolveLink } from './inline.js';

const HEADING = /^(#{1,3}) (.+)$/;
const ITEM = /^(?:(\d{1,3})\.|[-*]) +(?=\S)/;
const FENCE = '```';

export function renderMarkdown(text: string, resolveLink: ResolveLink): Html {
  return renderBlocks(text.split(/\r?\n/), resolveLink);
}

function renderBlocks(lines: readonly string[], resolveLink: ResolveLink): Html {
  const blocks: Html[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? '';
    const end = findBlockEnd(lines, index);
    const block = lines.slice(index, end);
    if (line.trim() !== '') blocks.push(renderBlock(block, resolveLink));
    index = end;
  }
  return markup`${blocks}`;
}

function findBlockEnd(lines: readonly string[], start: number): number {
  const first = lines[start] ?? '';
  if (first.trim() === '' || HEADING.test(first)) return start + 1;
  if (first.startsWith(FENCE)) {
    const close = lines.findIndex((line, index) => index > start && line.startsWith(FENCE));
    return close === -1 ? lines.length : close + 1;
  }
  const belongs = ITEM.test(first)
    ? isListLine
    : (line: string) => line.trim() !== '' && !line.startsWith(FENCE);
  let end = start + 1;
  while (end < lines.length && belongs(lines[end] ?? '')) end += 1;
  return end;
}

/** A list goes on with its next item, with what is indented below an item, and over empty lines. */
const isListLine = (line: string): boolean => line.trim() === '' || /^\s/.test(line) || ITEM.test(line);

function renderBlock(lines: readonly string[], resolveLink: ResolveLink): Html {
  const [first = ''] = lines;
  const heading = HEADING.exec(first);
  if (heading) return renderHeading(heading[1]?.length ?? 1, heading[2] ?? '', resolveLink);
  if (first.startsWith(FENCE)) return markup`<pre><code>${withoutFences(lines).join('\n')}</code></pre>`;
  if (ITEM.test(first)) return renderList(lines, resolveLink);
  if (first.startsWith('|')) return renderTable(lines, resolveLink);
  return markup`<p>${renderInline(lines.join('\n'), resolveLink)}</p>`;
}

function renderHeading(level: number, text: string, resolveLink: ResolveLink): Html {
  const content = renderInline(text, resolveLink);
  if (level === 1) return markup`<h1>${content}</h1>`;
  return level === 2 ? markup`<h2>${content}</h2>` : markup`<h3>${content}</h3>`;
}

/** Without the opening line, and the closing one when the document has it. */
const withoutFences = ([, ...rest]: readonly string[]): readonly string[] =>
  (rest.at(-1) ?? '').startsWith(FENCE) ? rest.slice(0, -1) : rest;

function renderList(lines: readonly string[], resolveLink: ResolveLink): Html {
  const items: string[][] = [];
  let indent = 0;
  for (const line of lines) {
    const marker = ITEM.exec(line)?.[0];
    if (marker !== undefined) {
      indent = marker.length;
      items.push([line.slice(indent)]);
    } else {
      const isIndented = line.slice(0, indent).trim() === '';
      items.at(-1)?.push(isIndented ? line.slice(indent) : line.trimStart());
    }
  }
  const rendered = items.map((item) => markup`<li>${renderBlocks(item, resolveLink)}</li>`);
  const isOrdered = ITEM.exec(lines[0] ?? '')?.[1] !== undefined;
  return isOrdered ? markup`<ol>${rendered}</ol>` : markup`<ul>${rendered}</ul>`;
}

function renderTable([head = '', , ...rows]: readonly string[], resolveLink: ResolveLink): Html {
  const titles = cellsOf(head).map((cell) => markup`<th>${renderInline(cell, resolveLink)}</th>`);
  const body = rows.map((row) => {
    const cells = cellsOf(row).map((cell) => markup`<td>${renderInline(cell, resolveLink)}</td>`);
    return markup`<tr>${cells}</tr>`;
  });
  const table = markup`<thead><tr>${titles}</tr></thead><tbody>${body}</tbody>`;
  return markup`<div class="table"><table>${table}</table></div>`;
}

const cellsOf = (row: string): readonly string[] =>
  row
    .trim()
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split('|')
    .map((cell) => cell.trim());
