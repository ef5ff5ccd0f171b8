import { CniError, ErrorCode } from '../errors.js';

/** The commands of specification 1.1. */
export type Command = 'ADD' | 'DEL' | 'CHECK' | 'GC' | 'STATUS' | 'VERSION';

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The key of an attachment: one interface of one container. */
export interface Owner {
  readonly containerID: string;
  readonly ifname: string;
}

const COMMANDS: readonly string[] = ['ADD', 'DEL', 'CHECK', 'GC', 'STATUS', 'VERSION'] satisfies Command[];

/** Names of networks and containers begin with a letter or a digit, so that none is '..' or contains a slash. */
export const NAME: RegExp = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** The kernel's rule for names of links: at most 15 bytes, without a slash, a colon or a blank (dev_valid_name). */
const isLinkName = (name: string) => /^[^\s/:]{1,15}$/.test(name) && Buffer.byteLength(name) <= 15 && name !== '.' && name !== '..';

/** Returns the command of `CNI_COMMAND`. */
export function readCommand(environment: Environment): Command {
  const command = environment['CNI_COMMAND'] ?? '';
  if (isCommand(command)) return command;
  throw invalid('CNI_COMMAND', command, `one of ${COMMANDS.join(', ')}; a container runtime starts this program`);
}

const isCommand = (text: string): text is Command => COMMANDS.includes(text);

/** Returns the attachment of `CNI_CONTAINERID` and `CNI_IFNAME`. */
export function readOwner(environment: Environment): Owner {
  const containerID = environment['CNI_CONTAINERID'] ?? '';
  const ifname = environment['CNI_IFNAME'] ?? '';
  if (!NAME.test(containerID))
    throw invalid('CNI_CONTAINERID', containerID, 'a letter or digit, then letters, digits, underscores, dots and hyphens');
  if (!isLinkName(ifname)) throw invalid('CNI_IFNAME', ifname, 'the name of a link: 1 to 15 bytes without slash, colon and blank');
  return { containerID, ifname };
}

/** Returns the path of the network namespace. `DEL` does not need it. */
export function readNetns(environment: Environment): string {
  const netns = environment['CNI_NETNS'] ?? '';
  if (!netns.startsWith('/')) throw invalid('CNI_NETNS', netns, 'the path of a network namespace, such as /run/netns/web');
  return netns;
}

function invalid(variable: string, value: string, expected: string): CniError {
  const state = value === '' ? 'is not set' : `is '${value}'`;
  return new CniError(
    ErrorCode.InvalidEnvironment,
    `invalid environment variable ${variable}`,
    `${variable} ${state}; expected ${expected}`,
  );
}
