import { formatTable } from '../format-table.js';
import type { Measurement, Recorder } from './recorder.js';

/** What was sent and how it was answered, by operation, and what was wrong. */
export function renderReport(recorder: Recorder): string {
  const { measurements, problems, problemCount } = recorder;
  const operations = groupBy(measurements, ({ operation }) => operation);
  const rows = [...operations].map(([operation, group]) => toRow(operation, group));
  const table = formatTable(
    ['OPERATION', 'REQUESTS', 'p50 ms', 'p99 ms', 'ANSWERS'],
    [...rows, toRow('all', measurements)],
  );
  if (problemCount === 0) return `${table}\nEvery request was answered as its client expects.\n`;
  const hidden = problemCount - problems.length;
  const more = hidden > 0 ? `  and ${hidden} more\n` : '';
  return `${table}\n${problemCount} unexpected:\n${problems.map((problem) => `  ${problem}\n`).join('')}${more}`;
}

function toRow(operation: string, group: readonly Measurement[]): readonly (string | number)[] {
  const times = group.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const answers = [...groupBy(group, ({ status }) => status)]
    .sort(([a], [b]) => a - b)
    .map(([status, { length }]) => `${status} x ${length}`);
  return [
    operation,
    group.length,
    round(quantile(times, 0.5)),
    round(quantile(times, 0.99)),
    answers.join(', '),
  ];
}

/** The smallest of the sorted values that is not below the fraction `q` of them (nearest rank); 0 for none. */
export function quantile(sorted: readonly number[], q: number): number {
  const rank = Math.max(1, Math.ceil(q * sorted.length));
  return sorted[rank - 1] ?? 0;
}

function groupBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

const round = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;

/** Commands that show what the demo left behind. */
export function renderNextSteps(baseUrl: string, token: string | undefined): string {
  const authorization = `-H 'Authorization: Bearer ${token ?? 'TOKEN'}'`;
  const get = (path: string): string => `  curl -s ${authorization} '${baseUrl}${path}'\n`;
  return `
Look at
  a team and its members
${get('/Groups?filter=displayName%20eq%20%22Product%20Design%22')}
  people who were deactivated
${get('/Users?filter=active%20eq%20false&attributes=userName,active')}
  the custom roles and what they allow
${get('/Roles')}
  what this server supports
${get('/ServiceProviderConfig')}`;
}
