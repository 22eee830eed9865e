import { parse, type Manifest } from './manifests.js';
import { faultsOf } from './schemas.js';

const one = (text: string): Manifest => parse(text)[0]!;

describe('the schemas that manifests are checked against', () => {
  const autoscaler = (behavior: string): Manifest =>
    one(`
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: { name: loader }
      spec:
        scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: loader }
        minReplicas: 1
        maxReplicas: 4
        behavior: { scaleDown: { ${behavior}: 300 } }`);

  it('take what is right', async () => {
    expect(await faultsOf(autoscaler('stabilizationWindowSeconds'))).toEqual([]);
  });

  it('find a misspelt field, however deep', async () => {
    expect(await faultsOf(autoscaler('stabilisationWindowSeconds'))).toEqual([
      '/spec/behavior/scaleDown/stabilisationWindowSeconds is no field of HorizontalPodAutoscaler',
    ]);
  });

  it('find a field at the top that there is none of', async () => {
    const settings = one('{ apiVersion: v1, kind: ConfigMap, metadata: { name: x }, dota: { A: b } }');
    expect(await faultsOf(settings)).toEqual(['/dota is no field of ConfigMap']);
  });

  it('take any name where names are data', async () => {
    const settings = one(
      '{ apiVersion: v1, kind: ConfigMap, metadata: { name: x, labels: { a: b } }, data: { A: b } }',
    );
    expect(await faultsOf(settings)).toEqual([]);
  });

  it.each([
    [
      'ScaledObject',
      '{ scaleTargetRef: { name: loader }, triggers: { type: rabbitmq } }',
      'data/spec/triggers must be array',
    ],
    [
      'ScaledObject',
      '{ scaleTargetRef: { name: loader }, triggers: [], coolDownPeriod: 1 }',
      '/spec/coolDownPeriod is no field',
    ],
    ['TriggerAuthentication', '{ secretTargetRef: [{ parameter: host, name: x }] }', 'must have required property key'],
  ])("know KEDA's %s: %s", async (kind, spec, fault) => {
    const manifest = one(`{ apiVersion: keda.sh/v1alpha1, kind: ${kind}, metadata: { name: x }, spec: ${spec} }`);
    expect((await faultsOf(manifest)).join()).toContain(fault);
  });

  it('know the fields of a RabbitmqCluster that we use', async () => {
    const cluster = one(
      '{ apiVersion: rabbitmq.com/v1beta1, kind: RabbitmqCluster, metadata: { name: x }, spec: { replica: 3 } }',
    );
    expect((await faultsOf(cluster)).join()).toContain('spec: Unrecognized key: "replica"');
  });

  it('say so of a kind that they do not know', async () => {
    const route = one('{ apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: { name: x } }');
    expect(await faultsOf(route)).toEqual(['no schema for gateway.networking.k8s.io/v1 HTTPRoute']);
  });
});
