import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isInOwnNamespace, namespaceEnv } from './namespace';

const run = promisify(execFile);

/** Packets of so many bytes or more carry data: those that open, acknowledge and end a connection are shorter. */
const DATA_BYTES = 100;
const SHARE_PERCENT = 25;
/** The first bytes of a request, behind a TCP header with time stamps, as every packet of Linux with data has one. */
const BEGINS_WITH_POST = '@th,256,32 0x504f5354';

/** What vanishes of the packets between a worker and a host's port. */
const LOSSES = {
  some: ['dport', 'sport'].map((side) => ({ side, which: `numgen random mod 100 < ${SHARE_PERCENT}` })),
  all: ['dport', 'sport'].map((side) => ({ side, which: '' })),
  requests: [{ side: 'dport', which: '' }],
  replies: [{ side: 'sport', which: '' }],
  data: [{ side: 'dport', which: `meta length >= ${DATA_BYTES}` }],
  posts: [{ side: 'dport', which: BEGINS_WITH_POST }],
} as const satisfies Record<string, readonly { readonly side: string; readonly which: string }[]>;

export type Loss = keyof typeof LOSSES;

export interface PacketFilter {
  /** How many packets have vanished. */
  readonly dropped: () => Promise<number>;
  readonly heal: () => Promise<void>;
}

/** The rules as nft reads them: each packet passes the hook once, where it arrives. */
export const rulesOf = (table: string, loss: Loss, ports: readonly number[]): string =>
  [
    `add table inet ${table}`,
    `add chain inet ${table} arriving { type filter hook input priority 0 ; }`,
    ...LOSSES[loss].map(
      ({ side, which }) =>
        `add rule inet ${table} arriving tcp ${side} { ${ports.join(', ')} } ${which} counter drop`,
    ),
  ].join('\n');

/** Lets packets of these ports vanish until it is healed. Only in a namespace of the proof's own. */
export async function losePackets(loss: Loss, ports: readonly number[]): Promise<PacketFilter> {
  if (!isInOwnNamespace())
    throw new Error('Packets are lost in a network namespace of the proof alone: give --tier 3.');
  const table = `snapflow_${ports.join('_')}`;
  const nft = (text: string) => run('nft', [text], { env: namespaceEnv() });
  await nft(rulesOf(table, loss, ports));
  let dropped: number | undefined;
  const count = async (): Promise<number> => {
    const { stdout } = await nft(`list table inet ${table}`);
    return [...stdout.matchAll(/counter packets (\d+)/g)].reduce((sum, [, some]) => sum + Number(some), 0);
  };
  return {
    dropped: async () => dropped ?? count(),
    heal: async () => {
      dropped = await count();
      await nft(`delete table inet ${table}`);
    },
  };
}
