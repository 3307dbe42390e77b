import { defineConfig, globalIgnores } from 'eslint/config';
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import { requireReason } from './scripts/eslint-require-reason.js';

const TIME = 'Take the time from a Clock (src/kernel/clock.ts), so that tests can hold it still.';
const RANDOM = 'Use node:crypto: secrets and ids must not be guessable.';

const wallClock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: TIME },
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: TIME },
];
const alwaysRestricted = [
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: RANDOM,
  },
  {
    selector: "CallExpression[callee.object.name='sql'][callee.property.name='raw']",
    message:
      'Text in SQL is how injection starts; bind a value, or use sql.ref or sql.lit for what the code chose.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that one name is used everywhere.' },
];
const environment = {
  object: 'process',
  property: 'env',
  message: 'Only src/config reads the environment; take what you need from Config.',
};

export default defineConfig(
  globalIgnores(['dist/', 'data/', 'coverage/']),
  eslint.configs.recommended,
  {
    plugins: { rollcall: { rules: { 'require-reason': requireReason } } },
    rules: {
      'rollcall/require-reason': 'error',
      // Reading bytes from a network means telling control characters apart.
      'no-control-regex': 'off',
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-params': ['error', 6],
      'no-console': 'error',
      'no-restricted-properties': ['error', environment],
      'no-restricted-syntax': ['error', ...alwaysRestricted, ...wallClock],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      // Parsers return what `fail` returns, which is undefined on purpose.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A name that starts with an underscore says that a signature asks for it.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // `while (true)` with a return inside is how a hand-written parser reads.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: ['src/config/**', 'src/main.ts', 'scripts/**', 'bench/**', 'docs/**', 'test/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['src/kernel/clock.ts', 'scripts/**', 'bench/**', 'test/**'],
    rules: { 'no-restricted-syntax': ['error', ...alwaysRestricted] },
  },
  {
    files: ['bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**'],
    rules: {
      // Tests read arbitrary JSON and assert on it.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      // A test may state what the compiler can already prove.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      'no-restricted-syntax': [
        'error',
        ...alwaysRestricted,
        {
          selector: "MemberExpression[object.name=/^(describe|it|test)$/][property.name='only']",
          message: 'A focused test switches all others off.',
        },
      ],
    },
  },
  {
    files: ['*.config.js', '*.config.ts', 'test/support/*.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    languageOptions: { globals: { module: 'writable', process: 'readonly', URL: 'readonly' } },
  },
);
