import { addressCases } from './address-cases.js';
import { linkCases } from './link-cases.js';
import { liveCases } from './live-cases.js';
import { forwardingCases } from './objects/forwarding-cases.js';
import { namespaceCases } from './objects/namespace-cases.js';
import { nexthopEventCases } from './objects/nexthop-event-cases.js';
import { nexthopCases } from './objects/nexthop-cases.js';
import { neighbourCases } from './neighbour-cases.js';
import { notificationCases } from './notification-cases.js';
import { routeCases } from './route-cases.js';
import { ruleCases } from './rule-cases.js';
import { slotCases } from './slot-cases.js';
import { trafficCases } from './objects/traffic-cases.js';
import type { NetworkCase } from './world.js';

/** The contract of networks, by theme: the running kernel and the fake one must pass the same cases. */
export const networkCases: Readonly<Record<string, readonly NetworkCase[]>> = {
  links: linkCases,
  addresses: addressCases,
  routes: [...routeCases, ...slotCases],
  rules: ruleCases,
  neighbours: neighbourCases,
  nexthops: [...nexthopCases, ...nexthopEventCases],
  'forwarding entries': forwardingCases,
  namespaces: namespaceCases,
  'traffic control': trafficCases,
  notifications: notificationCases,
  'live tables': liveCases,
};
