import { time } from '../../fields/check.js';
import { bytesNumber, numberBytes, wrongValue, type DataType } from './data-type.js';
import { plainInteger } from './integers.js';

const SECOND = 1000;
const NANOSECONDS = 1_000_000n;
const DAY = 86_400;

const two = (value: number): string => String(value).padStart(2, '0');

/** Seconds by which the clock of the machine is ahead of UTC, at a moment. */
const ahead = (moment: Date): number => -60 * moment.getTimezoneOffset();

/** A duration: seconds as in libnftables-json, or text with a unit; milliseconds in registers. @internal */
export const EXPIRATION: DataType = {
  ...plainInteger(32, 'host'),
  name: 'time',
  number: 18,
  parse(value, path) {
    const isSeconds = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
    const milliseconds = isSeconds ? time(Number(value), path) * SECOND : time(value, path);
    if (milliseconds > 0xffff_ffff) throw wrongValue(path, 'at most 4294967 seconds', value);
    return numberBytes(milliseconds, 4, 'host');
  },
  print(bytes) {
    const milliseconds = Number(bytesNumber(bytes, 'host'));
    return milliseconds % SECOND === 0 ? milliseconds / SECOND : `${milliseconds}ms`;
  },
};

/** A time of the day by the clock of the machine, `'08:00'` or `'08:00:30'`; seconds of UTC in registers. @internal */
export const TIME_OF_DAY: DataType = {
  ...plainInteger(32, 'host'),
  name: 'hour',
  number: 44,
  parse(value, path) {
    const [, hours, minutes, seconds = '0'] = (typeof value === 'string' && /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(value)) || [];
    const [h, m, s] = [hours, minutes, seconds].map(Number) as [number, number, number];
    if (hours === undefined || h > 24 || m > 59 || s > 59 || h * 3600 + m * 60 + s > DAY)
      throw wrongValue(path, "a time of the day such as '08:00'", value);
    return numberBytes((h * 3600 + m * 60 + s - ahead(new Date()) + DAY) % DAY, 4, 'host');
  },
  print(bytes) {
    const seconds = (Number(bytesNumber(bytes, 'host')) + ahead(new Date()) + DAY) % DAY;
    const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
    return seconds % 60 === 0 ? text : `${text}:${two(seconds % 60)}`;
  },
};

/** A moment by the clock of the machine, `'2030-01-01 00:00:00'`; nanoseconds since 1970 in registers. @internal */
export const TIME_OF_CLOCK: DataType = {
  ...plainInteger(64, 'host'),
  name: 'time',
  number: 43,
  parse(value, path) {
    const [, day, clock = '00:00:00'] =
      (typeof value === 'string' && /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}(?::\d{2})?))?$/.exec(value)) || [];
    // Without a zone, JavaScript reads a date with a time by the clock of the machine.
    const moment = day === undefined ? Number.NaN : new Date(`${day}T${clock}`).getTime();
    if (Number.isNaN(moment)) throw wrongValue(path, "a moment such as '2030-01-01 00:00:00'", value);
    return numberBytes(BigInt(moment) * NANOSECONDS, 8, 'host');
  },
  print(bytes) {
    const moment = new Date(Number(bytesNumber(bytes, 'host') / NANOSECONDS));
    const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
    return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`;
  },
};
