import { lastValueFrom } from 'rxjs';
import { readGenericFamily } from '../../../client/internal.js';
import type { FamilyName } from '../../../families/index.js';
import { loadSchema } from '../../families/load-schema.js';
import { typedName } from '../../families/typed-name.js';
import type { FamilySchema } from '../../../schema/index.js';
import { Protocol, type Message } from '../../../wire/index.js';

/** The families of each protocol other than generic netlink, where a message type identifies the family. */
export const PROTOCOL_FAMILIES: Readonly<Record<number, readonly FamilyName[]>> = {
  [Protocol.Route]: [
    ...(['rt-link', 'rt-addr', 'rt-addrlabel', 'rt-route', 'rt-neigh', 'rt-rule', 'rt-netconf', 'rt-nsid', 'rt-mdb', 'rt-vlan'] as const),
    ...(['rt-nd', 'rt-tunnel', 'tc', 'rt-cangw', 'dcb'] as const),
  ],
  [Protocol.SockDiag]: ['sock_diag'],
  [Protocol.Xfrm]: ['xfrm'],
  [Protocol.SeLinux]: ['selinux'],
  [Protocol.Audit]: ['audit'],
  [Protocol.Connector]: ['cn_proc', 'w1'],
  [Protocol.Rdma]: ['rdma'],
  [Protocol.Crypto]: ['crypto'],
  [Protocol.Netfilter]: [
    ...(['nftables', 'conntrack', 'conntrack_expect', 'conntrack_helper', 'conntrack_timeout', 'ipset', 'nfacct', 'nfhook'] as const),
    ...(['nfnetlink_log', 'nfnetlink_osf', 'nfnetlink_queue'] as const),
  ],
};

/** Returns the names of the generic families of the running kernel by their numbers. */
async function familiesOfKernel(): Promise<ReadonlyMap<number, string>> {
  const { nlctrl } = await import('../../../families/nlctrl.js');
  try {
    using controller = nlctrl();
    const rows = await lastValueFrom(controller.list('getfamily'), { defaultValue: [] });
    return new Map(rows.map(({ familyId = 0, familyName = '' }) => [familyId, familyName]));
  } catch {
    // Without netlink, in a sandbox, the families that the log does not name stay numbers.
    return new Map();
  }
}

/** The descriptors of families by protocol and message type. It loads a family when its first message comes. */
export class FamilyCatalog {
  readonly #askKernel: () => Promise<ReadonlyMap<number, string>>;
  readonly #names = new Map<number, string>([[Protocol.Generic, 'nlctrl']]);
  readonly #schemas = new Map<FamilyName, Promise<FamilySchema | undefined>>();
  #kernel: Promise<ReadonlyMap<number, string>> | undefined;

  /** @param askKernel - Returns the names of generic families that no message has named. */
  constructor(askKernel: () => Promise<ReadonlyMap<number, string>> = familiesOfKernel) {
    this.#askKernel = askKernel;
  }

  /** Remembers the number of a generic family, if the message is one of the controller about the family. */
  learn(message: Message): void {
    if (message.type !== Protocol.Generic || message.length < MINIMUM) return;
    try {
      const { id = 0, name = '' } = readGenericFamily(message) ?? {};
      if (id !== 0) this.#names.set(id, name);
    } catch {
      // The message is malformed: its decoder reports the place.
    }
  }

  /** Returns the kernel's name of a generic family; undefined if neither the log nor the running kernel names it. */
  async nameOf(id: number): Promise<string | undefined> {
    const learned = this.#names.get(id);
    if (learned !== undefined) return learned;
    this.#kernel ??= this.#askKernel();
    return (await this.#kernel).get(id);
  }

  /** Returns the descriptors of the families that a message may belong to. */
  async schemasOf(protocol: number, type: number): Promise<readonly FamilySchema[]> {
    if (protocol !== Protocol.Generic) return this.#load(PROTOCOL_FAMILIES[protocol] ?? []);
    const name = typedName((await this.nameOf(type)) ?? '');
    return name === undefined ? [] : this.#load([name]);
  }

  async #load(names: readonly FamilyName[]): Promise<readonly FamilySchema[]> {
    const loaded = await Promise.all(
      names.map((name) => {
        let schema = this.#schemas.get(name);
        if (schema === undefined) this.#schemas.set(name, (schema = loadSchema(name)));
        return schema;
      }),
    );
    return loaded.filter((schema) => schema !== undefined);
  }
}

/** A netlink header and a generic one. */
const MINIMUM = 20;
