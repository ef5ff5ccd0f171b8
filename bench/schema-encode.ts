import { rtRouteSchema } from '../lib/families/generated/rt-route.js';
import { operationCodec } from '../lib/schema/index.js';

/* What encoding a route costs, without any sending: `npx tsx bench/schema-encode.ts`. CPU time, the median of several rounds. */
const ROUTES = 100_000;
const ROUNDS = 9;

const codec = operationCodec(rtRouteSchema, 'newroute');
const figures: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const before = process.cpuUsage();
  for (let number = 0; number < ROUTES; number++) {
    codec.encode({
      rtmFamily: 2,
      rtmDstLen: 32,
      rtmTable: 254,
      rtmProtocol: 4,
      rtmType: 'unicast',
      dst: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
      gateway: '192.0.2.1',
      oif: 3,
      priority: 100,
    });
  }
  const { user, system } = process.cpuUsage(before);
  figures.push((1000 * (user + system)) / ROUTES);
}
console.log(`encoded ${figures.sort((a, b) => a - b)[ROUNDS >> 1]!.toFixed(0)} ns a route`);
