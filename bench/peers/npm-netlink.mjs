// npm `netlink`: for each line on stdin, `dump` keeps the IPv4 routes and `sequential N` requests link 1 N times. Both print
// `nanoseconds count`.
import { createInterface } from 'node:readline';
import netlink from 'netlink';

const AF_INET = 2;
const [what = 'dump', times = '0'] = process.argv.slice(2);
const socket = netlink.createRtNetlink({ ref: true });

const work = {
  dump: async () => (await socket.getRoutes({ family: AF_INET })).length,
  sequential: async () => {
    for (let count = 0; count < Number(times); count++) await socket.getLink({ index: 1 });
    return Number(times);
  },
};
for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  const count = await work[what]();
  console.log(`${process.hrtime.bigint() - began} ${count}`);
}
process.exit();
