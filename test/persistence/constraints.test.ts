import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Project } from '../../src/directory/projects/project.js';
import { newId } from '../../src/kernel/ids.js';
import { CONSTRAINT_ERRORS } from '../../src/persistence/database-errors.js';
import type { TestOrganization } from '../support/server.js';
import { oidcDraft } from './support/sso-connections.js';
import { useServer } from './support/use-server.js';

const server = useServer();

const MADE_BY_SERVER = 'ids are made by this server and never repeat';
const CHECKED_BEFORE = 'the type system and the catalogue let nothing else through';
const SAME_STATEMENT = 'written in the same transaction as the row it points at, which is never deleted';

/** Constraints that no request can meet. One that appears here needs a reason; one that appears nowhere fails. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  organizations__id__pk: MADE_BY_SERVER,
  organizations__name_key__uq: 'set-up takes the organization that exists',
  organization_counters__org_id_slot__pk: 'written with on conflict',
  connections__org_id_id__pk: MADE_BY_SERVER,
  connections__org_id__fk: SAME_STATEMENT,
  connections__mode__ck: CHECKED_BEFORE,
  connections__on_group_delete__ck: CHECKED_BEFORE,
  connections__on_user_delete__ck: CHECKED_BEFORE,
  connection_tokens__org_id_id__pk: MADE_BY_SERVER,
  connection_tokens__token_hash__uq: 'hashes of 256 random bits; a given token is looked up first',
  connection_tokens__org_id_connection_id__fk: 'connections are looked up first and never deleted',
  connection_tokens__org_id_issued_by__fk: 'secrets are verified first; they are revoked, not deleted',
  connection_tokens__kind__ck: CHECKED_BEFORE,
  external_ids__org_id_connection_id_resource_id__pk: 'written with on conflict, or for a resource just made',
  external_ids__org_id_connection_id__fk: 'the connection has just been authenticated and is never deleted',
  external_ids__resource_type__ck: CHECKED_BEFORE,
  roles__org_id_id__pk: MADE_BY_SERVER,
  roles__org_id__fk: SAME_STATEMENT,
  roles__inherited_from__ck: CHECKED_BEFORE,
  teams__org_id_id__pk: MADE_BY_SERVER,
  teams__org_id__fk: SAME_STATEMENT,
  teams__display_name_key__ck: 'the statements that archive free the name',
  users__org_id_id__pk: MADE_BY_SERVER,
  users__org_id_default_team_id__fk: 'teams are looked up first and never deleted',
  team_members__org_id_team_id_user_id__pk: 'written with on conflict',
  team_members__org_id_team_id__fk: 'teams are looked up first and never deleted',
  team_members__role__ck: CHECKED_BEFORE,
  team_members__custom_role__ck: 'role and custom role are written together',
  organizations__enforced_project_privacy__ck: CHECKED_BEFORE,
  projects__org_id_id__pk: MADE_BY_SERVER,
  projects__org_id_team_id_id__uq: MADE_BY_SERVER,
  projects__org_id_team_id__fk: 'teams are looked up first and never deleted',
  projects__org_id_owner_id__fk: 'owners are looked up first and never deleted',
  projects__visibility__ck: CHECKED_BEFORE,
  projects__name_key__ck: 'archiving and restoring move the name',
  project_members__org_id_project_id_user_id__pk: 'written with on conflict',
  project_members__org_id_team_id_project_id__fk: 'the project is locked and its team never changes',
  project_members__org_id_team_id_user_id__fk:
    'the membership is locked first; who leaves the team leaves the project',
  project_members__role__ck: CHECKED_BEFORE,
  project_members__custom_role__ck: 'role and custom role are written together',
  project_members__content__ck: 'what says nothing is deleted',
  audit_events__org_id_id__pk: MADE_BY_SERVER,
  idempotency_keys__org_id_user_id_operation_key__pk: 'written with on conflict',
  idempotency_keys__org_id_user_id__fk: 'the account has just been authenticated; users are never deleted',
  idempotency_keys__answer__ck: 'status and answer are written together',
  api_keys__org_id_id__pk: MADE_BY_SERVER,
  api_keys__key_hash__uq: 'hashes of 256 random bits',
  api_keys__org_id_user_id__fk: 'the owner is locked in the same transaction; users are never deleted',
  api_keys__scopes__ck: CHECKED_BEFORE,
  local_credentials__org_id_user_id__pk: 'written with on conflict',
  local_credentials__org_id_user_id__fk: SAME_STATEMENT,
  local_credentials__reset_hash__uq: 'hashes of 256 random bits',
  local_credentials__org_id_reset_mail_id__fk: 'the mail is written in the same transaction',
  local_credentials__reset__ck: 'hash and time are written together',
  setup_links__token_hash__pk: 'hashes of 256 random bits',
  sessions__org_id_id__pk: MADE_BY_SERVER,
  sessions__secret_hash__uq: 'hashes of 256 random bits',
  sessions__org_id_user_id__fk: 'inserted from the row of the user, which is locked',
  sessions__method__ck: CHECKED_BEFORE,
  sign_in_attempts__key_hash__pk: 'written with on conflict',
  sessions__sso_connection_id__ck: CHECKED_BEFORE,
  sso_connections__org_id_id__pk: MADE_BY_SERVER,
  sso_connections__id__uq: MADE_BY_SERVER,
  sso_connections__org_id__fk: SAME_STATEMENT,
  sso_connections__org_id_paired_connection_id__fk: 'connections are locked first and never deleted',
  sso_connections__kind__ck: CHECKED_BEFORE,
  sso_connections__origin__ck: CHECKED_BEFORE,
  sso_connections__default_role__ck: CHECKED_BEFORE,
  sso_domains__org_id_id__pk: MADE_BY_SERVER,
  identities__org_id_sso_connection_id__fk: 'the connection is locked while an identity is linked',
  identities__mapped_role__ck: CHECKED_BEFORE,
  identities__org_id_user_id__fk: 'the account is locked while it is linked, and never deleted',
  sso_flows__org_id_id__pk: MADE_BY_SERVER,
  sso_flows__org_id_state_hash__uq: 'hashes of 256 random bits',
  sso_flows__org_id_sso_connection_id__fk:
    'the connection has just been read; one deleted meanwhile is a fault of the moment',
  sso_flows__org_id_user_id__fk: 'the person is signed in, and accounts are never deleted',
  sso_flows__purpose__ck: CHECKED_BEFORE,
  consumed_assertions__org_id_sso_connection_id_assertion_id__pk: 'written with on conflict',
  consumed_assertions__org_id_sso_connection_id__fk: 'as for flows',
  sign_on_reviews__org_id_id__pk: MADE_BY_SERVER,
  sign_on_reviews__org_id_sso_connection_id_subject_candidate__uq: 'written with on conflict',
  sign_on_reviews__org_id_sso_connection_id__fk: 'the connection is locked while a sign-in is decided',
  sign_on_reviews__org_id_candidate_user_id__fk: 'accounts are never deleted',
  sign_on_reviews__state__ck: CHECKED_BEFORE,
  sign_on_reviews__resolved_at__ck: 'state and time are written together',
  mapping_rules__org_id_id__pk: MADE_BY_SERVER,
  mapping_rules__org_id_sso_connection_id__fk: 'the connection is locked while a rule is written',
  mapping_rules__org_id_connection_id__fk:
    'the connection is locked while a rule is written, and never deleted',
  mapping_rules__source__ck: CHECKED_BEFORE,
  mapped_people__org_id_connection_id_user_id__pk: 'written with on conflict',
  mapped_people__org_id_connection_id__fk: 'connections are looked up first and never deleted',
  mapped_people__org_id_user_id__fk: 'people are locked first, and their rows never deleted',
  mapping_runs__org_id_connection_id__pk: 'written with on conflict',
  mapping_runs__org_id_connection_id__fk: 'connections are looked up first and never deleted',
  mapping_rules__org_id_team_id__fk: 'teams are looked up first and never deleted',
  mapping_rules__org_id_custom_role_id__fk:
    'the role is locked while a rule is written, and its rules go before it',
  mapping_rules__organization_role__ck: CHECKED_BEFORE,
  mapping_rules__team_role__ck: CHECKED_BEFORE,
  mapping_rules__custom_role_id__ck: 'role and custom role are written together',
  mapping_rules__effect__ck: CHECKED_BEFORE,
  team_members__org_id_sso_connection_id__fk: 'the connection is locked while its group claims are applied',
  invitations__org_id_id__pk: MADE_BY_SERVER,
  invitations__org_id__fk: SAME_STATEMENT,
  invitations__secret_hash__uq: 'hashes of 256 random bits',
  invitations__org_id_mail_id__fk: SAME_STATEMENT,
  invitations__org_id_invited_by__fk:
    'the caller has just been authenticated, and accounts are never deleted',
  invitations__org_id_user_id__fk: SAME_STATEMENT,
  invitations__origin__ck: CHECKED_BEFORE,
  invitations__organization_role__ck: CHECKED_BEFORE,
  invitations__seat__ck: CHECKED_BEFORE,
  invitations__state__ck: CHECKED_BEFORE,
  invitations__mail_absence__ck: CHECKED_BEFORE,
  invitations__mail__ck: 'the type of the delivery lets nothing else through',
  invitations__settled_at__ck: 'the statements that settle an invitation say when',
  invitations__user_id__ck: 'the statement that accepts says who',
  invitation_teams__org_id_invitation_id_team_id__pk: 'written with on conflict',
  invitation_teams__org_id_invitation_id__fk: SAME_STATEMENT,
  invitation_teams__org_id_team_id__fk: 'teams are looked up first and never deleted',
  invitation_teams__role__ck: CHECKED_BEFORE,
  invitation_teams__custom_role__ck: 'role and custom role are written together',
  provisioning_log__org_id_connection_id_id__pk: 'written with on conflict',
  provisioning_log__org_id_connection_id__fk: 'inserted from the row of the connection',
  provisioning_log__failure__ck: 'code, detail and shape are written together',
  provisioning_log__count__ck: 'counted from 1',
  user_activity_months__org_id_month_user_id__pk: 'written with on conflict',
  user_activity_months__org_id_user_id__fk:
    'written by the statement that locks the user, who is never deleted',
  user_activity_months__days__ck: 'a bit is set in every row',
  user_activity_months__month__ck: 'the statement cuts to the month',
  mail_outbox__org_id_id__pk: MADE_BY_SERVER,
  mail_outbox__org_id__fk: SAME_STATEMENT,
  mail_outbox__state__ck: CHECKED_BEFORE,
  mail_outbox__payload__ck: 'the statements that finish a mail take its payload',
  mail_outbox__finished_at__ck: 'the statements that finish a mail say when',
};

/** Constraints and unique indexes of the product's tables. Not-null constraints have no names before Postgres 18. */
async function namesInSchema(): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.conname as name from pg_constraint c
     where c.connamespace = 'public'::regnamespace and c.contype <> 'n' and c.conrelid <> 0
    union
    select i.indexrelid::regclass::text from pg_index i join pg_class t on t.oid = i.indrelid
     where i.indisunique and t.relnamespace = 'public'::regnamespace`.execute(
    server().database.connection.db,
  );
  return rows.map(({ name }) => name).filter((name) => !name.startsWith('kysely_'));
}

const unknownId = () => newId(Date.now());

const ssoConnection = ({ context }: TestOrganization, name = `sso-${unknownId()}`) =>
  server().services.ssoConnections.create(context, oidcDraft(name));

async function domain({ id, context }: TestOrganization, name: string, isVerified: boolean, sso?: string) {
  const ssoConnectionId = sso ?? (await ssoConnection({ context } as TestOrganization)).id;
  const { ssoDomains } = server().services.unitOfWork.stores;
  await ssoDomains.insert(context, {
    id: unknownId(),
    organizationId: id,
    ssoConnectionId,
    domain: name,
    challenge: 'challenge',
    createdAt: new Date().toISOString(),
    verifiedAt: isVerified ? new Date().toISOString() : undefined,
  });
}

async function link(
  { context, adminId }: TestOrganization,
  subjects: readonly string[],
  ids: readonly string[],
) {
  const { id } = await ssoConnection({ context } as TestOrganization);
  for (const [index, subject] of subjects.entries())
    await server().services.unitOfWork.stores.identities.link(context, {
      ssoConnectionId: id,
      subject,
      userId: ids[index] ?? adminId,
    });
}

type Provocation = (organization: TestOrganization) => Promise<unknown>;

const twice = async (work: () => Promise<unknown>): Promise<unknown> => {
  await work();
  return work();
};

/** The least a client must do to meet each constraint that has a meaning for it. */
const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  users__org_id_user_name_key__uq: ({ scim }) => twice(() => scim.post('/Users', { userName: 'twice' })),
  teams__org_id_display_name_key__uq: ({ scim }) =>
    twice(() => scim.post('/Groups', { displayName: 'twice' })),
  roles__org_id_name__uq: ({ scim }) =>
    twice(() => scim.post('/Roles', { name: 'twice', inheritedFrom: 'member' })),
  connections__org_id_name_key__uq: ({ context }) =>
    twice(() => server().services.connections.create(context, 'twice')),
  external_ids__org_id_connection_id_type_external_id__uq: async (organization) => {
    const { scim } = await organization.connection({ hasUniqueExternalIds: true });
    await scim.post('/Users', { userName: 'first', externalId: 'twice' });
    return scim.post('/Users', { userName: 'second', externalId: 'twice' });
  },
  sso_connections__org_id_name_key__uq: (organization) => twice(() => ssoConnection(organization, 'twice')),
  sso_domains__org_id_domain__uq: (organization) => twice(() => domain(organization, 'twice.example', false)),
  sso_domains__domain__uq: async (organization) => {
    await domain(organization, 'elsewhere.example', true);
    return domain(await server().organization(), 'elsewhere.example', true);
  },
  sso_domains__org_id_sso_connection_id__fk: (organization) =>
    domain(organization, 'lost.example', false, unknownId()),
  identities__org_id_sso_connection_id_subject__pk: async (organization) => {
    const { body } = await organization.scim.post('/Users', { userName: 'other' });
    return link(organization, ['subject', 'subject'], [organization.adminId, String(body.id)]);
  },
  identities__org_id_sso_connection_id_user_id__uq: (organization) =>
    link(organization, ['first', 'second'], []),
  invitation_teams__org_id_custom_role_id__fk: async ({ scim, context }) => {
    const { body } = await scim.post('/Groups', { displayName: 'invited to' });
    const [issued] = await server().services.invitations.invite(context, {
      emails: ['role@example.com'],
      organizationRole: undefined,
      seat: undefined,
      teamRoles: [],
      sendEmail: false,
    });
    const role = { teamId: String(body.id), role: 'custom', customRoleId: unknownId() } as const;
    return server().services.unitOfWork.stores.invitations.setTeams(context, issued!.invitation, [role]);
  },
  invitations__org_id_email_key__uq: ({ context }) =>
    twice(() =>
      server().services.invitations.invite(context, {
        emails: ['twice@example.com'],
        organizationRole: undefined,
        seat: undefined,
        teamRoles: [],
        sendEmail: false,
      }),
    ),
  team_members__org_id_user_id__fk: async ({ scim, context }) => {
    const { body } = await scim.post('/Groups', { displayName: 'team' });
    const role = { teamId: String(body.id), role: 'member', customRoleId: undefined } as const;
    return server().services.unitOfWork.stores.users.setTeamRoles(context, unknownId(), [role]);
  },
  team_members__org_id_custom_role_id__fk: async ({ scim, context, adminId }) => {
    const { body } = await scim.post('/Groups', { displayName: 'team' });
    const role = { teamId: String(body.id), role: 'custom', customRoleId: unknownId() } as const;
    return server().services.unitOfWork.stores.users.setTeamRoles(context, adminId, [role]);
  },
  projects__org_id_team_id_name_key__uq: async (organization) => {
    const project = await projectOf(organization);
    return server().services.projects.create(organization.context, {
      ...project,
      name: 'TWICE',
      visibility: undefined,
      invitedIds: [],
    });
  },
  project_members__org_id_custom_role_id__fk: async (organization) => {
    const project = await projectOf(organization);
    const role = { role: 'custom', customRoleId: unknownId() } as const;
    return server().services.unitOfWork.stores.projects.setPlace(
      organization.context,
      project,
      project.ownerId,
      { role, isInvited: false },
    );
  },
};

async function projectOf({ scim, context, adminId }: TestOrganization): Promise<Project> {
  const { body } = await scim.post('/Groups', { displayName: 'team', members: [{ value: adminId }] });
  return server().services.projects.create(context, {
    teamId: String(body.id),
    name: 'twice',
    visibility: undefined,
    ownerId: adminId,
    invitedIds: [],
  });
}

describe('constraint errors', () => {
  it('every constraint of the schema has an error, or a reason why nobody meets it', async () => {
    const known = new Set([...Object.keys(CONSTRAINT_ERRORS), ...Object.keys(UNREACHABLE)]);
    expect((await namesInSchema()).filter((name) => !known.has(name))).toEqual([]);
  });

  it('every error and every reason belongs to a constraint of the schema', async () => {
    const names = new Set(await namesInSchema());
    const known = [...Object.keys(CONSTRAINT_ERRORS), ...Object.keys(UNREACHABLE)];
    expect(known.filter((name) => !names.has(name))).toEqual([]);
  });

  it('no constraint has both', () => {
    expect(Object.keys(CONSTRAINT_ERRORS).filter((name) => name in UNREACHABLE)).toEqual([]);
  });

  it.each(Object.entries(CONSTRAINT_ERRORS))('%s is met and becomes %o', async (name, { code, field }) => {
    const provoke = PROVOCATIONS[name];
    if (!provoke) throw new Error('write down how a client meets it');
    const organization = await server().organization();
    const outcome = await provoke(organization).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code, field });
    else expect(outcome).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
  });

  it('names follow <table>__<columns>__<kind>', async () => {
    for (const name of await namesInSchema()) expect(name).toMatch(/^[a-z_]+?__[a-z_]+?__(pk|uq|fk|ck)$/);
  });
});
