import { DomainError } from '../../kernel/errors.js';
import type { RequestContext } from '../request-context.js';
import type { EnforcedPrivacy } from '../teams/team-privacy.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type {
  EnforcedPrivacyChange,
  OrganizationChange,
  OrganizationSettings,
} from './organization-settings.js';

/** An organization's own settings. */
export class OrganizationService {
  readonly #unitOfWork: UnitOfWork;

  constructor({ unitOfWork }: { readonly unitOfWork: UnitOfWork }) {
    this.#unitOfWork = unitOfWork;
  }

  /** @throws DomainError organization.not_found */
  async get(organizationId: string): Promise<OrganizationSettings> {
    const found = await this.#unitOfWork.stores.organizations.findSettings(organizationId);
    if (!found) throw new DomainError('organization.not_found');
    return found;
  }

  /** @throws DomainError organization.not_found, resource.version_mismatch */
  async update(
    context: RequestContext,
    change: OrganizationChange,
    expectedVersion: number | undefined,
  ): Promise<OrganizationSettings> {
    return this.#unitOfWork.transaction(async ({ organizations }) => {
      const current = await organizations.findSettings(context.organizationId, { forUpdate: true });
      if (!current) throw new DomainError('organization.not_found');
      if (expectedVersion !== undefined && expectedVersion !== current.version)
        throw new DomainError('resource.version_mismatch');
      const next: OrganizationSettings = {
        ...current,
        displayName: change.displayName?.trim() ?? current.displayName,
        allowsApiKeyCreation: change.allowsApiKeyCreation ?? current.allowsApiKeyCreation,
        enforcedPrivacy: changePrivacy(current.enforcedPrivacy, change.enforcedPrivacy ?? {}),
      };
      return organizations.writeSettings(context, current, next);
    });
  }
}

/** What is left out stays; null gives a setting back to the teams. */
function changePrivacy(current: EnforcedPrivacy, change: EnforcedPrivacyChange): EnforcedPrivacy {
  const choose = <Value>(wanted: Value | undefined, known: Value): Value =>
    wanted === undefined ? known : wanted;
  return {
    hideFromNonMembers: choose(change.hideFromNonMembers, current.hideFromNonMembers),
    projects: choose(change.projects, current.projects),
    forbidMemberInvitations: choose(change.forbidMemberInvitations, current.forbidMemberInvitations),
    blockReportSharing: choose(change.blockReportSharing, current.blockReportSharing),
    saveCode: choose(change.saveCode, current.saveCode),
  };
}
