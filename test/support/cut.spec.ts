import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { Cut } from './cut.js';

it('lets half of what comes along in mid-frame arrive, and nothing more', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const way = new Cut(new URL(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`));
  await way.mend();
  const met = once(server, 'connection') as Promise<[Socket]>;
  const near = connect(Number(new URL(way.url).port), '127.0.0.1');
  let arrived = '';
  near.on('data', (chunk: Buffer) => (arrived += chunk.toString()));
  const [far] = await met;
  const cut = way.cutInMidFrame();
  far.write('0123456789');
  await once(near, 'close');
  expect(arrived).toBe('01234');
  await expect(cut).resolves.toBe(1);
  server.close();
});
