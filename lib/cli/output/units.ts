const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** Returns milliseconds in the largest two units: `1 h 30 min`. */
export function duration(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined) return undefined;
  const parts: string[] = [];
  let rest = milliseconds;
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${String(count)} ${unit}`);
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? `${String(Math.round(rest))} ms` : parts.join(' ');
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Returns a number of bytes with a unit of the IEC: `1.5 MiB`. */
export function bytes(count: number | bigint): string {
  return withUnit(Number(count), 1024, SIZES);
}

const MULTIPLES = ['', 'k', 'M', 'G', 'T'] as const;

/** Returns a number with a prefix of the SI: `1.2 M`. */
export function scaled(value: number): string {
  return withUnit(value, 1000, MULTIPLES);
}

function withUnit(value: number, step: number, units: readonly string[]): string {
  let rest = value;
  let unit = 0;
  while (rest >= step && unit < units.length - 1) {
    rest /= step;
    unit++;
  }
  return `${unit === 0 ? String(rest) : rest.toFixed(1)} ${units[unit]!}`.trimEnd();
}
