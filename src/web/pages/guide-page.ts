import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorAnswer, type PageAnswer, renderPage } from '../../pages/index.js';
import type { ResolveLink } from '../markdown/inline.js';
import { renderMarkdown } from '../markdown/render-markdown.js';

/** Guides of docs/idp by their names in addresses. */
export const GUIDES = {
  okta: 'Okta',
  'okta-saml': 'Okta by SAML',
  'okta-oidc': 'Okta by OpenID Connect',
  entra: 'Microsoft Entra ID',
  'entra-saml': 'Microsoft Entra ID by SAML',
  'entra-oidc': 'Microsoft Entra ID by OpenID Connect',
} as const;
export type GuideName = keyof typeof GUIDES;

/** A set-up guide as a page; 404 in an installation without docs/. */
export async function showGuide(
  parts: { readonly directory: string; readonly basePath: string },
  name: GuideName,
  requestId: string,
): Promise<PageAnswer> {
  const text = await readFile(join(parts.directory, 'docs/idp', `${name}.md`), 'utf8').catch(() => undefined);
  if (text === undefined)
    return errorAnswer(404, 'No such guide', 'The guides are not part of this installation.', requestId);
  const body = renderMarkdown(text, resolveLinks(parts.basePath));
  return {
    status: 200,
    body: renderPage({ title: `${GUIDES[name]} and Rollcall`, body, basePath: parts.basePath }),
  };
}

/** Other guides lead to their pages; what else the repository has is not served. */
const resolveLinks =
  (basePath: string): ResolveLink =>
  (target) => {
    if (/^https?:\/\//.test(target)) return target;
    const guide = Object.keys(GUIDES).find((name) => target === `${name}.md`);
    return guide === undefined ? undefined : `${basePath}/guides/${guide}`;
  };
