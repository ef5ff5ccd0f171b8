import type { Action } from '../command.js';
import { UsageError } from '../run/usage-error.js';

/** Returns the action of a module that needs the packages of NATS. @throws UsageError if one of them is not installed. */
export async function loadPart(module: Promise<{ readonly action: Action }>): Promise<Action> {
  try {
    return (await module).action;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes('@nats-io/')) throw error;
    throw new UsageError(
      'a fleet needs the packages of NATS: npm install @nats-io/nats-core @nats-io/jetstream @nats-io/transport-node (beside rxnetlink)',
    );
  }
}
