/** All services in one process, as `et-etl run` starts them; carries out the commands it is sent until disconnected. */
import { embeddedSettings, processEnvironment } from '#config';
import type { Command } from '#contracts';

import { startEmbedded } from '../../../apps/cli/src/embedded.js';

const services = await startEmbedded(embeddedSettings(processEnvironment()), console.log);
process.on('message', (command: Command) => void services.publisher.publish('commands', null, command));
process.once('disconnect', () => void services.close().finally(() => process.exit()));
process.send?.('ready');
