import { expect } from 'chai';
import fc from 'fast-check';
import type { PendingRequest } from '../../lib/exchange/index.js';
import { MessageFlags, type MessageInit } from '../../lib/wire/index.js';
import { fuzzParameters } from '../support/fuzz.js';
import { row } from '../support/messages.js';
import { isDump, KernelModel, outcomeOf, type Plan } from './kernel-model.js';
import { Diary, DO, DUMP, GET, IDLE, PORT, memberOf } from './support.js';

type Operation =
  | { readonly do: 'submit'; readonly plan: Plan; readonly sequence: number | undefined }
  | { readonly do: 'datagram'; readonly plans: readonly Plan[] }
  | { readonly do: 'send' | 'read' | 'events' | 'stall'; readonly count: number }
  | { readonly do: 'cancel'; readonly index: number }
  | { readonly do: 'release' };

interface RequestKey {
  readonly name: string;
  readonly plan: Plan;
  readonly last: PendingRequest<string>;
  cancelledAt: number | undefined;
}

/** Executes operations on an exchange with a model of the kernel, then completes all requests. */
class Game {
  readonly diary: Diary;
  readonly asked: RequestKey[] = [];
  overruns = 0;
  readonly #kernel: KernelModel;

  constructor(capacity: number, window: number, firstSequence: number) {
    this.diary = new Diary({ window, firstSequence });
    this.#kernel = new KernelModel(capacity);
  }

  play(operation: Operation): void {
    switch (operation.do) {
      case 'submit':
        return this.#submit(operation.plan, operation.sequence);
      case 'datagram':
        return this.#datagram(operation.plans);
      case 'send':
        for (let count = 0; count < operation.count; count++) this.#send();
        return;
      case 'read':
        for (let count = 0; count < operation.count; count++) this.#read();
        return;
      case 'events':
        // Changes by another socket, the socket's own change, a forged message with its numbers.
        for (let count = 0; count < operation.count; count++) {
          const sequence = this.asked.at(-1)?.last.sequence ?? 1;
          this.#kernel.push(
            [
              row({ sequence: 0, portId: 0 }, 1, 0, { group: 1 }),
              row({ sequence, portId: PORT }, 2, 0, { group: 1 }),
              row({ sequence, portId: PORT }, 3, 0, { from: 7 }),
            ][count % 3]!,
          );
        }
        return;
      case 'stall':
        this.#kernel.stalls = operation.count;
        return;
      case 'cancel':
        return this.#cancel(operation.index);
      default:
        this.diary.exchange.releaseDumps();
    }
  }

  finish(): void {
    for (let turn = 0; turn < 500; turn++) {
      while (this.#send());
      while (this.#read());
      this.diary.exchange.releaseDumps();
      // A stalled dump continues when any message is read.
      this.#kernel.push(row({ sequence: 0, portId: 0 }, 1, 0, { group: 1 }));
      while (this.#read());
      const { inFlight, waiting } = this.diary.exchange;
      if (inFlight === 0 && waiting === 0) return;
    }
  }

  #submit(plan: Plan, sequence: number | undefined): void {
    const { kind } = plan;
    const like = kind.startsWith('dump') ? DUMP : kind === 'refuse' || kind === 'ack' ? DO : GET;
    const init: MessageInit = sequence === undefined ? like : { ...like, sequence };
    const name = String(this.asked.length);
    const last = this.diary.submit(name, init, { dump: isDump(plan), ack: kind !== 'rows, no ack' });
    this.asked.push({ name, plan, last, cancelledAt: undefined });
  }

  #datagram(plans: readonly Plan[]): void {
    const names = plans.map((_, index) => String(this.asked.length + index));
    const last = this.diary.datagram(...names);
    plans.forEach((plan, index) => this.asked.push({ name: names[index]!, plan, last, cancelledAt: undefined }));
  }

  #send(): boolean {
    const request = this.diary.exchange.next();
    if (request === undefined) return false;
    const id = Number(request.context);
    const others = request.block?.count ?? 0;
    for (let index = 0; index < others; index++) {
      const plan = this.asked[id - others + index]!.plan;
      this.#kernel.execute(memberOf(request, index), MessageFlags.Request, plan, id - others + index);
    }
    this.#kernel.execute(request, request.traits.flags, this.asked[id]!.plan, id);
    return true;
  }

  #read(): boolean {
    const message = this.#kernel.read();
    if (message !== undefined) {
      this.diary.receive(message);
      return true;
    }
    if (this.#kernel.lost) {
      this.#kernel.lost = false;
      this.overruns++;
      this.diary.overrun();
    } else this.diary.drain();
    return false;
  }

  #cancel(index: number): void {
    const chosen = this.asked[index % Math.max(this.asked.length, 1)];
    if (chosen === undefined) return;
    this.diary.exchange.abandon(chosen.last);
    for (const one of this.asked) if (one.last === chosen.last) one.cancelledAt ??= this.diary.lines.length;
  }
}

