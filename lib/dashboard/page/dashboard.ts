import type { Hello, Rate, TableRows } from '../protocol.js';
import { clockText, countText, rateText } from './model/format.js';
import { figuresOf } from './model/figures.js';
import { History, SECONDS } from './model/history.js';
import { filterWords } from '../filter.js';
import { MOST_ROWS, TableModel } from './model/table-rows.js';
import { TopologyState } from './model/topology-state.js';
import { Stream, type StreamState } from './stream.js';
import { byId, html, setText } from './view/elements.js';
import { Plot } from './view/plot.js';
import { RowCursor } from './view/row-cursor.js';
import { TableView } from './view/table-view.js';
import { Tabs } from './view/tabs.js';
import { TopologyView } from './view/topology-view.js';

/** Milliseconds after the last key until the server receives a filter. */
const FILTER_DELAY = 300;

/** The parts of the page that the next frame draws. */
type Part = 'rows' | 'plot' | 'topology';

/** The page: it keeps what the server sent, and draws what changed at most once a frame. */
export class Dashboard {
  readonly #tables = new Map<string, TableModel>();
  readonly #history = new History((key) => this.#tables.get('links')?.get(key) !== undefined);
  readonly #topology = new TopologyState();
  readonly #filter = byId('filter') as HTMLInputElement;
  readonly #table = new TableView(byId('rows'));
  readonly #plot = new Plot(byId('plot'), (index) => {
    this.#pointed = index;
    this.#draw('plot');
  });
  readonly #tabs = new Tabs(byId('tabs'), byId('panel'), (name) => this.#openTable(name));
  readonly #topologyView = new TopologyView(byId('topology'), byId('topology-note'), (key) => this.#choose(key));
  readonly #cursor = new RowCursor(byId('rows'), byId('announced'), this.#table, (key) => this.#chooseRow(key));
  readonly #stream: Stream;
  readonly #stale = new Set<Part>();
  #opened = '';
  /** The host of the fleet that was chosen, and the one whose tables are shown. */
  #host: string | undefined;
  #shownHost: string | undefined;
  #chosen: string | undefined;
  /** The index of the second below the pointer. */
  #pointed: number | undefined;
  #filterTimer: ReturnType<typeof setTimeout> | undefined;
  /** The filters of the open stream: text by the names of tables. */
  #filters: ReadonlyMap<string, string> = new Map();
  /** The link that was plotted last: the row with its name may be filtered. */
  #plotted: { readonly key: string; readonly name: string } | undefined;

  constructor() {
    this.#stream = new Stream(
      {
        hello: (hello) => this.#onHello(hello),
        all: (event) => this.#onRows(event, true),
        diff: (event) => this.#onRows(event, false),
        rates: (rates) => this.#onRates(rates),
        topology: (topology) => {
          this.#topology.replace(topology);
          this.#draw('topology');
        },
        'topology-diff': (diff) => {
          this.#topology.change(diff);
          this.#draw('topology');
        },
      },
      (state) => this.#showState(state),
    );
  }

  /** Connects the page with the server and the reader. */
  start(): void {
    this.#filter.addEventListener('input', () => {
      this.#draw('rows');
      clearTimeout(this.#filterTimer);
      this.#filterTimer = setTimeout(() => this.#sendFilter(), FILTER_DELAY);
    });
    byId('follow').addEventListener('click', () => {
      this.#choose(undefined);
      byId('rows').focus();
    });
    new ResizeObserver(() => this.#draw('topology')).observe(byId('topology'));
    this.#stream.open(new Map());
  }

  #onHello({ version, host, namespace, fleet, tables }: Hello): void {
    const shown = fleet ?? namespace ?? host;
    setText(byId('host'), shown === host ? host : `${host}, ${fleet === undefined ? 'namespace' : 'host'} ${shown}`);
    byId('host').title = `rxnetlink ${version}`;
    document.title = `${shown} · rxnetlink`;
    document.body.toggleAttribute('data-fleet', fleet !== undefined);
    const isSame = tables.length === this.#tables.size && tables.every(({ name }) => this.#tables.has(name));
    if (isSame && (fleet ?? undefined) === this.#shownHost) return;
    this.#shownHost = fleet ?? undefined;
    this.#tables.clear();
    for (const head of tables) this.#tables.set(head.name, new TableModel(head));
    this.#tabs.show(tables);
    // The tables of a host follow that of the hosts.
    const first = tables[this.#shownHost === undefined ? 0 : 1];
    if (first !== undefined) this.#tabs.select(first.name);
  }

  #onRows(event: TableRows, isAll: boolean): void {
    const table = this.#tables.get(event.table);
    if (table === undefined) return;
    const { needsServer } = table;
    if (isAll) table.replace(event);
    const gone = isAll ? this.#missing(event) : table.change(event);
    this.#draw('rows');
    if (event.table === 'links') {
      this.#forget(gone);
      this.#draw('plot');
    }
    if (table.needsServer && !needsServer) this.#sendFilter();
  }

  #onRates(rates: readonly Rate[]): void {
    this.#history.add(Date.now() / 1000, rates);
    this.#draw('plot');
    if (this.#opened === 'links') this.#draw('rows');
  }

  /** Returns the links that are not among all rows; none if the server did not send all. */
  #missing({ total, rows, error }: TableRows): readonly string[] {
    if (rows.length < total || error !== undefined) return [];
    const present = new Set(rows.map(([key]) => key));
    const known = this.#chosen === undefined ? this.#history.keys : [...this.#history.keys, this.#chosen];
    return known.filter((key) => !present.has(key));
  }

  /** Forgets links that are gone: an index may belong to another link later. A filter of the server also removes rows of links that exist. */
  #forget(gone: readonly string[]): void {
    if (this.#filters.has('links')) return;
    for (const key of gone) this.#history.delete(key);
    if (this.#chosen !== undefined && gone.includes(this.#chosen)) this.#choose(undefined);
  }

  /** Plots a link, or the busiest one. */
  #choose(key: string | undefined): void {
    this.#chosen = key;
    byId('follow').hidden = key === undefined;
    this.#draw('plot');
  }

  /** Plots a link, or shows the tables of a host; returns what has happened to it. */
  #chooseRow(key: string): string {
    if (this.#opened !== 'hosts') {
      this.#choose(key);
      return 'is plotted';
    }
    if (key === this.#shownHost) {
      this.#tabs.select('links');
      return 'is shown';
    }
    this.#host = key;
    this.#filter.value = '';
    this.#filters = new Map();
    this.#stream.open(this.#filters, key);
    return 'is shown';
  }

  /** Sends the filter to the server, for the tables that have more rows than the page. */
  #sendFilter(): void {
    const text = filterWords(this.#filter.value).join(' ');
    const filters = new Map<string, string>();
    if (text !== '') for (const [name, table] of this.#tables) if (table.needsServer) filters.set(name, text);
    if (JSON.stringify([...filters]) === JSON.stringify([...this.#filters])) return;
    this.#filters = filters;
    this.#stream.open(filters, this.#host);
  }

  #showState(state: StreamState): void {
    const element = byId('state');
    // The page of a fleet is as current as the command's connection to the nats-server.
    const isServerLost = state.type === 'live' && this.#tables.get('hosts')?.error !== undefined;
    element.setAttribute('data-state', isServerLost ? 'lost' : state.type);
    if (isServerLost) return setText(element, 'the nats-server is not connected');
    if (state.type !== 'lost') return setText(element, state.type);
    setText(element, state.since === undefined ? 'not connected' : `not connected, what you see is from ${clockText(state.since)}`);
  }

  #openTable(name: string): void {
    const table = this.#tables.get(name);
    if (table === undefined) return;
    this.#opened = name;
    const rates = (key: string): string[] => this.#history.latest(key).map((rate) => (rate === 0 ? '' : rateText(rate)));
    const hasRates = name === 'links' && !document.body.hasAttribute('data-fleet');
    this.#table.open(table.head, hasRates ? { titles: ['Received', 'Sent'], texts: rates } : undefined);
    this.#cursor.reset(name === 'hosts' || hasRates);
    byId('rows').setAttribute('aria-label', `${table.head.title}, rows`);
    byId('rows').scrollTop = 0;
    this.#draw('rows');
  }

  /** Draws a part in the next frame. */
  #draw(part: Part): void {
    if (this.#stale.size === 0) requestAnimationFrame(() => this.#drawStale());
    this.#stale.add(part);
  }

  #drawStale(): void {
    const stale = new Set(this.#stale);
    this.#stale.clear();
    if (stale.has('rows')) this.#drawRows();
    if (stale.has('plot')) this.#drawPlot();
    if (stale.has('topology')) this.#topologyView.show(this.#topology.current);
  }

  #drawRows(): void {
    const words = filterWords(this.#filter.value);
    for (const [name, table] of this.#tables) {
      const isOpen = name === this.#opened;
      if (words.length === 0 && !isOpen) {
        this.#tabs.count(name, countText(table.total), table.error !== undefined);
        continue;
      }
      const shown = table.shown(words, isOpen && name === 'links' ? (key) => this.#history.load(key) : undefined);
      const count = words.length === 0 ? countText(shown.total) : `${countText(shown.matching)} of ${countText(shown.total)}`;
      this.#tabs.count(name, count, table.error !== undefined);
      if (!isOpen) continue;
      this.#table.render(shown.entries);
      this.#cursor.draw(shown.entries.map(({ key }) => key));
      const [most, matching] = [countText(shown.entries.length), countText(shown.matching)];
      const omitted = shown.matching > MOST_ROWS ? `${most} of ${matching} shown, filter to see others` : '';
      const empty = shown.total === 0 ? 'empty' : 'no row matches the filter';
      setText(byId('shown'), shown.entries.length === 0 && table.isKnown ? empty : omitted);
      setText(byId('rows').querySelector('caption')!, `${table.head.title}: ${most} of ${countText(shown.total)}`);
      const fault = byId('fault');
      fault.hidden = table.error === undefined;
      setText(fault, table.error ?? '');
    }
  }

  #drawPlot(): void {
    const key = this.#chosen ?? this.#history.busiest;
    if (key === undefined) {
      setText(byId('plotted'), '');
      setText(byId('figures'), 'No link has moved a byte since this page was opened.');
      return;
    }
    const row = this.#tables.get('links')?.get(key);
    if (row !== undefined || this.#plotted?.key !== key) this.#plotted = { key, name: String(row?.cells[0] ?? key) };
    const { name } = this.#plotted;
    const series = this.#history.series(key);
    setText(byId('plotted'), this.#chosen === undefined ? `${name}, the busiest link` : name);
    const figures = figuresOf(series, this.#pointed);
    byId('figures').replaceChildren(...figures.map(({ kind, text }) => html('span', { class: kind }, text)));
    const label = figures.map(({ text }) => text).join('; ');
    this.#plot.show(series, `Traffic of ${name} in the last ${SECONDS} seconds: ${label}`);
    this.#topologyView.mark(key);
    this.#cursor.mark(this.#opened === 'links' ? key : undefined);
  }
}
