/**
 * Finds kubectl, and a cluster if one answers, and runs the tests of k8s/ with them. Arguments go to jest. Where no kubectl is
 * to be had it says so and ends well.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { run } from '../support/servers/processes.js';
import { findKubectl } from './kubectl.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Why the cluster of the current context cannot be asked; undefined where it answers. */
async function reasonNotToAsk(program: string): Promise<string | undefined> {
  try {
    await run(program, ['get', '--raw', '/readyz', '--request-timeout=5s']);
    return undefined;
  } catch (error) {
    return String(error).split('\n').at(-1);
  }
}

async function main(): Promise<number> {
  const kubectl = await findKubectl(say).catch((error: unknown) => void say(`k8s/ is not checked: ${String(error)}`));
  if (!kubectl) return 0;
  const { program, version } = kubectl;
  say(`kubectl ${version} (${program})`);
  const reason = await reasonNotToAsk(program);
  say(reason ? `no cluster: ${reason}` : 'a cluster answers');
  const jest = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
      ...['--config', 'test/k8s/jest.config.js', '--verbose', ...process.argv.slice(2)],
    ],
    { env: { ...process.env, TEST_KUBECTL: program, TEST_NO_CLUSTER: reason ?? '' }, stdio: 'inherit' },
  );
  const [code] = (await once(jest, 'exit')) as [number | null];
  return code ?? 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(String(error));
    process.exit(1);
  },
);
