/**
 * Who may import whom. The arrows are drawn in ARCHITECTURE.md; a folder that is not named in a rule's `to` is out of
 * bounds. Rules speak of folders, so that a new file is bound by them without being listed.
 */

/** A folder of src and the folders of src it may import from, besides itself. */
const FOLDERS = {
  kernel: [],
  config: ['kernel'],
  permissions: ['kernel'],
  directory: ['kernel', 'permissions'],
  http: ['kernel'],
  observability: ['kernel'],
  mail: ['kernel', 'directory', 'http', 'observability'],
  persistence: ['kernel', 'permissions', 'directory'],
  scim: ['kernel', 'permissions', 'directory', 'http', 'observability'],
  access: ['kernel', 'permissions', 'directory', 'http', 'observability'],
  'forward-auth': ['kernel', 'directory', 'http', 'observability'],
  api: ['kernel', 'permissions', 'directory', 'http', 'observability'],
  oauth: ['kernel', 'permissions', 'directory', 'http', 'observability'],
  pages: ['kernel', 'http', 'observability'],
  web: ['kernel', 'permissions', 'directory', 'http', 'observability', 'pages'],
  sso: ['kernel', 'permissions', 'directory', 'http', 'observability', 'pages'],
  cli: [
    'kernel',
    'config',
    'permissions',
    'directory',
    'persistence',
    'http',
    'observability',
    'app',
    'open-database',
  ],
};

/** A third-party library and the only places that may import it. */
const OWNERS = {
  'kysely|pg|@electric-sql/pglite': ['^src/persistence/', '^migrations/', '^src/app\\.ts$'],
  'express|swagger-ui-express': [
    '^src/access/',
    '^src/forward-auth/',
    '^src/http/',
    '^src/scim/',
    '^src/oauth/',
    '^src/pages/',
    '^src/sso/',
    '^src/api/',
    '^src/web/',
    '^src/app\\.ts$',
  ],
  'scimmy|scimmy-routers': ['^src/scim/schema/'],
  'pino|prom-client': ['^src/observability/'],
  '@node-saml/node-saml|@node-saml/passport-saml|passport': ['^src/sso/saml/'],
  cookie: ['^src/http/'],
  'openid-client|jose': ['^src/sso/oidc/'],
  // A development package: the demo loads it where it is installed, and says so where it is not.
  'oidc-provider': ['^src/cli/demo/sign-on/'],
  zod: ['^src/config/', '^src/api/', '^src/web/'],
  nodemailer: ['^src/mail/'],
};

const folderRules = Object.entries(FOLDERS).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-what-it-may`,
  severity: 'error',
  comment:
    allowed.length === 0
      ? `${folder} imports nothing of src`
      : `${folder} imports ${allowed.join(', ')} of src`,
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [folder, ...allowed].map((name) => `^src/${name}(/|\\.ts$)`) },
}));

const ownerRules = Object.entries(OWNERS).map(([packages, owners]) => ({
  name: `${packages.split('|')[0]}-has-one-owner`,
  severity: 'error',
  comment: `${packages} may be imported by ${owners.join(', ')} only`,
  from: { path: '^(src|migrations)/', pathNot: owners },
  to: { path: `node_modules/(@types/)?(${packages})/` },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle cannot be understood, tested or moved in parts',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'migrations-stand-alone',
      severity: 'error',
      comment: 'A migration has to mean the same in two years, whatever src has become',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'nothing-imports-the-composition',
      severity: 'error',
      comment:
        'app.ts, services.ts and main.ts build everything; who imports them would be part of what they build',
      from: { path: '^src/', pathNot: '^src/(main|app|services)\\.ts$|^src/cli/' },
      to: { path: '^src/(main|app|services)\\.ts$' },
    },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      comment: 'They are not there in production',
      from: { path: '^(src|migrations)/', pathNot: '^src/cli/demo/sign-on/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      comment: 'Only packages of package.json and files that are there',
      from: {},
      to: { couldNotResolve: true },
    },
    ...folderRules,
    ...ownerRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
