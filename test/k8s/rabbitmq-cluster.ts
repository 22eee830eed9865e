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
    secretBackend: z.strictObject({ externalSecret: z.strictObject({ name: text }) }),
  }),
});

export type RabbitmqCluster = z.infer<typeof rabbitmqCluster>;
