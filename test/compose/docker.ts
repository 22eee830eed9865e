import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const PULL_MS = 180_000;

/** Runs `docker …` to its end and gives its standard output. Throws with its last words where it fails. */
export async function docker(args: readonly string[], options: { env?: NodeJS.ProcessEnv; timeout?: number } = {}) {
  const { stdout } = await execute('docker', args, { ...options, maxBuffer: 2 ** 26 });
  return stdout;
}

/** Why nothing can be composed here; undefined where it can. */
export async function reasonToSkip(images: readonly string[]): Promise<string | undefined> {
  if (!(await succeeds(['version']))) return 'no Docker daemon answers';
  if (!(await succeeds(['compose', 'version']))) return 'Docker has no Compose here';
  for (const image of images) {
    const obtained = (await isThere(image)) || (await succeeds(['pull', '--quiet', image], PULL_MS));
    if (!obtained) return `the image ${image} is not here and cannot be pulled`;
  }
  return undefined;
}

/** Bytes of a local image. */
export async function sizeOf(image: string): Promise<number> {
  return Number(await docker(['image', 'inspect', '--format', '{{.Size}}', image]));
}

const isThere = (image: string): Promise<boolean> => succeeds(['image', 'inspect', image]);

async function succeeds(args: readonly string[], timeout = 30_000): Promise<boolean> {
  try {
    await docker(args, { timeout });
    return true;
  } catch {
    return false;
  }
}
