/** What a person sees when something goes wrong in the browser: no internals, and an id to quote. */
export interface ErrorPage {
  /** HTTP status code, shown small. */
  readonly status: number;
  readonly title: string;
  /** One or two plain sentences: what happened and what to do. */
  readonly message: string;
  readonly requestId: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes `text` harmless in HTML text and in quoted attribute values. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** A whole HTML document, without styles or scripts so that it holds under any content policy. */
export function renderErrorPage({ status, title, message, requestId }: ErrorPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(message)}</p>
<p><small>Status ${status}, request ${escapeHtml(requestId)}</small></p>
</main>
</body>
</html>
`;
}
