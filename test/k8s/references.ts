import type { IExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1';
import type { IScaledObject, ITriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import type { IService } from 'kubernetes-models/v1';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ofKind, podsOf, titleOf, type Manifest, type Pod } from './manifests.js';
import type { RabbitmqCluster } from './rabbitmq-cluster.js';
import { selects } from './selectors.js';

/** Names that one manifest gives of another which is not there, and selectors that select nothing. */
export function dangling(manifests: readonly Manifest[]): string[] {
  const there = new Set(manifests.map(titleOf));
  for (const { metadata, spec } of ofKind<IExternalSecret>(manifests, 'ExternalSecret')) {
    there.add(`Secret ${spec?.target?.name ?? metadata.name}`);
  }
  const pods = podsOf(manifests);
  const named = [
    ...pods.flatMap((pod) => namedBy(pod).map((title) => [pod.owner, title] as const)),
    ...autoscaled(manifests).map(([owner, deployment]) => [owner, `Deployment ${deployment}`] as const),
    ...ofKind<ITriggerAuthentication>(manifests, 'TriggerAuthentication').flatMap((owner) =>
      (owner.spec.secretTargetRef ?? []).map(({ name }) => [owner, `Secret ${name}`] as const),
    ),
    ...ofKind<RabbitmqCluster>(manifests, 'RabbitmqCluster').map(
      (owner) => [owner, `Secret ${owner.spec.secretBackend.externalSecret.name}`] as const,
    ),
    ...ofKind<IScaledObject>(manifests, 'ScaledObject').flatMap((owner) =>
      owner.spec.triggers.map(
        ({ authenticationRef }) => [owner, `TriggerAuthentication ${authenticationRef?.name}`] as const,
      ),
    ),
  ];
  return [
    ...named.filter(([, title]) => !there.has(title)).map(([owner, title]) => `${titleOf(owner)} names ${title}`),
    ...pods.flatMap(lostMounts),
    ...idleSelectors(manifests, pods),
    ...idleServices(manifests, pods),
  ];
}

/** Autoscalers of either kind, and the Deployment of each. */
export function autoscaled(manifests: readonly Manifest[]): (readonly [Manifest, string])[] {
  return [
    ...ofKind<IHorizontalPodAutoscaler>(manifests, 'HorizontalPodAutoscaler').map(
      (scaler) => [scaler, scaler.spec?.scaleTargetRef.name ?? ''] as const,
    ),
    ...ofKind<IScaledObject>(manifests, 'ScaledObject').map(
      (scaler) => [scaler, scaler.spec.scaleTargetRef.name] as const,
    ),
  ];
}

function namedBy({ spec }: Pod): string[] {
  const fromContainers = [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ env = [], envFrom = [] }) => [
    ...envFrom.flatMap(({ configMapRef, secretRef }) => [config(configMapRef?.name), secret(secretRef?.name)]),
    ...env.flatMap(({ valueFrom }) => [
      config(valueFrom?.configMapKeyRef?.name),
      secret(valueFrom?.secretKeyRef?.name),
    ]),
  ]);
  const fromVolumes = (spec.volumes ?? []).flatMap((volume) => [
    config(volume.configMap?.name),
    secret(volume.secret?.secretName),
  ]);
  const account = spec.serviceAccountName && `ServiceAccount ${spec.serviceAccountName}`;
  return [...fromContainers, ...fromVolumes, account].filter((title) => title !== undefined);
}

const config = (name: string | undefined): string | undefined => name && `ConfigMap ${name}`;
const secret = (name: string | undefined): string | undefined => name && `Secret ${name}`;

/** Mounts of volumes that the pod does not have. */
function lostMounts({ owner, spec }: Pod): string[] {
  const claims = (owner as Manifest & Partial<IStatefulSet>).spec?.volumeClaimTemplates ?? [];
  const volumes = [...(spec.volumes ?? []).map(({ name }) => name), ...claims.map(({ metadata }) => metadata?.name)];
  return [...(spec.initContainers ?? []), ...spec.containers]
    .flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name))
    .filter((name) => !volumes.includes(name))
    .map((name) => `${titleOf(owner)} mounts no volume ${name}`);
}

/** Of what has pods: that of its own template, or of any where it has none. */
function idleSelectors(manifests: readonly Manifest[], pods: readonly Pod[]): string[] {
  // The operator's pods bear the cluster's name.
  const brokers = ofKind(manifests, 'RabbitmqCluster').map(({ metadata }) => ({
    'app.kubernetes.io/name': metadata.name,
    'app.kubernetes.io/component': 'rabbitmq',
  }));
  const all = [...pods.map(({ labels }) => labels), ...brokers];
  const selectors = [
    ...ofKind<IPodDisruptionBudget>(manifests, 'PodDisruptionBudget').map(
      (owner) => [owner, owner.spec?.selector ?? {}, all] as const,
    ),
    ...[...ofKind<IDeployment>(manifests, 'Deployment'), ...ofKind<IStatefulSet>(manifests, 'StatefulSet')].map(
      (owner) => [owner, owner.spec?.selector ?? {}, podsOf([owner]).map(({ labels }) => labels)] as const,
    ),
  ];
  return selectors
    .filter(([, selector, candidates]) => !candidates.some((labels) => selects(selector, labels)))
    .map(([owner]) => `${titleOf(owner)} selects no pod`);
}

/** Services with a port that no pod behind them has. */
function idleServices(manifests: readonly Manifest[], pods: readonly Pod[]): string[] {
  return ofKind<IService>(manifests, 'Service').flatMap((service) => {
    const behind = pods
      .filter(({ labels }) => selects({ matchLabels: service.spec?.selector }, labels))
      .flatMap(({ spec }) => spec.containers.flatMap(({ ports = [] }) => ports));
    return (service.spec?.ports ?? [])
      .map(({ port, targetPort = port }) => targetPort)
      .filter((target) => !behind.some(({ name, containerPort }) => target === name || target === containerPort))
      .map((target) => `${titleOf(service)} finds no pod with the port ${target}`);
  });
}
