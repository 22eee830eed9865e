import { parse } from './manifests.js';
import { dangling } from './references.js';

const DEPLOYMENT = `
  apiVersion: apps/v1
  kind: Deployment
  metadata: { name: loader }
  spec:
    template:
      metadata: { labels: { app: loader } }
      spec:
        containers: [{ name: loader, envFrom: [{ secretRef: { name: database } }] }]`;
const SECRET = '{ apiVersion: v1, kind: Secret, metadata: { name: database } }';
const EXTERNAL = '{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: database } }';
const service = (app: string): string =>
  `{ apiVersion: v1, kind: Service, metadata: { name: x }, spec: { selector: { app: ${app} } } }`;
const scaler = (target: string): string =>
  `{ kind: HorizontalPodAutoscaler, metadata: { name: x }, spec: { scaleTargetRef: { name: ${target} } } }`;

describe('names that manifests give of each other', () => {
  it.each([
    ['a secret that is not there', [DEPLOYMENT], ['Deployment loader names Secret database']],
    ['a secret that is', [DEPLOYMENT, SECRET], []],
    ['a secret that an operator will make', [DEPLOYMENT, EXTERNAL], []],
    ['a Deployment that is not there', [scaler('loader')], ['HorizontalPodAutoscaler x names Deployment loader']],
    ['a selector of pods that are there', [DEPLOYMENT, SECRET, service('loader')], []],
    ['a selector of none', [DEPLOYMENT, SECRET, service('lader')], ['Service x selects no pod']],
  ])('%s', (_, documents, expected) => {
    expect(dangling(parse(documents.join('\n---\n')))).toEqual(expected);
  });
});
