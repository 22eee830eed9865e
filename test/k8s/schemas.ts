import { rabbitmqCluster } from './rabbitmq-cluster.js';
import type { Manifest } from './manifests.js';
import { unreadFields } from './unread.js';

/** Where the schemas of an API group are; those of Kubernetes itself are in `kubernetes-models`. */
const packages: Readonly<Record<string, string>> = {
  'keda.sh': '@kubernetes-models/keda',
  'external-secrets.io': '@kubernetes-models/external-secrets',
};

interface Kind {
  readonly prototype: { validate(this: object): void };
}

/** What an API server would say against a manifest: wrong types, missing fields, and fields that there are none of. */
export async function faultsOf(manifest: Manifest): Promise<string[]> {
  const { apiVersion, kind } = manifest;
  if (kind === 'RabbitmqCluster') return zodFaults(manifest);
  const group = apiVersion.split('/')[0] ?? '';
  const module = `${packages[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
  let models: Record<string, Kind>;
  try {
    models = (await import(module)) as Record<string, Kind>;
  } catch {
    return [`no schema for ${apiVersion} ${kind}`];
  }
  const validate = models[kind]?.prototype.validate;
  if (!validate) return [`no schema for ${apiVersion} ${kind}`];
  const faults: string[] = [];
  const unknown = unreadFields(manifest, (watched) => {
    try {
      validate.call(watched);
    } catch (error) {
      faults.push((error as Error).message);
    }
  });
  return [...faults, ...unknown.map((field) => `${field} is no field of ${kind}`)];
}

function zodFaults(manifest: Manifest): string[] {
  const { error } = rabbitmqCluster.safeParse(manifest);
  return error ? error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`) : [];
}
