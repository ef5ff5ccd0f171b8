import { omitUndefined } from '../../check/index.js';
import type { Qdisc, QdiscSpec } from '../qdiscs/qdisc.js';
import type { Handle } from '../traffic/handle.js';
import type { Shape } from './shape.js';

/** The handle of the root qdisc that this library makes; it is the mark by which it is found again. @internal */
export const ROOT_HANDLE: Handle = '5a9e:';

/** The handle of the qdisc below it. */
const INNER_HANDLE: Handle = '5a9f:';

/** The place below a qdisc with one class. */
const INNER: Handle = `${ROOT_HANDLE}1`;

/** The longest time that a packet waits for the rate, in milliseconds. */
const LATENCY = 50;

/** The usual 1,000 packets of netem lose packets at 100 Mbit/s with a delay of 120 ms. */
const DELAYED_PACKETS = 100_000;

/** The bytes that may be sent at once: those of 4 ms, and two packets. */
const burstOf = (rate: number): number => Math.ceil(rate / 8 / 250) + 4096;

/** A qdisc without its link. */
type Place = Pick<QdiscSpec, 'parent' | 'handle'>;

function limiter(link: string, rate: number, place: Place): QdiscSpec {
  return { link, ...place, kind: 'tbf', tbf: { rate, burst: burstOf(rate), latency: LATENCY } };
}

/** Returns the qdiscs for outgoing packets, from the root down. @internal */
export function outgoing(link: string, { out, delay, loss }: Shape): readonly QdiscSpec[] {
  const root = { parent: 'root', handle: ROOT_HANDLE } as const;
  if (delay === undefined && loss === undefined) return out === undefined ? [] : [limiter(link, out, root)];
  const netem: QdiscSpec = {
    link,
    ...root,
    kind: 'netem',
    netem: { delay: delay ?? null, loss: loss ?? null, limit: DELAYED_PACKETS },
  };
  return out === undefined ? [netem] : [netem, limiter(link, out, { parent: INNER, handle: INNER_HANDLE })];
}

/** Returns the qdisc for incoming packets, which pass through another link. @internal */
export function incoming(through: string, rate: number): QdiscSpec {
  return limiter(through, rate, { parent: 'root', handle: ROOT_HANDLE });
}

/** Returns the qdiscs that this library made, from the root down. @internal */
export function madeQdiscs(qdiscs: readonly Qdisc[]): readonly Qdisc[] {
  const root = qdiscs.find(({ parent, handle }) => parent === 'root' && handle === ROOT_HANDLE);
  const inner = qdiscs.find(({ parent, handle }) => parent === INNER && handle === INNER_HANDLE);
  return [root, inner].filter((qdisc) => qdisc !== undefined);
}

/** Returns the limits of qdiscs. @internal */
export function limitsOf(qdiscs: readonly Qdisc[]): Pick<Shape, 'out' | 'delay' | 'loss'> {
  const limits = qdiscs.map(({ tbf, netem }) => omitUndefined({ out: tbf?.rate, delay: netem?.delay, loss: netem?.loss }));
  return Object.assign({}, ...limits) as Pick<Shape, 'out' | 'delay' | 'loss'>;
}
