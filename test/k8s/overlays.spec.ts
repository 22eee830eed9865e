import { readFileSync } from 'node:fs';
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { IConfigMap, IServiceAccount } from 'kubernetes-models/v1';
import { catalogue, type Setting } from '#config';
import { ofKind, overlays, podsOf, read, render, titleOf, type Pod } from './manifests.js';
import { violations } from './pod-policy.js';
import { autoscaled, dangling } from './references.js';
import { faultsOf } from './schemas.js';
import { selects } from './selectors.js';

const SERVICES = ['extractor', 'transformer', 'loader'];
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** What kustomize puts behind the name of what it generates: a hash of the content. */
const HASH = /-[a-z0-9]{10}$/;

const imagesOf = (pods: readonly Pod[]): string[] =>
  pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image ?? ''));

describe.each(overlays)('the overlay %s', (overlay) => {
  const manifests = render(overlay);
  const deployments = ofKind<IDeployment>(manifests, 'Deployment');
  const services = deployments.filter(({ metadata }) => SERVICES.includes(metadata.name));
  const pods = podsOf(manifests);
  const settings =
    ofKind<IConfigMap>(manifests, 'ConfigMap').find(({ metadata }) => metadata.name.startsWith('et-etl-settings'))
      ?.data ?? {};

  it('is what the API server takes, field by field', async () => {
    const faults = await Promise.all(
      manifests.map(async (manifest) => (await faultsOf(manifest)).map((fault) => `${titleOf(manifest)}: ${fault}`)),
    );
    expect(faults.flat()).toEqual([]);
  });

  it('holds everything in one namespace, which forbids pods that are not restricted', () => {
    const namespace = manifests.find(({ kind }) => kind === 'Namespace');
    expect(namespace?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const others = manifests.filter((manifest) => manifest !== namespace);
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(new Set([namespace?.metadata.name]));
  });

  it('has pods that keep what every pod keeps', () => {
    expect(pods.length).toBeGreaterThan(5);
    expect(pods.flatMap(violations)).toEqual([]);
  });

  it('names nothing that is not there', () => {
    expect(dangling(manifests)).toEqual([]);
  });

  it("runs this version's images", () => {
    const own = imagesOf(pods).filter((image) => image.includes('ender-turing-etl-'));
    expect(own.length).toBeGreaterThanOrEqual(6);
    expect(own.filter((image) => !image.endsWith(`:${version}`))).toEqual([]);
  });

  it('sets only settings that there are, and no secret among them', () => {
    const known: Readonly<Record<string, Setting>> = catalogue;
    expect(Object.keys(settings).filter((name) => !known[name] || known[name].secret)).toEqual([]);
    const literals = pods.flatMap(({ spec }) => spec.containers.flatMap(({ env = [] }) => env));
    expect(literals.filter(({ name, value }) => value !== undefined && name in catalogue)).toEqual([]);
  });

  it('rolls the pods whose settings change', () => {
    const names = ofKind<IConfigMap>(manifests, 'ConfigMap').map(({ metadata }) => metadata.name);
    expect(names.filter((name) => !HASH.test(name))).toEqual([]);
    for (const { spec } of services) {
      const [read] = spec!.template.spec!.containers[0]!.envFrom!.flatMap(
        ({ configMapRef }) => configMapRef?.name ?? [],
      );
      expect(names).toContain(read);
    }
  });

  it("gives each service an account of its own, and none the right to ask Kubernetes' API", () => {
    const accounts = ofKind<IServiceAccount>(manifests, 'ServiceAccount');
    expect(accounts.filter((account) => account.automountServiceAccountToken !== false).map(titleOf)).toEqual([]);
    for (const { metadata, spec } of services) expect(spec?.template.spec?.serviceAccountName).toBe(metadata.name);
    expect(manifests.filter(({ apiVersion }) => apiVersion.startsWith('rbac.'))).toEqual([]);
  });

  // With a number of pods that have to stay, one pod alone would keep its node from being drained.
  it('never keeps a node from being drained', () => {
    const budgets = ofKind<IPodDisruptionBudget>(manifests, 'PodDisruptionBudget');
    expect(budgets.map(({ spec }) => [spec?.maxUnavailable, spec?.minAvailable])).toEqual(
      budgets.map(() => [1, undefined]),
    );
    // Nor does one that is not ready, of a service that waits for its database.
    const ours = budgets.filter(({ metadata }) => SERVICES.includes(metadata.name));
    expect(ours.map(({ spec }) => spec?.unhealthyPodEvictionPolicy)).toEqual(SERVICES.map(() => 'AlwaysAllow'));
  });

  it('lets servers keep files to themselves', () => {
    const servers = ofKind<IStatefulSet>(manifests, 'StatefulSet').map(({ spec }) => spec?.template.spec);
    expect(servers.map((spec) => spec?.securityContext?.fsGroupChangePolicy)).toEqual(
      servers.map(() => 'OnRootMismatch'),
    );
  });

  it('gives each service the secrets it needs and no other', () => {
    const secrets = services.map(({ metadata, spec }) => [
      metadata.name,
      spec?.template?.spec?.containers[0]?.envFrom
        ?.flatMap(({ secretRef }) => secretRef?.name ?? [])
        .map((name) => name.replace(HASH, '')),
    ]);
    expect(Object.fromEntries(secrets)).toEqual({
      extractor: ['et-etl-et', 'et-etl-broker-extractor'],
      transformer: ['et-etl-broker-transformer'],
      loader: ['et-etl-database', 'et-etl-broker-loader'],
    });
  });

  it.each(SERVICES)('lets %s finish what it has in hand, and spreads it', (name) => {
    const template = services.find(({ metadata }) => metadata.name === name)!.spec!.template;
    const pod = template.spec!;
    const labels = template.metadata!.labels!;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(settings['SHUTDOWN_GRACE']) + 5);
    expect(pod.topologySpreadConstraints?.length).toBeGreaterThan(0);
    for (const { labelSelector } of pod.topologySpreadConstraints!) expect(selects(labelSelector!, labels)).toBe(true);
    const budgets = ofKind<IPodDisruptionBudget>(manifests, 'PodDisruptionBudget');
    expect(budgets.filter((budget) => selects(budget.spec!.selector!, labels)).map(titleOf)).toEqual([
      `PodDisruptionBudget ${name}`,
    ]);
  });

  it.each(SERVICES)('restarts %s only for its own sake, and counts it in when it can work', (name) => {
    const { template } = services.find(({ metadata }) => metadata.name === name)!.spec!;
    const container = template.spec!.containers[0]!;
    const paths = [container.startupProbe, container.livenessProbe, container.readinessProbe].map(
      (probe) => probe?.httpGet?.path,
    );
    expect(paths).toEqual(['/healthz', '/healthz', '/readyz']);
    const port = container.ports?.find((candidate) => candidate.name === 'http')?.containerPort;
    expect(port).toBe(8081 + SERVICES.indexOf(name));
    expect(template.metadata!.annotations).toMatchObject({ 'prometheus.io/port': String(port) });
  });

  it('starts the daily run once a day, in the zone of ET', () => {
    const [cron, ...others] = ofKind<ICronJob>(manifests, 'CronJob');
    expect(others).toEqual([]);
    expect(cron?.spec).toMatchObject({
      schedule: expect.stringMatching(/^\d+ \d+ \* \* \*$/) as string,
      timeZone: settings['ET_TIMEZONE'],
      concurrencyPolicy: 'Forbid',
    });
    expect(cron?.spec?.jobTemplate.spec?.template.spec?.containers[0]?.args).toEqual(['--once']);
    expect(settings['SYNC_CRON']).toBe('off');
  });

  it('leaves tables and queues to Jobs', () => {
    expect(settings).toMatchObject({ SCHEMA_MODE: 'validate', AMQP_DECLARE: 'false' });
    const jobs = pods.filter(({ owner }) => owner.kind === 'Job');
    expect(jobs.map(({ spec }) => spec.containers[0]?.args?.slice(0, 2).join(' ')).sort()).toEqual([
      'schema apply',
      'topology apply',
    ]);
  });

  it('comes in order where Argo CD applies it: Jobs, services as for an upgrade, autoscalers', () => {
    const waves = manifests.flatMap((manifest) => {
      const wave = manifest.metadata.annotations?.['argocd.argoproj.io/sync-wave'];
      return wave === undefined ? [] : [[titleOf(manifest), Number(wave)] as const];
    });
    const scalers = autoscaled(manifests).map(([scaler]) => [titleOf(scaler), 5] as const);
    expect(Object.fromEntries(waves)).toEqual({
      'Job topology-apply': 1,
      'Job schema-apply': 1,
      'Deployment loader': 2,
      'Deployment transformer': 3,
      'Deployment extractor': 4,
      ...Object.fromEntries(scalers),
    });
  });

  // A Job cannot be changed.
  it('has Jobs that Argo CD and Flux make anew', () => {
    for (const { metadata } of manifests.filter(({ kind }) => kind === 'Job')) {
      expect(metadata.annotations).toMatchObject({
        'argocd.argoproj.io/hook': 'Sync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
        'kustomize.toolkit.fluxcd.io/force': 'enabled',
      });
    }
  });

  it('has at most one autoscaler a Deployment, and no number of replicas beside it', () => {
    const targets = autoscaled(manifests).map(([, deployment]) => deployment);
    expect(targets).toEqual([...new Set(targets)]);
    const fixed = services.filter(
      ({ metadata, spec }) => targets.includes(metadata.name) && spec?.replicas !== undefined,
    );
    expect(fixed.map(titleOf)).toEqual([]);
    expect(targets.sort()).toEqual(overlay === 'dev' ? [] : [...SERVICES].sort());
  });
});

