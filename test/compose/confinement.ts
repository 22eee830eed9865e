import type { Composition } from './composition.js';
import { docker } from './docker.js';

/** The part of `docker inspect` that says what a container may do. */
interface Inspected {
  readonly Path: string;
  readonly Config: { readonly User: string; readonly Env: readonly string[]; readonly Labels: Record<string, string> };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly PortBindings: Record<string, readonly { readonly HostIp: string }[]> | null;
  };
}

const OWN = ['extractor', 'transformer', 'loader', 'emulator', 'topology'];

/** What containers may do that they should not. */
export async function freedoms(composition: Composition): Promise<string[]> {
  const containers = await composition.containers();
  const inspected = JSON.parse(await docker(['inspect', ...containers.map(({ ID }) => ID)])) as Inspected[];
  return inspected.flatMap((container) => {
    const service = container.Config.Labels['com.docker.compose.service'] ?? '';
    const { ReadonlyRootfs, CapDrop, SecurityOpt, Memory, PortBindings } = container.HostConfig;
    const own = OWN.includes(service);
    const wrong: Record<string, boolean> = {
      'keeps capabilities': CapDrop?.includes('ALL') !== true,
      'may gain privileges': SecurityOpt?.includes('no-new-privileges:true') !== true,
      'has a password in its environment': container.Config.Env.some((line) => /PASS(WORD)?=./.test(line)),
      'listens beyond this machine': Object.values(PortBindings ?? {})
        .flat()
        .some(({ HostIp }) => HostIp !== '127.0.0.1'),
      'has no limit of memory': Memory === 0,
      'is root': own && container.Config.User !== '1000:1000',
      'may write to its root': own && !ReadonlyRootfs,
      'has another process than Node as its first': own && container.Path !== 'node',
    };
    return Object.entries(wrong).flatMap(([what, is]) => (is ? [`${service} ${what}`] : []));
  });
}
