import { expect } from 'chai';
import { FORWARDING_ROWS } from '../../../../lib/network/documents/restore/neighbour-tables.js';
import { one } from '../support.js';
import { useScene } from './support.js';

describe('the forwarding entries that undoing compares', () => {
  const scene = useScene();

  it('are those of bridges and of VXLAN, without the multicast groups that a device has joined', async () => {
    const { namespace, net } = scene();
    namespace.batch([
      'link add br0 type bridge',
      'link add v0 address 02:00:00:00:00:01 type veth peer name v1',
      'link set v0 master br0 up',
      'link set br0 up',
      'link add vx0 type vxlan id 5 dstport 4789 nolearning',
    ]);
    for (const line of [
      'add 02:00:00:00:00:05 dev v0 master static',
      'add 02:00:00:00:00:06 dev br0 self local',
      'append 00:00:00:00:00:00 dev vx0 dst 192.0.2.5',
      'append 33:33:00:00:00:05 dev vx0 dst 192.0.2.6',
    ])
      namespace.run('bridge', 'fdb', ...line.split(' '));
    const printed = namespace.run('bridge', 'fdb', 'show').trim().split('\n');
    expect(printed.some((line) => /^33:33:\S+ dev (?:br0|v0) self permanent/.test(line))).to.equal(true);
    const rows = await one(FORWARDING_ROWS.read(net.clients as never));
    const expected = printed.filter((line) => !/^(?:33:33|01:00:5e)\S+ dev \S+ self/.test(line)).map((line) => line.split(' ')[0]);
    expect(expected).to.include.members(['02:00:00:00:00:05', '00:00:00:00:00:00', '33:33:00:00:00:05']);
    expect(rows.map(({ lladdr }) => lladdr)).to.have.members(expected);
  });
});
