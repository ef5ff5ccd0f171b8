import type { NatsConnection } from '@nats-io/nats-core';
import { type Observable, defer, from, switchMap } from 'rxjs';
import { checkArray, checkOptionNames, kindOf, suggestion } from '../../check/index.js';
import type { PickOption, PickedRow, PropertyOf } from '../../client/index.js';
import { families, type FamilyName } from '../../families/index.js';
import { checkTable } from '../agent/agent-table.js';
import { rowKey } from '../log/row-keys.js';
import { checkServerVersion } from '../server/check-server.js';
import { fleetConnection, type FleetConnection } from '../server/fleet-connection.js';
import { SAMPLED, SAMPLED_TABLES, isSampledTable, type SampledRows, type SampledTableName } from '../sampled/sampled-rows.js';
import { encodeToken } from '../subjects.js';
import type { FleetChange, HostChange } from './fleet-change.js';
import { checkFleetOptions, type CheckedFleetOptions, type FleetOptions } from './fleet-options.js';
import { readFleetTable } from './fleet-table.js';
import type { FleetOp, FleetRow } from './fleet-tables.js';
import { HostTracker } from './host-tracker.js';

/**
 * Reads the tables that the agents of a fleet publish.
 *
 * @param connection - A connection to nats-server 2.10 or later with JetStream. Give it `maxReconnectAttempts: -1`. The reader does not close it.
 * @throws TypeError, RangeError for wrong options.
 *
 * @example Print the links of all web servers
 * ```ts
 * import { connect } from '@nats-io/transport-node';
 * import { fleet } from 'rxnetlink/fleet';
 *
 * const connection = await connect({ servers: 'nats://127.0.0.1:4222', maxReconnectAttempts: -1 });
 * fleet(connection, { hosts: ['web-*'] })
 *   .watch('rt-link', 'getlink', { pick: ['ifname', 'operstate'] })
 *   .subscribe((change) => console.log(change));
 * ```
 * @public
 */
export function fleet(connection: NatsConnection, options: FleetOptions = {}): Fleet {
  return new Fleet(fleetConnection(connection), checkFleetOptions(options));
}

/** The hosts of a fleet; created by {@link fleet}. @public */
export class Fleet {
  readonly #fleet: FleetConnection;
  readonly #options: CheckedFleetOptions;
  readonly #tracker: HostTracker;

  /** @internal Use {@link fleet}. */
  constructor(connection: FleetConnection, options: CheckedFleetOptions) {
    this.#fleet = connection;
    this.#options = options;
    this.#tracker = new HostTracker(connection, options);
  }

  /**
   * Watches a table of all hosts: emits `synced` for each host with all of its entries, then every change.
   *
   * `silent` marks a host whose entries may be out of date; they stay until `back`, or until `gone` with the option `goneAfter`. Hosts and streams may
   * appear later. Each subscriber reads the stream for itself, so share the Observable.
   *
   * @param family - The family of the table: `'rt-link'`.
   * @param op - The operation that lists it: `'getlink'`.
   * @returns An Observable that never completes.
   * @throws TypeError for an unknown family. As errors: TypeError for a table that cannot be watched, {@link FleetError} for wrong streams, permissions, and a closed connection.
   */
  watch<Name extends FamilyName, Op extends FleetOp<Name>>(family: Name, op: Op): Observable<FleetChange<FleetRow<Name, Op>>>;
  /**
   * Watches some properties of the rows of a table of all hosts.
   *
   * @param options - `pick` selects the properties that are kept; the others cost no memory.
   */
  watch<Name extends FamilyName, Op extends FleetOp<Name>, const Picked extends PropertyOf<FleetRow<Name, Op>>>(
    family: Name,
    op: Op,
    options: PickOption<Picked>,
  ): Observable<FleetChange<PickedRow<FleetRow<Name, Op>, Picked>>>;
  /**
   * Watches a sampled table of all hosts: `link-counters`, `sockets`, `conntrack-statistics` or `firewall-counters`. The agents read it at an interval.
   *
   * `silent` with the reason `unread` marks a host whose agent could not read the table.
   *
   * @param table - The name of the table.
   */
  watch<Table extends SampledTableName>(table: Table): Observable<FleetChange<SampledRows[Table]>>;
  /**
   * Watches some properties of the rows of a sampled table of all hosts.
   *
   * @param options - `pick` selects the properties that are kept; the others cost no memory.
   */
  watch<Table extends SampledTableName, const Picked extends PropertyOf<SampledRows[Table]>>(
    table: Table,
    options: PickOption<Picked>,
  ): Observable<FleetChange<PickedRow<SampledRows[Table], Picked>>>;
  watch(family: string, op?: string | Partial<PickOption<string>>, options?: Partial<PickOption<string>>): Observable<FleetChange<object>> {
    return isSampledTable(family) ? this.#watchSampled(family, op, options) : this.#watchFamily(family, op as string, options);
  }

  #watchSampled(name: SampledTableName, options: unknown = {}, ...[others]: readonly unknown[]): Observable<FleetChange<object>> {
    if (typeof options === 'string' || others !== undefined)
      throw new TypeError(`fleet: watch: '${name}' is a sampled table, and has no operation; omit ${JSON.stringify(options)}`);
    checkOptionNames('fleet: watch', options as object, new Set(['pick']));
    const table = { family: SAMPLED, op: name, pick: pickOf((options as Partial<PickOption<string>>).pick) };
    return this.#checked(() => readFleetTable(this.#fleet, this.#tracker, this.#options, table));
  }

  #watchFamily(family: string, op: string, options: Partial<PickOption<string>> = {}): Observable<FleetChange<object>> {
    checkOptionNames('fleet: watch', options, new Set(['pick']));
    if (!Object.hasOwn(families, family)) {
      throw new TypeError(
        `fleet: watch: unknown family '${family}'${suggestion(family, [...Object.keys(families), ...SAMPLED_TABLES], '; ')}`,
      );
    }
    encodeToken('fleet: watch: operation', op);
    const table = { family, op, pick: pickOf(options.pick) };
    const rows = (): Observable<FleetChange<object>> => readFleetTable(this.#fleet, this.#tracker, this.#options, table);
    return this.#checked(() => from(checkTable(family as FamilyName, op, 'fleet: watch')).pipe(switchMap(rows)));
  }

  /**
   * Watches the hosts: emits `added` for each host with a beat, then `changed` for another run of its agent, and if it is silent, back or gone.
   *
   * @returns An Observable that never completes. Subscribers share one reading.
   */
  hosts(): Observable<HostChange> {
    return this.#checked(() => this.#tracker.changes());
  }

  /**
   * Returns the key of a row that this fleet emitted: a text that stays the same as long as the row exists on its host, and that no other row of
   * the table and the host has. Rows without a key of their own, such as routes that differ only in their gateway, have different keys too.
   *
   * @throws TypeError for a copy of a row, or another object.
   */
  keyOf(row: object): string {
    return rowKey(row);
  }

  #checked<T>(read: () => Observable<T>): Observable<T> {
    return defer(() => {
      checkServerVersion(this.#fleet.connection.info?.version);
      return read();
    });
  }
}

function pickOf(pick: unknown): ReadonlySet<string> | undefined {
  if (pick === undefined) return undefined;
  checkArray('fleet: watch: pick', pick);
  for (const name of pick as readonly unknown[]) {
    if (typeof name !== 'string') throw new TypeError(`fleet: watch: pick: expected names of properties, not ${kindOf(name)}`);
  }
  return new Set(pick as readonly string[]);
}
