import type { IExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1';
import type { ISecret } from 'kubernetes-models/v1';
import { exchangeOf, queuesOf, RETURN_EXCHANGE, stages, type Service } from '#contracts';
import { ofKind, overlays, render, type Overlay } from './manifests.js';

interface Definitions {
  readonly users: readonly { readonly name: string; readonly tags: readonly string[] }[];
  readonly permissions: readonly Permission[];
}
interface Permission {
  readonly user: string;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

const NAME = 'et-etl-broker-definitions';
const services = ['extractor', 'transformer', 'loader'] as const;
const all: readonly Service[] = [...services, 'operator'];
const queues = services.flatMap((service) =>
  queuesOf(service).flatMap(({ queue, reply }) =>
    (reply ? [''] : ['', '.wait', '.again', '.dlq']).map((suffix) => ({ service, name: queue + suffix })),
  ),
);
const exchanges = [...all.map(exchangeOf), RETURN_EXCHANGE, 'amq.default'];

function definitionsOf(overlay: Overlay): Definitions {
  const manifests = render(overlay);
  const secret = ofKind<ISecret>(manifests, 'Secret').find(({ metadata }) => metadata.name.startsWith(NAME));
  const external = ofKind<IExternalSecret>(manifests, 'ExternalSecret').find(({ metadata }) => metadata.name === NAME);
  const text = secret
    ? Buffer.from(secret.data!['definitions.json']!, 'base64').toString()
    : external!.spec!.target!.template!.data!['definitions.json']!;
  // A password of the store's is written as JSON.
  return JSON.parse(text.replaceAll(/\{\{ \.\w+ \| toJson \}\}/g, '"secret"')) as Definitions;
}

describe.each(overlays)("the broker's accounts in the overlay %s", (overlay) => {
  const { users, permissions } = definitionsOf(overlay);
  const of = (user: string): Permission => permissions.find((permission) => permission.user === user)!;
  const matching = (regex: string, names: readonly string[]): string[] =>
    names.filter((name) => new RegExp(regex).test(name));
  const every = [...exchanges, ...queues.map(({ name }) => name)];

  it('are those that there are secrets for', () => {
    expect(users.map(({ name }) => name).sort()).toEqual(permissions.map(({ user }) => user).sort());
    expect(users.map(({ name }) => name).sort()).toEqual(['administrator', 'keda', ...all].sort());
  });

  it.each(services)('let %s take from its own queues, and send to its own exchange', (service) => {
    const { configure, write, read } = of(service);
    expect(matching(read, every)).toEqual(queues.filter((queue) => queue.service === service).map(({ name }) => name));
    const answers = stages.some(({ consumer, reply }) => reply && consumer === service);
    expect(matching(write, every)).toEqual([exchangeOf(service), ...(answers ? ['amq.default'] : [])]);
    expect(matching(configure, every)).toEqual([]);
  });

  it('let the operator look at dead letters and send them again, and declare nothing that lasts', () => {
    const { configure, write, read } = of('operator');
    expect(matching(read, every)).toEqual(matching(String.raw`\.dlq$`, every));
    expect(matching(write, every)).toEqual([exchangeOf('operator'), RETURN_EXCHANGE]);
    expect(matching(configure, [...every, 'etl.dead-letters.lock'])).toEqual(['etl.dead-letters.lock']);
  });

  it('let KEDA see how long queues are and no message in them', () => {
    expect(of('keda')).toMatchObject({ configure: '^$', write: '^$', read: '^$' });
    expect(users.find(({ name }) => name === 'keda')?.tags).toEqual(['monitoring']);
    expect(users.filter(({ tags }) => tags.includes('administrator')).map(({ name }) => name)).toEqual([
      'administrator',
    ]);
  });
});
