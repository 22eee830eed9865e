import type { Environment } from './environment.js';
import { ConfigurationError } from './problems.js';
import { embeddedSettings, extractorSettings, loaderSettings, operatorSettings } from './read-settings.js';

type Values = Environment['values'];
const login = { ET_USER: 'ann', ET_PASSWORD: 's3cret' };
const broker = { AMQP_URL: 'amqp://guest:guest@localhost' };

function environment(values: Values): Environment {
  return { folder: '/app', values, faults: {}, problems: [] };
}
const et = (values: Values) => embeddedSettings(environment(values)).extractor.et;

/** `variable problem` of everything that is wrong. */
function problemsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.message).not.toContain('s3cret');
    return error.problems.map(({ variable, problem }) => `${variable} ${problem}`);
  }
  return [];
}

describe('settings', () => {
  it('has a default for everything but the login', () => {
    expect(embeddedSettings(environment(login))).toEqual({
      extractor: {
        et: {
          url: 'https://app.enderturing.com',
          login: { kind: 'password', user: 'ann', password: 's3cret' },
          tlsVerify: true,
          concurrency: 32,
          details: ['scores', 'summary', 'comments'],
        },
        syncCron: '5 0 * * *',
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        startDate: undefined,
        rereadDays: 2,
      },
      loader: {
        database: { dialect: 'sqlite', file: '/app/data/ender-turing.sqlite' },
        schemaMode: 'auto',
        deleteMode: 'mark',
        maxDeleteRatio: 0.1,
        deleteKeepTexts: false,
        rejectsRetention: 30,
      },
      service: { logLevel: 'warn', shutdownGrace: 30 },
    });
  });

  it.each([
    ['off', null],
    [' None ', null],
    ['0 6 * * 1-5', '0 6 * * 1-5'],
  ])('reads SYNC_CRON=%s as %s', (text, syncCron) => {
    const values = { ...login, ...broker, SYNC_CRON: text };
    expect(extractorSettings(environment(values)).extractor.syncCron).toBe(syncCron);
  });

  it('finds conversations where ET is, unless told otherwise', () => {
    const sessionLink = (values: Values) => loaderSettings(environment({ ...broker, ...values })).loader.sessionLink;
    expect(sessionLink({})).toBeUndefined();
    expect(sessionLink({ ET_DOMAIN: 'et.example' })).toBe('https://et.example/sessions/{id}');
    expect(sessionLink({ ET_URL: 'http://et:81', ET_DOMAIN: 'no' })).toBe('http://et:81/sessions/{id}');
    expect(sessionLink({ ET_URL: 'http://et', ET_SESSION_LINK: 'https://et/#/{id}' })).toBe('https://et/#/{id}');
    const without = { ...broker, ET_SESSION_LINK: 'https://et/sessions' };
    expect(problemsOf(() => loaderSettings(environment(without)))).toEqual([
      'ET_SESSION_LINK does not say where the id belongs',
    ]);
  });

  it('tells every problem at once, across all parts', () => {
    const wrong = {
      ET_URL: 'ftp://et',
      ET_CONCURRENCY: '0',
      ET_DETAILS: 'scores,notes',
      ET_TIMEZONE: 'Mars/Base',
      START_DATE: '2026-02-31',
      REREAD_DAYS: '-1',
      SYNC_CRON: 'daily',
      DATABASE_URL: 'postgresql://s3cret',
      DATABASE_POOL: 'many',
      SCHEMA_MODE: 'check',
      DELETE_MODE: 'drop',
      MAX_DELETE_RATIO: '1.5',
      DELETE_KEEP_TEXTS: 'some',
      LOG_LEVEL: 'loud',
      SHUTDOWN_GRACE: '1',
      AMQP_URL: 'http://guest:s3cret@mq',
    };
    expect(problemsOf(() => extractorSettings(environment(wrong)))).toEqual([
      'ET_URL has the scheme ftp',
      'ET_USER is missing',
      'ET_PASSWORD is missing',
      'ET_CONCURRENCY is "0"',
      'ET_DETAILS names a detail that does not exist',
      'SYNC_CRON is a text of 5 characters',
      'ET_TIMEZONE is a text of 9 characters',
      'START_DATE is 2026-02-31, which is no day of the calendar',
      'REREAD_DAYS is "-1"',
      'LOG_LEVEL is a text of 4 characters',
      'SHUTDOWN_GRACE is "1"',
      'AMQP_URL has the scheme http',
    ]);
    expect(problemsOf(() => loaderSettings(environment(wrong)))).toEqual([
      'DATABASE_POOL is a text of 4 characters',
      'DATABASE_URL lacks a user and a database',
      'SCHEMA_MODE is a text of 5 characters',
      'DELETE_MODE is a text of 4 characters',
      'MAX_DELETE_RATIO is "1.5"',
      'DELETE_KEEP_TEXTS is a text of 4 characters',
      'LOG_LEVEL is a text of 4 characters',
      'SHUTDOWN_GRACE is "1"',
      'AMQP_URL has the scheme http',
    ]);
  });

  it('tells the faults of .env, and only the unreadable settings an app needs', () => {
    const fault = (variable: string) => ({ variable, problem: 'names an empty file', mend: '' });
    const given: Environment = {
      ...environment(broker),
      faults: { ET_PASSWORD: fault('ET_PASSWORD_FILE'), DATABASE_URL: fault('DATABASE_URL_FILE') },
      problems: [{ variable: '.env line 3', problem: 'is no assignment', mend: '' }],
    };
    expect(problemsOf(() => loaderSettings(given))).toEqual([
      '.env line 3 is no assignment',
      'DATABASE_URL_FILE names an empty file',
    ]);
    expect(problemsOf(() => extractorSettings(given))).toEqual([
      '.env line 3 is no assignment',
      'ET_PASSWORD_FILE names an empty file',
      'ET_USER is missing',
    ]);
  });

  it('lets services not start without a broker, and the operator do without', () => {
    expect(problemsOf(() => extractorSettings(environment(login)))).toEqual(['AMQP_URL is missing']);
    expect(operatorSettings(environment({})).service.amqpUrl).toBeUndefined();
    expect(operatorSettings(environment(broker)).service.amqpUrl).toBe(broker.AMQP_URL);
  });
});

