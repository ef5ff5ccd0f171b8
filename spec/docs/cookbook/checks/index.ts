import type { Checks } from '../check.js';
import { bridges } from './bridges.js';
import { containers } from './containers.js';
import { firewall } from './firewall.js';
import { packets } from './packets.js';
import { routing } from './routing.js';
import { traffic } from './traffic.js';

/** The checks of all pages, by the names of the pages. */
export const CHECKS: Readonly<Record<string, Checks>> = {
  bridges,
  containers,
  firewall,
  packets,
  routing,
  traffic,
};
