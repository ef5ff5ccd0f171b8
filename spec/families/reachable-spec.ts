import { expect } from 'chai';
import { FAMILIES } from '../../scripts/check-specs/families.js';
import { reachedSets } from '../secrets/reached-sets.js';

/** The sets that no message contains: the kernel has no command for them, or another set describes the same attributes. */
const UNREACHABLE: Readonly<Record<string, readonly string[]>> = {
  // The messages of each operation have a subset, and so have the options of each type.
  batadv: ['batadv'],
  ioam6: ['ioam6'],
  ipset: ['command', 'change', 'create'],
  ipvs: ['command'],
  l2tp: ['l2tp'],
  macsec: ['message'],
  // Numbers for sock_diag, in no message of this family.
  mptcp_pm: ['subflow-attribute'],
  nbd: ['nbd'],
  nfacct: ['acct'],
  ...{ ila: ['ila'], mac80211_hwsim: ['hwsim'], mac802154_hwsim: ['radio'] },
  tipc: ['tipc'],
  ...{ dcb: ['dcb'], drbd: ['drbd'], ksmbd: ['ksmbd'], nfc: ['nfc'], nl802154: ['nl802154'], rdma: ['nldev'] },
  ...{ smc: ['smc'], tcmu: ['tcmu'], vdpa: ['vdpa'] },
  ...{ nlbl_cipsov4: ['cipsov4'], nlbl_mgmt: ['mgmt'], nlbl_unlbl: ['unlabel'] },
  // The set of the expression `target` has the same attributes.
  nftables: ['compat-target-attrs'],
  seg6: ['seg6'],
  thermal: ['thermal'],
};

describe('attribute sets', () => {
  for (const schema of FAMILIES) {
    it(`of ${schema.source} are all part of some message`, () => {
      const found = reachedSets(schema);
      const lost = schema.sets.map(({ name }) => name).filter((name) => !found.has(name));
      expect(lost).to.deep.equal(UNREACHABLE[schema.source] ?? []);
    });
  }
});
