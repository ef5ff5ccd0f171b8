import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { isApplyError } from '../../../../lib/network/documents/apply/apply-error.js';
import type { NetworkDocument } from '../../../../lib/network/documents/document.js';
import type { FirewallTable } from '../../../../lib/network/firewall/index.js';
import { network } from '../../../../lib/network/network.js';
import { createNamespace, useNamespace } from '../../../support/namespace.js';
import { skipBecause } from '../../../support/unavailable.js';
import { one } from '../support.js';

/** The configuration of the running kernel. */
const CONFIG = '/proc/config.gz';

const TABLES: readonly (readonly [
  title: string,
  option: string | undefined,
  table: Omit<FirewallTable, 'family' | 'name'>,
  advice: string,
])[] = [
  [
    'a statement',
    'CONFIG_NFT_QUEUE',
    { chains: [{ name: 'c', rules: [{ then: [{ queue: { num: 1 } }] }] }] },
    "expression 'queue': try `modprobe nft_queue` (CONFIG_NFT_QUEUE)",
  ],
  [
    'a flowtable',
    'CONFIG_NF_FLOW_TABLE_INET',
    { flowtables: [{ name: 'f', priority: 0, devices: ['lo'] }] },
    "flowtable type 'inet': try `modprobe nf_flow_table_inet` (CONFIG_NF_FLOW_TABLE_INET)",
  ],
  [
    'a conntrack helper',
    undefined,
    { objects: [{ name: 'h', type: 'ct-helper', data: { name: 'nonsense', l3proto: 2, l4proto: 6 } }] },
    "conntrack helper 'nonsense': try `modprobe nfct-helper-nonsense`",
  ],
];

describe('the firewall of a document that needs what the kernel was built without', () => {
  useNamespace();

  for (const [title, option, table, advice] of TABLES)
    it(`names the module and the option of ${title}, and changes nothing`, async function () {
      if (option !== undefined) {
        if (!existsSync(CONFIG)) skipBecause(this, `there is no ${CONFIG}`);
        if (gunzipSync(readFileSync(CONFIG)).toString().includes(`\n${option}=`)) skipBecause(this, `this kernel has ${option}`);
      }
      const namespace = createNamespace();
      const net = network({ netns: namespace.path });
      try {
        const document: NetworkDocument = { version: 1, firewall: { tables: [{ family: 'inet', name: 'app', ...table }] } };
        const error: unknown = await one(net.apply(document)).catch((reason: unknown) => reason);
        if (!isApplyError(error)) throw error instanceof Error ? error : new Error('apply succeeded');
        expect(error.message)
          .to.contain(`this kernel may lack ${advice}`)
          .and.to.match(/; nothing was changed$/);
        expect((await one(net.plan({ version: 1, firewall: { tables: [{ family: 'inet', name: 'app' }] } }))).text).to.equal(
          '+ table inet app',
        );
      } finally {
        net.close();
        namespace.delete();
      }
    });
});
