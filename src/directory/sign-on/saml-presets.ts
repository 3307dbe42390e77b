import { NAME_ID, type SamlAttributeMapping, type SamlSettings } from './saml-settings.js';

/** Identity providers whose names of attributes are known. */
export const SAML_PRESET_NAMES = ['okta', 'entra', 'google', 'ping', 'keycloak', 'custom'] as const;
export type SamlPresetName = (typeof SAML_PRESET_NAMES)[number];

const XMLSOAP = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const MICROSOFT = 'http://schemas.microsoft.com/identity/claims';

/** The names an admin is told to give attributes where the identity provider leaves them open, NameID as the user name. */
const PLAIN: SamlAttributeMapping = {
  subject: NAME_ID,
  userName: [NAME_ID],
  email: ['email', NAME_ID],
  displayName: ['displayName'],
  givenName: ['firstName'],
  familyName: ['lastName'],
  groups: ['groups'],
};

/** Names of inetOrgPerson as OIDs (SAML attribute profile for LDAP), which Keycloak and Shibboleth send. */
const OID = {
  userName: 'urn:oid:0.9.2342.19200300.100.1.1',
  email: ['urn:oid:0.9.2342.19200300.100.1.3', 'urn:oid:1.2.840.113549.1.9.1'],
  displayName: 'urn:oid:2.16.840.1.113730.3.1.241',
  givenName: 'urn:oid:2.5.4.42',
  familyName: 'urn:oid:2.5.4.4',
};

const PRESETS: Readonly<Record<SamlPresetName, SamlAttributeMapping>> = {
  okta: PLAIN,
  /** The user principal name, which NameID and `name` are made from, changes when people marry; the object id never does. */
  entra: {
    subject: `${MICROSOFT}/objectidentifier`,
    userName: [`${XMLSOAP}/name`, NAME_ID],
    email: [`${XMLSOAP}/emailaddress`, `${XMLSOAP}/name`],
    displayName: [`${MICROSOFT}/displayname`],
    givenName: [`${XMLSOAP}/givenname`],
    familyName: [`${XMLSOAP}/surname`],
    groups: ['http://schemas.microsoft.com/ws/2008/06/identity/claims/groups'],
  },
  google: PLAIN,
  ping: {
    ...PLAIN,
    userName: ['username', NAME_ID],
    displayName: ['displayName', 'formatted_name'],
    givenName: ['firstName', 'given_name'],
    familyName: ['lastName', 'family_name'],
    groups: ['groups', 'memberOf'],
  },
  keycloak: {
    ...PLAIN,
    userName: ['username', NAME_ID],
    email: ['email', ...OID.email, NAME_ID],
    givenName: ['firstName', OID.givenName],
    familyName: ['lastName', OID.familyName],
  },
  custom: {
    subject: NAME_ID,
    userName: ['userName', 'username', OID.userName, `${XMLSOAP}/upn`, NAME_ID],
    email: ['email', 'mail', ...OID.email, `${XMLSOAP}/emailaddress`, NAME_ID],
    displayName: ['displayName', OID.displayName, `${XMLSOAP}/name`],
    givenName: ['firstName', 'givenName', OID.givenName, `${XMLSOAP}/givenname`],
    familyName: ['lastName', 'surname', OID.familyName, `${XMLSOAP}/surname`],
    groups: ['groups', 'memberOf'],
  },
};

/** What has to be said beside the preset, and what may be said otherwise than it has it. */
export type SamlSettingsDraft = Pick<SamlSettings, 'idpEntityId' | 'entryPoint'> &
  Partial<Omit<SamlSettings, 'preset' | 'idpEntityId' | 'entryPoint' | 'attributes'>> & {
    readonly attributes?: Partial<SamlAttributeMapping>;
  };

/** Whole settings from a preset and what differs from it. Requests are signed: nobody is asked to check, everybody may. */
export function samlSettings(preset: SamlPresetName, draft: SamlSettingsDraft): SamlSettings {
  return {
    preset,
    idpEntityId: draft.idpEntityId,
    entryPoint: draft.entryPoint,
    logoutUrl: draft.logoutUrl,
    certificates: draft.certificates ?? [],
    metadataUrl: draft.metadataUrl,
    requiredSignature: draft.requiredSignature ?? 'assertion',
    signsRequests: draft.signsRequests ?? true,
    wantsEncryptedAssertions: draft.wantsEncryptedAssertions ?? false,
    allowsIdpInitiated: draft.allowsIdpInitiated ?? false,
    nameIdFormat: draft.nameIdFormat,
    attributes: { ...PRESETS[preset], ...draft.attributes },
  };
}
