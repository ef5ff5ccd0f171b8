/** The cells that the last beats of hosts name. @internal */
export class NamedCells {
  readonly #cells = new Map<string, number>();
  /** The number of hosts whose last beat names a cell. */
  readonly #hosts = new Map<number, number>();

  /**
   * Replaces the cell of a host.
   *
   * @param cell - Undefined if its last beat names none.
   * @returns The cell that no host names any more; undefined if there is none.
   */
  set(host: string, cell: number | undefined): number | undefined {
    const before = this.#cells.get(host);
    if (before === cell) return undefined;
    if (cell === undefined) this.#cells.delete(host);
    else {
      this.#cells.set(host, cell);
      this.#hosts.set(cell, (this.#hosts.get(cell) ?? 0) + 1);
    }
    if (before === undefined) return undefined;
    const left = (this.#hosts.get(before) ?? 0) - 1;
    if (left > 0) this.#hosts.set(before, left);
    else this.#hosts.delete(before);
    return left > 0 ? undefined : before;
  }
}
