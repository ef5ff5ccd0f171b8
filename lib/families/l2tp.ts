import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { l2tpSchema, type L2tpFamily } from './generated/l2tp.js';

export * from './generated/l2tp.js';

/**
 * Tunnels and sessions of L2TP.
 *
 * The kernel sends no event for a tunnel that ends because its socket (`fd`) is closed, nor for the session of an interface that is deleted.
 *
 * The kernel sends each event to the sockets of all network namespaces, without the namespace of its object (`genlmsg_multicast_allns`). `notifications('l2tp')`
 * therefore emits events about tunnels and sessions of other namespaces too. `watch()` does not: after an event, it reads the table again.
 *
 * @public
 */
export const l2tp: WatchableFamilyFactory<L2tpFamily, 'tunnel-get' | 'session-get'> = watchableFamily(l2tpSchema, {
  // The events do not contain the network namespace of the object: they cannot be rows.
  'tunnel-get': {
    groups: ['l2tp'],
    set: [],
    delete: [],
    key: ({ connId }) => connId,
    volatile: ['stats'],
    silentOn: { 'tunnel-create-ntf': true, 'tunnel-delete-ntf': true },
  },
  'session-get': {
    groups: ['l2tp'],
    set: [],
    delete: [],
    key: ({ connId, sessionId }) => `${connId} ${sessionId}`,
    volatile: ['stats'],
    // The kernel deletes the sessions of a tunnel without an event for each.
    silentOn: { 'tunnel-delete-ntf': true, 'session-create-ntf': true, 'session-modify-ntf': true, 'session-delete-ntf': true },
  },
});
