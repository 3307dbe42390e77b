import { markup, type Html } from './html.js';

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Path of PUBLIC_URL without a slash at the end: where links begin. */
  readonly basePath: string;
  /** For pages with one small form. */
  readonly isNarrow?: boolean;
  /**
   * An address to which the browser goes on by itself. In the page, because proxies cut off headers that are as long as
   * such an address can be.
   */
  readonly refreshTo?: string;
}

/** A whole document in the dress of the product. */
export const renderPage = ({ title, body, basePath, isNarrow, refreshTo }: Page): Html =>
  markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        ${refreshTo === undefined ? undefined : markup`<meta http-equiv="refresh" content="0; url=${refreshTo}" />`}
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${basePath}/assets/rollcall.css" />
      </head>
      <body${isNarrow === true ? markup` class="narrow"` : undefined}>
        <header><a class="brand" href="${basePath}/">Rollcall</a></header>
        <main>${body}</main>
      </body>
    </html>
`;
