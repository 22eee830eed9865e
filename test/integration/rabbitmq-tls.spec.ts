import { RabbitBackend } from '#messaging';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';

import { describeWith, SKIPPED } from '../support/suites.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { silent } from './messaging-harness.js';

const canSign = spawnSync('openssl', ['version']).status === 0;

function suite(): void {
  let folder: string;
  let vhost: FreshVhost;
  let server: Server;
  const pem = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  /** A certificate for localhost that `authority` signs. */
  const sign = (name: string) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`];
    const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
    openssl('req', '-x509', '-CA', 'authority.pem', '-CAkey', 'authority.key', ...key, ...names, '-out', `${name}.pem`);
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'etl-tls-'));
    vhost = await freshVhost();
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'authority.key'];
    openssl('req', '-x509', ...key, '-subj', '/CN=authority', '-out', 'authority.pem');
    for (const name of ['broker', 'client']) sign(name);
    // The broker itself speaks plain here; before it stands one who speaks TLS and knows clients by their certificates.
    const { hostname, port } = new URL(vhost.url);
    const options = { cert: pem('broker.pem'), key: pem('broker.key'), ca: pem('authority.pem'), requestCert: true };
    server = createServer(options, (socket) => {
      const broker = connect(Number(port), hostname);
      socket.pipe(broker).pipe(socket);
      socket.on('error', () => broker.destroy());
      broker.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await vhost.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (tls: { ca?: string; cert?: string; key?: string }) => {
    const url = new URL(vhost.url.replace('amqp:', 'amqps:'));
    url.hostname = 'localhost';
    url.port = String((server.address() as AddressInfo).port);
    return RabbitBackend.connect({ url: url.href, tls, service: 'loader', logger: silent });
  };

  it('is spoken with the authorities and the certificate that settings name', async () => {
    const backend = await start({ ca: pem('authority.pem'), cert: pem('client.pem'), key: pem('client.key') });
    expect(await backend.depth()).not.toHaveLength(0);
    await backend.close();
  });

  it('ends the start where nobody trusts who signed the broker, with what mends it', async () => {
    await expect(start({})).rejects.toThrow(/^no TLS with localhost.*self-signed certificate.*AMQP_TLS_CA/);
  });

  it('ends the start where the broker wants to know who we are', async () => {
    await expect(start({ ca: pem('authority.pem') })).rejects.toThrow(/^no TLS with localhost.*certificate required/);
  });
}

if (canSign) describeWith('rabbitmq', 'TLS to the broker', suite);
else describe.skip(`TLS to the broker${SKIPPED}no openssl to sign certificates with`, suite);
