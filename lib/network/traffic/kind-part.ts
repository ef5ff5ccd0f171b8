import { FieldError } from '../common/field-error.js';
import { engineWords } from '../common/json.js';
import { shown, text, type Check } from '../fields/check.js';
import { meantKind } from '../fields/kind-name.js';
import { fixedOptions, readOptions, shapeOf, writeOptions, type OptionTable } from '../fields/option-table.js';
import { object, type Normal } from '../fields/shape.js';
import { LinkNames } from '../names/link-names.js';
import { merge } from '../tables/compare.js';
import type { Wanted } from '../tables/table-model.js';
import { checkBareRates } from './bare-rate.js';
import type { KindContext, KindData, KnownKind, KnownKinds } from './kind.js';

/** IFNAMSIZ - 1: the longest name of a kind. */
const KIND_LENGTH = 15;

/** No option of traffic control names a link. */
const NO_NAMES = new LinkNames();

/** Accepts options in the engine's words; the engine checks them. */
const words: Check = (value, path) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new FieldError(path, `expected an object, not ${shown(value)}`);
};

/** The kind of an object with its options, for any table of traffic control. @internal */
export class KindPart {
  readonly #kinds: KnownKinds;
  readonly #noun: string;

  /** @param noun - One object in words, for errors: `qdisc`. */
  constructor(kinds: KnownKinds, noun: string) {
    this.#kinds = kinds;
    this.#noun = noun;
  }

  /** A check for the kind, and for the options of each one. */
  get fields(): Readonly<Record<string, Check>> {
    const shapes = [...this.#kinds].map(([name, { options }]) => [name, object(shapeOf(options))] as const);
    return { kind: text(KIND_LENGTH), options: words, ...Object.fromEntries(shapes) };
  }

  /** Comparisons of single options, by path. */
  get equal(): Readonly<Record<string, (wanted: unknown, found: unknown, object: object) => boolean>> {
    return Object.fromEntries(
      [...this.#kinds].flatMap(([kind, { options, equal = {} }]) => [
        ...Object.entries(options).flatMap(([name, { same }]) => (same === undefined ? [] : [[`${kind}.${name}`, same] as const])),
        ...Object.entries(equal).map(
          ([name, same]) =>
            [
              `${kind}.${name}`,
              (wanted: unknown, found: unknown, row: object) => same(wanted, found, (row as Wanted)[kind] ?? {}),
            ] as const,
        ),
      ]),
    );
  }

  /** Translates the engine's options of a row. */
  read(kind: string | undefined, data: object | undefined, context: KindContext): object {
    if (kind === undefined || data === undefined) return {};
    const known = this.#kinds.get(kind);
    if (known === undefined) return Object.keys(data).length === 0 ? {} : { options: engineWords(data) };
    const complete = known.fromData?.(data as KindData, context) ?? data;
    const options = readOptions(known.options, picked(known.options, complete), NO_NAMES);
    return options === undefined ? {} : { [kind]: options };
  }

  /** Checks options as they are written, before their units are translated. @throws FieldError */
  checkGiven(given: object): void {
    for (const [name, value] of Object.entries(given)) {
      const known = this.#kinds.get(name);
      if (known === undefined || typeof value !== 'object' || value === null) continue;
      checkBareRates(known.options, value, name);
      inside(name, () => known.checkGiven?.(value as Readonly<Record<string, unknown>>));
    }
  }

