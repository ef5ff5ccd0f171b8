// webpack replaces calls of an imported `createRequire`; it leaves a method of the default export alone.
import nodeModule from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { UnsupportedPlatformError } from '../../errors/index.js';
import { hasRestrictedFiles, isVisible, refusedPermission } from './refused-permission.js';

/** Places where the search begins; specs replace them. @internal */
export interface AddonPlaces {
  /** Value of the environment variable `RXNETLINK_ADDON`: a file. */
  readonly given: string | undefined;
  /** Folders of the running code: of this module, or of the bundle that contains it. */
  readonly folders: readonly string[];
  readonly arch: string;
}

/**
 * Finds the file of the addon for this machine.
 *
 * The file in `RXNETLINK_ADDON` comes first. Then, for each folder of the running code, a copy beside the code, and the
 * package that code in this folder would import.
 *
 * @throws {@link UnsupportedPlatformError} when there is none; the text names the places.
 * @internal
 */
export function findAddon({ given, folders, arch }: AddonPlaces = currentPlaces()): string {
  if (given !== undefined && given !== '') {
    const file = resolve(given);
    if (isVisible(file)) return file;
    if (hasRestrictedFiles()) {
      throw new UnsupportedPlatformError(
        `the native addon in RXNETLINK_ADDON was not found (${file}): the permission model of Node.js restricts which files this process ` +
          `can read; start it with --allow-fs-read=${file} if the file exists`,
      );
    }
    throw new UnsupportedPlatformError(`the file in RXNETLINK_ADDON does not exist (${file})`);
  }
  const names = ['rxnetlink.node', prebuildName(arch)];
  for (const folder of folders) {
    const copy = names.map((name) => join(folder, name)).find((file) => isVisible(file));
    if (copy !== undefined) return copy;
    const installed = findPackage(folder);
    if (installed !== undefined) return findInstalled(installed, arch);
  }
  if (hasRestrictedFiles()) {
    throw new UnsupportedPlatformError(
      'the native addon was not found: the permission model of Node.js restricts which files this process can read; ' +
        'start it with --allow-fs-read for the folder of the package rxnetlink, or set RXNETLINK_ADDON to the path of a file that it can read',
    );
  }
  throw new UnsupportedPlatformError(
    `the native addon was not found: no ${names.join(' or ')} in ${folders.join(' or ')}, and the package rxnetlink is not installed there; ` +
      `in a bundle, mark rxnetlink as external, or copy node_modules/rxnetlink/${prebuildName(arch)} beside the bundle, or set RXNETLINK_ADDON to its path`,
  );
}

/** Returns the name of an architecture's prebuild below the package's folder. */
function prebuildName(arch: string): string {
  return `prebuilds/linux-${arch}/rxnetlink${arch === 'arm' ? '.armv7' : ''}.node`;
}

/** Returns the folder of the package that code in a folder would import, or undefined. */
function findPackage(folder: string): string | undefined {
  try {
    return dirname(nodeModule.createRequire(join(folder, 'noop.js')).resolve('rxnetlink/package.json'));
  } catch {
    return undefined;
  }
}

interface NodeGypBuild {
  resolve(packageFolder: string): string;
}

/** Finds the addon of an installed package: the one that was built there, else the prebuild. */
function findInstalled(packageFolder: string, arch: string): string {
  try {
    const nodeGypBuild = nodeModule.createRequire(join(packageFolder, 'package.json'))('node-gyp-build') as NodeGypBuild;
    return nodeGypBuild.resolve(packageFolder);
  } catch (error) {
    const refused = refusedPermission(error);
    if (refused !== undefined)
      throw new UnsupportedPlatformError(`the native addon in ${packageFolder} cannot be found: ${refused}`, error);
    const reason = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
    throw new UnsupportedPlatformError(
      `no native addon for this machine: no build/Release/rxnetlink.node or ${prebuildName(arch)} in ${packageFolder} (${reason}); ` +
        `build it with 'npm explore rxnetlink -- npm run build:native' (in a working copy: 'npm run build:native')`,
      error,
    );
  }
}

/**
 * Returns the places of the running process.
 *
 * A bundler may leave `import.meta.url` empty (esbuild's CommonJS), or replace it by the path on the machine that built the
 * bundle (webpack). `__dirname` exists in CommonJS bundles only.
 */
function currentPlaces(): AddonPlaces {
  const { url } = import.meta as { url?: string };
  const folders = [
    ...(url?.startsWith('file:') ? [dirname(fileURLToPath(url))] : []),
    ...(typeof __dirname === 'string' ? [__dirname] : []),
    ...(process.argv[1] === undefined ? [] : [dirname(resolve(process.argv[1]))]),
  ];
  return { given: process.env['RXNETLINK_ADDON'], folders: [...new Set(folders)], arch: process.arch };
}
