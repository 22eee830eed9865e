import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');

it('measures loading beside other ways that leave the same rows', async () => {
  const program = path.join(root, 'dist/test/bench/load/main.js');
  const least = ['--dialect', 'sqlite', '--sessions', '1000', '--rounds', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...least]);
  expect(stdout).toMatch(/'insert' +│ 'temporary tables \+ same merge' +│ \d{4,}/);
  expect(stdout).toContain('All databases hold the same rows.');
});
