import { expect } from 'chai';
import { catchError, concat, defer, map, NEVER, of, Subject, throwError, type Observable, type Subscription } from 'rxjs';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import type { Topology } from '../../lib/dashboard/protocol.js';
import { watchTopology, type OwnNamespace } from '../../lib/dashboard/index.js';
import type { LiveChange } from '../../lib/live/index.js';
import { NetworkError } from '../../lib/network/common/network-error.js';
import type { Namespace, Network } from '../../lib/network/index.js';

const BLUE = { name: 'blue', path: '/run/netns/blue', inode: 8 } as Namespace;
const ROWS = { links: new Map(), addresses: new Map(), neighbours: new Map() };
const SYNCED = { type: 'synced', entries: [], reason: 'initial' } as const;

const DENIED = new NetworkError({ reason: 'denied', verb: 'watch', subject: 'links', text: 'it may not be entered' });

describe('watchTopology', () => {
  let clock: SinonFakeTimers;
  let subscription: Subscription | undefined;
  let last: Topology | undefined;
  /** The results of the next readings of the links of blue; the links are read without an error if there are no more. */
  let errors: (Error | undefined)[];
  let directory: Subject<LiveChange<Namespace>>;
  let directoryErrors: Error[];

  beforeEach(() => {
    clock = useFakeTimers();
    [last, errors, directoryErrors] = [undefined, [], []];
  });
  afterEach(() => {
    subscription?.unsubscribe();
    clock.restore();
  });

  /** The namespace blue, with the operators of `namespaces`. */
  const named: OwnNamespace['named'] = {
    watch: () =>
      defer(() => {
        const error = directoryErrors.shift();
        directory = new Subject();
        return error === undefined
          ? concat(of({ type: 'synced', entries: [BLUE], reason: 'initial' } as const), directory)
          : throwError(() => error);
      }),
    all: (project) => {
      const watch = (): Observable<unknown> =>
        defer(() => {
          const error = errors.shift();
          return error === undefined ? concat(of(SYNCED), NEVER) : throwError(() => error);
        });
      return defer(() => project({ links: { watch } } as unknown as Network, BLUE)).pipe(
        map((value) => ({ namespace: BLUE, value })),
        catchError((error: Error) => of({ namespace: BLUE, error })),
      );
    },
  };
  const start = (): void => {
    const rows = concat(of(ROWS), NEVER);
    subscription = watchTopology({ name: 'here', path: '/proc/self/ns/net', net: {} as Network, rows, named }).subscribe(
      (topology) => (last = topology),
    );
    clock.tick(1000);
  };
  const shown = () => [last?.namespaces.find(({ name }) => name === 'blue')?.error, last?.note];

  it('reads the links of a namespace again after an error that may pass, and forgets the error', () => {
    errors = [new Error('too many open files'), new Error('still too many')];
    start();
    expect(shown()).to.deep.equal(['too many open files', undefined]);
    clock.tick(5000);
    expect(shown()).to.deep.equal(['still too many', undefined]);
    clock.tick(6000);
    expect(shown()).to.deep.equal([undefined, undefined]);
  });

  it('states that another namespace may not be entered, until its name is removed', () => {
    errors = [DENIED];
    start();
    const note = 'The links of other namespaces are not shown: reading them needs CAP_SYS_ADMIN.';
    expect(shown()).to.deep.equal([DENIED.message, note]);
    clock.tick(60_000);
    expect(shown()).to.deep.equal([DENIED.message, note]);
    directory.next({ type: 'removed', value: BLUE });
    clock.tick(1000);
    expect(last?.namespaces.map(({ name }) => name)).to.deep.equal(['here']);
    expect(last?.note).to.equal(undefined);
  });

  it('reads the names again if they could not be read, and states why until then', () => {
    directoryErrors = [new Error('too many open files')];
    start();
    expect(shown()).to.deep.equal([undefined, 'Other namespaces are not shown: too many open files']);
    clock.tick(6000);
    expect(last?.namespaces.map(({ name }) => name)).to.deep.equal(['here', 'blue']);
    expect(last?.note).to.equal(undefined);
  });
});
