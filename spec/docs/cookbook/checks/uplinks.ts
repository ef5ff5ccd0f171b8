import { expect } from 'chai';
import type { Checks } from '../check.js';

export const uplinks: Checks = {
  'Two uplinks with hysteresis': {
    before: `for name in fibre0 lte0; do ip link add $name type veth peer name $name-isp; ip link set $name up; ip link set $name-isp up; done
ip addr add 192.0.2.2/24 dev fibre0; ip addr add 198.51.100.2/24 dev lte0`,
    async check(scene, program) {
      const leaves = (): unknown => scene.json('ip -j route show default')[0]?.['dev'];
      await program.until('leaves by fibre0');
      expect(leaves()).to.equal('fibre0');
      scene.sh('ip link set fibre0-isp down');
      await program.until('leaves by lte0');
      expect(leaves()).to.equal('lte0');
      // A short return does not count.
      const began = Date.now();
      scene.sh('ip link set fibre0-isp up');
      await program.until(/lte0[^]*leaves by fibre0/);
      expect(Date.now() - began).to.be.at.least(4900);
      expect(leaves()).to.equal('fibre0');
    },
  },
  'The same choice, in virtual time': {
    async check(_scene, program) {
      // The marbles fail if the choice differs; virtual time is far ahead of the clock.
      expect(await program.end()).to.equal('as expected\n');
    },
  },
};
