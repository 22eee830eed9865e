import type { EtSettings } from '#config';

import { EtClient, type Patience } from '../src/et/client.js';

/** Settings for an ET at a URL, with a personal token unless told otherwise. */
export function etSettings(url: string, more: Partial<EtSettings> = {}): EtSettings {
  return {
    url,
    login: { kind: 'token', token: 'personal' },
    tlsVerify: true,
    concurrency: 32,
    details: ['scores', 'summary', 'comments'],
    ...more,
  };
}

/** A client that waits a hundredth of what it should between tries. */
export function hastyClient(url: string, more: Partial<EtSettings> = {}, patience: Patience = {}): EtClient {
  return new EtClient(etSettings(url, more), { pause: (tried) => tried, ...patience });
}
