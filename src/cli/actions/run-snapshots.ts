import type { CommonOptions } from '../common-options';
import { EXIT } from '../exit-code';
import { bareIds } from '../render/bare-ids';
import { renderSnapshots } from '../render/render-snapshots';
import { runAction } from '../run-action';
import { dataText } from '../write-data';

export interface SnapshotsCommandOptions extends CommonOptions {
  readonly vm: string;
  readonly connection?: string;
  readonly cluster?: string;
}

export const runSnapshots = (options: SnapshotsCommandOptions): Promise<number> =>
  runAction(options, async ({ snapflow, terminal, format, quiet, signal }) => {
    const { vm, connection, cluster } = options;
    const answer = await snapflow.snapshots({
      vm,
      signal,
      ...(connection === undefined ? {} : { connection }),
      ...(cluster === undefined ? {} : { cluster }),
    });
    const { kind: _, ...data } = answer;
    const asTable = (): string =>
      quiet
        ? bareIds(data.snapshots.map(({ snapshotId }) => snapshotId))
        : renderSnapshots(answer, new Date());
    terminal.out(dataText(format, 'snapshots', data, asTable));
    return EXIT.ok;
  });
