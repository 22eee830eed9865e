import fc from 'fast-check';

import { toDatetime } from './datetime.js';

describe('date-times of ET', () => {
  it.each([
    ['2026-11-20T10:11:12', '2026-11-20 10:11:12'],
    ['2026-11-20 10:11:12', '2026-11-20 10:11:12'],
    ['2026-11-20T10:11:12Z', '2026-11-20 10:11:12'],
    ['2026-11-20T10:11', '2026-11-20 10:11:00'],
    ['2026-11-20', '2026-11-20 00:00:00'],
    ['2024-02-29T00:00:00', '2024-02-29 00:00:00'],
  ])('writes %s as %s', (text, stored) => expect(toDatetime(text)).toBe(stored));

  it.each([
    ['2026-11-20T10:11:12.123456', '2026-11-20 10:11:12.123456'],
    ['2026-11-20T10:11:12.1', '2026-11-20 10:11:12.100000'],
    ['2026-11-20T10:11:12.1234569', '2026-11-20 10:11:12.123456'],
    ['2026-11-20T10:11:12.000000', '2026-11-20 10:11:12'],
    ['2026-11-20T10:11:12.0000001Z', '2026-11-20 10:11:12'],
  ])('keeps the microseconds of %s', (text, stored) => expect(toDatetime(text)).toBe(stored));

  it.each([
    ['2026-11-20T01:30:15.000001+02:00', '2026-11-19 23:30:15.000001'],
    ['2026-12-31T23:45:00-0530', '2027-01-01 05:15:00'],
    ['2024-03-01T00:00:00+01', '2024-02-29 23:00:00'],
    ['0099-01-01T00:00:00+01:00', '0098-12-31 23:00:00'],
  ])('converts %s to UTC', (text, stored) => expect(toDatetime(text)).toBe(stored));

  it.each([
    ['0001-01-01T00:00:00', '1900-01-01 00:00:00'],
    ['0001-12-31T23:59:59.5Z', '1900-01-01 00:00:00'],
    ['0001-01-01T00:00:00+02:00', '1900-01-01 00:00:00'],
    ['0002-01-01T00:00:00+02:00', '1900-01-01 00:00:00'],
    ['1752-12-31T00:00:00', '1752-12-31 00:00:00'],
  ])('takes year 1, and it alone, for always: %s', (text, stored) => expect(toDatetime(text)).toBe(stored));

  it.each([
    '2026-02-31T00:00:00',
    '2025-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-11-20T24:00:00',
    '2026-11-20T10:60:00',
    '2026-11-20T10:00:60',
    '0000-01-01',
    '9999-12-31T23:00:00-02:00',
    '2026-11-20T10:00:00+25:00',
    '20.11.2026',
    '1763633472',
    '2026-11-20T10:00:00 ',
    '',
  ])('takes %j for none', (text) => expect(toDatetime(text)).toBeUndefined());

  it('reads what it wrote as the same', () => {
    const dates = fc.date({ min: new Date('0002-01-02'), max: new Date('9999-12-30'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, fc.nat(999), fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, micros, offset) => {
        const sign = offset < 0 ? '-' : '+';
        const pad = (number: number) => String(Math.abs(number)).padStart(2, '0');
        const zone = `${sign}${pad(Math.trunc(offset / 60))}:${pad(offset % 60)}`;
        const local = new Date(date.getTime() + offset * 60_000).toISOString();
        fc.pre(/^(?!0000|0001)\d{4}-/.test(local));
        const stored = toDatetime(local.replace('Z', String(micros).padStart(3, '0') + zone));
        expect(stored?.slice(0, 19)).toBe(date.toISOString().slice(0, 19).replace('T', ' '));
        expect(toDatetime(stored ?? '')).toBe(stored);
      }),
    );
  });
});
