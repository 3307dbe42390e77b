import type { IdentityProvider } from './identity-provider.js';
import { demoRoles, type Plan } from './plan.js';
import type { Progress } from './progress.js';
import type { RoleScript } from './role-script.js';

type Step = () => Promise<void>;

/**
 * Provisions an organization and then changes it as a week in a company does. The providers work side by side, each one
 * step after the other, as they do in life.
 */
export async function runScenario(
  providers: readonly IdentityProvider[],
  roles: RoleScript,
  progress: Progress,
): Promise<void> {
  const phase = (title: string, stepsOf: (provider: IdentityProvider) => readonly Step[]) =>
    runPhase(progress, title, providers.map(stepsOf));
  const forEach =
    <Item>(
      select: (plan: Plan) => readonly Item[],
      act: (provider: IdentityProvider, item: Item) => Promise<void>,
    ) =>
    (provider: IdentityProvider): readonly Step[] =>
      select(provider.plan).map((item) => () => act(provider, item));

  await phase('connection tests', (provider) => [() => provider.testConnection()]);
  await phase(
    'people provisioned',
    forEach(
      (plan) => plan.people,
      (provider, person) => provider.provisionUser(person),
    ),
  );
  await phase(
    'teams pushed',
    forEach(
      (plan) => plan.teams,
      (provider, team) => provider.provisionTeam(team),
    ),
  );
  await runPhase(progress, 'custom roles made', [demoRoles.map((role) => () => roles.provisionRole(role))]);
  await runPhase(progress, 'custom roles given', [
    demoRoles.flatMap((role, index) =>
      providers.map(
        ({ plan }) =>
          () =>
            roles.assignRole(role.name, plan, index),
      ),
    ),
  ]);
  await phase(
    'people renamed',
    forEach(
      (plan) => plan.changes.rename,
      (provider, person) => provider.renameUser(person),
    ),
  );
  await phase(
    'people moved to another team',
    forEach(
      (plan) => plan.changes.move,
      (provider, move) => provider.moveUser(move),
    ),
  );
  await phase(
    'people deactivated',
    forEach(
      (plan) => plan.changes.deactivate,
      (provider, person) => provider.setActive(person, false),
    ),
  );
  await phase(
    'people reactivated',
    forEach(
      (plan) => plan.changes.reactivate,
      (provider, person) => provider.setActive(person, true),
    ),
  );
  await phase(
    'people removed',
    forEach(
      (plan) => plan.changes.remove,
      (provider, person) => provider.removeUser(person),
    ),
  );
  await phase('teams renamed', (provider) => [() => provider.renameTeam()]);
}

function runPhase(progress: Progress, title: string, lanes: readonly (readonly Step[])[]): Promise<void> {
  return progress.phase(title, lanes.flat().length, async (tick) => {
    await Promise.all(
      lanes.map(async (steps) => {
        for (const step of steps) {
          await step();
          tick();
        }
      }),
    );
  });
}
