/** The checked options of a remote transport. @internal */
export interface RemoteSettings {
  readonly host: string;
  readonly window: number;
  readonly openTimeout: number;
  readonly silentAfter: number;
}

/** Returns true for the name of a file under /run/netns. @internal */
export function isNamespaceName(name: string): boolean {
  return /^[^/\0]{1,255}$/.test(name) && name !== '.' && name !== '..';
}
