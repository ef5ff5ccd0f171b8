import type { Cell, ColumnHead } from '../../protocol.js';

const RATE_UNITS = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'] as const;

/** Returns bytes a second with three digits and a unit of the SI: `1.25 MB/s`. */
export function rateText(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be rounded to 1000.
  while (value >= 999.5 && unit < RATE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${RATE_UNITS[unit]!}`;
}

const SIZE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Returns bytes with one digit behind the point and a unit of the IEC, as the command's tables do: `1.5 MiB`. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < SIZE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${SIZE_UNITS[unit]!}`;
}

/** Returns the text of a cell: numbers of bytes have a unit. */
export function cellText(cell: Cell, { name }: ColumnHead): string {
  if (cell === null) return '';
  return typeof cell === 'number' && name.endsWith('Bytes') ? sizeText(cell) : String(cell);
}

/** Returns an integer with a comma between groups of three digits: `1,001`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Returns the time of day in the time zone of the reader: `03:46:05`. */
export function clockText(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
