import fc from 'fast-check';

import { redactUrl } from './redact.js';

describe('redactUrl', () => {
  it.each([
    ['amqp://ann:s3cret@mq:5672/v', 'amqp://ann:***@mq:5672/v'],
    ['amqp://mq', 'amqp://mq'],
    [
      'postgresql+psycopg2://ann:p:s@db/et?sslmode=require&x=s3cret',
      'postgresql+psycopg2://ann:***@db/et?sslmode=***&x=***',
    ],
    ['mssql+pyodbc:///?odbc_connect=PWD%3Ds3cret', 'mssql+pyodbc:///?odbc_connect=***'],
    ['https://mq/#s3cret', 'https://mq/'],
    ['s3cret', '***'],
    ['', '***'],
  ])('writes %s as %s', (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted);
  });

  it('never shows a password, encoded or not', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (noise) => {
        const password = `s3cret${noise.replaceAll('***', '')}`;
        expect(redactUrl(`amqp://ann:${encodeURIComponent(password.toWellFormed())}@mq/v`)).not.toContain('s3cret');
        expect(redactUrl(`amqp://ann:${password}@mq/v`)).not.toContain('s3cret');
      }),
    );
  });
});
