import { SEQUENCE, type PlannedRequest, type Scenario } from '../load/plan.ts';
import { spreadUsers } from '../population/population.ts';
import { displayNameOf, entraUser, renameOf, userNameOf } from '../population/user-bodies.ts';
import { getAccessQuestions } from './access-questions.ts';
import { walkToDepth } from './cursor-walk.ts';
import type { ThroughputCell } from './throughput.ts';

const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const PAGE_SIZE = 100;
const READ_USERS = 5_000;
/** Enough that connections never meet at one row. */
const WRITE_USERS = 2_000;

const READ_CPU_TARGET = 1.5;

interface UserAnswer {
  readonly id?: unknown;
  readonly active?: unknown;
  readonly displayName?: unknown;
}
interface ListAnswer {
  readonly totalResults?: number;
  readonly Resources?: readonly unknown[];
}

const single = (request: PlannedRequest): Scenario => [request];
const get = (path: string): Scenario => single({ method: 'GET', path, expect: 200 });
const matchPath = (userName: string): string =>
  `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`.replaceAll(
    encodeURIComponent(SEQUENCE),
    SEQUENCE,
  );

const isUser = (body: unknown): boolean => typeof (body as UserAnswer).id === 'string';
const hasTotal = (total: number) => (body: unknown) => (body as ListAnswer).totalResults === total;
const isFullPage = (body: unknown): boolean => (body as ListAnswer).Resources?.length === PAGE_SIZE;

const isDecision = (body: unknown): boolean => {
  const { decision, context } = body as {
    readonly decision?: unknown;
    readonly context?: { reason?: unknown };
  };
  return typeof decision === 'boolean' && typeof context?.reason === 'string';
};

export const THROUGHPUT_CELLS: readonly ThroughputCell[] = [
  {
    cell: 'get',
    title: 'GET a user by id',
    ratioTarget: 0.8,
    cpuTarget: READ_CPU_TARGET,
    prepare: ({ population }) => spreadUsers(population.ids, READ_USERS).map(({ id }) => get(`/Users/${id}`)),
    verify: isUser,
  },
  {
    cell: 'match',
    title: 'filter userName eq, found',
    ratioTarget: 0.8,
    cpuTarget: READ_CPU_TARGET,
    prepare: ({ population }) =>
      spreadUsers(population.ids, READ_USERS).map(({ number }) => get(matchPath(userNameOf(number)))),
    verify: hasTotal(1),
  },
  {
    cell: 'miss',
    title: 'filter userName eq, not found',
    ratioTarget: 0.8,
    cpuTarget: READ_CPU_TARGET,
    prepare: () => [get(matchPath(`nobody.${SEQUENCE}@bench.example`))],
    verify: hasTotal(0),
  },
  {
    cell: 'create',
    title: 'POST a user',
    ratioTarget: 0.65,
    prepare: () => {
      const user = entraUser(`create.${SEQUENCE}@bench.example`, `Create ${SEQUENCE}`);
      return [single({ method: 'POST', path: '/Users', body: JSON.stringify(user), expect: 201 })];
    },
    verify: isUser,
  },
  {
    cell: 'patch',
    title: 'PATCH active, alternating',
    ratioTarget: 0.65,
    prepare: ({ population }) => {
      const users = spreadUsers(population.ids, WRITE_USERS);
      return [false, true].flatMap((active) => {
        const operation = { op: 'replace', path: 'active', value: active };
        const body = JSON.stringify({ schemas: [PATCH_URN], Operations: [operation] });
        return users.map(({ id }) => single({ method: 'PATCH', path: `/Users/${id}`, body, expect: 200 }));
      });
    },
    verify: (body) => (body as UserAnswer).active === false,
  },
  {
    cell: 'put',
    title: 'PUT a user with a new displayName',
    ratioTarget: 0.65,
    prepare: ({ population }) =>
      spreadUsers(population.ids, WRITE_USERS).map(({ number, id }) => {
        const body = JSON.stringify({ ...entraUser(userNameOf(number), renameOf(SEQUENCE)), id });
        return single({ method: 'PUT', path: `/Users/${id}`, body, expect: 200 });
      }),
    verify: (body) => (body as UserAnswer).displayName !== displayNameOf(0),
  },
  {
    cell: 'list',
    title: `list of ${PAGE_SIZE}, first page`,
    ratioTarget: 0.7,
    cpuTarget: READ_CPU_TARGET,
    prepare: () => [get(`/Users?startIndex=1&count=${PAGE_SIZE}`)],
    verify: isFullPage,
  },
  {
    cell: 'cursor',
    title: `list of ${PAGE_SIZE} by cursor, at the far end`,
    ratioTarget: 0.7,
    cpuTarget: READ_CPU_TARGET,
    prepare: async ({ population }, subject) => {
      const { deep } = await walkToDepth(subject, population.ids.length, PAGE_SIZE);
      return deep.map((path) => get(path));
    },
    verify: isFullPage,
  },
  {
    cell: 'index',
    title: `list of ${PAGE_SIZE} by startIndex, at the far end`,
    prepare: ({ population }) => [
      get(`/Users?startIndex=${population.ids.length - PAGE_SIZE + 1}&count=${PAGE_SIZE}`),
    ],
    verify: isFullPage,
  },
  {
    cell: 'evaluation',
    title: 'may somebody do something, and why',
    ratioTarget: 0.7,
    cpuTarget: READ_CPU_TARGET,
    tailTarget: 3,
    findSurface: async (bench, subject) => (await getAccessQuestions(bench)).surfaceOf(subject),
    prepare: async (bench) =>
      spreadUsers((await getAccessQuestions(bench)).bodies, READ_USERS).map(({ id: body }) =>
        single({ method: 'POST', path: '/evaluation', body, expect: 200 }),
      ),
    verify: isDecision,
  },
];
