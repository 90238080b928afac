import type { Effect } from '../simulated-vsphere';
import type { Chapter, Told } from '../environment';

/** What was really done, as vSphere's side wrote it down. */
export const oneEffectEach: Chapter = {
  title: 'What really happened, from the simulator’s ledger',
  tell: async ({ narrator, simulator, told }) => {
    const ledger = await simulator.ledger();
    const rows = told.map((request) => row(request, effectsOf(ledger, request)));
    for (const line of table([['request', 'about', 'outcome', 'effects', 'machine', 'task'], ...rows]))
      narrator.say(line);
    for (const request of told) {
      const effects = effectsOf(ledger, request);
      narrator.check(
        `${request.requestId}: ${request.effects.join(', ') || 'no effect'}`,
        String(effects.map(({ kind }) => kind)) === String(request.effects) && isItsMachine(request, effects),
        `${effects.length} in the ledger`,
      );
    }
    const asked = told.reduce((sum, { effects }) => sum + effects.length, 0);
    narrator.check(
      'and nothing else was changed',
      ledger.length === asked,
      `${ledger.length} effects in all, ${asked} expected`,
    );
  },
};

const isItsMachine = ({ vmId }: Told, effects: readonly Effect[]): boolean =>
  vmId === undefined || effects[0]?.resultVm === vmId;

const effectsOf = (ledger: readonly Effect[], { about }: Told): readonly Effect[] =>
  ledger.filter((effect) => ('name' in about ? effect.name === about.name : effect.vm === about.vmId));

const row = ({ requestId, about, outcome }: Told, effects: readonly Effect[]): readonly string[] => [
  requestId,
  'name' in about ? about.name : about.vmId,
  outcome,
  effects.map(({ kind }) => kind).join(' ') || '-',
  each(effects.map(({ vm, resultVm }) => resultVm ?? vm)),
  each(effects.map(({ task }) => task)),
];

/** Without those that are missing, and each once. */
const each = (ids: readonly (string | undefined)[]): string =>
  [...new Set(ids.filter((id) => id !== undefined))].join(' ') || '-';

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
