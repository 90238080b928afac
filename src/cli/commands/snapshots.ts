import type { SnapshotsResult } from '../../client';
import { EXIT } from '../errors';
import { omitUndefined } from '../../contract/omit-undefined';
import { addCommonOptions, examples, type CommonOptions, type DefineCommand } from '../options';
import { bareIds, dataText, formatSpan, table } from '../output';
import { runAction } from '../run-action';

interface SnapshotsOptions extends CommonOptions {
  readonly vm: string;
  readonly connection?: string;
  readonly cluster?: string;
}

export const define: DefineCommand = (command, setExitCode) => {
  command
    .requiredOption('--vm <vm>', 'virtual machine, name or id')
    .option('--connection <name>', "connection of the worker's configuration (default: default)")
    .option('--cluster <cluster>', 'cluster of the machine, name or id (default: found)');
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(['snapflow snapshots --vm web-01', 'snapflow snapshots --vm vm-1042 --json']),
    )
    .action(async (options: SnapshotsOptions) => setExitCode(await listSnapshots(options)));
};

const listSnapshots = (options: SnapshotsOptions): Promise<number> =>
  runAction(options, async ({ snapflow, terminal, format, quiet, signal }) => {
    const { vm, connection, cluster } = options;
    const answer = await snapflow.snapshots({ vm, signal, ...omitUndefined({ connection, cluster }) });
    const { kind: _, ...data } = answer;
    const asTable = (): string =>
      quiet
        ? bareIds(data.snapshots.map(({ snapshotId }) => snapshotId))
        : renderSnapshots(answer, new Date());
    terminal.out(dataText(format, 'snapshots', data, asTable));
    return EXIT.ok;
  });

/** Snapshots as a table, newest first, with age and time left. */
export const renderSnapshots = ({ snapshots }: SnapshotsResult, now: Date): string =>
  table(
    ['SNAPSHOT', 'NAME', 'TYPE', 'CREATED', 'AGE', 'EXPIRES'],
    snapshots.map(({ snapshotId, name, type, createdAt, expiresAt, unusable, latest }) => [
      snapshotId,
      name,
      latest === true ? `${type}, latest` : type,
      createdAt ?? '-',
      createdAt === undefined ? '-' : formatSpan(now.getTime() - Date.parse(createdAt)),
      unusable ?? (expiresAt === undefined ? 'never' : expiry(Date.parse(expiresAt) - now.getTime())),
    ]),
  );

const expiry = (leftMs: number): string => (leftMs <= 0 ? 'expired' : `in ${formatSpan(leftMs)}`);
