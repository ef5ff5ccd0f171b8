import { release } from 'node:os';
import { expect } from 'chai';

import { compareWithPolicies } from '../../../scripts/check-specs/compare-policy.js';
import { exceptionFor } from '../../../scripts/check-specs/exceptions/exception.js';
import { POLICIES } from '../../../scripts/check-specs/exceptions/policies.js';
import { FAMILIES } from '../../../scripts/check-specs/families.js';
import { kernelFamily } from '../../../scripts/check-specs/kernel-policy.js';
import { spawnSync } from '../../support/programs.js';

/** Modules with generic families; other families are built in or not available. */
const MODULES: Readonly<Record<string, string>> = {
  ...{
    drbd: 'drbd',
    ksmbd: 'ksmbd',
    nfc: 'nfc',
    nl802154: 'ieee802154',
    smc: 'smc',
    smc_pnetid: 'smc',
    tcmu: 'target_core_user',
    vdpa: 'vdpa',
  },
  fou: 'fou',
  hsr: 'hsr',
  ila: 'ila',
  ipvs: 'ip_vs',
  mac80211_hwsim: 'mac80211_hwsim',
  mac802154_hwsim: 'mac802154_hwsim',
  macsec: 'macsec',
  net_dm: 'drop_monitor',
  lockd: 'lockd',
  nl80211: 'cfg80211',
  ovpn: 'ovpn',
  ovs_ct_limit: 'openvswitch',
  ovs_datapath: 'openvswitch',
  ovs_flow: 'openvswitch',
  ovs_meter: 'openvswitch',
  ovs_packet: 'openvswitch',
  ovs_vport: 'openvswitch',
  sunrpc_cache: 'sunrpc',
  team: 'team',
  tipc: 'tipc',
  wireguard: 'wireguard',
  nfsd: 'nfsd',
};
/** Families whose policy the kernel does not report: psample has requests without attributes, ksmbd only lengths. */
const WITHOUT_POLICY = ['ksmbd', 'psample'];
/** Families that Debian's kernels do not have: of 6.12, and of 7.3. */
const ABSENT = release().startsWith('6.')
  ? ['dev-energymodel', 'drm_ras', 'lockd', 'net_shaper', 'ovpn', 'psp', 'sunrpc_cache']
  : ['drm_ras', 'psp'];

describe('policies of generic families on the wide kernel', () => {
  // A family without requests has no policies: binder only sends events.
  const asked = FAMILIES.filter(({ generic, operations }) => generic !== undefined && operations.some((op) => op.do ?? op.dump));
  for (const schema of asked) {
    const title = `equal the descriptor of ${schema.source}`;
    if (ABSENT.includes(schema.source)) {
      it(`${title}: Linux ${release()} lacks the family`);
      continue;
    }
    it(title, async () => {
      const module = MODULES[schema.source];
      if (module !== undefined) expect(spawnSync('modprobe', [module]).status, `modprobe ${module}`).to.equal(0);
      const kernel = await kernelFamily(schema.name);
      expect(kernel, `family ${schema.name}`).not.to.equal(undefined);
      const { compared, differences } = compareWithPolicies(schema, kernel!);
      if (WITHOUT_POLICY.includes(schema.source)) expect(compared).to.equal(0);
      else expect(compared).to.be.above(0);
      const unexcused = differences.filter(({ subject }) => exceptionFor(POLICIES, schema.source, subject) === undefined);
      expect(
        unexcused.map(({ subject, described, found }) => `${subject}: described as ${described}, the kernel has ${found}`),
      ).to.deep.equal([]);
    });
  }
});
