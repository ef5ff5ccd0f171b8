import { expect } from 'chai';

import { compareWithPolicies } from '../../../scripts/check-specs/compare-policy.js';
import { POLICIES, exceptionFor } from '../../../scripts/check-specs/exceptions.js';
import { FAMILIES } from '../../../scripts/check-specs/families.js';
import { kernelFamily } from '../../../scripts/check-specs/kernel-policy.js';
import { spawnSync } from '../../support/programs.js';

/** Modules with generic families; other families are built in or not available. */
const MODULES: Readonly<Record<string, string>> = {
  fou: 'fou',
  nl80211: 'cfg80211',
  ovs_datapath: 'openvswitch',
  ovs_flow: 'openvswitch',
  ovs_vport: 'openvswitch',
  team: 'team',
  wireguard: 'wireguard',
  nfsd: 'nfsd',
};
/** Families that this kernel does not have. */
const ABSENT = ['net_shaper'];

describe('policies of generic families on the wide kernel', () => {
  for (const schema of FAMILIES.filter(({ generic }) => generic !== undefined)) {
    const title = `equal the descriptor of ${schema.source}`;
    if (ABSENT.includes(schema.source)) {
      it(`${title}: Linux 6.12 lacks the family`);
      continue;
    }
    it(title, async () => {
      const module = MODULES[schema.source];
      if (module !== undefined) expect(spawnSync('modprobe', [module]).status, `modprobe ${module}`).to.equal(0);
      const kernel = await kernelFamily(schema.name);
      expect(kernel, `family ${schema.name}`).not.to.equal(undefined);
      const { compared, differences } = compareWithPolicies(schema, kernel!);
      expect(compared).to.be.above(0);
      const unexcused = differences.filter(({ subject }) => exceptionFor(POLICIES, schema.source, subject) === undefined);
      expect(
        unexcused.map(({ subject, described, found }) => `${subject}: described as ${described}, the kernel has ${found}`),
      ).to.deep.equal([]);
    });
  }
});
