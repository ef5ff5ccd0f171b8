import { defer } from 'rxjs';
import { suggestion } from '../../check/index.js';
import type { Action } from '../command.js';
import { UsageError } from '../run/usage-error.js';
import { fleetCall, type FleetAction, type FleetOptions } from './fleet-call.js';
import { forget } from './forget.js';
import { showHosts } from './hosts.js';
import { listTable } from './list.js';
import { monitor } from './monitor.js';
import { planHosts } from './plan.js';
import { withServer } from './connect/server.js';
import { makeStreams } from './streams.js';
import { SAMPLED_FLEET_TABLES } from './sampled/sampled-tables.js';
import { TABLE_NAMES } from './tables.js';

const ACTIONS: Readonly<Record<string, FleetAction>> = {
  hosts: showHosts,
  ...Object.fromEntries([...TABLE_NAMES, ...SAMPLED_FLEET_TABLES.keys()].map((name) => [name, listTable(name)])),
  monitor,
  plan: planHosts,
  streams: makeStreams,
  forget,
};

/** `rxnetlink fleet`: the state of many hosts. */
export const action: Action = (call) =>
  defer(() => {
    const [what = '', ...words] = call.words;
    const found = Object.hasOwn(ACTIONS, what) ? ACTIONS[what] : undefined;
    if (found === undefined) {
      const names = Object.keys(ACTIONS);
      throw new UsageError(`fleet: there is no '${what}'${suggestion(what, names, '; ') || `; expected one of ${names.join(', ')}`}`);
    }
    const common = fleetCall({ ...call, words }, what === 'plan' ? '30s' : '5s');
    const run = found({ ...call, words });
    return withServer(call.options as FleetOptions, `rxnetlink fleet ${what}`, (connection) => run({ ...common, connection }));
  });
