import type { AskedSessions, Detail } from '#contracts';

import { hastyClient } from '../../spec/clients.js';
import { scriptedEt, type Reply, type ScriptedEt } from '../../spec/scripted-et.js';
import type { EtClient } from '../et/client.js';
import { askAlone } from './ask-alone.js';

const id = 'abcdefab-0000-4000-8000-000000000000';
const session = { id: id.toUpperCase(), reviewers: [{ id: 1 }], comments_count: 0 };
const usual: Detail[] = ['scores', 'summary', 'comments'];
const missing: Reply = { status: 404, json: { detail: 'Not found' } };
const html: Reply = (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>');
let et: ScriptedEt;
let client: EtClient;
afterEach(async () => {
  client.close();
  await et.close();
});

async function ask(
  why: AskedSessions['why'],
  replies: Record<string, Reply>,
  documents: Detail[] = [],
  wanted: readonly Detail[] = usual,
) {
  et = await scriptedEt(({ path }) => replies[path.replace(`/sessions/${id}`, '') || '/'] ?? { json: [path] });
  client = hastyClient(et.url);
  return askAlone(client, { id, documents }, why, wanted, { lane: 'live' });
}

const asked = () => et.seen.map(({ path }) => path.replace(`/sessions/${id}`, '')).sort();

describe('a session that its day no longer lists', () => {
  test.each([404, 410])('is gone where ET answers %i, and nothing else is asked', async (status) => {
    const { raw, failures } = await ask('candidates', { '/': { status, json: {} } });
    expect(raw).toMatchObject({ id, documents: {}, unknown: [], gone: expect.any(Number) });
    expect(raw.gone).toBeGreaterThan(1);
    expect(raw).not.toHaveProperty('session');
    expect([asked(), failures]).toEqual([[''], []]);
  });

  test('is told whole where ET still has it, as of that answer, with the details its fields ask for', async () => {
    const { raw, failures } = await ask('candidates', { '/': { json: session } });
    expect(asked()).toEqual(['', '/scores', '/summary']);
    expect([raw.session, raw.unknown, failures]).toEqual([session, [], []]);
    expect(raw.documents.comments).toEqual({ version: raw.version, body: [] });
    expect(raw.documents.scores?.version).toBeGreaterThan(raw.version);
  });

  test('is asked for once where its own answer is a document as well', async () => {
    const { raw } = await ask('candidates', { '/': { json: session } }, [], ['detail']);
    expect([asked(), raw.documents.detail]).toEqual([[''], { version: raw.version, body: session }]);
  });

  test.each<[string, Reply]>([
    ['a page of a proxy', html],
    ['a refusal', { status: 403, json: {} }],
    ['trouble', { status: 500, json: {} }],
    ['another session', { json: { id: '00000000-0000-4000-8000-000000000000' } }],
    ['no session', { json: [] }],
  ])('is unknown where the answer is %s', async (_what, reply) => {
    const { raw, failures } = await ask('candidates', { '/': reply });
    expect(raw).toMatchObject({ id, documents: {}, unknown: [{ document: 'detail' }] });
    expect([raw.gone, raw.session, failures.length]).toEqual([undefined, undefined, 1]);
  });
});

describe('details that could not be had before', () => {
  test('are asked for, and nothing else', async () => {
    const { raw } = await ask('unknown', { '/scores': { json: [{ id: 9 }] } }, ['scores', 'comments']);
    expect(asked()).toEqual(['/comments', '/scores']);
    expect([raw.documents.scores?.body, raw.unknown]).toEqual([[{ id: 9 }], []]);
    expect(raw).not.toHaveProperty('session');
  });

  test('that still cannot be had stay unknown; a session that is gone is', async () => {
    const refused = await ask('unknown', { '/scores': { status: 403, json: {} } }, ['scores', 'summary']);
    expect(refused.raw.unknown.map(({ document }) => document)).toEqual(['scores']);
    client.close();
    await et.close();
    const gone = await ask('unknown', { '/scores': missing, '/': missing }, ['scores', 'summary']);
    expect(gone.raw).toMatchObject({ documents: {}, unknown: [], gone: expect.any(Number) });
  });

  test('are missed no longer where the settings no longer name them', async () => {
    const { raw } = await ask('unknown', {}, ['scores', 'summary'], ['summary']);
    expect([asked(), Object.keys(raw.documents), raw.unknown]).toEqual([['/summary'], ['summary'], []]);
  });

  test('tell of a candidate only whether it is there, unless its own answer is wanted', async () => {
    const there = await ask('unknown', { '/': { json: session } }, ['detail']);
    expect([asked(), there.raw.documents, there.raw.unknown, there.raw.gone]).toEqual([[''], {}, [], undefined]);
    client.close();
    await et.close();
    const wanted = await ask('unknown', { '/': { json: session } }, ['detail'], ['detail']);
    expect(wanted.raw.documents.detail?.body).toEqual(session);
    client.close();
    await et.close();
    expect((await ask('unknown', { '/': missing }, ['detail'])).raw.gone).toBeGreaterThan(1);
  });
});
