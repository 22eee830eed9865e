const sources = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^#(contracts|messaging|config|health|observability)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

/** @type {import('jest').Config} */
const config = {
  // Here, for jest heeds no project's own. Some servers take seconds to make the tables.
  testTimeout: 60_000,
  projects: [
    {
      ...sources,
      displayName: 'unit',
      testMatch: ['apps', 'libs', 'scripts', 'test/emulator', 'test/support', 'test/bench'].map(
        (folder) => `<rootDir>/${folder}/**/*.spec.ts`,
      ),
    },
    { ...sources, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.spec.ts'] },
    { ...sources, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
  ],
};

export { config as default };
