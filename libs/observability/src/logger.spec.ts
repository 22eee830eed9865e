import { describeError, messageOf } from './errors.js';
import { createLogger } from './logger.js';

function logged(level: string, write: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  write(createLogger('loader', level, (line) => lines.push(line.replace(/^\d\d:\d\d:\d\d /, ''))));
  return lines;
}

/** As an HTTP client throws it: the request, token and all, beside the message. */
function httpError(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), {
    code: 'ECONNREFUSED',
    config: { headers: { Authorization: 'bearer s3cret' } },
  });
}

describe('plain log lines', () => {
  it('hold level, service, text and facts', () => {
    const facts = { sliceId: 'day:2026-01-01', rows: 3 };
    expect(logged('info', (logger) => logger.warn(facts, 'batch rejected'))).toEqual([
      'warn  loader      batch rejected (sliceId day:2026-01-01, rows 3)',
    ]);
  });

  it('leave out what is below the level', () => {
    expect(logged('warn', (logger) => logger.info('begun'))).toEqual([]);
  });

  it('tell an error with its causes in one line, without stacks and without what clients hang on errors', () => {
    const error = new Error('ET could not be\nasked', { cause: httpError() });
    expect(logged('info', (logger) => logger.error({ error }, 'login failed'))).toEqual([
      'error loader      login failed: ET could not be asked: connect ECONNREFUSED',
    ]);
  });

  it('do not repeat a cause that was quoted already', () => {
    const error = new Error('ET could not be asked: connect ECONNREFUSED (check ET_URL)', { cause: httpError() });
    expect(logged('info', (logger) => logger.error({ error }, 'login failed'))).toEqual([
      'error loader      login failed: ET could not be asked: connect ECONNREFUSED (check ET_URL)',
    ]);
  });

  it('cut the statements that drivers quote', () => {
    const [line = ''] = logged('info', (logger) => logger.error({ error: new Error('x'.repeat(9999)) }, 'failed'));
    expect(line.length).toBeLessThan(600);
  });
});

describe('describeError', () => {
  it('tells the stack without the message, whatever that holds, in no time', () => {
    const begun = performance.now();
    const { message, stack } = describeError(new TypeError(`odd${'\n '.repeat(200_000)}here`));
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(message).toHaveLength(501);
    expect(stack).toMatch(/^at .*logger\.spec/);
  });
});

describe('messageOf', () => {
  it.each([
    [new Error('asking ET', { cause: httpError() }), 'asking ET: connect ECONNREFUSED'],
    [new Error('asking ET: connect ECONNREFUSED', { cause: httpError() }), 'asking ET: connect ECONNREFUSED'],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['plain text', 'plain text'],
  ])('tells %p as "%s"', (error, message) => {
    expect(messageOf(error)).toBe(message);
  });
});
