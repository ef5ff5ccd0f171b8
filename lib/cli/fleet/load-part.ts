import type { Action } from '../command.js';
import { loadOptional } from '../run/load-optional.js';

const NEEDED =
  'a fleet needs the packages of NATS: npm install @nats-io/nats-core @nats-io/jetstream @nats-io/transport-node (beside rxnetlink)';

/** Returns the action of a module that needs the packages of NATS. @throws UsageError if one of them is not installed. */
export async function loadPart(module: Promise<{ readonly action: Action }>): Promise<Action> {
  return (await loadOptional(module, '@nats-io/', NEEDED)).action;
}
