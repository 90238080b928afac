import type { Effect } from '../simulated-vsphere';
import type { Chapter, Told } from '../stage';

/** What was really done, as vSphere's side wrote it down. */
export const oneEffectEach: Chapter = {
  title: 'What really happened, from the simulator’s ledger',
  tell: async ({ narrator, simulator, told }) => {
    const ledger = await simulator.ledger();
    const rows = told.map((request) => row(request, effectsOf(ledger, request)));
    for (const line of table([['request', 'clone', 'outcome', 'effects', 'machine', 'task'], ...rows]))
      narrator.say(line);
    for (const request of told) {
      const effects = effectsOf(ledger, request);
      narrator.check(
        `${request.requestId}: ${request.effects === 1 ? 'one effect' : 'no effect'}`,
        effects.length === request.effects && effects[0]?.resultVm === request.vmId,
        `${effects.length} in the ledger`,
      );
    }
    const asked = told.reduce((sum, { effects }) => sum + effects, 0);
    narrator.check(
      'and nothing else was changed',
      ledger.length === asked,
      `${ledger.length} effects in all, ${asked} asked for`,
    );
  },
};

const effectsOf = (ledger: readonly Effect[], { name }: Told): readonly Effect[] =>
  ledger.filter((effect) => effect.name === name);

const row = ({ requestId, name, outcome }: Told, effects: readonly Effect[]): readonly string[] => [
  requestId,
  name,
  outcome,
  String(effects.length),
  effects.map(({ resultVm }) => resultVm).join(' ') || '-',
  effects.map(({ task }) => task).join(' ') || '-',
];

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
