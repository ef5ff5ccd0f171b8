import { expect } from 'chai';
import { configuredTest } from '../../../lib/network/documents/plan/configured.js';

describe('configuredTest', () => {
  const entry = (mac: string, vlan?: number) => ({ link: 'v0', mac, on: 'bridge', state: 'static', ...(vlan !== undefined && { vlan }) });

  it('passes over the copies of an entry in the VLANs of a port, and no other entry of a VLAN', () => {
    // bridge fdb add 02:00:00:00:00:07 dev v0 master static, on Linux 6.12, where v0 is in VLAN 1.
    const all = [entry('02:00:00:00:00:07'), entry('02:00:00:00:00:07', 1), entry('02:00:00:00:00:08', 1)];
    const isConfigured = configuredTest('fdb', all, { objects: {} });
    expect(all.filter(isConfigured)).to.deep.equal([all[0], all[2]]);
  });
});
