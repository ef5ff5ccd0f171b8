import type { Bench, Row } from '../bench.js';
import { digits, grouped, scaled } from '../support/figures.js';
import { compile, subject } from '../support/programs.js';
import type { Result } from '../support/result.js';

const SEQUENTIAL_BOUND = 3;

/** Measures sequential requests for one link. */
export const sequentialRow: Row = {
  name: 'sequential',
  async measure(bench: Bench): Promise<Result> {
    const { requests, runs } = bench.options;
    const namespace = bench.withoutRoutes();
    const args = ['sequential', `${requests}`];
    const floor = [compile('floor/floor.c'), ...args];
    const { reference, other, ratio } = await bench.duel(namespace, floor, subject('measure', args), runs);
    const peers = await bench.peers('sequential', args, namespace, floor, 1e-3);
    const title = 'sequential raw requests, each awaited';
    return {
      name: 'sequential',
      title: `${title}: one of ${grouped(requests)}`,
      unit: 'us',
      series: [
        { name: 'C', role: 'floor', figures: scaled(reference, 1e3) },
        { name: 'rxnetlink', role: 'library', figures: scaled(other, 1e3), ratio },
        ...peers.series,
      ],
      checks: [
        {
          what: title,
          bound: `<= ${SEQUENTIAL_BOUND} x C`,
          figure: `${digits(ratio.median)} x`,
          holds: ratio.median <= SEQUENTIAL_BOUND,
        },
      ],
      missing: peers.missing,
    };
  },
};

/** Measures routes added and deleted in batches, compared with `ip -batch`. */
export const writesRow: Row = {
  name: 'writes',
  async measure(bench: Bench): Promise<Result> {
    const { writes, runs } = bench.options;
    const namespace = bench.withoutRoutes();
    const floor = [compile('floor/storm-writer.c'), `${writes}`];
    const library = subject('measure', ['writes', `${writes}`]);
    const { reference, other, ratio } = await bench.duel(namespace, floor, library, runs);
    const peers = await bench.peers('writes', ['writes', `${writes}`], namespace, library, 1e-3);
    const ip = peers.series.find(({ name }) => name === 'ip -batch')?.ratio;
    const title = 'routes written in batches';
    return {
      name: 'writes',
      title: `${title}: one of ${grouped(writes)}, half of them added, half deleted`,
      unit: 'us',
      series: [
        { name: 'C', role: 'floor', figures: scaled(reference, 1e3) },
        { name: 'rxnetlink', role: 'library', figures: scaled(other, 1e3), ratio },
        ...peers.series.map((series) => ({ ...series, to: 'rxnetlink' })),
      ],
      checks:
        ip === undefined
          ? []
          : [{ what: title, bound: 'faster than ip -batch', figure: `${digits(ip.median)} x as fast`, holds: ip.median > 1 }],
      missing: peers.missing,
    };
  },
};
