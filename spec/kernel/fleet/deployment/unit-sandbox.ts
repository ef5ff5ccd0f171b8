import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { run } from '../../../support/programs.js';
import { Unavailable } from '../../../support/unavailable.js';

/** The sections of a unit file: the values of each setting, in order. Comments are dropped. */
export function readUnit(text: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  let section = '';
  for (const line of text.split('\n')) {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
    const [, name, value] = /^([A-Z]\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined)
      settings.set(`${section}.${name}`, [...(settings.get(`${section}.${name}`) ?? []), value]);
  }
  return settings;
}

/** An identity of those that systemd gives to a service with DynamicUser. */
export const DYNAMIC_USER = 61_184;

/** Settings that have no meaning for a process that systemd did not start, or whose effect needs systemd. */
const NOT_APPLIED = new Set([
  'EnvironmentFile',
  'ExecStart',
  'LoadCredential',
  'Restart',
  'RestartSec',
  'SuccessExitStatus',
  'MemoryMax',
  'PrivateTmp',
  'PrivateDevices',
  'ProtectClock',
  'ProtectControlGroups',
  'ProtectHome',
  'ProtectHostname',
  'ProtectKernelLogs',
  'ProtectKernelModules',
  'ProtectKernelTunables',
  'ProtectProc',
  'RestrictRealtime',
  'RestrictSUIDSGID',
  'LockPersonality',
]);

/**
 * Returns the command that applies the restrictions of a unit to a program, without systemd.
 *
 * @param filterFile - The file that the filter of system calls is written to.
 * @throws Error for a setting that it does not know.
 */
export function sandboxOf(settings: ReadonlyMap<string, readonly string[]>, filterFile: string): readonly string[] {
  const service = new Map(
    [...settings].flatMap(([name, values]) => (name.startsWith('Service.') ? [[name.slice(8), values.at(-1)!]] : [])),
  );
  const outer: string[] = [];
  const inner = ['--clear-groups'];
  let umask = '0022';
  const apply: Readonly<Record<string, (value: string) => void>> = {
    DynamicUser: () => inner.push(`--reuid=${DYNAMIC_USER}`, `--regid=${DYNAMIC_USER}`),
    CapabilityBoundingSet: (value) => inner.push(`--bounding-set=${capabilities(value)}`, `--inh-caps=${capabilities(value)}`),
    AmbientCapabilities: (value) => inner.push(`--ambient-caps=${capabilities(value)}`),
    NoNewPrivileges: (value) => value === 'yes' && inner.push('--no-new-privs'),
    // Without the exceptions that systemd makes: /dev, /proc and /sys.
    ProtectSystem: () => outer.push('unshare', '--mount', 'sh', '-c', 'mount -o remount,bind,ro / && exec "$@"', 'sh'),
    TasksMax: (value) => outer.push('prlimit', `--nproc=${value}`),
    UMask: (value) => (umask = value),
    SystemCallFilter: (value) => {
      writeFileSync(filterFile, filterOf(value, service));
      inner.push(`--seccomp-filter=${filterFile}`);
    },
    RestrictAddressFamilies: () => undefined,
    RestrictNamespaces: () => undefined,
    SystemCallArchitectures: () => undefined,
    SystemCallErrorNumber: () => undefined,
  };
  for (const [name, value] of service) {
    if (NOT_APPLIED.has(name)) continue;
    if (apply[name] === undefined) throw new Error(`the spec does not know the setting ${name} of the unit`);
    apply[name](value);
  }
  return [...outer, 'sh', '-c', `umask ${umask} && exec "$@"`, 'sh', 'setpriv', ...inner];
}

function capabilities(value: string): string {
  return ['-all', ...value.split(/\s+/).filter((name) => name !== '')].join(',').replaceAll('CAP_', '+').toLowerCase();
}

