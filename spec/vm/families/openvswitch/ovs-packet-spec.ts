import { createSocket } from 'node:dgram';
import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import { ovsDatapath } from '../../../../lib/families/ovs_datapath.js';
import { ovsPacket } from '../../../../lib/families/ovs_packet.js';
import { ovsVport } from '../../../../lib/families/ovs_vport.js';
import { json, last, modules, run } from '../../support.js';
import { spawnSync } from '../../../support/programs.js';

const DATAPATH = 'vmpacketdp';
const OWN_PORT_IDS = 2;
/** OVS_ACTION_ATTR_OUTPUT to port 1. */
const OUTPUT = Uint8Array.of(8, 0, 1, 0, 1, 0, 0, 0);

interface Link {
  readonly address: string;
  readonly stats64: { readonly rx: { readonly packets: number; readonly bytes: number } };
}

describe('packets of Open vSwitch on the wide kernel', () => {
  before(() => {
    modules('openvswitch', 'veth');
    run('ip link add vmpport type veth peer name vmppeer');
    for (const name of ['vmpport', 'vmppeer']) run(`ip link set ${name} addrgenmode none up`);
  });
  after(async () => {
    spawnSync('ip', ['link', 'del', 'vmpport']);
    using datapaths = ovsDatapath();
    await last(datapaths.do('del', { name: DATAPATH }));
  });

  it('receives a packet without a flow byte for byte, and sends it', async () => {
    using datapaths = ovsDatapath();
    using ports = ovsVport();
    using packets = ovsPacket();
    const received = firstValueFrom(packets.events('miss'));
    await last(datapaths.do('new', { dpIfindex: 0, name: DATAPATH, upcallPid: 0, userFeatures: OWN_PORT_IDS }));
    const { dpIfindex } = await last(datapaths.do('get', { name: DATAPATH }));
    await last(ports.do('new', { dpIfindex, name: 'vmpport', type: 'netdev', upcallPid: [packets.socket.portId] }));
    run('ip address add 192.0.2.1/24 dev vmppeer');
    // The kernel asks for the link-layer address of the receiver.
    const socket = createSocket('udp4');
    socket.send('', 9, '192.0.2.2');
    const miss = await received;
    socket.close();
    const counters = (): Link => json<Link[]>('ip -s -j link show dev vmppeer')[0]!;
    const { address } = counters();
    const mac = address.split(':').map((byte) => Number.parseInt(byte, 16));
    const request = [0, 1, 8, 0, 6, 4, 0, 1, ...mac, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2];
    expect([...miss.packet!]).to.deep.equal([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...mac, 8, 6, ...request]);
    expect(miss).to.include({ dpIfindex });

    const before = counters().stats64.rx;
    await last(packets.do('execute', { dpIfindex, packet: miss.packet!, key: miss.key!, actions: OUTPUT }));
    const { rx } = counters().stats64;
    expect({ packets: rx.packets - before.packets, bytes: rx.bytes - before.bytes }).to.deep.equal({ packets: 1, bytes: 42 });
  });
});
