import { parse, podsOf } from './manifests.js';
import { violations } from './pod-policy.js';

const GOOD = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'loader',
      image: 'registry.example.com:5000/loader:0.1.0',
      resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      startupProbe: {},
      livenessProbe: {},
      readinessProbe: {},
    },
  ],
};
type Spec = typeof GOOD;
type Container = Spec['containers'][number];

function found(change: (spec: Spec, container: Container) => unknown, kind = 'Deployment'): string[] {
  const spec = structuredClone(GOOD);
  change(spec, spec.containers[0]!);
  const manifest = { apiVersion: 'v1', kind, metadata: { name: 'loader' }, spec: { template: { spec } } };
  return podsOf(parse(JSON.stringify(manifest))).flatMap(violations);
}

describe('what every pod keeps', () => {
  it('finds nothing in a pod that keeps all of it', () => {
    expect(found(() => undefined)).toEqual([]);
  });

  it.each<[string, (spec: Spec, container: Container) => unknown]>([
    ['may run as root', (spec) => (spec.securityContext.runAsNonRoot = false)],
    ['has no numeric user', (spec) => (spec.securityContext.runAsUser = 0)],
    ['has no seccomp profile', (spec) => (spec.securityContext.seccompProfile.type = 'Unconfined')],
    ['gets a token for the API', (spec) => (spec.automountServiceAccountToken = true)],
    ['gets variables of Services', (spec) => (spec.enableServiceLinks = true)],
    ['shares something of the node', (spec) => Object.assign(spec, { hostNetwork: true })],
    ['volume x is of a forbidden kind', (spec) => Object.assign(spec, { volumes: [{ name: 'x', hostPath: {} }] })],
    ['of no fixed version', (_, container) => (container.image = 'registry.example.com:5000/loader')],
    ['of no fixed version', (_, container) => (container.image = 'loader:latest')],
    ['overrides the user of the pod', (_, { securityContext }) => Object.assign(securityContext, { runAsUser: 0 })],
    [
      'overrides the seccomp profile of the pod',
      (_, { securityContext }) => Object.assign(securityContext, { seccompProfile: { type: 'Unconfined' } }),
    ],
    ['takes a port of the node', (_, container) => Object.assign(container, { ports: [{ hostPort: 80 }] })],
    ['may gain privileges', (_, { securityContext }) => (securityContext.allowPrivilegeEscalation = true)],
    ['is privileged', (_, { securityContext }) => Object.assign(securityContext, { privileged: true })],
    ['may write to its root file system', (_, { securityContext }) => (securityContext.readOnlyRootFilesystem = false)],
    ['keeps capabilities', (_, { securityContext }) => (securityContext.capabilities.drop = ['NET_RAW'])],
    ['keeps capabilities', (_, { securityContext }) => Object.assign(securityContext.capabilities, { add: ['KILL'] })],
    ['has no limits.memory', (_, { resources }) => Reflect.deleteProperty(resources.limits, 'memory')],
    ['has no requests.cpu', (_, { resources }) => Reflect.deleteProperty(resources, 'requests')],
    ['has no livenessProbe', (_, container) => Reflect.deleteProperty(container, 'livenessProbe')],
  ])('finds that one %s', (fault, change) => {
    expect(found(change).join('\n')).toContain(fault);
  });

  it('asks for probes only of what runs for ever', () => {
    expect(found((_, container) => Reflect.deleteProperty(container, 'livenessProbe'), 'Job')).toEqual([]);
  });

  it('looks into init containers as well', () => {
    const init = { name: 'wait', image: 'busybox' };
    expect(found((spec) => Object.assign(spec, { initContainers: [init] })).join('\n')).toContain(
      'container wait has the image',
    );
  });
});
