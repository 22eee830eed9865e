import { builtinRules } from 'eslint/use-at-your-own-risk';
import tseslint from 'typescript-eslint';

const APPS = 'extractor|transformer|loader|cli';
const LIBS = 'contracts|messaging|config|health|observability';

// The direction of imports (docs/architecture.md): apps → messaging → contracts, health; apps → config, observability.
const otherApps = {
  regex: `^(\\.\\./)+(apps/)?(${APPS})/src/`,
  message: 'Apps do not import apps: they meet in messages. Only apps/cli composes their modules.',
};
const libsByPath = { regex: `^(\\.\\./)+(libs/)?(${LIBS})/`, message: 'Import libs by their names, as #contracts.' };
const tests = { regex: '^(\\.\\./)+test/', message: 'The product does not import its tests.' };
const databases = {
  regex: '^(@mikro-orm/|kysely|better-sqlite3|pg(-copy-streams)?$|mysql2|tedious$|tarn$)',
  message: 'Only apps/loader knows databases.',
};
const broker = { regex: '^amqplib', message: 'Only libs/messaging knows the broker.' };
const transport = { regex: '^@nestjs/microservices', message: 'Only libs/messaging and the mains know the transport.' };
const handlersOnly = {
  name: '@nestjs/microservices',
  // What marks a method as the handler of a stage, and its arguments.
  allowImportNames: ['Ctx', 'EventPattern', 'MessagePattern', 'Payload'],
  message: 'Apps mark handlers; only libs/messaging and the mains know the transport.',
};
const exceptLibs = (...allowed) => ({
  regex: `^#(?!(${allowed.join('|') || 'none'})$)`,
  message: `This part may import ${allowed.map((name) => `#${name}`).join(', ') || 'no other part'}.`,
});
const zodOnly = { regex: '^(?!\\.{1,2}/|node:|zod$)', message: 'Contracts import zod alone.' };

const imports = (files, patterns, paths = []) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns, paths }] },
});

const SPECS = ['**/*.spec.ts', 'test/**/*.ts'];

const shapes = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'ExportAllDeclaration', message: 'Name what a file exports.' },
  {
    selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>5]',
    message: 'At most five dependencies.',
  },
];

const config = [
  { ignores: ['dist/', 'coverage/', 'node_modules/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommendedTypeChecked.map((part) => ({ ...part, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { size: { rules: { 'think-again': builtinRules.get('max-lines') } } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { args: 'all', argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Async functions without await fulfil an interface whose other implementations wait.
      '@typescript-eslint/require-await': 'off',
      // Query builders are handed to callbacks as objects to take apart.
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-syntax': ['error', ...shapes],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read in libs/config, once.' },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', 400],
      'size/think-again': ['warn', 250],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },

  imports(['libs/contracts/src/**/*.ts'], [zodOnly]),
  imports(['libs/messaging/src/**/*.ts'], [libsByPath, otherApps, tests, databases, exceptLibs('contracts', 'health')]),
  imports(['libs/health/src/**/*.ts'], [libsByPath, otherApps, tests, databases, broker, transport, exceptLibs()]),
  imports(
    ['libs/config/src/**/*.ts', 'libs/observability/src/**/*.ts'],
    [libsByPath, otherApps, tests, databases, broker, transport, exceptLibs('contracts')],
  ),
  imports(
    ['apps/extractor/src/**/*.ts', 'apps/transformer/src/**/*.ts'],
    [libsByPath, otherApps, tests, databases, broker],
    [handlersOnly],
  ),
  imports(['apps/loader/src/**/*.ts'], [libsByPath, otherApps, tests, broker], [handlersOnly]),
  imports(['apps/*/src/main.ts'], [libsByPath, otherApps, tests, databases, broker]),
  // The CLI runs every service in one process, and its demo is the emulator that the tests use.
  imports(['apps/cli/src/**/*.ts'], [libsByPath, databases, broker]),
  imports(SPECS, [libsByPath], [{ name: '@jest/globals', message: 'Use the global describe, it and expect.' }]),

  {
    files: ['libs/config/src/**/*.ts', 'libs/health/src/ask.ts', 'apps/*/src/main.ts', ...SPECS],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['apps/cli/src/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: SPECS,
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
    },
  },
];

export { config as default };
