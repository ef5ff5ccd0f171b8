import { nftables, type TraceNtfEvent } from '../../../lib/families/nftables.js';
import { run, type Namespace } from '../../support/namespace.js';
import { pause, until } from '../../support/sockets.js';

/** A line of `nft -a monitor trace` that shows an event: all that it shows, except the text of the rule. */
export interface TraceLine {
  readonly id: string;
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly type: string;
  readonly handle?: number;
  readonly verdict?: string;
  readonly jump?: string;
  readonly policy?: string;
  readonly mark?: number;
}

const FAMILY: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 10: 'ip6' };
const LINE = /^trace id ([0-9a-f]{8}) (\S+) (\S+) (\S+) (.*)$/;
const RULE = /^rule .* # handle (\d+) \(verdict (\S+?)(?: (\S+))?\)$/;
const MARK = / meta mark (0x[0-9a-f]+)/;

/** Reads a line of the program; undefined for a line with the packet, which repeats the first event of it. */
function parseLine(line: string): TraceLine | undefined {
  const [, id, family, table, chain, rest] = LINE.exec(line) ?? [];
  if (id === undefined || rest === undefined) throw new Error(`nft printed ${line}`);
  if (rest.startsWith('packet:')) return undefined;
  const place = { id, family: family!, table: table!, chain: chain! };
  const rule = RULE.exec(rest.trim());
  if (rule !== null) {
    const [, handle, verdict, jump] = rule;
    return { ...place, type: 'rule', handle: Number(handle), verdict: verdict!, ...(jump !== undefined && { jump }) };
  }
  const [type, value] = rest.split(' ');
  const mark = MARK.exec(rest)?.[1];
  if (type === 'policy') return { ...place, type, policy: value!, ...(mark !== undefined && { mark: Number(mark) }) };
  if (type === 'verdict') return { ...place, type: 'return', verdict: value!, ...(mark !== undefined && { mark: Number(mark) }) };
  throw new Error(`nft printed ${line}`);
}

/** Returns the line that the program prints for an event. */
export function lineOf(event: TraceNtfEvent): TraceLine {
  const { verdict, type, mark } = event;
  return {
    id: event.id!.toString(16).padStart(8, '0'),
    family: FAMILY[event.nfgenFamily]!,
    table: event.table!,
    chain: event.chain!,
    type: String(type),
    // nft prints the handle of rules, and the mark at the end of chains.
    ...(type === 'rule' && { handle: Number(event.ruleHandle) }),
    ...(verdict?.code !== undefined && { verdict: String(verdict.code) }),
    ...(verdict?.chain !== undefined && { jump: verdict.chain }),
    ...(event.policy !== undefined && { policy: String(event.policy) }),
    ...(type !== 'rule' && mark !== undefined && { mark }),
  };
}

/** Loads a ruleset in the namespace. */
export function loadRules(namespace: Namespace, ruleset: string): void {
  run('nsenter', [`--net=${namespace.path}`, '--', 'nft', '-f', '-'], ruleset);
}

/** Returns false for the end of a chain, for which `nft` prints nothing. Older kernels send it as `return`, which `nft` prints. */
export function isPrinted({ type, ruleHandle }: TraceNtfEvent): boolean {
  return type !== 'rule' || ruleHandle !== undefined;
}

/** Tests for the end of a chain, which has a verdict and no rule. */
export function isEnd({ type, ruleHandle }: TraceNtfEvent): boolean {
  return type !== 'policy' && ruleHandle === undefined;
}

/** The events of the client and the lines of `nft` beside it; both lists grow. */
export interface Traced {
  readonly events: TraceNtfEvent[];
  readonly lines: TraceLine[];
  /** Waits until both have the same last event, and no more come. */
  settled(): Promise<void>;
  stop(): void;
}

/**
 * Subscribes to the trace of a namespace and runs `nft` there, until both have everything of a packet.
 *
 * @param probe - Sends a packet that is traced and dropped.
 */
export async function watchTrace(namespace: Namespace, probe: () => void): Promise<Traced> {
  const client = nftables({ netns: namespace.path });
  const events: TraceNtfEvent[] = [];
  const subscription = client.notifications('trace').subscribe(({ value }) => events.push(value));
  const lines = monitorTrace(namespace);
  await until('the first line of nft', () => {
    probe();
    return lines.length > 0;
  });
  // nft joins the group later than the client, so it misses a part of the first packets.
  const settled = async () => {
    for (let count = -1; count !== lines.length; await pause(100)) {
      await until('the last event of the client and of nft', () => isSettled(events, lines));
      count = lines.length;
    }
  };
  await settled();
  const stop = () => {
    subscription.unsubscribe();
    client.close();
  };
  return { events, lines, settled, stop };
}

/** Returns true if the last event of the client is that of the program. */
function isSettled(events: readonly TraceNtfEvent[], lines: readonly TraceLine[]): boolean {
  const [event, line] = [events.filter(isPrinted).at(-1), lines.at(-1)];
  return event !== undefined && JSON.stringify(lineOf(event)) === JSON.stringify(line);
}

/** Runs `nft -a monitor trace`; the returned list grows. */
function monitorTrace(namespace: Namespace): TraceLine[] {
  const lines: TraceLine[] = [];
  let rest = '';
  namespace.start('nft', '-a', 'monitor', 'trace').stdout!.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop()!;
    for (const part of parts) {
      const line = parseLine(part);
      if (line !== undefined) lines.push(line);
    }
  });
  return lines;
}

/** Captures the frames of an interface with tcpdump, from the link-layer header on; the returned list grows. */
export async function capture(namespace: Namespace, device: string): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  let bytes = Buffer.alloc(0);
  let started = false;
  const program = namespace.start('sh', '-c', 'exec tcpdump --immediate-mode -U -Z root -i "$0" -w - 2>/dev/null', device);
  program.stdout!.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    // A file has a header of 24 bytes, each frame one of 16 with its captured length; tcpdump writes in the byte order of the host.
    if (!started && bytes.length >= 24) [started, bytes] = [true, bytes.subarray(24)];
    const length = () => new Uint32Array(Uint8Array.from(bytes.subarray(8, 12)).buffer)[0]!;
    while (started && bytes.length >= 16 && bytes.length >= 16 + length()) {
      const end = 16 + length();
      frames.push(Uint8Array.from(bytes.subarray(16, end)));
      bytes = bytes.subarray(end);
    }
  });
  await until('the header of the capture', () => started);
  return frames;
}
