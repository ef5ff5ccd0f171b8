import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { namedError } from '../../../lib/client/advice/named-error.js';
import { isKernelError, KernelError } from '../../../lib/errors/index.js';
import { nftables, nftablesSchema } from '../../../lib/families/nftables.js';
import { describeAttributes } from '../../../lib/schema/index.js';
import { errorReply, fakeKernel } from '../../../lib/testing/index.js';

/** `NFNL_MSG_BATCH_END`. */
const BATCH_END = 17;

/** Returns the message of an ENOENT about a request, at the first attribute of a path; undefined: about none. */
async function messageOf(op: string, request: object, path?: string): Promise<string> {
  using client = nftables({ transport: fakeKernel(({ type }) => (type > BATCH_END ? errorReply('ENOENT') : undefined)) });
  const error: unknown = await lastValueFrom(client.do(op as 'newset', request as never)).catch((reason: unknown) => reason);
  if (!isKernelError(error)) throw error instanceof Error ? error : new Error('accepted');
  if (path === undefined) return error.message;
  const attribute = describeAttributes(nftablesSchema, op, error.request!).find((each) => each.path === path);
  const { errno, request: bytes } = error;
  const rejected = new KernelError({ errno, operation: op, request: bytes!, extendedAck: { offset: attribute!.offset } });
  return (namedError(rejected, nftablesSchema, op) as Error).message;
}

const rule = (nfgenFamily: number, name: string): object => ({ nfgenFamily, table: 't', chain: 'c', expressions: { elem: [{ name }] } });

describe('errors of nftables about what the kernel was built without', () => {
  // MODULE_ALIAS_NFT_EXPR and MODULE_ALIAS_NFT_AF_EXPR of Linux 6.12, and the option of the module in its Makefile.
  for (const [family, name, module, option] of [
    [1, 'queue', 'nft_queue', 'NFT_QUEUE'],
    [1, 'nat', 'nft_nat', 'NFT_NAT'],
    [2, 'masq', 'nft_masq', 'NFT_MASQ'],
    [2, 'redir', 'nft_redir', 'NFT_REDIR'],
    [1, 'tproxy', 'nft_tproxy', 'NFT_TPROXY'],
    [1, 'socket', 'nft_socket', 'NFT_SOCKET'],
    [1, 'synproxy', 'nft_synproxy', 'NFT_SYNPROXY'],
    [1, 'flow_offload', 'nft_flow_offload', 'NFT_FLOW_OFFLOAD'],
    [1, 'ct', 'nft_ct', 'NFT_CT'],
    [1, 'notrack', 'nft_ct', 'NFT_CT'],
    [1, 'quota', 'nft_quota', 'NFT_QUOTA'],
    [1, 'limit', 'nft_limit', 'NFT_LIMIT'],
    [1, 'numgen', 'nft_numgen', 'NFT_NUMGEN'],
    [1, 'hash', 'nft_hash', 'NFT_HASH'],
    [1, 'osf', 'nft_osf', 'NFT_OSF'],
    [1, 'xfrm', 'nft_xfrm', 'NFT_XFRM'],
    [1, 'log', 'nft_log', 'NFT_LOG'],
    [1, 'fib', 'nft_fib_inet', 'NFT_FIB_INET'],
    [2, 'fib', 'nft_fib_ipv4', 'NFT_FIB_IPV4'],
    [5, 'fib', 'nft_fib_netdev', 'NFT_FIB_NETDEV'],
    [10, 'reject', 'nft_reject_ipv6', 'NFT_REJECT_IPV6'],
    [7, 'reject', 'nft_reject_bridge', 'NFT_BRIDGE_REJECT'],
    [2, 'dup', 'nft_dup_ipv4', 'NFT_DUP_IPV4'],
    [5, 'dup', 'nft_dup_netdev', 'NFT_DUP_NETDEV'],
    [5, 'fwd', 'nft_fwd_netdev', 'NFT_FWD_NETDEV'],
  ] as const)
    it(`name ${module} for the expression ${name} of a rule in address family ${family}`, async () => {
      expect(await messageOf('newrule', rule(family, name), '.expressions.elem')).to.equal(
        `ENOENT newrule: rule of chain 'c' of table 't': .expressions.elem ` +
          `(this kernel may lack expression '${name}': try \`modprobe ${module}\` (CONFIG_${option}))`,
      );
    });

  for (const [title, op, request, advice] of [
    ['an object', 'newobj', { type: 'synproxy' }, "object type 'synproxy': try `modprobe nft_synproxy` (CONFIG_NFT_SYNPROXY)"],
    ['an object with another module', 'newobj', { type: 'ct-timeout' }, "object type 'ct-timeout': try `modprobe nft_ct` (CONFIG_NFT_CT)"],
    [
      'the helper of an object',
      'newobj',
      { type: 'ct-helper', data: { name: 'tftp', l3proto: 2, l4proto: 17 } },
      "conntrack helper 'tftp': try `modprobe nf_conntrack_tftp` (CONFIG_NF_CONNTRACK_TFTP)",
    ],
    ['a flowtable', 'newflowtable', {}, "flowtable type 'inet': try `modprobe nf_flow_table_inet` (CONFIG_NF_FLOW_TABLE_INET)"],
    ['the expression of a set', 'newset', { expr: [{ name: 'limit' }] }, "expression 'limit': try `modprobe nft_limit` (CONFIG_NFT_LIMIT)"],
    [
      'the second expression of a set',
      'newset',
      { expressions: { elem: [{ name: 'counter' }, { name: 'quota' }] } },
      "expression 'quota': try `modprobe nft_quota` (CONFIG_NFT_QUOTA)",
    ],
  ] as const)
    it(`name the module of ${title}`, async () => {
      expect(await messageOf(op, { nfgenFamily: 1, table: 't', name: 'n', ...request })).to.contain(`(this kernel may lack ${advice})`);
    });

  it('name no module for a missing table, nor for what is always there', async () => {
    const object = { nfgenFamily: 1, table: 't', name: 'n', type: 'quota' };
    expect(await messageOf('newobj', object, '.table')).to.not.contain('may lack');
    expect(await messageOf('newobj', { ...object, type: 'counter' })).to.not.contain('may lack');
    expect(await messageOf('delflowtable', { nfgenFamily: 1, table: 't', name: 'n' })).to.not.contain('may lack');
    expect(await messageOf('newrule', rule(1, 'lookup'), '.expressions.elem')).to.not.contain('may lack');
  });
});
