import { readFile } from 'node:fs/promises';

/** A file of the page. */
export interface Asset {
  readonly file: string;
  readonly type: string;
}

/** The files of the page by their paths in the folder of a login. No path of a request is ever joined with that of a folder. */
export const ASSETS: Readonly<Record<string, Asset>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
  '/favicon.svg': { file: 'favicon.svg', type: 'image/svg+xml' },
};

/** Reads a file of the page; undefined if the package lacks it. */
export async function readAsset({ file }: Asset, folder: URL): Promise<Buffer | undefined> {
  try {
    return await readFile(new URL(file, folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
