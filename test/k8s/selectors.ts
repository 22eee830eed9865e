import type { INetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1';
import type { Labels } from './manifests.js';

type LabelSelector = NonNullable<INetworkPolicyPeer['podSelector']>;

/** Whether labels fit a selector. An empty selector fits all. Throws for operators that nothing here uses. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`unexpected operator ${operator}`);
      return labels[key] !== undefined && values?.includes(labels[key]);
    })
  );
}
