import { newestFirst, versionOf } from './versions.js';

describe('versions', () => {
  it('orders folders by the numbers in them, not by their letters', () => {
    expect(newestFirst(['/usr/lib/postgresql/9.6/bin', '/usr/lib/postgresql/15/bin', '/usr/local/bin'])).toEqual([
      '/usr/lib/postgresql/15/bin',
      '/usr/lib/postgresql/9.6/bin',
      '/usr/local/bin',
    ]);
    expect(newestFirst(['a/10.2', 'a/10.11', 'a/10'])).toEqual(['a/10.11', 'a/10.2', 'a/10']);
  });

  it.each([
    ['15.18 (Debian 15.18-0+deb12u1)', '15.18'],
    ['5.5.5-10.11.14-MariaDB-0+deb12u2', '10.11.14'],
    ['11.4.2-MariaDB', '11.4.2'],
    ['17', '17'],
  ])('reads %s', (banner, version) => {
    expect(versionOf(banner)).toBe(version);
  });
});
