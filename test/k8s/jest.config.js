import { default as all } from '../../jest.config.js';

/** Apart from the other projects, for it needs kubectl: `npm run test:k8s` finds one. */
const config = { ...all.projects[0], displayName: 'k8s', testMatch: ['<rootDir>/test/k8s/**/*.spec.ts'] };

export { config as default };
