import { z } from 'zod';

const text = z.string().min(1);
const quantity = z.string().regex(/^\d+(\.\d+)?([KMGT]i?|m)?$/);
const amounts = z.strictObject({ cpu: quantity, memory: quantity });
const selector = z.strictObject({ matchLabels: z.record(text, text) });

const affinity = z.strictObject({
  podAntiAffinity: z.strictObject({
    requiredDuringSchedulingIgnoredDuringExecution: z
      .array(z.strictObject({ topologyKey: text, labelSelector: selector }))
      .min(1),
  }),
});

/** Merged into the operator's StatefulSet, by the names of containers and volumes. */
const podOverride = z.strictObject({
  containers: z.array(
    z.strictObject({
      name: z.literal('rabbitmq'),
      volumeMounts: z.array(z.strictObject({ name: text, mountPath: text, readOnly: z.literal(true) })),
    }),
  ),
  volumes: z.array(z.strictObject({ name: text, secret: z.strictObject({ secretName: text }) })),
});

/**
 * The fields of a RabbitmqCluster that we use, for no npm package has its schema. Source: rabbitmq/cluster-operator,
 * config/crd/bases/rabbitmq.com_rabbitmqclusters.yaml, after v2.22.3. A field that is added is added here.
 */
export const rabbitmqCluster = z.strictObject({
  apiVersion: z.literal('rabbitmq.com/v1beta1'),
  kind: z.literal('RabbitmqCluster'),
  metadata: z.strictObject({ name: text, namespace: text, labels: z.record(text, text) }),
  spec: z.strictObject({
    replicas: z.int().min(0),
    image: text,
    persistence: z.strictObject({ storage: quantity, storageClassName: text.optional() }),
    resources: z.strictObject({ requests: amounts, limits: amounts }),
    rabbitmq: z.strictObject({ additionalConfig: z.string().max(100_000) }),
    affinity,
    override: z.strictObject({
      statefulSet: z.strictObject({
        spec: z.strictObject({ template: z.strictObject({ spec: podOverride }) }),
      }),
    }),
  }),
});
