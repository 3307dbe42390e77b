import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { markup } from '../../../src/pages/index.js';
import { renderMarkdown } from '../../../src/web/markdown/render-markdown.js';

const render = (text: string): string => renderMarkdown(text, (target) => target).text;

describe('Markdown of the guides', () => {
  it('has headings, paragraphs, bold, code and links', () => {
    expect(render('# One\n\nText with **bold**, `code` and [a link](https://example.com).\n')).toBe(
      '<h1>One</h1><p>Text with <strong>bold</strong>, <code>code</code> and <a href="https://example.com">a link</a>.</p>',
    );
  });

  it('keeps code blocks and tables inside list items', () => {
    expect(
      render(
        '1. Run it.\n\n   ```sh\n   npm start\n   ```\n\n2. Fill in:\n\n   | A | B |\n   |---|---|\n   | x | `y` |\n',
      ),
    ).toBe(
      '<ol><li><p>Run it.</p><pre><code>npm start</code></pre></li>' +
        '<li><p>Fill in:</p><div class="table"><table><thead><tr><th>A</th><th>B</th></tr></thead>' +
        '<tbody><tr><td>x</td><td><code>y</code></td></tr></tbody></table></div></li></ol>',
    );
  });

  it('shows HTML as text, wherever it stands', () => {
    for (const text of [
      '<script>x</script>',
      '# <script>x</script>',
      '`<script>x</script>`',
      '- <script>x</script>',
      '| <script>x</script> |\n|---|\n',
      '```\n<script>x</script>\n```',
      '[<script>x</script>](y)',
    ])
      expect(render(text)).not.toContain('<script>');
  });

  it('cannot break out of the address of a link', () => {
    expect(render('[x](y"onclick="z)')).toBe('<p><a href="y&quot;onclick=&quot;z">x</a></p>');
  });

  it('shows only the text of a link that leads nowhere', () => {
    expect(renderMarkdown('[replay](../../test/x.json)', () => undefined).text).toBe('<p>replay</p>');
  });

  it('ends an unclosed code block with the document', () => {
    expect(render('```\na\nb')).toBe('<pre><code>a\nb</code></pre>');
  });

  it.each(['okta', 'entra'])('leaves no mark of the guide %s unrendered', (name) => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/idp', `${name}.md`), 'utf8');
    const withoutCode = render(text).replace(/<code>[^<]*<\/code>/g, '');
    expect(withoutCode).not.toMatch(/\*\*|`|\]\(|^\|/m);
  });
});

describe('the markup tag', () => {
  it('escapes what is put in, once, and leaves HTML alone', () => {
    const inner = markup`<b>${'<&>"\''}</b>`;
    expect(inner.text).toBe('<b>&lt;&amp;&gt;&quot;&#39;</b>');
    expect(markup`<p>${inner}${[inner, inner]}${undefined}${5}</p>`.text).toBe(
      `<p>${inner.text.repeat(3)}5</p>`,
    );
  });
});
