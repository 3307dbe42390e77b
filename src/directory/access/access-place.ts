import { err, ok, type Result } from '../../kernel/result.js';
import { isUuid } from '../../kernel/ids.js';
import type { AccessRequest, SubjectReference } from './access-request.js';
import { makesNew, placeKindOf, resourceTypesOf } from './actions.js';

/** What facts are needed about, beside the subject. Texts that are no ids name nothing. */
export interface AccessPlace {
  readonly project: string | undefined;
  readonly team: string | undefined;
  readonly customRole: string | undefined;
}

/** A question to the store: this subject, at this place. */
export interface FactsQuery {
  readonly subject: SubjectReference;
  readonly place: AccessPlace;
}

/** What a question lacks; `field` is in the words of the request. */
export interface RequestProblem {
  readonly field: string;
  readonly detail: string;
}

/** What to ask the store for a question, or why it cannot be answered. */
export function placeOf({
  action,
  resource,
}: Omit<AccessRequest, 'subject'>): Result<AccessPlace, RequestProblem> {
  if (!resourceTypesOf(action).includes(resource.type))
    return err({
      field: 'resource.type',
      detail: `${action} can be asked for on ${resourceTypesOf(action).join(' or ')}, not on ${resource.type}.`,
    });
  switch (placeKindOf(action)) {
    case 'organization': {
      const names = resource.type === 'role' && !makesNew(action);
      return ok({ ...NOWHERE, customRole: names ? idOrNothing(resource.id) : undefined });
    }
    case 'team': {
      const team = resource.type === 'team' ? resource.id : resource.team;
      if (team === undefined) return err(missing('team', 'the id of the team it is in'));
      return ok({ ...NOWHERE, team: idOrNothing(team) });
    }
    case 'project': {
      const project = resource.type === 'project' ? resource.id : resource.project;
      if (project === undefined) return err(missing('project', 'the id of the project it is in'));
      if (action === 'run:move' && resource.targetProject === undefined)
        return err(missing('targetProject', 'the id of the project to move it to'));
      return ok({ ...NOWHERE, project: idOrNothing(project) });
    }
  }
}

/** The place a run is to be moved to. */
export const targetOf = ({ action, resource }: AccessRequest): AccessPlace | undefined =>
  action === 'run:move' && resource.targetProject !== undefined
    ? { ...NOWHERE, project: idOrNothing(resource.targetProject) }
    : undefined;

const NOWHERE: AccessPlace = { project: undefined, team: undefined, customRole: undefined };

/** A text that is no id of ours cannot name anything; the answer is the same as for an unknown id. */
const idOrNothing = (text: string): string | undefined => (isUuid(text) ? text : undefined);

const missing = (name: string, what: string): RequestProblem => ({
  field: `resource.properties.${name}`,
  detail: `resource.properties.${name} is required here: ${what}.`,
});
