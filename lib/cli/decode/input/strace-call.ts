/** A finished system call in a log of strace. */
export interface StraceCall {
  /** The thread that made it; 0 if the log does not name it. */
  readonly process: number;
  /** Milliseconds since 1970, if the log has them (`-ttt`). */
  readonly time: number | undefined;
  readonly name: string;
  readonly arguments: string;
  /** The result, or -1 for an error and for a call that did not return. */
  readonly result: number;
}

/** `[pid 12] ` or `12  `, the time of -t, -tt or -ttt, and the relative time of -r. */
const PREFIX = /^(?:\[pid\s+(\d+)\]\s+|(\d+)\s+)?(?:\d\d:\d\d:\d\d(?:\.\d+)?\s+|(\d+\.\d+)\s+)?(?:\(\+\s*[\d.]+\)\s*)?/;
const CALL = /^(\w+)\((.*)\)\s+=\s+(-?\d+|\?)/s;
const UNFINISHED = /^(\w+\(.*?),?\s*<unfinished \.\.\.>$/s;
const RESUMED = /^<\.\.\. \w+ resumed>(?:\s*,)?\s*(.*)$/s;

/** Reads the lines of system calls, and joins the two halves of a call that another thread interrupted. */
export class StraceCalls {
  readonly #unfinished = new Map<number, string>();

  /** Returns the call that a line completes; undefined for a first half, a signal, or the end of a process. */
  read(line: string): StraceCall | undefined {
    const prefix = PREFIX.exec(line)!;
    const process = Number(prefix[1] ?? prefix[2] ?? 0);
    let text = line.slice(prefix[0].length);
    const first = UNFINISHED.exec(text)?.[1];
    if (first !== undefined) {
      this.#unfinished.set(process, first);
      return undefined;
    }
    const rest = RESUMED.exec(text)?.[1];
    if (rest !== undefined) {
      const begun = this.#unfinished.get(process) ?? '';
      this.#unfinished.delete(process);
      text = begun.endsWith('(') || rest.startsWith(')') ? begun + rest : `${begun}, ${rest}`;
    }
    const call = CALL.exec(text);
    if (call === null) return undefined;
    return {
      process,
      time: prefix[3] === undefined ? undefined : Number(prefix[3]) * 1000,
      name: call[1]!,
      arguments: call[2]!,
      result: call[3] === '?' ? -1 : Number(call[3]),
    };
  }
}

/** Returns true for text with a line of a system call that moves bytes through sockets. */
export function isStraceLog(text: string): boolean {
  return /^[^#\n]*\b(?:socket|bind|setsockopt|getsockname|send|sendto|sendmsg|sendmmsg|recv|recvfrom|recvmsg|recvmmsg)\(\d|^[^#\n]*\bsocket\(AF_/m.test(
    text,
  );
}
