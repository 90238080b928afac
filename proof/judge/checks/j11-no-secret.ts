import { each, type Check } from '../check';
import type { Sink } from '../evidence/evidence';
import { findSecret } from '../secrets/find-secret';

/** No canary in any sink, however it is encoded. */
export const noSecret: Check = {
  id: 'J11',
  demands: 'no secret in any sink',
  judge: ({ evidence: { sinks, secrets } }) =>
    each('sinks to search for canaries', secrets.canaries.length === 0 ? [] : sinks, (sink) => {
      const text = textOf(sink);
      return secrets.canaries.map(({ name, value }) => {
        const how = findSecret(value, text);
        return how !== undefined && `the canary ${name} is in ${sink.path}, ${how}`;
      });
    }),
};

/** Bytes as they are, so that a database file is searched like a text. A simulator says its passwords on its first line. */
function textOf({ path, bytes }: Sink): string {
  const text = bytes.toString('latin1');
  return /^logs\/[^/]*simulator[^/]*$/.test(path) ? text.replace(/^\{.*"controlUrl".*\}$/m, '') : text;
}
