/** An accepted difference or gap with its reason. `*` in a subject matches any text. */
export interface Exception {
  readonly family: string;
  readonly subject: string;
  readonly reason: string;
  /** The first version of the headers that does not need it, such as `7.3`. */
  readonly before?: string;
  /** The first version of the headers that needs it. */
  readonly since?: string;
}

/** Returns the exceptions for headers of a version, such as `6.12`. */
export function exceptionsOf<Entry extends Exception>(list: readonly Entry[], headers: string): Entry[] {
  return list.filter(
    ({ before, since }) => (before === undefined || isOlder(headers, before)) && (since === undefined || !isOlder(headers, since)),
  );
}

function isOlder(version: string, than: string): boolean {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [version, than].map((text) => text.split('.').map(Number)) as [
    number[],
    number[],
  ];
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

/** Returns the exception that covers a subject, if there is one. */
export function exceptionFor<Entry extends Exception>(list: readonly Entry[], family: string, subject: string): Entry | undefined {
  return list.find((exception) => exception.family === family && matches(exception.subject, subject));
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${source}$`).test(text);
}
