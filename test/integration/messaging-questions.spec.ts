import { until } from '../support/until.js';
import { onEveryBackend } from './messaging-suite.js';

import.meta.jest.setTimeout(60_000);

onEveryBackend('questions and answers', ({ kind, run }) => {
  it('answers questions', async () => {
    await run(await kind().open('loader'), {
      questions: () => ({ type: 'stopped-runs', runIds: ['a', 'б'.repeat(9_000)] }),
    });
    const { publisher } = await run(await kind().open('extractor'), {});
    const answer = await publisher.ask({ type: 'stopped-runs' });
    expect(answer.runIds).toEqual(['a', 'б'.repeat(9_000)]);
  });

  it('keeps the answers of questions asked at the same time apart', async () => {
    const waiting: (() => void)[] = [];
    await run(await kind().open('loader'), {
      questions: async (question) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return { type: 'open-run', runId: question.type === 'open-run' ? question.plan.runId : '', opened: true };
      },
    });
    const { publisher } = await run(await kind().open('extractor'), {});
    const asked = ['a', 'b', 'c'].map((runId) =>
      publisher.ask({ type: 'open-run', plan: { runId, kind: 'sync', request: '', slices: [] } }),
    );
    await until('all were asked', () => waiting.length === 3);
    for (const answer of waiting.reverse()) answer();
    expect((await Promise.all(asked)).map(({ runId }) => runId)).toEqual(['a', 'b', 'c']);
  });

  it('tells who asks that the answer failed', async () => {
    const failing = () => {
      throw new Error('the database is away');
    };
    await run(await kind().open('loader'), { questions: failing });
    const { publisher } = await run(await kind().open('extractor'), {});
    const asked = publisher.ask({ type: 'status' });
    await expect(asked).rejects.toThrow('the database is away');
    await expect(asked).rejects.toMatchObject({ name: 'TransientError', outside: true });
  });

  it('tells who asks that no message holds the answer', async () => {
    const questions = () => ({ type: 'stopped-runs', runIds: ['x'.repeat(17_000_000)] });
    await run(await kind().open('loader'), { questions });
    const { publisher } = await run(await kind().open('extractor'), {});
    await expect(publisher.ask({ type: 'stopped-runs' })).rejects.toThrow(/the body is longer than \d+ bytes/);
  });

  it('asks again until somebody answers', async () => {
    const { publisher } = await run(await kind().open('extractor'), {});
    const asked = publisher.ask({ type: 'stopped-runs' });
    await run(await kind().open('loader'), { questions: () => ({ type: 'stopped-runs', runIds: [] }) });
    await expect(asked).resolves.toEqual({ type: 'stopped-runs', runIds: [] });
  });

  it('gives up asking at the deadline', async () => {
    const { publisher } = await run(await kind().open('extractor'), {});
    await expect(publisher.ask({ type: 'status' }, 300)).rejects.toMatchObject({ outside: true });
  });
});
