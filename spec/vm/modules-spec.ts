import { expect } from 'chai';
import { execFileSync, spawnSync } from '../support/programs.js';

/** Modules that the specs of this folder need; the kernel of the machine may lack them. */
const MODULES = [
  ...[
    'dummy',
    'veth',
    'bonding',
    'team',
    '8021q',
    'bridge',
    'vrf',
    'macsec',
    'macvlan',
    'ipvlan',
    'vxlan',
    'geneve',
    'nlmon',
    'batman-adv',
  ],
  ...['wireguard', 'mac80211_hwsim', 'openvswitch', 'nf_tables', 'nf_conntrack_netlink', 'ip_set', 'ip_vs', 'tcp_diag', 'fou'],
  ...['sch_netem', 'sch_fq_codel', 'sch_htb', 'sch_tbf', 'cls_u32', 'cls_flower', 'act_police', 'act_mirred'],
];

describe('modules of the wide kernel', () => {
  for (const module of MODULES) {
    it(`loads ${module}`, () => {
      const { status, stderr } = spawnSync('modprobe', [module], { encoding: 'utf8' });
      expect(stderr).to.equal('');
      expect(status).to.equal(0);
    });
  }

  it('creates links of their kinds', () => {
    for (const kind of ['dummy', 'bond', 'team', 'bridge', 'nlmon', 'wireguard', 'batadv']) {
      execFileSync('ip', ['link', 'add', `vm-${kind}`, 'type', kind]);
      const [link] = JSON.parse(execFileSync('ip', ['-j', '-d', 'link', 'show', `vm-${kind}`], { encoding: 'utf8' })) as [
        { linkinfo: { info_kind: string } },
      ];
      expect(link.linkinfo.info_kind).to.equal(kind);
      execFileSync('ip', ['link', 'del', `vm-${kind}`]);
    }
  });
});
