import { makePeople, type Directory, type Person } from './people.js';

/** What one identity provider does in the demo. */
export interface Plan {
  readonly people: readonly Person[];
  readonly teams: readonly string[];
  readonly changes: {
    readonly rename: readonly Person[];
    readonly move: readonly Move[];
    readonly deactivate: readonly Person[];
    /** Some of those who were deactivated. */
    readonly reactivate: readonly Person[];
    /** Hard deletes; Okta never sends them. */
    readonly remove: readonly Person[];
    readonly renameTeam: { readonly from: string; readonly to: string };
  };
}

export interface Move {
  readonly person: Person;
  readonly from: string;
  readonly to: string;
}

export interface DemoRole {
  readonly name: string;
  readonly description: string;
  readonly inheritedFrom: 'member' | 'viewer';
  readonly permissions: readonly string[];
}

const OKTA_TEAMS = [
  'Platform',
  'Data Science',
  'Machine Learning',
  'Mobile',
  'Design',
  'Security',
  'Support',
];
const ENTRA_TEAMS = ['Finance', 'Legal', 'Marketing', 'People', 'Sales'];
const OKTA_PEOPLE = 120;
const ENTRA_PEOPLE = 80;

/** Okta's ids are 20 characters that begin with 00u. */
const OKTA: Directory = {
  domain: 'aurora.example',
  firstNumber: 1,
  size: OKTA_PEOPLE,
  departments: OKTA_TEAMS,
  externalId: (number) => `00udemo${String(number).padStart(13, '0')}`,
};

/** Entra's object ids are UUIDs. */
const ENTRA: Directory = {
  domain: 'borealis.example',
  firstNumber: OKTA_PEOPLE + 1,
  size: ENTRA_PEOPLE,
  departments: ENTRA_TEAMS,
  externalId: (number) => `00000000-de30-4000-8000-${String(number).padStart(12, '0')}`,
};

export const oktaPlan = makePlan(OKTA, { from: 'Design', to: 'Product Design' });
export const entraPlan = makePlan(ENTRA, { from: 'Sales', to: 'Sales EMEA' });

export const demoRoles: readonly DemoRole[] = [
  {
    name: 'Run operator',
    description: 'Stops and tidies up the runs of others',
    inheritedFrom: 'viewer',
    permissions: ['run:stop', 'run:update'],
  },
  {
    name: 'Model publisher',
    description: 'Publishes models into the registry',
    inheritedFrom: 'viewer',
    permissions: ['registry:add_model', 'registry:add_alias'],
  },
  {
    name: 'Team lead',
    description: 'Looks after the people of a team',
    inheritedFrom: 'member',
    permissions: ['team:add_member', 'team:remove_member', 'team:update_member_role'],
  },
];

function makePlan(directory: Directory, renameTeam: Plan['changes']['renameTeam']): Plan {
  const people = makePeople(directory);
  const teams = directory.departments;
  const slice = (from: number, count: number): readonly Person[] => people.slice(from, from + count);
  return {
    people,
    teams,
    changes: {
      rename: slice(0, 6),
      move: slice(10, 8).map((person) => ({
        person,
        from: person.department,
        to: teams[(teams.indexOf(person.department) + 1) % teams.length] ?? person.department,
      })),
      deactivate: slice(20, 10),
      reactivate: slice(20, 4),
      remove: slice(40, 4),
      renameTeam,
    },
  };
}
