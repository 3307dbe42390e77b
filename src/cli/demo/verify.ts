import type { Plan } from './plan.js';
import type { Recorder } from './recorder.js';
import { ScimExchange } from './scim-exchange.js';
import { resourcesOf } from './scim-messages.js';

const PAGE_SIZE = 100;
const HEADERS = { always: { Accept: 'application/scim+json' }, withBody: {} };

/**
 * Reads everybody back page by page, as an import does, and compares with what the plans should have come to: a server
 * that answers well and stores something else would be noticed nowhere else.
 */
export async function verifyPeople(
  target: { readonly baseUrl: string; readonly token: string; readonly recorder: Recorder },
  plans: readonly { readonly plan: Plan; readonly neverDeletes: boolean }[],
): Promise<void> {
  const exchange = new ScimExchange({ ...target, headers: HEADERS });
  try {
    const found = await readActivity(exchange);
    for (const { plan, neverDeletes } of plans)
      for (const [userName, expected] of expectedActivity(plan, neverDeletes)) {
        const actual = found.get(userName);
        if (actual !== expected)
          target.recorder.addProblem(
            `${userName} is ${describe(actual)}, and should be ${describe(expected)}`,
          );
      }
  } finally {
    exchange.close();
  }
}

async function readActivity(exchange: ScimExchange): Promise<ReadonlyMap<string, boolean>> {
  const found = new Map<string, boolean>();
  for (let startIndex = 1; ; startIndex += PAGE_SIZE) {
    const page = await exchange.send({
      operation: 'import page',
      method: 'GET',
      path: `/Users?startIndex=${startIndex}&count=${PAGE_SIZE}`,
      expected: [200],
    });
    const users = resourcesOf(page);
    for (const { userName, active } of users)
      if (typeof userName === 'string') found.set(userName, active === true);
    if (users.length < PAGE_SIZE) return found;
  }
}

/** By userName before any renaming: undefined for those who are gone. */
function expectedActivity(plan: Plan, neverDeletes: boolean): ReadonlyMap<string, boolean | undefined> {
  const { deactivate, reactivate, remove, rename } = plan.changes;
  const activity = new Map<string, boolean | undefined>(plan.people.map(({ userName }) => [userName, true]));
  for (const { userName } of deactivate) activity.set(userName, false);
  for (const { userName } of reactivate) activity.set(userName, true);
  for (const { userName } of remove) activity.set(userName, neverDeletes ? false : undefined);
  // Entra has given these another userName; Okta has not.
  if (!neverDeletes) for (const { userName } of rename) activity.delete(userName);
  return activity;
}

function describe(isActive: boolean | undefined): string {
  if (isActive === undefined) return 'not listed';
  return isActive ? 'active' : 'inactive';
}
