import type { Html } from '../../pages/index.js';
import { markup } from '../../pages/index.js';

/** Where a link of a document leads, or undefined when only its text is to be shown. */
export type ResolveLink = (target: string) => string | undefined;

/** Code, bold, and links; the first of them that closes wins. None of the alternatives can match a line in two ways. */
const SPAN = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^[\]]+)\]\(([^()\s]+)\)/g;

/** Renders the text of one block. Everything but the known marks is shown as it stands. */
export function renderInline(text: string, resolveLink: ResolveLink): Html {
  const parts: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(SPAN)) {
    const [whole, code, bold, label, target] = match;
    parts.push(markup`${text.slice(end, match.index)}`);
    end = match.index + whole.length;
    if (code !== undefined) parts.push(markup`<code>${code}</code>`);
    else if (bold !== undefined) parts.push(markup`<strong>${renderInline(bold, resolveLink)}</strong>`);
    else parts.push(renderLink(label ?? '', target ?? '', resolveLink));
  }
  parts.push(markup`${text.slice(end)}`);
  return markup`${parts}`;
}

function renderLink(label: string, target: string, resolveLink: ResolveLink): Html {
  const href = resolveLink(target);
  return href === undefined ? markup`${label}` : markup`<a href="${href}">${label}</a>`;
}
