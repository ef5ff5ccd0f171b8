import { spawnSync } from '../../../support/programs.js';
import { namespaceError } from '../../../support/namespace.js';

/** Names of namespaces for the specs of a `describe`; all of them are deleted after it. */
export interface OwnNames {
  /** Returns a new name. */
  next(): string;
  /** Creates a namespace with `ip`, and returns its name. */
  add(): string;
}

let count = 0;

/** Provides names, and skips the specs of a `describe` if namespaces cannot be made. */
export function useNames(): OwnNames {
  const names: string[] = [];
  before(() => {
    const refused = namespaceError();
    if (refused !== undefined) throw refused;
    if (spawnSync('ip', ['netns', 'add', next()]).status !== 0) throw new Error('the specs need named namespaces');
  });
  after(() => names.forEach((name) => spawnSync('ip', ['netns', 'delete', name])));
  const next = (): string => {
    const name = `rxnl-n${process.pid}-${++count}`;
    names.push(name);
    return name;
  };
  return {
    next,
    add: () => {
      const name = next();
      const { status, stderr } = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`ip netns add: ${stderr}`);
      return name;
    },
  };
}
