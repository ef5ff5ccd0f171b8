import { expect } from 'chai';
import type { Checks } from '../check.js';

export const serving: Checks = {
  'Metrics of your own': {
    async check(scene, program) {
      await program.until('serving');
      const text = scene.sh('curl -sS http://127.0.0.1:9977/metrics');
      const [, bytes] = /^link_received_bytes_total\{link="lo"\} (\d+)$/m.exec(text)!;
      const now = scene.json<{ stats64: { rx: { bytes: number } } }[]>('ip -s -j link show lo')[0]!.stats64.rx.bytes;
      expect(Number(bytes)).to.be.within(1, now);
      const listeners = scene.sh('ss -Hltn').split('\n').length;
      expect(text).to.include(`tcp_sockets{state="listen"} ${listeners}\n`);
    },
  },
  'A page that follows the links': {
    before: 'ip link add br0 type bridge; ip link set br0 up',
    async check(scene, program) {
      await program.until('serving');
      expect(scene.sh('curl -sS http://127.0.0.1:9978/')).to.include('EventSource');
      const reader = scene.start('curl', ['-sSN', 'http://127.0.0.1:9978/events']);
      await reader.until(/data: \["lo \w+ 127\.0\.0\.1\/8.*"br0 \w+"\]/);
      scene.sh('ip addr add 10.3.0.1/24 dev br0');
      await reader.until(/"br0 \w+ 10\.3\.0\.1\/24"/);
      scene.sh('ip link del br0');
      await reader.until(/data: \["lo [^,]*"\]/);
    },
  },
};
