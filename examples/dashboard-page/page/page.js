/*
 * Names of links may contain any characters, also `<img>`. The page writes them as text (textContent), so that the browser never reads them
 * as HTML.
 */
const table = document.getElementById('links');
const state = document.getElementById('state');

/** The rows of the table by the index of the link. A link keeps its index when its name changes. */
const rows = new Map();

function setRow({ index, name, state: linkState, mtu, addresses }) {
  const row = rows.get(index) ?? addRow(index);
  const texts = [name, linkState, String(mtu ?? ''), addresses.join(', ')];
  for (const [place, text] of texts.entries()) row.cells[place].textContent = text;
}

function addRow(index) {
  const row = document.createElement('tr');
  const name = document.createElement('th');
  name.scope = 'row';
  row.append(name, ...Array.from({ length: 5 }, () => document.createElement('td')));
  for (const cell of [row.cells[2], row.cells[4], row.cells[5]]) cell.className = 'number';
  rows.set(index, row);
  table.append(row);
  return row;
}

function removeRow(index) {
  rows.get(index)?.remove();
  rows.delete(index);
}

function setRate([index, received, sent]) {
  const row = rows.get(index);
  if (row === undefined) return;
  row.cells[4].textContent = rateText(received);
  row.cells[5].textContent = rateText(sent);
}

function rateText(bytes) {
  const units = ['B/s', 'kB/s', 'MB/s', 'GB/s'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 100 ? 1 : 0)} ${units[power]}`;
}

// The browser connects again by itself. The first event of each connection has all links.
const source = new EventSource('events');
source.addEventListener('open', () => (state.textContent = 'live'));
source.addEventListener('error', () => (state.textContent = `not connected since ${new Date().toLocaleTimeString()}`));
const on = (name, handle) => source.addEventListener(name, ({ data }) => handle(JSON.parse(data)));

on('all', (links) => {
  const present = new Set(links.map(({ index }) => index));
  for (const index of [...rows.keys()]) if (!present.has(index)) removeRow(index);
  for (const link of links) setRow(link);
});
on('row', setRow);
on('gone', removeRow);
on('rates', (rates) => {
  for (const rate of rates) setRate(rate);
});
