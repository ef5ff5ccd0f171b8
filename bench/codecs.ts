import { Bench } from 'tinybench';
import { rtRouteSchema } from '../lib/families/generated/rt-route.js';
import { type BackEndKind, operationCodec } from '../lib/schema/index.js';
import { AttributeEncoder, type Message, encodeMessages, iterateMessages } from '../lib/wire/index.js';

/*
 * `npm run bench:codecs`: the processor time of encoding and decoding a route, without a socket. Decoding is measured with both back ends,
 * with values that are dropped and with values that are kept.
 *
 * `node --import tsx --cpu-prof bench/codecs.ts` writes a profile in which each decoder has the name of its attribute set.
 */
const ROUTES = 50_000;
const PER_DATAGRAM = 500;
const ROUNDS = 9;

/** Returns IPv4 routes as a dump contains them: 12 bytes of header, then table, destination, priority, gateway, interface. */
function routes(): Message[] {
  const messages: Message[] = [];
  for (let first = 0; first < ROUTES; first += PER_DATAGRAM) {
    const inits = Array.from({ length: PER_DATAGRAM }, (_, offset) => {
      const number = first + offset;
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

function encodeAll(): void {
  const codec = operationCodec(rtRouteSchema, 'newroute');
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
}

/** Returns the task that decodes all messages with a back end. */
function decodeAll(messages: readonly Message[], kind: BackEndKind, keep: boolean): () => void {
  const codec = operationCodec(rtRouteSchema, 'getroute', kind);
  return () => {
    const kept: object[] = [];
    for (const message of messages) {
      const value = codec.decode(message);
      if (keep) kept.push(value);
    }
  };
}

/** Returns the processor time of this process in milliseconds, so that other work on the machine changes the figures little. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const messages = routes();
const bench = new Bench({ now: processorTime, iterations: ROUNDS, time: 0, warmupIterations: 2, warmupTime: 0, throws: true });
bench.add('encode', encodeAll);
for (const kind of ['compiled', 'closures'] as const) {
  bench.add(`decode, ${kind}, dropped`, decodeAll(messages, kind, false));
  bench.add(`decode, ${kind}, kept`, decodeAll(messages, kind, true));
}
await bench.run();
for (const { name, result } of bench.tasks) {
  if (result.state !== 'completed') throw new Error(`bench:codecs: ${name} ended with the state ${result.state}; expected completed`);
  const { p50, min, max } = result.latency;
  const [median, lowest, highest] = [p50, min, max].map((milliseconds) => ((1e6 * milliseconds) / ROUTES).toFixed(0));
  console.log(`${name.padEnd(26)} ${median!.padStart(6)} ns a route (${lowest!} to ${highest!})`);
}
