import { oneLine } from '../../contract/text';

/** What `--quiet` prints, one id a line. Whoever chose an id, it stays one harmless line; `-o json` has it exactly. */
export const bareIds = (ids: readonly string[]): string => ids.map((id) => `${oneLine(id)}\n`).join('');
