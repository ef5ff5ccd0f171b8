import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { xfrmSchema, type GetpolicyReply, type GetsaReply, type XfrmFamily, type XfrmLifetimeCfg } from './generated/xfrm.js';

export * from './generated/xfrm.js';

const NONE = 0xffff_ffff_ffff_ffffn;

/**
 * Lifetimes without a limit, for `lft` of a state or a policy.
 *
 * Without `lft` the limits of bytes and packets are 0, and a state expires with its first packet.
 *
 * @public
 */
export const UNLIMITED: XfrmLifetimeCfg = Object.freeze({
  softByteLimit: NONE,
  hardByteLimit: NONE,
  softPacketLimit: NONE,
  hardPacketLimit: NONE,
  softAddExpiresSeconds: 0n,
  hardAddExpiresSeconds: 0n,
  softUseExpiresSeconds: 0n,
  hardUseExpiresSeconds: 0n,
});

type Op = keyof XfrmFamily['notifications'];
type Group = keyof XfrmFamily['groups'];

/** An event of a deletion has the identity of the state in its header. */
type StateIdentity = Partial<GetsaReply> & Partial<GetsaReply['id']>;

/** Properties of messages about one object that the kernel has deleted. */
const isHard = (value: object): boolean => (value as { readonly hard?: number }).hard === 1;

/** States without algorithms are larval: `allocspi` and acquire events make them without an event. Mobile IPv6 has none either. */
const isComplete = ({ algAead, algAuth, algCrypt, algComp, id: { proto } }: GetsaReply): boolean =>
  [algAead, algAuth, algCrypt, algComp].some((algorithm) => algorithm !== undefined) || proto === 'routing' || proto === 'dstopts';

const states: WatchDeclaration<GetsaReply, Op, Group> = {
  groups: ['sa', 'expire', 'migrate'],
  set: ['newsa-ntf'],
  delete: ['delsa-ntf'],
  key: (state: StateIdentity) => {
    const { daddr, spi, proto } = state.id ?? state;
    const { v = 0, m = 0 } = state.mark ?? {};
    // States of mobile IPv6 have no SPI: the source address is a part of their key.
    const saddr = spi === 0 ? (state.saddr ?? state.sa?.saddr) : undefined;
    return JSON.stringify([state.family, String(daddr), spi, proto, v, m, saddr === undefined ? 0 : String(saddr)]);
  },
  shows: isComplete,
  filters: { proto: ({ id }) => id.proto },
  volatile: ['curlft', 'stats', 'replayVal', 'replayEsnVal', 'lastused'],
  // Packets with the reply mark and the events of the user daemon change these.
  silent: ['encap', 'mtimerThresh'],
  // The event of an update contains the request. The kernel applies only some of its values.
  silentOn: { 'updsa-ntf': true, 'flushsa-ntf': true, expire: isHard, 'migrate-ntf': true },
  deletesInterrupt: true,
};

const policies: WatchDeclaration<GetpolicyReply, Op, Group> = {
  groups: ['policy', 'expire', 'migrate'],
  set: ['newpolicy-ntf', 'updpolicy-ntf'],
  delete: ['delpolicy-ntf'],
  key: ({ index, policy, policyType, dir }) => `${policyType?.type ?? 'main'} ${dir} ${policy?.index ?? index}`,
  // The kernel reports nothing about the policies of sockets.
  accepts: ({ dir }) => typeof dir === 'string',
  volatile: ['curlft'],
  // Notifications lack it.
  silent: ['secCtx'],
  silentOn: { 'flushpolicy-ntf': true, polexpire: isHard, 'migrate-ntf': true },
  deletesInterrupt: true,
};

/**
 * IPsec states (security associations) and policies.
 *
 * A live collection of states contains the complete ones. The kernel sends no event about larval states, which wait for their keys.
 *
 * @public
 */
export const xfrm: WatchableFamilyFactory<XfrmFamily, 'getsa' | 'getpolicy'> = watchableFamily(xfrmSchema, {
  getsa: states,
  getpolicy: policies,
});
