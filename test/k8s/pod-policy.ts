import type { IContainer, IPodSpec } from 'kubernetes-models/v1';
import { titleOf, type Pod } from './manifests.js';

/** Volumes that restricted Pod Security allows, those that reach the node left out. */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const LONG_RUNNING = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** What a pod lacks of what every pod of ours keeps: restricted Pod Security, and that it can be run in production. */
export function violations({ owner, spec }: Pod): string[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const faults = [...podFaults(spec), ...containers.flatMap((container) => containerFaults(container, spec))];
  if (LONG_RUNNING.includes(owner.kind)) faults.push(...spec.containers.flatMap(probeFaults));
  return faults.map((fault) => `${titleOf(owner)}: ${fault}`);
}

function podFaults(spec: IPodSpec): string[] {
  const volumes = (spec.volumes ?? []).flatMap(({ name, ...source }) =>
    Object.keys(source).some((kind) => !VOLUMES.includes(kind)) ? [`volume ${name} is of a forbidden kind`] : [],
  );
  return [
    ...(spec.securityContext?.runAsNonRoot === true ? [] : ['may run as root']),
    ...(spec.securityContext?.runAsUser ? [] : ['has no numeric user']),
    ...(spec.securityContext?.seccompProfile?.type === 'RuntimeDefault' ? [] : ['has no seccomp profile']),
    ...(spec.automountServiceAccountToken === false ? [] : ['gets a token for the API']),
    // The name of a Service would become settings: one called `database` sets DATABASE_PORT.
    ...(spec.enableServiceLinks === false ? [] : ['gets variables of Services']),
    ...(spec.hostNetwork || spec.hostPID || spec.hostIPC ? ['shares something of the node'] : []),
    ...volumes,
  ];
}

function containerFaults({ name, image, ports, resources, securityContext }: IContainer, pod: IPodSpec): string[] {
  const amounts = (['requests', 'limits'] as const).flatMap((kind) =>
    (['cpu', 'memory'] as const)
      .filter((resource) => resources?.[kind]?.[resource] === undefined)
      .map((resource) => `has no ${kind}.${resource}`),
  );
  const { add, drop } = securityContext?.capabilities ?? {};
  const { type: seccomp = 'RuntimeDefault' } = securityContext?.seccompProfile ?? {};
  const root = securityContext?.runAsUser === 0 || securityContext?.runAsNonRoot === false;
  return [
    ...(isPinned(image ?? '') ? [] : [`has the image ${image}, of no fixed version`]),
    ...(root ? [`overrides the user of the pod, ${pod.securityContext?.runAsUser}`] : []),
    ...(seccomp === 'RuntimeDefault' ? [] : ['overrides the seccomp profile of the pod']),
    ...(ports?.some(({ hostPort }) => hostPort !== undefined) ? ['takes a port of the node'] : []),
    ...(securityContext?.allowPrivilegeEscalation === false ? [] : ['may gain privileges']),
    ...(securityContext?.privileged ? ['is privileged'] : []),
    ...(securityContext?.readOnlyRootFilesystem === true ? [] : ['may write to its root file system']),
    ...(drop?.includes('ALL') && !add?.length ? [] : ['keeps capabilities']),
    ...amounts,
  ].map((fault) => `container ${name} ${fault}`);
}

/** By a digest, or by a tag that is not the default one. */
function isPinned(image: string): boolean {
  const tag = /:([\w.-]+)$/.exec(image)?.[1];
  return image.includes('@sha256:') || (tag !== undefined && !tag.startsWith('latest'));
}

function probeFaults(container: IContainer): string[] {
  return (['startupProbe', 'livenessProbe', 'readinessProbe'] as const)
    .filter((probe) => container[probe] === undefined)
    .map((probe) => `container ${container.name} has no ${probe}`);
}
