import type { Checks } from '../check.js';
import { bridges } from './bridges.js';
import { cards } from './cards.js';
import { containers } from './containers.js';
import { desiredState } from './desired-state.js';
import { firewall } from './firewall.js';
import { packets } from './packets.js';
import { processes } from './processes.js';
import { routing } from './routing.js';
import { serving } from './serving.js';
import { traffic } from './traffic.js';
import { tunnels } from './tunnels.js';
import { uplinks } from './uplinks.js';
import { watching } from './watching.js';

/** The checks of all pages, by the names of the pages. */
export const CHECKS: Readonly<Record<string, Checks>> = {
  bridges,
  cards,
  containers,
  'desired-state': desiredState,
  firewall,
  packets,
  processes,
  routing,
  serving,
  traffic,
  tunnels,
  uplinks,
  watching,
};
