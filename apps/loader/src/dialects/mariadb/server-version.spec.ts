import { isHopeless } from '../faults.js';
import { ensureSupported } from './server-version.js';

describe('versions of servers', () => {
  it.each(['10.6.0-MariaDB', '10.11.19-MariaDB-0+deb12u1', '11.4.2-MariaDB-ubu2404', '8.0.36', '9.1.0', '8.4.3-azure'])(
    'from MariaDB 10.6 and MySQL 8 on are taken: %s',
    (version) => {
      expect(() => ensureSupported(version)).not.toThrow();
    },
  );

  it.each(['10.5.26-MariaDB', '5.7.44-log', '5.5.68-MariaDB'])('that are older end the loader: %s', (version) => {
    let error: unknown;
    try {
      ensureSupported(version);
    } catch (caught) {
      error = caught;
    }
    expect(isHopeless(error)).toBe(true);
    expect(error).toMatchObject({ cause: { message: expect.stringContaining(version) as string } });
  });
});
