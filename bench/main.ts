import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findTemporal, startDevServer } from 'snapflow-dev-server';
import { SEARCH_ATTRIBUTES, SERVER_SETTINGS } from '../src/contract/operations';
import { commitOf } from '../proof/commit-of';
import { circumstances } from './circumstances';
import { readResults, table, targetLine, writeResults, type Results } from './results';
import type { Row } from './row';
import { QUICK, ROWS } from './rows';
import { BenchEnvironment, type Build } from './bench-environment';
import { measureWithinLimit } from './within-limit';

/** Rows that measure more than one build. */
const BESIDE = ['throughput', 'throughput-postgresql', 'crowd'];

const USAGE = `npm run bench [-- --quick] [--only ROW,...] [--again] [--beside FOLDER]

  --quick   small sizes, under two minutes; prints, and writes nothing
  --only    rows by name: ${ROWS.map(({ name }) => name).join(', ')}
  --again   measures rows anew that were measured at this commit already
  --beside  another checkout that is built: ${BESIDE.join(' and ')} measure it in turn with this one; prints, and writes nothing`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      again: { type: 'boolean', default: false },
      beside: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const rows = chosen(values.only, values.quick);
  const builds = buildsOf(values.beside);
  const server = await openServer();
  try {
    if (values.quick || builds.length > 1) await measureOnce(rows, server, values.quick, builds);
    else await measureAll(rows, server, values.again);
  } finally {
    await server.stop();
  }
}

/** This checkout, and another one where it is named. */
function buildsOf(beside: string | undefined): readonly Build[] {
  if (beside === undefined) return [{ called: 'snapflow' }];
  const folder = resolve(beside);
  if (!existsSync(join(folder, 'dist', 'cli', 'main.js')))
    throw new Error(`--beside names ${folder}, which holds no build: run npm run build there.`);
  return [{ called: 'snapflow' }, { called: `snapflow at ${commitOf(['src'], folder)}`, folder }];
}

function chosen(only: string | undefined, quick: boolean): readonly Row[] {
  if (only === undefined) return quick ? QUICK : ROWS;
  return only.split(',').map((name) => {
    const row = ROWS.find((each) => each.name === name);
    if (row === undefined)
      throw new Error(
        `--only names "${name}", which is no row: give some of ${ROWS.map((each) => each.name).join(', ')}.`,
      );
    return row;
  });
}

interface Server {
  readonly address: string;
  readonly called: string;
  stop(): Promise<void>;
}

async function openServer(): Promise<Server> {
  const found = await findTemporal();
  if (found.kind === 'address')
    return {
      address: found.address,
      called: 'the Temporal server of TEMPORAL_ADDRESS',
      stop: () => Promise.resolve(),
    };
  const server = await startDevServer({
    binary: found.path,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    dynamicConfig: SERVER_SETTINGS,
  });
  return {
    address: server.address,
    called: "Temporal's development server, in memory",
    stop: () => server.stop(),
  };
}

async function measureOnce(
  rows: readonly Row[],
  server: Server,
  quick: boolean,
  builds: readonly Build[],
): Promise<void> {
  console.log(`${circumstances().machine}, commit ${circumstances().commit}, ${server.called}\n`);
  for (const row of rows) print(row, await measured(row, server, quick, builds));
}

async function measureAll(rows: readonly Row[], server: Server, again: boolean): Promise<void> {
  let results: Results = readResults();
  for (const row of rows) {
    const now = circumstances();
    if (!again && results[row.name]?.circumstances.commit === now.commit && !now.commit.endsWith('+')) {
      console.log(`${row.name}: measured at ${now.commit} already`);
      continue;
    }
    const from = performance.now();
    const found = await measured(row, server, false);
    const tookSeconds = Math.round((performance.now() - from) / 1_000);
    results = {
      ...results,
      [row.name]: {
        question: row.question,
        ...found,
        server: server.called,
        circumstances: now,
        tookSeconds,
      },
    };
    writeResults(results, ROWS);
    print(row, found);
  }
}

/** Whatever a row started has ended when it returns, also when it failed. */
async function measured(row: Row, { address, called }: Server, quick: boolean, builds?: readonly Build[]) {
  const bench = new BenchEnvironment({ address }, called, builds);
  try {
    return await measureWithinLimit(row, bench, quick);
  } finally {
    await bench.close();
  }
}

function print(
  { name, question }: Row,
  { columns, lines, targets }: Awaited<ReturnType<Row['measure']>>,
): void {
  console.log([`${name}: ${question}`, table(columns, lines), ...targets.map(targetLine), ''].join('\n'));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // A row that hangs would keep the process.
  process.exit(1);
});
