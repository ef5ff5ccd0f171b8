import { finalize, ignoreElements, map, mergeMap, of, tap } from 'rxjs';
import type { AttributeSchema, FamilySchema, MemberSchema, OperationSchema } from '../../schema/index.js';
import type { Action } from '../command.js';
import { tableLines, type Column } from '../output/table.js';
import type { Style } from '../output/style.js';
import { openFamily, operationOf, type FamilyCallOptions } from './open-family.js';
import { jsonText } from '../output/json-text.js';

/** `rxnetlink describe`: what a family can do, or what one of its operations contains. */
export const action: Action = ({ words: [family, operation], options, output }) =>
  openFamily(family!, options).pipe(
    mergeMap((client) =>
      of(client).pipe(
        map(({ schema }) => (operation === undefined ? overview(schema) : fieldsOf(schema, operationOf(client, operation)))),
        finalize(() => client.close()),
      ),
    ),
    tap((parts) => {
      output.lines((options as FamilyCallOptions).json === true ? [jsonText(parts)] : partLines(parts, output.style));
    }),
    ignoreElements(),
  );

/** Lists of rows by their title. */
type Parts = Readonly<Record<string, readonly Readonly<Record<string, string | number>>[]>>;

function overview(schema: FamilySchema): Parts {
  return {
    operations: schema.operations
      .filter((operation) => operation.do !== undefined || operation.dump !== undefined)
      .map(({ name, do: single, dump, permission }) => ({
        name,
        do: single === undefined ? '' : 'yes',
        dump: dump === undefined ? '' : 'yes',
        needs: permission === undefined ? '' : 'CAP_NET_ADMIN',
      })),
    notifications: schema.operations
      .filter(({ notify, event }) => notify !== undefined || event === true)
      .map(({ name, groups = [] }) => ({ name, groups: groups.join(', ') })),
    groups: schema.groups.map(({ name, number }) => ({ name, number: number ?? '' })),
  };
}

function fieldsOf(schema: FamilySchema, operation: OperationSchema): Parts {
  const shape = operation.do?.input ?? operation.dump?.input ?? operation;
  const header = schema.structs.find(({ name }) => name === shape.fixedHeader)?.members ?? [];
  const attributes = schema.sets.find(({ name }) => name === shape.set)?.attributes ?? [];
  return {
    header: header.filter(({ type }) => type !== 'pad').map((member) => fieldOf(member, schema)),
    attributes: attributes.filter(({ type }) => type !== 'pad' && type !== 'unused').map((attribute) => fieldOf(attribute, schema)),
  };
}

function fieldOf(field: AttributeSchema | MemberSchema, schema: FamilySchema): Readonly<Record<string, string | number>> {
  const { name, property, type, hint, set, struct, subMessage, enum: names, flags } = field;
  const values = schema.enums.find((entry) => entry.name === (names ?? flags))?.entries.map(([value]) => value) ?? [];
  return {
    property,
    type: hint ?? type,
    of: set ?? struct ?? subMessage ?? '',
    values: values.slice(0, 8).join(', ') + (values.length > 8 ? ', ...' : ''),
    kernel: name,
  };
}

function partLines(parts: Parts, style: Style): string[] {
  return Object.entries(parts)
    .filter(([, rows]) => rows.length > 0)
    .flatMap(([title, rows], index) => {
      const columns: Column<Readonly<Record<string, string | number>>>[] = Object.keys(rows[0]!).map((name) => ({
        title: name.toUpperCase(),
        text: (row) => row[name],
      }));
      return [...(index === 0 ? [] : ['']), style.bold(title), ...tableLines(rows, columns, { style }).map((line) => `  ${line}`)];
    });
}
