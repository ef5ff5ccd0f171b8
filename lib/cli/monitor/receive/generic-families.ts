import { lastValueFrom } from 'rxjs';
import { nlctrl, type CtrlAttrs } from '../../../families/nlctrl.js';
import { NOTHING } from './nothing.js';
import { NetlinkError } from '../../../errors/index.js';
import type { Message } from '../../../wire/index.js';
import type { Change } from '../event.js';
import { NotificationDecoder } from './notification-decoder.js';
import type { OpenSocket, Refused } from './socket-messages.js';
import { typedName } from '../../families/typed-name.js';
import { GENERIC_FAMILIES } from '../topics.js';

/** The number of the controller's family (GENL_ID_CTRL), and of its group. */
const CONTROLLER = 0x10;
const CONTROLLER_GROUP = 0x10;

/** The operations of the controller that report new groups: `newfamily`, `newmcast-grp`. */
const NEW_GROUPS: ReadonlySet<string> = new Set(['newfamily', 'newmcast-grp']);

/** The generic families of a namespace: their numbers, which may change, and their groups. */
export class GenericFamilies {
  readonly groups: ReadonlyMap<number, Refused>;
  readonly #isReceived: (family: string) => boolean;
  readonly #refused: (family: string, error: NetlinkError) => void;
  readonly #decoders: ReadonlyMap<string, NotificationDecoder>;
  readonly #names = new Map<number, string>();
  readonly #untyped = new NotificationDecoder([]);

  private constructor(
    rows: readonly CtrlAttrs[],
    decoders: ReadonlyMap<string, NotificationDecoder>,
    isReceived: (family: string) => boolean,
    refused: (family: string, error: NetlinkError) => void,
  ) {
    this.#decoders = decoders;
    this.#isReceived = isReceived;
    this.#refused = refused;
    this.groups = new Map<number, Refused>([
      [CONTROLLER_GROUP, (error) => refused('nlctrl', error)],
      ...rows.flatMap((row) => this.#groupsOf(row)),
    ]);
  }

  /** Reads the families of a namespace and loads the descriptors of all that the package has. */
  static async read(
    netns: string | undefined,
    isReceived: (family: string) => boolean,
    refused: (family: string, error: NetlinkError) => void,
  ): Promise<GenericFamilies> {
    using client = nlctrl(netns === undefined ? {} : { netns });
    const rows = await lastValueFrom(client.list('getfamily'), NOTHING);
    const names = [...GENERIC_FAMILIES].filter((name) => name === 'nlctrl' || isReceived(name));
    const decoders = await Promise.all(names.map(async (name) => [name, await NotificationDecoder.load([typedName(name)!])] as const));
    return new GenericFamilies(rows, new Map(decoders), isReceived, refused);
  }

  /** The names of the families that have groups. */
  get names(): ReadonlySet<string> {
    return new Set(this.#names.values());
  }

  /** Returns the event of a message; joins the groups of a family that has been registered. */
  decode(message: Message, socket: OpenSocket): Change | undefined {
    const family = message.type === CONTROLLER ? 'nlctrl' : (this.#names.get(message.type) ?? `family-${String(message.type)}`);
    const event = (this.#decoders.get(family) ?? this.#untyped).decode(message, message.payload[0] ?? 0, family);
    if (family !== 'nlctrl') return event;
    if (NEW_GROUPS.has(event.operation)) this.#join(event.value, socket);
    return this.#isReceived(family) ? event : undefined;
  }

  #join(row: CtrlAttrs, socket: OpenSocket): void {
    for (const [group, refused] of this.#groupsOf(row)) {
      try {
        socket.joinGroup(group);
      } catch (error) {
        if (!(error instanceof NetlinkError)) throw error;
        refused(error);
      }
    }
  }

  #groupsOf({ familyName: name = '', familyId = 0, mcastGroups = [] }: CtrlAttrs): readonly (readonly [number, Refused])[] {
    if (name === 'nlctrl' || mcastGroups.length === 0) return [];
    this.#names.set(familyId, name);
    if (!this.#isReceived(name)) return [];
    return mcastGroups.map(({ id = 0 }) => [id, (error) => this.#refused(name, error)] as const);
  }
}
