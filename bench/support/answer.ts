import { createInterface } from 'node:readline';

/** Returns the processor time of all threads of this process in nanoseconds. */
export function processorTime(): bigint {
  const { user, system } = process.cpuUsage();
  return BigInt(user + system) * 1000n;
}

/** Calls a function once for each line on stdin, and prints `nanoseconds count`, by default in wall time. */
export async function answer(run: () => Promise<number>, now: () => bigint = () => process.hrtime.bigint()): Promise<void> {
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = now();
    const count = await run();
    console.log(`${now() - began} ${count}`);
  }
}

/** Prints the answer to each line on stdin. */
export async function reply(handle: (line: string) => Promise<string>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) console.log(await handle(line));
}

export function pause(milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until a count has not changed for 50 ms in which the event loop has polled. */
export async function settled(count: () => number): Promise<void> {
  for (let seen = -1; seen !== count();) {
    seen = count();
    await pause(50);
    // If the process was delayed, the timer expires before the first read.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
