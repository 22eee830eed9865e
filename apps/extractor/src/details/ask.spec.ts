import { details, type Detail } from '#contracts';

import { hastyClient } from '../../spec/clients.js';
import { scriptedEt, type Reply, type ScriptedEt } from '../../spec/scripted-et.js';
import type { EtClient } from '../et/client.js';
import { askDetails } from './ask.js';

const id = 'ABCDEFAB-0000-4000-8000-000000000000';
const reviewed = { id, reviewers: [{ id: 1 }], comments_count: 2 };
const usual: Detail[] = ['scores', 'summary', 'comments'];
let et: ScriptedEt;
let client: EtClient;
afterEach(async () => {
  client.close();
  await et.close();
});

async function ask(
  replies: Record<string, Reply>,
  session: Record<string, unknown> = reviewed,
  wanted: readonly Detail[] = usual,
) {
  et = await scriptedEt(({ path }) => replies[path.replace(`/sessions/${id}`, '') || '/'] ?? { json: [path] });
  client = hastyClient(et.url);
  const listed = { id: typeof session['id'] === 'string' ? session['id'] : 'odd', session, version: 5 };
  return askDetails(client, listed, wanted, { lane: 'live' });
}

const asked = () => et.seen.map(({ path }) => path.replace(`/sessions/${id}`, '')).sort();

describe('what is asked', () => {
  test('scores, summary and comments of a reviewed session with comments', async () => {
    const { raw, failures } = await ask({ '/scores': { json: [{ id: 9 }] } });
    expect(asked()).toEqual(['/comments', '/scores', '/summary']);
    expect(raw.documents.scores?.body).toEqual([{ id: 9 }]);
    expect(raw.documents.scores?.version).toBeGreaterThan(5);
    expect([raw.id, raw.version, raw.unknown, failures]).toEqual([id, 5, [], []]);
  });

  test('only the summary where the listing says there is nothing else: that is known, as of the listing', async () => {
    const { raw } = await ask({}, { id, reviewers: [], comments_count: 0 });
    expect(asked()).toEqual(['/summary']);
    expect(raw.documents).toMatchObject({ scores: { version: 5, body: [] }, comments: { version: 5, body: [] } });
  });

  test('everything where the listing says nothing', async () => {
    await ask({}, { id, reviewers: null });
    expect(asked()).toEqual(['/comments', '/scores', '/summary']);
  });

  test('every detail the settings name, and none they do not', async () => {
    const { raw } = await ask({}, reviewed, details);
    expect(asked()).toEqual(['', '/comments', '/scores', '/summary', '/transcripts']);
    expect(Object.keys(raw.documents).sort()).toEqual([...details].sort());
    client.close();
    await et.close();
    expect((await ask({}, { id }, ['summary'])).raw.documents).not.toHaveProperty('scores');
  });

  test('nothing for what has no id of a session', async () => {
    const { raw } = await ask({}, { id: 7 });
    expect([et.seen, raw.documents, raw.unknown]).toEqual([[], {}, []]);
  });
});

describe('what cannot be had', () => {
  const missing: Reply = { status: 404, json: { detail: 'Not found' } };

  test.each([400, 403, 422, 500])('a detail answered %i is unknown, the others are there', async (status) => {
    const { raw, failures } = await ask({ '/scores': { status, json: {} } });
    expect(raw.unknown).toEqual([{ document: 'scores', reason: `GET /sessions/${id}/scores answered ${status}` }]);
    expect(Object.keys(raw.documents).sort()).toEqual(['comments', 'summary']);
    expect(failures.map((failure) => failure.status)).toEqual([status]);
  });

  test.each([404, 410])('a session that is answered %i itself is gone', async (status) => {
    const { raw, failures } = await ask({ '/scores': missing, '/summary': missing, '/': { status, json: {} } });
    expect(raw).toMatchObject({ documents: {}, unknown: [], gone: expect.any(Number) });
    expect(raw.gone).toBeGreaterThan(5);
    expect(failures).toEqual([]);
    expect(asked().filter((path) => path === '')).toHaveLength(1);
  });

  test('a detail that is not found while its session is there is unknown', async () => {
    const { raw } = await ask({ '/scores': missing, '/': { json: reviewed } });
    expect([raw.gone, raw.unknown.map(({ document }) => document)]).toEqual([undefined, ['scores']]);
  });

  test('a session whose own answer is not JSON is not gone', async () => {
    const html: Reply = (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html>');
    const { raw, failures } = await ask({ '/scores': missing, '/': html });
    expect([raw.gone, raw.unknown.map(({ document }) => document)]).toEqual([undefined, ['scores']]);
    expect(failures.map(({ kind }) => kind)).toEqual(['not json', 'not found']);
  });
});
