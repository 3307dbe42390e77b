/** The values that differ from user to user in a stored document. */
export interface DocumentFields {
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
}

const FIELDS = ['id', 'userName', 'displayName'] as const;

/** Text between values, and which value stands behind each piece but the last. */
export interface DocumentTemplate {
  readonly texts: readonly string[];
  readonly fields: readonly (keyof DocumentFields)[];
}

/**
 * Cuts a real answer into a template, so that the reference sends documents of the same size and shape without
 * knowing anything about them. The values must not contain each other.
 */
export function makeTemplate(document: string, values: DocumentFields): DocumentTemplate {
  const texts: string[] = [];
  const fields: (keyof DocumentFields)[] = [];
  let rest = document;
  for (;;) {
    const hits = FIELDS.map((field) => ({ field, at: rest.indexOf(values[field]) })).filter(
      ({ at }) => at !== -1,
    );
    const next = hits.sort((a, b) => a.at - b.at)[0];
    if (next === undefined) break;
    texts.push(rest.slice(0, next.at));
    fields.push(next.field);
    rest = rest.slice(next.at + values[next.field].length);
  }
  texts.push(rest);
  return { texts, fields };
}

/** The document with the values in place. */
export function fillTemplate({ texts, fields }: DocumentTemplate, values: DocumentFields): string {
  let document = texts[0] ?? '';
  for (const [index, field] of fields.entries()) document += values[field] + (texts[index + 1] ?? '');
  return document;
}
