import { spawnSync } from 'node:child_process';
import { SKIPPED } from '../support/suites.js';
import { overlays, render, titleOf, type Manifest } from './manifests.js';

const reason = process.env['TEST_NO_CLUSTER'];
const describeCluster = reason ? describe.skip : describe;

/** What kubectl says, and whether it was content. */
function kubectl(args: readonly string[], input?: string): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(process.env['TEST_KUBECTL'] ?? 'kubectl', args, {
    encoding: 'utf8',
    input,
  });
  return { ok: status === 0, output: `${stdout}${stderr}`.trim() };
}

/** Kinds that the cluster serves, as `apps/v1 Deployment`. */
function servedKinds(): Set<string> {
  const { ok, output } = kubectl(['api-resources', '--no-headers', '--output=wide']);
  if (!ok) throw new Error(output);
  const rows = output.split('\n').map((line) => /(\S+)\s+(?:true|false)\s+(\w+)/.exec(line));
  return new Set(rows.flatMap((row) => (row ? [`${row[1]} ${row[2]}`] : [])));
}

describeCluster(`a cluster that answers${reason ? `${SKIPPED}${reason}` : ''}`, () => {
  const served = reason ? new Set<string>() : servedKinds();
  const exists = !reason && kubectl(['get', 'namespace', 'et-etl']).ok;

  /** Nothing can be tried in a namespace that is not there, so that of `default` stands in for it. */
  const placed = ({ metadata, ...rest }: Manifest): Manifest =>
    metadata.namespace && !exists
      ? { ...rest, metadata: { ...metadata, namespace: 'default' } }
      : { ...rest, metadata };

  it.each(overlays)('would take the overlay %s', (overlay) => {
    const [known, unknown] = [true, false].map((wanted) =>
      render(overlay).filter(({ apiVersion, kind }) => served.has(`${apiVersion} ${kind}`) === wanted),
    );
    if (unknown?.length)
      console.log(`not tried, for the cluster has no such kinds: ${unknown.map(titleOf).join(', ')}`);
    const documents = known!.map((manifest) => JSON.stringify(placed(manifest)));
    const { ok, output } = kubectl(
      ['apply', '--dry-run=server', '--validate=strict', '--filename=-'],
      documents.join('\n'),
    );
    expect(ok ? '' : output).toBe('');
    expect(output.split('\n').filter((line) => line.includes('(server dry run)'))).toHaveLength(known!.length);
  });
});
