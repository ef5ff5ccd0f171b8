// Checks that an addon needs no library and no symbol version, so that it loads under every glibc and every musl.
import { execFileSync } from 'node:child_process';

/** Functions of the C library that the addon may call: in glibc since 2.17, and in musl. `raise` is libgcc's, for a division by 0 on arm. */
const LIBC = new Set(
  `abort bind close execvpe flock free getsockname getsockopt ioctl madvise malloc memcpy memmove memset mmap mmap64 mount munmap
   poll pthread_create pthread_join pthread_setname_np pthread_sigmask raise recv recvmmsg sendto setgid setgroups setns setsockopt
   setuid sigfillset signal socket strlen syscall umount2 unlink unshare __errno_location`.split(/\s+/),
);

/** Functions that Node exports. */
const NODE = /^(?:napi|node_api|uv)_/;

/** Functions that Node calls. */
const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

/**
 * Returns what is wrong with a file, in sentences; an empty list when nothing is.
 *
 * @param readelf - The program; any readelf of binutils reads every machine's files.
 * @param machine - The ELF machine that it must be for, as readelf prints it; not checked when undefined.
 */
export function faultsOf(file, { readelf = 'readelf', machine } = {}) {
  const read = (...flags) => execFileSync(readelf, ['--wide', ...flags, file], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const faults = [];

  const found = /^\s*Machine:\s*(.*)$/m.exec(read('--file-header'))?.[1];
  if (machine !== undefined && found !== machine) faults.push(`it is for the machine ${found}; expected ${machine}`);

  const dynamic = read('--dynamic');
  for (const [, library] of dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)) faults.push(`it needs the library ${library}; expected none`);
  if (/\(TEXTREL\)/.test(dynamic)) faults.push('it has relocations in its code');
  if (/\((?:VERNEED|VERDEF)\)/.test(dynamic)) faults.push('it has symbol versions; expected none');

  const symbols = read('--dyn-syms')
    // Some machines print flags such as `[<localentry>: 8]` between visibility and section.
    .replaceAll(/\[<\w+>: \w+\]/g, '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([index, , , type, binding]) => /^\d+:$/.test(index ?? '') && type !== 'SECTION' && binding !== 'LOCAL')
    .map(([, , , , , , section, name]) => ({ name: name.replace(/@.*/, ''), section }));
  const undefinedNames = symbols.filter(({ section }) => section === 'UND').map(({ name }) => name);
  for (const name of undefinedNames) {
    if (!NODE.test(name) && !LIBC.has(name)) faults.push(`it uses ${name}, which is not in the list of scripts/prebuild/check.mjs`);
  }
  if (!undefinedNames.some((name) => NODE.test(name))) faults.push('it uses no function of Node');
  const exported = symbols.filter(({ section }) => section !== 'UND').map(({ name }) => name);
  if (exported.sort().join() !== EXPORTS.join()) faults.push(`it exports ${exported.join(', ')}; expected ${EXPORTS.join(', ')}`);
  return faults;
}