const AF: Readonly<Record<string, number>> = { AF_UNIX: 1, AF_INET: 2, AF_INET6: 10, AF_NETLINK: 16, AF_PACKET: 17 };
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];
/** The flags of clone(2) that make namespaces. */
const CLONE_NEW = 0x7e02_0080;
const [LOAD, EQUAL, ANY_BIT, RETURN] = [0x20, 0x15, 0x45, 0x06];
const [ALLOW, ERRNO, KILL] = [0x7fff_0000, 0x0005_0000, 0x8000_0000];
const AUDIT_ARCH_X86_64 = 0xc000_003e;
const HEADER = '/usr/include/x86_64-linux-gnu/asm/unistd_64.h';

/** Returns a program of seccomp(2) as systemd makes it of SystemCallFilter, RestrictAddressFamilies and RestrictNamespaces. */
function filterOf(value: string, service: ReadonlyMap<string, string>): Uint8Array {
  if (process.arch !== 'x64' || !existsSync(HEADER)) throw new Unavailable(`the numbers of system calls in ${HEADER} are missing`);
  const header = readFileSync(HEADER, 'utf8');
  const numbers = new Map([...header.matchAll(/^#define __NR_(\w+)\s+(\d+)/gm)].map(([, name, number]) => [name!, Number(number)]));
  const code: (readonly [code: number, yes: number, no: number, operand: number])[] = [];
  const when = (name: string, then: readonly (readonly [number, number, number, number])[]): void => {
    code.push([EQUAL, 0, then.length, numbers.get(name)!], ...then);
  };
  if (service.get('SystemCallErrorNumber') !== 'EPERM') throw new Error('the spec expects SystemCallErrorNumber=EPERM');
  code.push([LOAD, 0, 0, 4], [EQUAL, 1, 0, AUDIT_ARCH_X86_64], [RETURN, 0, 0, KILL], [LOAD, 0, 0, 0]);
  const families = service.get('RestrictAddressFamilies')?.split(' ') ?? [];
  const allowed = families.flatMap((name) => [[EQUAL, 0, 1, AF[name]!] as const, [RETURN, 0, 0, ALLOW] as const]);
  if (families.length > 0) when('socket', [[LOAD, 0, 0, 16], ...allowed, [RETURN, 0, 0, ERRNO | EAFNOSUPPORT]]);
  if (service.get('RestrictNamespaces') === 'yes') {
    for (const name of ['unshare', 'setns']) when(name, [[RETURN, 0, 0, ERRNO | EPERM]]);
    when('clone3', [[RETURN, 0, 0, ERRNO | ENOSYS]]);
    when('clone', [
      [LOAD, 0, 0, 16],
      [ANY_BIT, 0, 1, CLONE_NEW],
      [RETURN, 0, 0, ERRNO | EPERM],
      [RETURN, 0, 0, ALLOW],
    ]);
  }
  for (const name of systemCalls(value)) {
    const number = numbers.get(name);
    if (number !== undefined) code.push([EQUAL, 0, 1, number], [RETURN, 0, 0, ALLOW]);
  }
  code.push([RETURN, 0, 0, ERRNO | EPERM]);
  const bytes = new DataView(new ArrayBuffer(8 * code.length));
  for (const [at, [operation, yes, no, operand]] of code.entries()) {
    bytes.setUint16(8 * at, operation, true);
    bytes.setUint8(8 * at + 2, yes);
    bytes.setUint8(8 * at + 3, no);
    bytes.setUint32(8 * at + 4, operand, true);
  }
  return new Uint8Array(bytes.buffer);
}

/** Returns the system calls of a set of systemd, and of the sets in it. */
function systemCalls(set: string): ReadonlySet<string> {
  const listed = new Set(['@default']);
  const found = new Set<string>();
  listed.add(set);
  for (const name of listed) {
    const lines = run('systemd-analyze', ['syscall-filter', name]).split('\n').slice(1);
    for (const line of lines.map((text) => text.trim())) {
      if (line.startsWith('@')) listed.add(line);
      else if (/^\w+$/.test(line)) found.add(line);
    }
  }
  return found;
}
