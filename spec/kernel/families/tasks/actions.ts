import { readFileSync } from 'node:fs';
import type { ProcessEvent } from '../../../../lib/families/cn_proc.js';

/** A fact about an event that a process knows. */
export interface Fact {
  readonly what: ProcessEvent['what'];
  readonly data: Readonly<Record<string, number | string>>;
}

/** Does everything of which the kernel sends events, and prints the facts as JSON. */
export const FACTS: string = readFileSync(new URL('../../../fixtures/capture/events/actions.py', import.meta.url), 'utf8');

/** Forks processes one after the other; prints their IDs and statuses as JSON. Each exits with the lowest 8 bits of its number. */
export const FORKS = `
import json, os, sys
facts = []
for number in range(int(sys.argv[1])):
    pid = os.fork()
    if pid == 0: os._exit(number & 255)
    facts.append([pid, os.waitpid(pid, 0)[1]])
print(json.dumps(facts), flush=True)
`;
