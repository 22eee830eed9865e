import { BlockList, isIPv6 } from 'node:net';
import type { INetworkPolicy, INetworkPolicyPeer, INetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1';
import { ofKind, type Labels, type Manifest } from './manifests.js';
import { selects } from './selectors.js';

/** One end of a connection: a pod of some namespace, or an address outside the cluster. */
export type End = PodEnd | { readonly address: string };
export interface PodEnd {
  readonly namespace: string;
  readonly labels: Labels;
  /** Names of its ports. */
  readonly ports?: Readonly<Record<string, number>>;
}

interface Rule {
  peers?: INetworkPolicyPeer[] | undefined;
  ports?: INetworkPolicyPort[] | undefined;
}

/** A port of the end that is connected to. */
interface Door {
  readonly of: End;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** Whether NetworkPolicies let `from` connect to a port of `to`, as a cluster that enforces them decides it. */
export function mayConnect(
  manifests: readonly Manifest[],
  from: End,
  to: End,
  port: number,
  protocol: Door['protocol'] = 'TCP',
): boolean {
  const policies = ofKind<INetworkPolicy>(manifests, 'NetworkPolicy');
  const door: Door = { of: to, port, protocol };
  return allows(policies, 'Egress', from, to, door) && allows(policies, 'Ingress', to, from, door);
}

function allows(
  policies: readonly (Manifest & INetworkPolicy)[],
  direction: 'Egress' | 'Ingress',
  subject: End,
  peer: End,
  door: Door,
): boolean {
  if ('address' in subject) return true;
  const ruling = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === subject.namespace &&
      spec?.policyTypes?.includes(direction) &&
      selects(spec.podSelector ?? {}, subject.labels),
  );
  // A pod that no policy selects is not isolated.
  if (ruling.length === 0) return true;
  return ruling.some(({ metadata, spec }) => {
    const rules: Rule[] =
      direction === 'Egress'
        ? (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
        : (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }));
    return rules.some(
      ({ peers, ports }) =>
        (!peers || peers.some((candidate) => isPeer(candidate, peer, metadata.namespace ?? ''))) &&
        (!ports || ports.some((candidate) => isPort(candidate, door))),
    );
  });
}

function isPeer(
  { ipBlock, namespaceSelector, podSelector }: INetworkPolicyPeer,
  end: End,
  ownNamespace: string,
): boolean {
  if ('address' in end) return ipBlock !== undefined && inBlock(ipBlock.cidr, ipBlock.except ?? [], end.address);
  // Addresses of pods are not to be relied on, so a block never means one.
  if (ipBlock) return false;
  const namespace = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace })
    : end.namespace === ownNamespace;
  return namespace && selects(podSelector ?? {}, end.labels);
}

function isPort({ port, endPort, protocol }: INetworkPolicyPort, door: Door): boolean {
  if ((protocol ?? 'TCP') !== door.protocol) return false;
  const first = typeof port === 'string' ? ('ports' in door.of ? door.of.ports?.[port] : undefined) : port;
  return first !== undefined && door.port >= first && door.port <= (endPort ?? first);
}

function inBlock(cidr: string, except: readonly string[], address: string): boolean {
  const family = (text: string): 'ipv4' | 'ipv6' => (isIPv6(text) ? 'ipv6' : 'ipv4');
  const within = (block: string): boolean => {
    const [network = '', prefix] = block.split('/');
    // A BlockList takes IPv4 addresses for a part of IPv6.
    if (family(network) !== family(address)) return false;
    const list = new BlockList();
    list.addSubnet(network, Number(prefix), family(network));
    return list.check(address, family(address));
  };
  return within(cidr) && !except.some(within);
}
