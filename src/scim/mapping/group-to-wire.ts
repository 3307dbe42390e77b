import { GROUP_SCHEMA, GROUP_URN } from '../../directory/schema/index.js';
import type { TeamMember, TeamRecord } from '../../directory/teams/team.js';
import type { MemberIds } from '../../directory/teams/team-store.js';
import { etagOf } from '../../http/index.js';
import { shows, type Projection } from '../projection.js';
import { userLocation } from './user-to-wire.js';

/** Members read and rendered at a time. V8 collects late what is larger than 128 kB, which so many rarely are. */
const CHUNK_SIZE = 500;

const MEMBER_PARTS = ['value', '$ref', 'type', 'display'] as const;
type MemberPart = (typeof MEMBER_PARTS)[number];

/** The members to show, and how to learn their names. Undefined ids: the group has none to show. */
export interface GroupMembers {
  readonly ids: MemberIds | undefined;
  readonly read: (ids: readonly string[]) => Promise<readonly TeamMember[]>;
}

export const groupLocation = (id: string, baseUrl: string): string => `${baseUrl}/Groups/${id}`;

export const showsMembers = (projection: Projection): boolean =>
  shows(projection, GROUP_SCHEMA, false, 'members');

/**
 * A group as JSON text on the wire: whole when its members fit one piece, otherwise piece by piece, so that memory does
 * not grow with the group.
 */
export async function groupToWire(
  team: TeamRecord,
  members: GroupMembers,
  baseUrl: string,
  projection: Projection,
): Promise<string | AsyncIterable<string>> {
  const { start, end } = renderAround(team, baseUrl, projection);
  const parts = partsShown(projection);
  const { ids } = members;
  if (!ids || ids.count === 0 || parts.length === 0) return start + end;
  const chunk = (from: number): Promise<string> =>
    renderChunk(ids.slice(from, from + CHUNK_SIZE), members, parts, baseUrl);
  if (ids.count <= CHUNK_SIZE) {
    const text = await chunk(0);
    return text === '' ? start + end : `${start},"members":[${text}]${end}`;
  }
  return stream(ids.count, start, end, chunk);
}

async function* stream(
  count: number,
  start: string,
  end: string,
  chunk: (from: number) => Promise<string>,
): AsyncGenerator<string> {
  let separator = `${start},"members":[`;
  for (let from = 0; from < count; from += CHUNK_SIZE) {
    const text = await chunk(from);
    if (text === '') continue;
    yield separator + text;
    separator = ',';
  }
  yield separator === ',' ? `]${end}` : start + end;
}

/** A group without its members, cut where they go. */
function renderAround(
  team: TeamRecord,
  baseUrl: string,
  projection: Projection,
): { readonly start: string; readonly end: string } {
  const has = (name: string): boolean => shows(projection, GROUP_SCHEMA, false, name);
  let start = `{"schemas":["${GROUP_URN}"],"id":"${team.id}"`;
  if (team.externalId !== undefined && has('externalId'))
    start += `,"externalId":${JSON.stringify(team.externalId)}`;
  if (has('displayName')) start += `,"displayName":${JSON.stringify(team.displayName)}`;
  const meta = renderMeta(team, baseUrl, projection);
  return { start, end: meta === '' ? '}' : `,"meta":{${meta}}}` };
}

function renderMeta(team: TeamRecord, baseUrl: string, projection: Projection): string {
  const values: readonly (readonly [name: string, value: string])[] = [
    ['resourceType', 'Group'],
    ['created', team.createdAt],
    ['lastModified', team.updatedAt],
    ['location', groupLocation(team.id, baseUrl)],
    ['version', etagOf(team)],
  ];
  return values
    .filter(([name]) => showsPart(projection, 'meta', name))
    .map(([name, value]) => `"${name}":${JSON.stringify(value)}`)
    .join(',');
}

const partsShown = (projection: Projection): readonly MemberPart[] =>
  MEMBER_PARTS.filter((part) => showsPart(projection, 'members', part));

function showsPart(projection: Projection, attribute: string, part: string): boolean {
  if (projection.kind === 'all') return true;
  const isNamed = projection.paths.has(attribute) || projection.paths.has(`${attribute}.${part}`);
  if (projection.kind === 'only') return isNamed || projection.schemas.has(GROUP_URN);
  return !isNamed;
}

async function renderChunk(
  ids: readonly string[],
  members: GroupMembers,
  parts: readonly MemberPart[],
  baseUrl: string,
): Promise<string> {
  const shown = parts.includes('display')
    ? await members.read(ids)
    : ids.map((userId) => ({ userId, name: '' }));
  return shown.map((member) => renderMember(member, parts, baseUrl)).join(',');
}

function renderMember({ userId, name }: TeamMember, parts: readonly MemberPart[], baseUrl: string): string {
  if (parts.length === MEMBER_PARTS.length)
    return `{"value":"${userId}","$ref":"${userLocation(userId, baseUrl)}","type":"User","display":${JSON.stringify(name)}}`;
  const values: Record<MemberPart, string> = {
    value: userId,
    $ref: userLocation(userId, baseUrl),
    type: 'User',
    display: name,
  };
  return JSON.stringify(Object.fromEntries(parts.map((part) => [part, values[part]])));
}
