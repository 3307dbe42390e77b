/** What a client sends besides Authorization, Host and Content-Length. */
export interface ClientHeaders {
  /** On every request. */
  readonly always: Readonly<Record<string, string>>;
  /** On requests with a body. */
  readonly withBody: Readonly<Record<string, string>>;
}

const SCIM_JSON = { 'Content-Type': 'application/scim+json' };
const SCIM_JSON_UTF8 = { 'Content-Type': 'application/scim+json; charset=utf-8' };
const PLAIN_JSON = { 'Content-Type': 'application/json' };

/** By folder. Where no capture of a client is public, only a media type is sent. */
export const CLIENT_HEADERS: Readonly<Record<string, ClientHeaders>> = {
  authentik: { always: {}, withBody: SCIM_JSON },
  'aws-sync': { always: {}, withBody: SCIM_JSON },
  cyberark: { always: {}, withBody: SCIM_JSON },
  // MicrosoftDocs/azure-docs#12728: neither Content-Type nor Accept on a GET.
  entra: { always: {}, withBody: SCIM_JSON_UTF8 },
  // pond/scimitar#142.
  google: { always: { 'User-Agent': 'Google-Auto-Provisioning' }, withBody: PLAIN_JSON },
  'microsoft-inbound': { always: {}, withBody: SCIM_JSON_UTF8 },
  jumpcloud: { always: {}, withBody: SCIM_JSON },
  // oktadeveloper/okta-blog-archive#1956: the Content-Type comes with requests that have no body, too.
  okta: {
    always: {
      Accept: 'application/scim+json',
      'Accept-Charset': 'utf-8',
      'Accept-Encoding': 'gzip,deflate',
      Connection: 'Keep-Alive',
      'User-Agent': 'Okta SCIM Client 1.0.0',
      ...SCIM_JSON_UTF8,
    },
    withBody: {},
  },
  // goauthentik/authentik#11249: the User-Agent is there, and empty.
  onelogin: { always: { 'User-Agent': '' }, withBody: SCIM_JSON },
  ping: { always: { 'User-Agent': 'PingFederate' }, withBody: SCIM_JSON },
  sailpoint: { always: {}, withBody: SCIM_JSON },
  salesforce: { always: {}, withBody: SCIM_JSON },
  servicenow: { always: {}, withBody: SCIM_JSON },
  // wandb/examples, wandb-scim/*.py.
  wandb: { always: {}, withBody: PLAIN_JSON },
  wso2: { always: {}, withBody: SCIM_JSON },
};
