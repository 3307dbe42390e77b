import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';
import { describeRoutes } from '../src/api/openapi/describe-routes.js';
import { API_ROUTES } from '../src/api/index.js';

/**
 * `openapi.yaml` with what follows from the declarations of routes: each part stands between two comments, `begin
 * generated: NAME` and `end generated: NAME`. The rest is written by hand and stays as it is.
 */
export async function renderOpenApi(current: string, path: string): Promise<string> {
  let text = current;
  for (const [name, part] of Object.entries(describeRoutes(API_ROUTES))) {
    const block = new RegExp(`( *)# begin generated: ${name}\\n[^]*?# end generated: ${name}\\n`);
    const found = block.exec(text);
    if (!found) throw new Error(`openapi.yaml has no place for generated ${name}`);
    const indent = found[1] ?? '';
    const body = stringify(part, { lineWidth: 0, singleQuote: true, aliasDuplicateObjects: false })
      .trimEnd()
      .replaceAll(/^(?=.)/gm, indent);
    const lines = [`${indent}# begin generated: ${name}`, body, `${indent}# end generated: ${name}\n`];
    text = text.replace(block, () => lines.join('\n'));
  }
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
