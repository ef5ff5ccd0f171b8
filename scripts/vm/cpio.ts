/** An entry of an initramfs; a folder where it has no bytes. */
export interface ArchiveEntry {
  readonly path: string;
  readonly bytes?: Uint8Array;
  readonly executable?: boolean;
}

const FOLDER = 0o040755;
const FILE = 0o100644;
const PROGRAM = 0o100755;

/** Builds an archive in the form that the kernel unpacks at boot ("newc"). Folders come before what lies in them. */
export function cpioArchive(entries: readonly ArchiveEntry[]): Buffer {
  const chunks: Buffer[] = [];
  entries.forEach(({ path, bytes, executable = false }, index) => {
    const mode = bytes === undefined ? FOLDER : executable ? PROGRAM : FILE;
    chunks.push(header(path, index + 1, mode, bytes?.byteLength ?? 0), padded(Buffer.from(bytes ?? [])));
  });
  chunks.push(header('TRAILER!!!', 0, 0, 0));
  return Buffer.concat(chunks);
}

/** 110 bytes of hexadecimal fields, the name, and padding to a multiple of four. */
function header(path: string, inode: number, mode: number, size: number): Buffer {
  const name = `${path}\0`;
  const links = mode === FOLDER ? 2 : 1;
  const fields = [inode, mode, 0, 0, links, 0, size, 0, 0, 0, 0, Buffer.byteLength(name), 0];
  return padded(Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}`));
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.byteLength & 3)]);
}
