/**
 * Debian's release for each series of kernels that `--kernel` names.
 *
 * Debian stable has the oldest series that still gets fixes; its backports have the newest.
 */
export const RELEASES: Readonly<Record<string, string>> = {
  '5.10': 'bullseye',
  '6.1': 'bookworm',
  '6.12': 'trixie',
  '7': 'trixie-backports',
};

/** Returns the release of Debian for a series, e.g. `7.0` or `7.x`, if there is one. */
export function releaseOf(series: string): string | undefined {
  return Object.hasOwn(RELEASES, series) ? RELEASES[series] : /^7\.(?:x|\d+)$/.test(series) ? RELEASES['7'] : undefined;
}
