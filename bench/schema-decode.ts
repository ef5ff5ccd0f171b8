import { rtRouteSchema } from '../lib/families/generated/rt-route.js';
import { type BackEndKind, operationCodec } from '../lib/schema/index.js';
import { AttributeEncoder, type Message, encodeMessages, iterateMessages } from '../lib/wire/index.js';

/*
 * What decoding a route costs, without any receiving: `npx tsx bench/schema-decode.ts`. CPU time of this process, so that
 * neighbours on the machine count for little; the median of several rounds.
 *
 * With `--cpu-prof` node writes a profile in which each decoder stands under its set's name.
 */
const ROUTES = 200_000;
const ROUNDS = 9;
const PER_DATAGRAM = 500;

/** IPv4 routes as a dump has them: 12 bytes of header, then table, destination, priority, gateway, interface. */
function routes(): Message[] {
  const messages: Message[] = [];
  for (let first = 0; first < ROUTES; first += PER_DATAGRAM) {
    const inits = Array.from({ length: PER_DATAGRAM }, (_, at) => {
      const number = first + at;
      const attributes = new AttributeEncoder()
        .uint32(15, 254)
        .bytes(1, Uint8Array.of(10, number >> 16, (number >> 8) & 255, number & 255))
        .uint32(6, 1024)
        .bytes(5, Uint8Array.of(192, 0, 2, 1 + (number & 3)))
        .uint32(4, 3)
        .encode();
      const payload = new Uint8Array(12 + attributes.byteLength);
      payload.set([2, 32, 0, 0, 254, 3, 0, 1]);
      payload.set(attributes, 12);
      return { type: 24, flags: 2, payload };
    });
    messages.push(...iterateMessages(encodeMessages(inits)));
  }
  return messages;
}

function measure(messages: readonly Message[], kind: BackEndKind, keep: boolean): number {
  const codec = operationCodec(rtRouteSchema, 'getroute', kind);
  const figures: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const kept: object[] = [];
    const before = process.cpuUsage();
    for (const message of messages) {
      const value = codec.decode(message);
      if (keep) kept.push(value);
    }
    const { user, system } = process.cpuUsage(before);
    figures.push((1000 * (user + system)) / messages.length);
  }
  return figures.sort((a, b) => a - b)[ROUNDS >> 1]!;
}

const messages = routes();
for (const kind of ['compiled', 'closures'] as const) {
  for (const keep of [false, true]) {
    console.log(`${kind.padEnd(9)} ${keep ? 'kept    ' : 'streamed'} ${measure(messages, kind, keep).toFixed(0).padStart(5)} ns a route`);
  }
}
