import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IPod, IPodSpec, IPodTemplateSpec } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';

/** What every kind has. The rest is what the schema of its kind says. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
}
export type Labels = Readonly<Record<string, string>>;

export const overlays = ['dev', 'production', 'keda'] as const;
export type Overlay = (typeof overlays)[number];

export const overlayFolder = (overlay: Overlay): string => path.join('k8s/overlays', overlay);

const rendered = new Map<Overlay, Manifest[]>();

/** What `kubectl apply -k` would send. Throws with kustomize's words where it cannot be rendered, or warns. */
export function render(overlay: Overlay): Manifest[] {
  const manifests = rendered.get(overlay) ?? kustomize(overlay);
  rendered.set(overlay, manifests);
  return manifests;
}

function kustomize(overlay: Overlay): Manifest[] {
  const program = process.env['TEST_KUBECTL'];
  if (!program) throw new Error('run it by `npm run test:k8s`');
  const { status, stdout, stderr } = spawnSync(program, ['kustomize', overlayFolder(overlay)], { encoding: 'utf8' });
  if (status !== 0 || stderr) throw new Error(`kustomize, ${overlay}: ${stderr}`);
  return parse(stdout).map(withoutLineBreaks);
}

/** kustomize breaks long base64 into lines, which Kubernetes takes but its own schema does not. */
function withoutLineBreaks<T extends Manifest & { data?: Labels }>(manifest: T): T {
  if (manifest.kind !== 'Secret' || !manifest.data) return manifest;
  const data = Object.entries(manifest.data).map(([key, value]) => [key, value.replace(/\s/g, '')]);
  return { ...manifest, data: Object.fromEntries(data) as Labels };
}

/** Manifests that no overlay holds. */
export function read(file: string): Manifest[] {
  return parse(readFileSync(file, 'utf8'));
}

/** Throws where the text is no YAML. */
export function parse(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw new AggregateError(document.errors, 'not YAML');
    return document.toJS() as Manifest;
  });
}

/** As people write it: `Deployment loader`. */
export const titleOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

/** The manifests of one kind, as the schema of that kind types them. */
export function ofKind<T extends { readonly kind: string }>(manifests: readonly Manifest[], kind: T['kind']) {
  return manifests.filter((manifest) => manifest.kind === kind) as (Manifest & T)[];
}

export interface Pod {
  /** Of the manifest that makes it. */
  readonly owner: Manifest;
  readonly labels: Labels;
  readonly spec: IPodSpec;
}

/** The pods that manifests make. */
export function podsOf(manifests: readonly Manifest[]): Pod[] {
  return manifests.flatMap((owner) => {
    if (owner.kind === 'Pod')
      return [{ owner, labels: owner.metadata.labels ?? {}, spec: (owner as IPod & Manifest).spec! }];
    const template = templateOf(owner as Manifest & (IDeployment | ICronJob));
    return template?.spec ? [{ owner, labels: template.metadata?.labels ?? {}, spec: template.spec }] : [];
  });
}

/** Every kind that makes pods but the CronJob has its template where the Deployment has it. */
function templateOf({ spec }: IDeployment | ICronJob): IPodTemplateSpec | undefined {
  if (spec && 'jobTemplate' in spec) return spec.jobTemplate.spec?.template;
  return spec && 'template' in spec ? spec.template : undefined;
}
