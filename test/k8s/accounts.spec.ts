import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1';
import type { ISecret } from 'kubernetes-models/v1';
import { passwordsIn } from '../../apps/cli/src/commands/topology/accounts.js';
import { ofKind, overlays, podsOf, render, type Manifest } from './manifests.js';

const ACCOUNTS = ['extractor', 'transformer', 'loader', 'operator'];

/** What a secret will hold, with a password of the store's as the name under which the store has it. */
function secretOf(manifests: readonly Manifest[], name: string): Record<string, string> {
  const secret = ofKind<ISecret>(manifests, 'Secret').find(({ metadata }) => withoutHash(metadata.name) === name);
  if (secret) {
    return Object.fromEntries(
      Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    );
  }
  const external = ofKind<IExternalSecret>(manifests, 'ExternalSecret').find(({ metadata }) => metadata.name === name);
  const properties = new Map(external?.spec?.data?.map(({ secretKey, remoteRef }) => [secretKey, remoteRef.property]));
  const filled = (template: string): string =>
    template.replaceAll(/\{\{ \.(\w+)( \| urlquery)? \}\}/g, (_, key: string) => properties.get(key) ?? key);
  return Object.fromEntries(
    Object.entries(external?.spec?.target?.template?.data ?? {}).map(([key, template]) => [key, filled(template)]),
  );
}

const withoutHash = (name: string): string => name.replace(/-[a-z0-9]{10}$/, '');

describe.each(overlays)("the broker's accounts in the overlay %s", (overlay) => {
  const manifests = render(overlay);
  const passwords = secretOf(manifests, 'et-etl-broker-accounts');

  it.each(ACCOUNTS)('%s connects with the password that the account was made with', (account) => {
    const { AMQP_URL: url = '' } = secretOf(manifests, `et-etl-broker-${account}`);
    expect(new URL(url)).toMatchObject({
      username: account,
      password: passwords[`amqp_${account}`],
      host: 'broker:5672',
    });
  });

  it('are made from a folder that holds what the topology Job looks for', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'etl-accounts-'));
    for (const [file, password] of Object.entries(passwords)) writeFileSync(path.join(folder, file), password);
    const found = [...passwordsIn(folder).keys()];
    rmSync(folder, { recursive: true });
    expect(found).toEqual(overlay === 'dev' ? ACCOUNTS : [...ACCOUNTS, 'monitor']);
  });

  it('are made by the Job that has the folder', () => {
    const { spec } = podsOf(manifests).find(({ owner }) => owner.metadata.name === 'topology-apply')!;
    const { args, volumeMounts } = spec.containers[0]!;
    const volume = spec.volumes?.find(
      ({ secret }) => withoutHash(secret?.secretName ?? '') === 'et-etl-broker-accounts',
    );
    const mount = volumeMounts?.find(({ name }) => name === volume?.name);
    expect(args).toEqual(['topology', 'apply', '--users', mount?.mountPath]);
  });

  it("are made by the broker's first account", () => {
    const first = secretOf(manifests, overlay === 'dev' ? 'broker-account' : 'broker-administrator');
    const { AMQP_URL: url = '' } = secretOf(manifests, 'et-etl-broker-admin');
    const [username, password] =
      overlay === 'dev'
        ? [first['RABBITMQ_DEFAULT_USER'], first['RABBITMQ_DEFAULT_PASS']]
        : [first['username'], first['password']];
    expect(new URL(url)).toMatchObject({ username, password });
  });
});

it('KEDA asks as the account that sees how long queues are', () => {
  const manifests = render('keda');
  const { MANAGEMENT_URL: url = '' } = secretOf(manifests, 'et-etl-broker-keda');
  const password = secretOf(manifests, 'et-etl-broker-accounts')['amqp_monitor'];
  expect(new URL(url)).toMatchObject({ username: 'monitor', password, host: 'broker.et-etl.svc:15672' });
});
