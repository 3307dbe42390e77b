import type { IdpClient } from './log-entry.js';

/** Parts of an identity provider's settings that advice speaks of. */
export type SettingPlace = 'credentials' | 'matching' | 'mapping' | 'assignment' | 'groups' | 'start';

type Places = Readonly<Partial<Record<IdpClient, string>>> & { readonly any: string };

/**
 * Where each identity provider has them, in the words of its own pages: Okta and Entra as in docs/idp, OneLogin and Google
 * as in their documentation for administrators.
 */
export const SETTINGS: Readonly<Record<SettingPlace, Places>> = {
  credentials: {
    okta: 'in Okta under Provisioning → Integration',
    entra: 'in Entra under Provisioning → Admin credentials',
    onelogin: 'in OneLogin under Configuration',
    google: 'in Google under Autoprovisioning',
    any: 'in the SCIM settings of the identity provider',
  },
  matching: {
    okta: 'in Okta under Sign On → Application username format, and Provisioning → Integration → Unique identifier field for users',
    entra: 'in Entra under Attribute mapping, by the matching precedence',
    any: 'in the matching rule of the identity provider',
  },
  mapping: {
    okta: 'in Okta under Provisioning → To App → Attribute Mappings',
    entra: 'in Entra under Attribute mapping',
    onelogin: 'in OneLogin under Parameters and Configuration → SCIM JSON Template',
    google: 'in Google under Autoprovisioning → Attribute mapping',
    any: 'in the attribute mapping of the identity provider',
  },
  assignment: {
    okta: 'in Okta under Assignments',
    entra: 'in Entra under Users and groups',
    google: 'in Google under Autoprovisioning → Provisioning scope',
    any: 'in the assignments of the identity provider',
  },
  groups: {
    okta: 'in Okta under Push Groups',
    entra: 'in Entra under Users and groups',
    any: 'in the group settings of the identity provider',
  },
  start: {
    okta: 'in Okta under Assignments and Provisioning',
    entra: 'in Entra under Provisioning, Restart provisioning or Provision on demand',
    any: 'in the provisioning settings of the identity provider',
  },
};
