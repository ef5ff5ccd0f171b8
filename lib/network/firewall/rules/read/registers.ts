import type { Part, HeaderBytes } from '../fields/part.js';
import type { TunnelName } from '../fields/field-names.js';
import { registerSlot } from '../register-slot.js';
import type { AnonymousSet } from '../rule-context.js';
import { Unreadable } from './unreadable.js';

/** A set that a lookup names. @internal */
export type LookedUp = { readonly name: string } | { readonly anonymous: AnonymousSet };

/** The contents of a register while a rule is read. @internal */
export interface Loaded {
  readonly header?: HeaderBytes;
  readonly part?: Part;
  /** The parts that the loaded bytes may be: fields of an option. */
  readonly options?: readonly Part[];
  /** The tunnel in whose inner packet the header is. */
  readonly tunnel?: TunnelName;
  readonly constant?: Buffer;
  readonly mapped?: { readonly registers: Registers; readonly key: number; readonly set: LookedUp };
  readonly bits?: { readonly mask: Buffer; readonly xor: Buffer };
  /** True if a number of the machine was converted to network order. */
  readonly isSwapped?: boolean;
  /** Bits by which the value was moved to the right. */
  readonly shift?: number;
}

/** The registers of a rule, by their first 4 bytes. @internal */
export class Registers {
  readonly #slots: Map<number, Loaded>;

  constructor(slots: ReadonlyMap<number, Loaded> = new Map()) {
    this.#slots = new Map(slots);
  }

  set(register: unknown, loaded: Loaded): void {
    this.#slots.set(slotOf(register), loaded);
  }

  /** @throws Unreadable if nothing is in the register. */
  get(register: unknown): Loaded {
    const loaded = this.#slots.get(slotOf(register));
    if (loaded === undefined) throw new Unreadable('empty register');
    return loaded;
  }

  /** Returns the contents of a register and of those behind it, as many as there are: the fields of a concatenation. */
  from(register: unknown, sizeOf: (loaded: Loaded) => number, bytes: number): readonly Loaded[] {
    const found: Loaded[] = [];
    const first = slotOf(register);
    for (let slot = first; (slot - first) * 4 < bytes;) {
      const loaded = this.#slots.get(slot);
      if (loaded === undefined) throw new Unreadable('empty register');
      found.push(loaded);
      slot += Math.max(1, Math.ceil(sizeOf(loaded) / 4));
    }
    return found;
  }

  copy(): Registers {
    return new Registers(this.#slots);
  }
}

function slotOf(register: unknown): number {
  const slot = registerSlot(register);
  if (slot === undefined) throw new Unreadable('register');
  return slot;
}
