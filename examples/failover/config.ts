import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** A way to the internet. */
export interface Uplink {
  /** The name in messages. */
  readonly name: string;
  /** The link. */
  readonly link: string;
  /** The address of the gateway. */
  readonly via: string;
  /** The own address on the link, from which the probes are sent. */
  readonly source: string;
  /** The number of the routing table of this uplink. */
  readonly table: number;
}

/** A TCP server that a probe connects to. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/** The numbers of the decision. */
export interface Limits {
  /** The number of probes in succession without an answer, after which an uplink is down. */
  readonly failures: number;
  /** The number of probes in succession with an answer, after which an uplink that was down is up. */
  readonly successes: number;
  /** The time in milliseconds for which an uplink must be up before traffic returns to it. */
  readonly hold: number;
}

/** The configuration of the program. */
export interface Config extends Limits {
  /** The uplinks, the preferred one first. */
  readonly uplinks: readonly Uplink[];
  /** The servers of a probe. One that answers is enough. */
  readonly targets: readonly Target[];
  /** The time in milliseconds between two probes. */
  readonly every: number;
  /** The time in milliseconds for the answer to a probe. */
  readonly timeout: number;
  /** The metric of the default route. */
  readonly metric: number;
  /** The position of the first routing rule; each uplink has two of them. */
  readonly priority: number;
  /** The number that marks routes and rules as those of this program. */
  readonly protocol: number;
}

type Fields = Readonly<Record<string, unknown>>;

const DEFAULTS = { every: 1000, timeout: 1000, failures: 3, successes: 5, hold: 30_000, metric: 10, priority: 1000, protocol: 98 };
const [BYTE, WORD] = [255, 2 ** 31 - 1];
/** The tables `default`, `main` and `local`, and 0, which the kernel reads as `main`. */
const TAKEN: readonly number[] = [0, 253, 254, 255];

/**
 * Reads a file with the configuration.
 *
 * @throws Error that names the file, and the property that is wrong.
 */
export function readConfig(path: string): Config {
  try {
    return parseConfig(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Returns a configuration with its defaults.
 *
 * @throws Error that names the property that is wrong.
 */
export function parseConfig(value: unknown): Config {
  const fields = fieldsOf(value, '');
  checkNames(fields, '', ['uplinks', 'targets', ...Object.keys(DEFAULTS)]);
  const number = (name: keyof typeof DEFAULTS, least: number, most = WORD): number =>
    numberOf(fields[name] ?? DEFAULTS[name], name, least, most);
  const uplinks = listOf(fields['uplinks'], 'uplinks', 2).map((each, index) => parseUplink(each, `uplinks[${index}]`));
  const targets = listOf(fields['targets'], 'targets', 1).map((each, index) => parseTarget(each, `targets[${index}]`));
  for (const name of ['name', 'link', 'source', 'table'] as const) {
    const values = uplinks.map((uplink) => uplink[name]);
    if (new Set(values).size < values.length) throw new Error(`uplinks: two of them have the same ${name}`);
  }
  const versions = new Set([...uplinks.flatMap(({ via, source }) => [via, source]), ...targets.map(({ address }) => address)].map(isIP));
  if (versions.size > 1) throw new Error('uplinks and targets: some addresses are IPv4 and some IPv6; expected one IP version');
  return {
    uplinks,
    targets,
    every: number('every', 1),
    timeout: number('timeout', 1),
    failures: number('failures', 1),
    successes: number('successes', 1),
    hold: number('hold', 0),
    metric: number('metric', 0),
    priority: number('priority', 1, 32_000),
    // The lower numbers belong to the kernel and to programs that configure by hand or by DHCP.
    protocol: number('protocol', 64, BYTE),
  };
}

function parseUplink(value: unknown, path: string): Uplink {
  const fields = fieldsOf(value, path);
  checkNames(fields, path, ['name', 'link', 'via', 'source', 'table']);
  const link = textOf(fields['link'], `${path}.link`);
  const table = numberOf(fields['table'], `${path}.table`, 1, WORD);
  if (TAKEN.includes(table)) throw new Error(`${path}.table: ${table} is a table of the system; expected one of your own`);
  const name = fields['name'] === undefined ? link : textOf(fields['name'], `${path}.name`);
  return { name, link, via: addressOf(fields['via'], `${path}.via`), source: addressOf(fields['source'], `${path}.source`), table };
}

function parseTarget(value: unknown, path: string): Target {
  const fields = fieldsOf(value, path);
  checkNames(fields, path, ['address', 'port']);
  return { address: addressOf(fields['address'], `${path}.address`), port: numberOf(fields['port'], `${path}.port`, 1, 65_535) };
}

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Error(`${path === '' ? 'the configuration' : path}: expected an object`);
}

function checkNames(fields: Fields, path: string, names: readonly string[]): void {
  const unknown = Object.keys(fields).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new Error(`${path === '' ? unknown : `${path}.${unknown}`}: unknown property; expected one of ${names.join(', ')}`);
}

function listOf(value: unknown, path: string, least: number): readonly unknown[] {
  if (Array.isArray(value) && value.length >= least) return value as readonly unknown[];
  throw new Error(`${path}: expected a list of at least ${least}`);
}

function textOf(value: unknown, path: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`${path}: expected a text`);
}

function addressOf(value: unknown, path: string): string {
  if (typeof value === 'string' && isIP(value) !== 0) {
    // The kernel's spelling is compared with this one.
    const normal = isIP(value) === 6 ? new URL(`http://[${value}]`).hostname.slice(1, -1) : value;
    if (normal !== value) throw new Error(`${path}: ${JSON.stringify(value)} is not the shortest form of the address; write ${normal}`);
    return value;
  }
  throw new Error(`${path}: ${JSON.stringify(value)} is not an IP address`);
}

function numberOf(value: unknown, path: string, least: number, most: number): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
  throw new Error(`${path}: ${JSON.stringify(value)} is not an integer from ${least} to ${most}`);
}
