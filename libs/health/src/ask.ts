/**
 * `node dist/libs/health/src/ask.js [/healthz]` asks the service of this environment (`HTTP_PORT`) whether it is ready,
 * or what the path says: exit code 0 or 1, the answer on standard output. Docker runs it every few seconds, so it
 * imports nothing that takes time to load.
 */
import { get } from 'node:http';

const { HTTP_PORT: port, HTTP_HOST: host } = process.env;
const [path = '/readyz'] = process.argv.slice(2);
const PATIENCE_MS = 4_000;

const tell = (code: 0 | 1, text: string): void => {
  process.stdout.write(`${text.trimEnd()}\n`);
  process.exitCode = code;
};

if (!Number(port)) {
  tell(1, 'set HTTP_PORT to that of the service, not to 0: 8081 extractor, 8082 transformer, 8083 loader');
} else {
  const everywhere = !host || host === '0.0.0.0' || host === '::';
  const asking = get({ host: everywhere ? '127.0.0.1' : host, port, path, agent: false }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part: string) => (text += part));
    answer.on('end', () => tell(answer.statusCode === 200 ? 0 : 1, text));
  });
  asking.setTimeout(PATIENCE_MS, () => asking.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
  asking.on('error', (error) => tell(1, `nobody answers at port ${port}: ${error.message}`));
}
