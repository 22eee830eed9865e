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
    '^#(contracts|messaging|config|observability)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

/** @type {import('jest').Config} */
const config = {
  projects: [
    {
      ...sources,
      displayName: 'unit',
      testTimeout: 15_000,
      testMatch: ['apps', 'libs', 'scripts', 'test/emulator', 'test/support', 'test/bench'].map(
        (folder) => `<rootDir>/${folder}/**/*.spec.ts`,
      ),
    },
    {
      ...sources,
      displayName: 'integration',
      testTimeout: 60_000,
      testMatch: ['<rootDir>/test/integration/**/*.spec.ts'],
    },
    { ...sources, displayName: 'e2e', testTimeout: 300_000, testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
  ],
};

export { config as default };
