import type { Subscription } from 'rxjs';
import { nlctrl, type GetfamilyReply } from '../../../families/nlctrl.js';
import { toMap } from '../../../live/index.js';
import { omitUndefined } from '../../../check/index.js';
import type { NetworkNamespace, Transport } from '../../../socket/index.js';
import type { GenericNames } from './policy.js';

/**
 * Follows the numbers of the generic families and of their groups in a namespace: the kernel assigns them, and may assign the number of an unloaded
 * family to another one.
 *
 * @internal
 */
export class LiveGenericNames implements GenericNames {
  readonly #client: ReturnType<typeof nlctrl>;
  readonly #subscription: Subscription;
  #families = new Map<number, string>();
  #groups = new Map<number, { readonly family: string; readonly group: string }>();

  private constructor(transport: Transport, netns: NetworkNamespace | undefined, ready: () => void, failed: (error: Error) => void) {
    this.#client = nlctrl(omitUndefined({ transport, netns }));
    const families = this.#client.watch('getfamily').pipe(toMap(({ familyName }) => familyName));
    this.#subscription = families.subscribe({
      next: (rows) => {
        this.#replace(rows.values());
        ready();
      },
      error: failed,
    });
  }

  /**
   * Reads the numbers and follows their changes until `close`.
   *
   * @param onError - Called when they cannot be followed any more.
   */
  static open(transport: Transport, netns: NetworkNamespace | undefined, onError: (error: unknown) => void): Promise<LiveGenericNames> {
    return new Promise((resolve, reject) => {
      let isReady = false;
      const names: LiveGenericNames = new LiveGenericNames(
        transport,
        netns,
        () => {
          isReady = true;
          // The first rows may come inside `subscribe`.
          queueMicrotask(() => resolve(names));
        },
        (error) => (isReady ? onError(error) : reject(error)),
      );
    });
  }

  familyOf(type: number): string | undefined {
    return this.#families.get(type);
  }

  groupOf(group: number): { readonly family: string; readonly group: string } | undefined {
    return this.#groups.get(group);
  }

  close(): void {
    this.#subscription.unsubscribe();
    this.#client.close();
  }

  #replace(rows: Iterable<GetfamilyReply>): void {
    this.#families = new Map();
    this.#groups = new Map();
    for (const { familyId, familyName, mcastGroups = [] } of rows) {
      if (familyId === undefined || familyName === undefined) continue;
      this.#families.set(familyId, familyName);
      for (const { id, name } of mcastGroups)
        if (id !== undefined && name !== undefined) this.#groups.set(id, { family: familyName, group: name });
    }
  }
}
