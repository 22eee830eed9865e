import { parse } from './manifests.js';
import { dangling } from './references.js';

const DEPLOYMENT = `
  apiVersion: apps/v1
  kind: Deployment
  metadata: { name: loader }
  spec:
    selector: { matchLabels: { app: loader } }
    template:
      metadata: { labels: { app: loader } }
      spec:
        containers:
          - { name: loader, envFrom: [{ secretRef: { name: database } }], ports: [{ name: http, containerPort: 8083 }] }`;
const SECRET = '{ apiVersion: v1, kind: Secret, metadata: { name: database } }';
const EXTERNAL = '{ apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: { name: database } }';
const service = (app: string, port: string): string =>
  `{ apiVersion: v1, kind: Service, metadata: { name: x }, spec: { selector: { app: ${app} }, ports: [{ port: ${port} }] } }`;
const budget = (app: string): string =>
  `{ kind: PodDisruptionBudget, metadata: { name: x }, spec: { selector: { matchLabels: { app: ${app} } } } }`;
const scaler = (target: string): string =>
  `{ kind: HorizontalPodAutoscaler, metadata: { name: x }, spec: { scaleTargetRef: { name: ${target} } } }`;

describe('names that manifests give of each other', () => {
  it.each([
    ['a secret that is not there', [DEPLOYMENT], ['Deployment loader names Secret database']],
    ['a secret that is', [DEPLOYMENT, SECRET], []],
    ['a secret that an operator will make', [DEPLOYMENT, EXTERNAL], []],
    ['a Deployment that is not there', [scaler('loader')], ['HorizontalPodAutoscaler x names Deployment loader']],
    ['a Service of pods that are there', [DEPLOYMENT, SECRET, service('loader', '8083')], []],
    [
      'a Service of none',
      [DEPLOYMENT, SECRET, service('lader', '8083')],
      ['Service x finds no pod with the port 8083'],
    ],
    [
      'a port that is not',
      [DEPLOYMENT, SECRET, service('loader', '8084')],
      ['Service x finds no pod with the port 8084'],
    ],
    ['a selector of pods that are there', [DEPLOYMENT, SECRET, budget('loader')], []],
    ['a selector of none', [DEPLOYMENT, SECRET, budget('lader')], ['PodDisruptionBudget x selects no pod']],
    [
      'a selector of pods that are those of others',
      [DEPLOYMENT.replace('matchLabels: { app: loader }', 'matchLabels: { app: lader }'), SECRET],
      ['Deployment loader selects no pod'],
    ],
    [
      'a volume that is not there',
      [DEPLOYMENT.replace('envFrom', 'volumeMounts: [{ name: tmp }], envFrom'), SECRET],
      ['Deployment loader mounts no volume tmp'],
    ],
  ])('%s', (_, documents, expected) => {
    expect(dangling(parse(documents.join('\n---\n')))).toEqual(expected);
  });
});