describe('the way to ET', () => {
  it.each([
    [{}, 'https://app.enderturing.com'],
    [{ ET_DOMAIN: 'et.example.com' }, 'https://et.example.com'],
    [{ ET_DOMAIN: 'et.example.com:8443' }, 'https://et.example.com:8443'],
    [{ ET_URL: 'http://127.0.0.1:8080' }, 'http://127.0.0.1:8080'],
    [{ ET_URL: 'https://et.example.com/api/v1/', ET_DOMAIN: 'other' }, 'https://et.example.com'],
  ])('%j leads to %s', (values, url) => {
    expect(et({ ...login, ...values }).url).toBe(url);
  });

  it.each([
    [{ ET_URL: 'et.example.com' }, 'ET_URL is a text of 14 characters without a scheme'],
    [{ ET_URL: 'https://ann:s3cret@et' }, 'ET_URL holds a user or password'],
    [{ ET_URL: 'https://et/sessions' }, 'ET_URL holds more than scheme, host and port'],
    [{ ET_DOMAIN: 'https://et' }, 'ET_DOMAIN holds a scheme'],
    [{ ET_DOMAIN: 'et example' }, 'ET_DOMAIN is a text of 10 characters that is no host name'],
    [{ ET_TLS_VERIFY: 'maybe' }, 'ET_TLS_VERIFY is a text of 5 characters'],
    [{ ET_DETAILS: 'scores;summary' }, 'ET_DETAILS names a detail that does not exist'],
  ])('%j is told: %s', (values, problem) => {
    expect(problemsOf(() => et({ ...login, ...values }))).toEqual([problem]);
  });

  it.each([
    [{ ...login, ET_TOKEN: 't' }, 'password'],
    [{ ...login, ET_TOKEN: 't', ET_AUTH_BY_TOKEN: 'True' }, 'token'],
    [{ ET_TOKEN: 't' }, 'token'],
    [{ ET_USER: 'ann', ET_TOKEN: 't' }, 'token'],
    [{ ...login, ET_AUTH_BY_TOKEN: '0' }, 'password'],
  ])('%j logs in by %s', (values, kind) => {
    expect(et(values).login.kind).toBe(kind);
  });

  it.each([
    [{}, ['ET_USER is missing', 'ET_PASSWORD is missing']],
    [{ ET_USER: 'ann' }, ['ET_PASSWORD is missing']],
    [{ ET_PASSWORD: 's3cret' }, ['ET_USER is missing']],
    [{ ...login, ET_AUTH_BY_TOKEN: 'true' }, ['ET_TOKEN is missing']],
    [{ ET_TOKEN: 't', ET_AUTH_BY_TOKEN: 'false' }, ['ET_USER is missing', 'ET_PASSWORD is missing']],
  ])('%j lacks %j', (values, problems) => {
    expect(problemsOf(() => et(values))).toEqual(problems);
  });

  it.each([
    ['none', []],
    ['Summary, transcripts,summary', ['summary', 'transcripts']],
  ])('reads ET_DETAILS=%s', (ET_DETAILS, details) => {
    expect(et({ ...login, ET_DETAILS }).details).toEqual(details);
  });
});
