import { createInterface } from 'node:readline';

/** Does something once for each line on stdin; answers `nanoseconds count`. */
export async function answer(run: () => Promise<number>): Promise<void> {
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = process.hrtime.bigint();
    const count = await run();
    console.log(`${process.hrtime.bigint() - began} ${count}`);
  }
}

/** Answers each line on stdin with what is made of it. */
export async function reply(handle: (line: string) => Promise<string>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) console.log(await handle(line));
}

export function pause(milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
