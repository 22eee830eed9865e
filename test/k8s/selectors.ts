import type { ILabelSelector } from '@kubernetes-models/apimachinery/apis/meta/v1/LabelSelector';
import type { Labels } from './manifests.js';

/** Whether labels fit a selector. An empty selector fits all. Throws for operators that nothing here uses. */
export function selects(selector: ILabelSelector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`unexpected operator ${operator}`);
      return labels[key] !== undefined && values?.includes(labels[key]);
    })
  );
}
