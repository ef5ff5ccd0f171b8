import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CniError, ErrorCode } from '../errors.js';
import type { Owner } from '../input/parameters.js';
import type { Pool } from './pool.js';
import { formatAddress, parseAddress } from './subnet.js';

/** An address, and the attachment that has it. */
export interface Reservation extends Owner {
  readonly address: string;
}

/** The file with the address that was reserved last. */
const LAST = 'last';

/**
 * The addresses that are in use, as a folder: `10.1.0.2 -> web/eth0`.
 *
 * Each reservation is a symbolic link whose name is the address. It is its own lock: the kernel creates a link with its contents in one
 * step, and fails with EEXIST if the address is taken. So two processes never get the same address, a process that is killed leaves no
 * half-written file, and no lock of a dead process stays behind.
 */
export class Reservations {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  list(): Reservation[] {
    return this.#names().flatMap((address) => {
      const owner = this.#ownerOf(address);
      return owner === undefined ? [] : [{ address, ...owner }];
    });
  }

  find(owner: Owner): Reservation | undefined {
    return this.list().find((reservation) => isSame(reservation, owner));
  }

  /** Returns true if an address is free. */
  hasFree(): boolean {
    const taken = new Set(this.#names());
    for (const address of this.#candidates()) if (!taken.has(address)) return true;
    return false;
  }

  /** Reserves an address, or returns the one that an ADD which was killed has reserved. */
  reserve(owner: Owner): string {
    const { folder, subnet, first, last } = this.#pool;
    mkdirSync(folder, { recursive: true });
    const existing = this.find(owner);
    if (existing !== undefined) return existing.address;
    const taken = new Set(this.#names());
    for (const address of this.#candidates()) {
      if (!taken.has(address) && this.#create(address, owner)) return address;
    }
    const range = `${formatAddress(first)} to ${formatAddress(last)} of ${subnet}`;
    throw new CniError(
      ErrorCode.TryAgainLater,
      'no free address',
      `all addresses from ${range} are in use; delete containers, or use a larger subnet`,
    );
  }

  /** Releases the address of an attachment; does nothing if it has none. */
  release(owner: Owner): void {
    for (const { address, ...rest } of this.list()) if (isSame(rest, owner)) rmSync(join(this.#pool.folder, address), { force: true });
  }

  /** Yields the addresses of the range once, beginning after the last one: an address that was released is used again late. */
  *#candidates(): Generator<string> {
    const { first, last, gateway } = this.#pool;
    const count = last - first + 1;
    const start = this.#readLast() ?? first - 1;
    for (let step = 1; step <= count; step++) {
      const address = formatAddress(first + ((start - first + step + count) % count));
      if (address !== gateway) yield address;
    }
  }

  #create(address: string, { containerID, ifname }: Owner): boolean {
    try {
      symlinkSync(`${containerID}/${ifname}`, join(this.#pool.folder, address));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    // Only a hint for the next ADD: a wrong or missing one does no harm.
    writeFileSync(join(this.#pool.folder, LAST), address);
    return true;
  }

  #readLast(): number | undefined {
    const { folder, first, last } = this.#pool;
    const address = parseAddress(ifPresent(() => readFileSync(join(folder, LAST), 'utf8')) ?? '');
    return address !== undefined && address >= first && address <= last ? address : undefined;
  }

  #names(): string[] {
    const names = ifPresent(() => readdirSync(this.#pool.folder)) ?? [];
    return names.filter((name) => parseAddress(name) !== undefined);
  }

  #ownerOf(address: string): Owner | undefined {
    const [containerID = '', ifname = ''] = (ifPresent(() => readlinkSync(join(this.#pool.folder, address))) ?? '').split('/');
    return containerID === '' ? undefined : { containerID, ifname };
  }
}

/** Returns true if two attachments are the same. */
export function isSame(one: Owner, other: Owner): boolean {
  return one.containerID === other.containerID && one.ifname === other.ifname;
}

/** Returns undefined for what does not exist, or was deleted meanwhile (ENOENT), and for a file that is not a link (EINVAL). */
function ifPresent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