const count = fc.integer({ min: 0, max: 4 });
const kinds: readonly Plan['kind'][] = [
  'ack',
  'refuse',
  'rows, ack',
  'parts, ack',
  'parts, done, ack',
  'rows, no ack',
  'dump',
  'dump refused',
  'dump fails',
  'dump interrupted',
  'undetected dump',
];
const anyPlan = fc.record<Plan>({ kind: fc.constantFrom(...kinds), rows: count });
const dumpPlan = fc.record<Plan>({ kind: fc.constantFrom('dump', 'undetected dump'), rows: count });
const datagramPlans = fc.record<Plan>({ kind: fc.constantFrom('ack', 'refuse', 'rows, ack'), rows: count });
// A late part of a lost dump would match a later request with the same number.
const noNumber = fc.constant(undefined);
const ownNumbers = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 6 });

const operationsOf = (plan: fc.Arbitrary<Plan>, sequence: fc.Arbitrary<number | undefined>): fc.Arbitrary<Operation> => {
  const counted = fc.constantFrom('send' as const, 'read' as const, 'events' as const, 'stall' as const);
  const several = fc.array(datagramPlans, { minLength: 1, maxLength: 4 });
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('submit' as const), plan, sequence }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('datagram' as const), plans: several }) },
    { weight: 4, arbitrary: fc.record({ do: counted, count }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), count: fc.integer({ min: 5, max: 20 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), index: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const) }) },
  );
};

/** Returns the outcomes of a request, in order. */
function outcomesOf({ diary }: Game, name: string): string[] {
  return diary.lines.filter((line) => line.startsWith(`${name} `) && line !== `${name} busy`).map((line) => line.slice(name.length + 1));
}

function check(game: Game): void {
  expect(game.diary.load).to.deep.equal(IDLE);
  for (const { name, plan, last, cancelledAt } of game.asked) {
    const { rows, end } = outcomeOf(plan);
    const full = [...Array.from({ length: rows }, (_, index) => `${Number(name) * 100 + index}`), end];
    const outcomes = outcomesOf(game, name);
    const why = `request ${name}: ${plan.kind}`;
    // The exchange does not know that it is a dump, so EBUSY fails it while another dump runs.
    if (plan.kind === 'undetected dump' && outcomes.length === 1 && outcomes[0] === 'EBUSY') continue;
    if (cancelledAt !== undefined) {
      const late = game.diary.lines.slice(cancelledAt).filter((line) => line.startsWith(`${name} `));
      expect(late, `${why}, cancelled`).to.deep.equal([]);
    } else if (outcomes.at(-1) === 'lost') {
      expect(game.overruns, why).to.be.greaterThan(0);
      expect(last.isDump, `${why}: a dump survives an overrun`).to.equal(false);
      const before = outcomes.slice(0, -1);
      expect(
        full.slice(0, -1).filter((line) => before.includes(line)),
        `${why}, lost`,
      ).to.deep.equal(before);
    } else if (isDump(plan) || game.overruns === 0) {
      expect(outcomes, why).to.deep.equal(full);
    } else {
      expect(
        outcomes.filter((line) => ['complete', 'EINVAL', 'EINTR', 'ENODEV'].includes(line)),
        why,
      ).to.have.length(1);
      expect(
        full.filter((line) => outcomes.includes(line)),
        why,
      ).to.deep.equal(outcomes);
    }
  }
}

describe('Exchange with random operations and a model of the kernel', () => {
  const run = (
    capacity: fc.Arbitrary<number>,
    runs: number,
    plans = anyPlan,
    sequences: fc.Arbitrary<number | undefined> = noNumber,
  ): void =>
    fc.assert(
      fc.property(
        fc.array(operationsOf(plans, sequences), { maxLength: 60 }),
        capacity,
        fc.constantFrom(0, 900, 6000, 100_000),
        fc.constantFrom(1, 0xffff_fff0),
        (script, room, window, firstSequence) => {
          const game = new Game(room, window, firstSequence);
          for (const operation of script) game.play(operation);
          game.finish();
          check(game);
        },
      ),
      fuzzParameters(runs),
    );

  it('delivers to each request all its replies, in order and once, when nothing is lost', () => {
    run(fc.constant(100_000), 600, anyPlan, ownNumbers);
  });

  it('ends every request and keeps no state when the queue overflows', () => {
    run(fc.integer({ min: 1, max: 12 }), 1200);
  });

  it('completes every dump when other dumps run on the socket and the queue overflows', () => {
    run(fc.integer({ min: 1, max: 3 }), 600, dumpPlan);
  });
});
