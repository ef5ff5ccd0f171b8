import { expect } from 'chai';

import { ovsDatapath } from '../../../../lib/families/ovs_datapath.js';
import { ovsFlow } from '../../../../lib/families/ovs_flow.js';
import { ovsVport } from '../../../../lib/families/ovs_vport.js';
import { last, modules, run } from '../../support.js';
import { requirePrograms, spawnSync } from '../../../support/programs.js';

const DATAPATH = 'vmdp';

describe('Open vSwitch on the wide kernel', () => {
  before(function () {
    requirePrograms('ovs-dpctl');
    modules('openvswitch', 'dummy');
    run('ip link add vmport type dummy');
  });
  after(() => spawnSync('ip', ['link', 'del', 'vmport']));
  afterEach(() => run(`ovs-dpctl del-dp ${DATAPATH}`));

  it('creates a datapath and a port as ovs-dpctl shows them', async () => {
    using datapaths = ovsDatapath();
    using ports = ovsVport();
    await last(datapaths.do('new', { dpIfindex: 0, name: DATAPATH, upcallPid: 0, userFeatures: 3 }));
    const { dpIfindex } = await last(datapaths.do('get', { name: DATAPATH }));
    await last(ports.do('new', { dpIfindex, name: 'vmport', type: 'netdev', upcallPid: [0] }));
    const rows = await last(ports.list('get', { dpIfindex }));
    expect(rows.map(({ name, portNo, type }) => ({ name, portNo, type }))).to.have.deep.members([
      { name: DATAPATH, portNo: 0, type: 'internal' },
      { name: 'vmport', portNo: 1, type: 'netdev' },
    ]);
    const [row] = await last(datapaths.list('get'));
    expect(row).to.include({ name: DATAPATH, userFeatures: 3 });
    expect(row!.megaflowStats!.nMasks).to.equal(0);

    // Run last, because ovs-dpctl sets features of its own.
    const shown = run(`ovs-dpctl show ${DATAPATH}`);
    expect(shown).to.match(/port 0: vmdp \(internal\)/);
    expect(shown).to.match(/port 1: vmport/);
  });

  it('reads flows that ovs-dpctl added', async () => {
    run(`ovs-dpctl add-dp ${DATAPATH}`);
    run(`ovs-dpctl add-if ${DATAPATH} vmport`);
    run(
      `ovs-dpctl add-flow ${DATAPATH} in_port(1),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),eth_type(0x0800),ipv4(src=10.2.0.0/255.255.0.0,dst=10.3.0.1,proto=17,tos=0,ttl=64,frag=no),udp(src=1000,dst=80) 0`,
    );
    using datapaths = ovsDatapath();
    using flows = ovsFlow();
    const [datapath] = await last(datapaths.list('get'));
    const rows = await last(flows.list('get', { dpIfindex: datapath!.dpIfindex }));
    expect(rows).to.have.length(1);
    const { key, mask, actions } = rows[0]!;
    expect(key).to.deep.include({ inPort: 1, ethertype: 0x0800 });
    expect(key!.ethernet).to.deep.equal({ ethSrc: '02:00:00:00:00:01', ethDst: '02:00:00:00:00:02' });
    expect(key!.ipv4).to.include({ ipv4Src: '10.2.0.0', ipv4Dst: '10.3.0.1', ipv4Proto: 17, ipv4Ttl: 64 });
    expect(mask!.ipv4).to.include({ ipv4Src: '255.255.0.0', ipv4Dst: '255.255.255.255' });
    expect(key!.udp).to.deep.equal({ udpSrc: 1000, udpDst: 80 });
    expect(actions).to.deep.equal([{ output: 0 }]);
  });

  it('writes flows as ovs-dpctl shows them, and reads them back', async () => {
    run(`ovs-dpctl add-dp ${DATAPATH}`);
    run(`ovs-dpctl add-if ${DATAPATH} vmport`);
    using datapaths = ovsDatapath();
    using flows = ovsFlow();
    const { dpIfindex } = (await last(datapaths.list('get')))[0]!;
    const key = {
      inPort: 1,
      ethernet: { ethSrc: '02:00:00:00:00:07', ethDst: '02:00:00:00:00:08' },
      ethertype: 0x0800,
      ipv4: { ipv4Src: '10.2.0.0', ipv4Dst: '10.3.0.9', ipv4Proto: 6, ipv4Tos: 0, ipv4Ttl: 64, ipv4Frag: 0 },
      tcp: { tcpSrc: 0, tcpDst: 443 },
      tcpFlags: 0,
    };
    const exact = 'ff:ff:ff:ff:ff:ff';
    const mask = {
      inPort: 0xffff_ffff,
      ethernet: { ethSrc: exact, ethDst: exact },
      ethertype: 0xffff,
      ipv4: { ipv4Src: '255.255.0.0', ipv4Dst: '255.255.255.255', ipv4Proto: 0xff, ipv4Tos: 0, ipv4Ttl: 0, ipv4Frag: 0xff },
      tcp: { tcpSrc: 0, tcpDst: 0xffff },
      tcpFlags: 0,
    };
    const actions = [{ output: 0 }, { pushVlan: { vlanTpid: 0x8100, vlanTci: 0x1005 } }, { output: 0 }, { popVlan: true }, { output: 1 }];
    await last(flows.do('new', { dpIfindex, key, mask, actions }, { create: true }));
    const shown = run(`ovs-dpctl dump-flows ${DATAPATH}`);
    expect(shown).to.match(/in_port\(1\),eth\(src=02:00:00:00:00:07,dst=02:00:00:00:00:08\),eth_type\(0x0800\)/);
    expect(shown).to.match(/ipv4\(src=10\.2\.0\.0\/255\.255\.0\.0,dst=10\.3\.0\.9,proto=6,.*frag=no\),tcp\(dst=443\)/);
    expect(shown).to.match(/actions:0,push_vlan\(vid=5,pcp=0\),0,pop_vlan,1$/m);
    const [row] = await last(flows.list('get', { dpIfindex }));
    expect(row!.key!.tcp).to.deep.equal({ tcpSrc: 0, tcpDst: 443 });
    expect(row!.actions).to.deep.equal(actions);
    await last(flows.do('del', { dpIfindex, key }));
    expect(run(`ovs-dpctl dump-flows ${DATAPATH}`).trim()).to.equal('');
    for (const tcpDst of [80, 443])
      await last(flows.do('new', { dpIfindex, key: { ...key, tcp: { ...key.tcp, tcpDst } }, mask, actions }, { create: true }));
    const error: unknown = await last(flows.do('del', { dpIfindex, key: undefined } as never)).catch((reason: unknown) => reason);
    expect(error)
      .to.have.property('message')
      .that.matches(/^EENCODE del: one of 'key', 'ufid' is missing/);
    expect(run(`ovs-dpctl dump-flows ${DATAPATH}`).trim().split('\n')).to.have.length(2);
    await last(flows.do('flush', { dpIfindex }));
    expect(run(`ovs-dpctl dump-flows ${DATAPATH}`).trim()).to.equal('');
  });
});
