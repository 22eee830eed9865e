import type { Dictionary } from '#contracts';

import { hastyClient } from '../../spec/clients.js';
import { scriptedEt, type ScriptedEt } from '../../spec/scripted-et.js';
import type { EtClient } from '../et/client.js';
import { listDictionary } from './dictionary.js';

let et: ScriptedEt;
let client: EtClient;
afterEach(async () => {
  client.close();
  await et.close();
});

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index + 1 }));

async function list(dictionary: Dictionary, items: unknown[], { most = 1000, ignoresSkip = false } = {}) {
  et = await scriptedEt(({ query }) => {
    const skip = ignoresSkip ? 0 : Number(query.get('skip'));
    return { json: items.slice(skip, skip + Math.min(most, Number(query.get('limit') ?? Infinity))) };
  });
  client = hastyClient(et.url);
  const steps = [];
  for await (const step of listDictionary(client, dictionary, { lane: 'live' })) steps.push(step);
  return steps.flatMap((step) => step.items);
}

test('a dictionary without pages is read in one request', async () => {
  expect(await list('groups', numbered(3000), { most: 5000 })).toHaveLength(3000);
  expect(et.seen.map(({ path, query }) => [path, query.size])).toEqual([['/agent-groups', 0]]);
});

test('one with pages is read to an empty page, however few ET gives at a time', async () => {
  expect(await list('tags', numbered(2300), { most: 100 })).toEqual(numbered(2300));
});

test('ends where ET ignores skip', async () => {
  expect(await list('agents', numbered(40), { ignoresSkip: true })).toHaveLength(40);
  expect(et.seen).toHaveLength(2);
});

test('the user who makes automatic reviews is added where it is not listed, and only there', async () => {
  const without = await list('users', numbered(2));
  expect(without.map((user) => (user as { id: number }).id)).toEqual([1, 2, 0]);
  expect(without.at(-1)).toMatchObject({ full_name: 'Ender Turing', is_active: false });
  client.close();
  await et.close();
  expect(await list('users', [{ id: 0, full_name: 'listed' }, { id: 1 }])).toEqual([
    { id: 0, full_name: 'listed' },
    { id: 1 },
  ]);
});

test('an answer that is no list is an error', async () => {
  et = await scriptedEt(() => ({ json: { items: [] } }));
  client = hastyClient(et.url);
  await expect(listDictionary(client, 'labels', { lane: 'live' }).next()).rejects.toMatchObject({ kind: 'not json' });
});
