import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { l2tpSchema, type L2tpFamily } from './generated/l2tp.js';

export * from './generated/l2tp.js';

/**
 * Tunnels and sessions of L2TP.
 *
 * The kernel sends no event for a tunnel that ends because its socket (`fd`) is closed, nor for the session of an interface that is deleted.
 *
 * @public
 */
export const l2tp: WatchableFamilyFactory<L2tpFamily, 'tunnel-get' | 'session-get'> = watchableFamily(l2tpSchema, {
  'tunnel-get': {
    groups: ['l2tp'],
    set: ['tunnel-create-ntf'],
    delete: ['tunnel-delete-ntf'],
    key: ({ connId }) => connId,
    volatile: ['stats'],
  },
  'session-get': {
    groups: ['l2tp'],
    set: ['session-create-ntf', 'session-modify-ntf'],
    delete: ['session-delete-ntf'],
    key: ({ connId, sessionId }) => `${connId} ${sessionId}`,
    volatile: ['stats'],
    // The kernel deletes the sessions of a tunnel without an event for each.
    silentOn: { 'tunnel-delete-ntf': true },
  },
});
