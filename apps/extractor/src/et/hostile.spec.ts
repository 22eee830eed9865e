import fc from 'fast-check';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { etSettings, hastyClient } from '../../spec/clients.js';
import { scriptedEt, type Reply, type ScriptedEt } from '../../spec/scripted-et.js';
import { EtClient } from './client.js';
import { EtError } from './errors.js';

const live = { lane: 'live' } as const;
let et: ScriptedEt;
let client: EtClient;
let reply: Reply;

beforeAll(async () => {
  et = await scriptedEt(() => reply);
  client = hastyClient(et.url, {}, { tries: 1 });
});
afterAll(async () => {
  client.close();
  await et.close();
});

const answering = (body: Buffer, headers: Record<string, string> = {}): Reply => {
  return (response) => void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
};

async function asked(given: Reply, maxBytes?: number): Promise<unknown> {
  reply = given;
  try {
    return (await client.get('/sessions', {}, live, maxBytes)).body;
  } catch (error) {
    return error;
  }
}

const bomb = Buffer.alloc(65 * 1024 * 1024, ' ');

describe('an answer that is small on the wire', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (body: Buffer) => brotliCompressSync(body, { params: { 1: 1 } })],
  ])('is not unpacked above 64 MiB: %s', async (encoding, pack) => {
    const packed = pack(bomb);
    expect(packed.length).toBeLessThan(100_000);
    const before = process.memoryUsage().arrayBuffers;
    const failed = await asked(answering(packed, { 'content-encoding': encoding }));
    expect(failed).toMatchObject({ kind: 'too large', message: 'GET /sessions answered more than 67108864 bytes' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * bomb.length);
  });

  it('nor above what its request allows', async () => {
    const packed = gzipSync(Buffer.from(JSON.stringify('x'.repeat(5_000))));
    const given = answering(packed, { 'content-encoding': 'gzip' });
    expect(await asked(given, 5_002)).toHaveLength(5_000);
    expect(await asked(given, 5_001)).toMatchObject({ kind: 'too large' });
  });

  it.each(['gzip', 'deflate', 'br'])('and says to be %s, which it is not, is no answer', async (encoding) => {
    const failed = await asked(answering(Buffer.from('[1,2]'), { 'content-encoding': encoding }));
    expect(failed).toBeInstanceOf(EtError);
  });

  it.each([
    ['levels', Buffer.from('['.repeat(5_000_000)), 'JSON that is nested deeper than 1000 levels'],
    ['levels, properly closed', Buffer.from('['.repeat(2_000) + ']'.repeat(2_000)), 'nested deeper than 1000 levels'],
    ['values', Buffer.from(`[${'[],'.repeat(15_000_000)}[]]`), 'JSON that holds more than 2000000 values'],
  ])('and holds too many %s is not read', async (_what, body, reason) => {
    const packed = gzipSync(body, { level: 1 });
    const failed = await asked(answering(packed, { 'content-encoding': 'gzip' }));
    expect(failed).toMatchObject({
      kind: 'too large',
      status: 200,
      message: expect.stringContaining(reason) as string,
    });
  });
});

/** JSON as no library writes it: numbers beyond all bounds, keys twice, halves of characters, prototypes. */
const odd = fc.constantFrom(
  ...['1e400', '-1e999', '12345678901234567890', '-0', '1e-400', '"\\ud800"', '"\\u0000"', '"\ufeff"'],
  ...[
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"":{"":[]}}',
    '"access_token"',
  ],
);
const { json } = fc.letrec<{ json: string; list: string; object: string }>((tie) => ({
  json: fc.oneof({ maxDepth: 4 }, odd, fc.json({ stringUnit: 'binary' }), tie('list'), tie('object')),
  list: fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join()}]`),
  object: fc
    .array(fc.tuple(fc.constantFrom('items', 'total', 'id', 'expires_in', '__proto__', 'toString'), tie('json')), {
      maxLength: 4,
    })
    .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
}));
const bodies = fc.oneof(
  json.map((text) => Buffer.from(text)),
  json.map((text) => Buffer.from(text.slice(0, -1))),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

it('whatever bytes ET answers are read as JSON, or an error by name; nothing else happens', async () => {
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const found = await asked(answering(body));
      if (found instanceof EtError) expect(found.kind).toBe('not json');
      else expect(JSON.stringify(found)).not.toBeUndefined();
      expect(found instanceof Error && !(found instanceof EtError)).toBe(false);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 300 },
  );
}, 30_000);

it('no number of ET loses a digit on its way through', async () => {
  const body = '{"crm":90071992547409931,"list":[1e400],"time":0.12345678901234567890}';
  expect(await asked(answering(Buffer.from(body)))).toEqual({
    crm: '90071992547409931',
    list: ['1e400'],
    time: 0.1234567890123456789,
  });
});

it('whatever ET answers to a login is a token, or an error by name', async () => {
  await fc.assert(
    fc.asyncProperty(bodies, fc.constantFrom(200, 201, 400, 429, 500), async (body, status) => {
      reply = (response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      const login = { kind: 'password', user: 'u', password: 'p' } as const;
      const stranger = new EtClient(etSettings(et.url, { login }), { tries: 1, pause: () => 0 });
      await expect(
        stranger.get('/tags', {}, live).then(
          () => undefined,
          (error: unknown) => error,
        ),
      ).resolves.toEqual(expect.any(EtError));
      stranger.close();
    }),
    { numRuns: 150 },
  );
}, 30_000);

it.each([
  ['a token that no header can hold', { access_token: 'a\r\nx-evil: 1', expires_in: 3600 }],
  ['a token in letters no header can hold', { access_token: 'ключ' }],
])('%s is an error by name, and sends nothing', async (_what, given) => {
  reply = { json: given };
  const before = et.seen.length;
  const login = { kind: 'password', user: 'u', password: 'p' } as const;
  const stranger = new EtClient(etSettings(et.url, { login }), { tries: 1 });
  await expect(stranger.get('/tags', {}, live)).rejects.toBeInstanceOf(EtError);
  expect(et.seen.slice(before).map(({ path }) => path)).toEqual(['/login/access-token']);
  stranger.close();
});
