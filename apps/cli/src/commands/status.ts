import type { Environment } from '#config';

import type { Remote } from './remote.js';

export async function status(_environment: Environment, _remote: Remote | undefined, _json: boolean): Promise<number> {
  return 0;
}