describe.each(['backfill', 'console'])('the example %s', (example) => {
  const manifests = read(`k8s/examples/${example}.yaml`);

  it('is what the API server takes, and keeps what every pod keeps', async () => {
    expect((await Promise.all(manifests.map(faultsOf))).flat()).toEqual([]);
    expect(podsOf(manifests)).toHaveLength(1);
    expect(podsOf(manifests).flatMap(violations)).toEqual([]);
    expect(imagesOf(podsOf(manifests))).toEqual([`registry.example.com/ender-turing-etl-cli:${version}`]);
  });

  // Its account may declare nothing.
  it('says what the overlays say of queues and days', () => {
    const env = podsOf(manifests).flatMap(({ spec }) => spec.containers.flatMap((container) => container.env ?? []));
    const settings = ofKind<IConfigMap>(render('production'), 'ConfigMap')[0]?.data;
    expect(env.map(({ name }) => name).sort()).toEqual(['AMQP_DECLARE', 'ET_TIMEZONE']);
    for (const { name, value } of env) expect(value).toBe(settings?.[name]);
  });

  it('fits beside the overlays', () => {
    for (const overlay of overlays) expect(dangling([...manifests, ...render(overlay)])).toEqual([]);
  });
});

describe('where there is no KEDA', () => {
  it('services scale by their processors', () => {
    for (const { spec } of ofKind<IHorizontalPodAutoscaler>(render('production'), 'HorizontalPodAutoscaler')) {
      expect(spec).toMatchObject({
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment' },
        minReplicas: 1,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }],
      });
      expect(spec?.maxReplicas).toBeGreaterThan(1);
    }
  });
});

describe('the broker in production', () => {
  it('has three nodes, for that many copies a quorum queue keeps', () => {
    const [broker] = ofKind(render('production'), 'RabbitmqCluster');
    expect(broker).toMatchObject({ spec: { replicas: 3 } });
  });
});