  /** Checks the properties that depend on the kind, as far as they are given. @throws FieldError */
  check(wanted: Wanted, context: KindContext): void {
    const { kind, options } = wanted as { readonly kind?: string; readonly options?: object };
    const wrong = [...this.#kinds.keys()].find((name) => name !== kind && wanted[name] !== undefined);
    if (wrong !== undefined) {
      if (kind === undefined) throw new FieldError(wrong, `needs kind: '${wrong}' beside it`);
      throw new FieldError(wrong, `is not a property of a ${this.#noun} of kind '${kind}'${meantKind(kind, wrong, this.#kinds)}`);
    }
    if (options !== undefined && kind === undefined) throw new FieldError('options', 'needs kind beside it');
    if (kind === undefined) return;
    const known = this.#kinds.get(kind);
    if (options !== undefined && known !== undefined)
      throw new FieldError('options', `the options of this kind are the property '${kind}'`);
    inside(kind, () => known?.check?.(wanted[kind] ?? {}, context));
  }

  /** Checks the options that a new object needs. @throws FieldError */
  checkNew(wanted: Wanted): void {
    const { kind } = wanted as { readonly kind?: string };
    if (kind === undefined) throw new FieldError('kind', `is required to create a ${this.#noun}`);
    const options = (wanted[kind] ?? {}) as Normal;
    const missing = this.#kinds.get(kind)?.needs?.find((name) => (options[name] ?? undefined) === undefined);
    if (missing !== undefined) throw new FieldError(`${kind}.${missing}`, `is required to create a ${this.#noun} of kind '${kind}'`);
  }

  /** Returns an existing object with the wanted properties in it; another kind drops the options of the old one. */
  merge(found: Wanted, wanted: Wanted): Wanted {
    const { kind } = found as { readonly kind?: string };
    const { [kind ?? '']: own, options, handle, ...others } = found;
    if (wanted['kind'] !== undefined && wanted['kind'] !== kind) return merge(others, wanted);
    const merged = merge({ ...others, ...(handle !== undefined && { handle }), ...(options !== undefined && { options }) }, wanted);
    if (kind === undefined) return merged;
    const inner = wanted[kind] as Normal | undefined;
    if (own === undefined || inner === undefined) return { ...merged, ...(own !== undefined && { [kind]: own }) };
    const join = this.#kinds.get(kind)?.merge ?? merge;
    return { ...merged, [kind]: join(own as Normal, inner) };
  }

  /** Returns the changed options that the kernel cannot change, as paths. */
  fixed(kind: string, paths: readonly string[]): readonly string[] {
    const known = this.#kinds.get(kind);
    const changed = paths.filter((path) => path.startsWith(`${kind}.`)).map((path) => path.slice(kind.length + 1));
    if (known === undefined) return [];
    return (known.fixed === true ? changed : fixedOptions(known.options, changed)).map((name) => `${kind}.${name}`);
  }

  /**
   * Returns the engine's options for a request; `undefined` if there are none.
   *
   * @param paths - The changed properties; omitted for a new object.
   * @throws FieldError if the options do not fit together.
   */
  write(wanted: Wanted, paths?: readonly string[]): object | undefined {
    const { kind, options } = wanted as { readonly kind: string; readonly options?: object };
    const known = this.#kinds.get(kind);
    if (known === undefined) return options;
    const all = (wanted[kind] ?? {}) as Normal;
    const data = inside(kind, () => dataOf(known, all, (name) => paths?.includes(`${kind}.${name}`)));
    return Object.keys(data).length === 0 && known.always !== true ? undefined : nested(data);
  }
}

/**
 * Returns the engine's options by path.
 *
 * @param isChanged - Returns true for a changed option; undefined for each option of a new object.
 */
function dataOf(known: KnownKind, all: Normal, isChanged: (name: string) => boolean | undefined): KindData {
  known.checkWhole?.(all);
  const isSent = ([name, value]: readonly [string, unknown]): boolean => {
    const changed = isChanged(name);
    return changed === undefined ? value !== null : known.whole === true || changed;
  };
  const written = writeOptions(known.options, Object.fromEntries(Object.entries(all).filter(isSent)), NO_NAMES);
  return known.toData?.(written, all) ?? written;
}

/** Runs a step with the options of a kind; the path of its error is that inside of the object. */
function inside<T>(kind: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new FieldError(`${kind}.${error.path}`, error.message, error.reason);
  }
}

/** Returns the values of the attributes of a table; one with a dot is a path. */
function picked(table: OptionTable, data: object): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { attribute } of Object.values(table)) {
    const value = attribute.split('.').reduce<unknown>((part, name) => (part as KindData | undefined)?.[name], data);
    if (value !== undefined) values[attribute] = value;
  }
  return values;
}

/** Returns an object of paths as nested objects. */
function nested(data: KindData): object {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(data)) {
    const names = path.split('.');
    const last = names.pop()!;
    let part = root;
    for (const name of names) part = (part[name] ??= {}) as Record<string, unknown>;
    part[last] = value;
  }
  return root;
}
