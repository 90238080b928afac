import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cloneNameLockId,
  deletionWorkflowId,
  DEFAULT_CONNECTION,
  DEFAULT_TASK_QUEUE,
  MEMO,
  requestWorkflowId,
  revertLockId,
  SEARCH_ATTRIBUTES,
  waitQueue,
  EVERY_OPERATION,
  OPERATIONS,
  WORKFLOWS,
} from '../../../src/contract/operations';
import { RESOLVE_UPDATE, type Resolution } from '../../../src/contract/resolve';
import { startOptions } from '../../../src/client/start';
import { identityOf } from '../../../src/request/identity';
import { parseLinkedCloneInput, parseRevertInput } from '../../../src/request/schemas';

const PAGE = readFileSync(join(__dirname, '../../../docs/contract.md'), 'utf8');

const block = (language: string, number = 0): string =>
  [...PAGE.matchAll(new RegExp(String.raw`\`\`\`${language}\n(.*?)\n\`\`\``, 'gs'))][number]?.[1] ?? '';
/** First cells, as code, of the rows of the table with that first heading. */
function keysOf(heading: string): string[] {
  const [, body = ''] =
    new RegExp(String.raw`^\| ${heading} .*\n\| -.*\n((?:\|.*\n)+)`, 'm').exec(PAGE) ?? [];
  return [...body.matchAll(/^\| `(\w+)`/gm)].map(([, key = '']) => key);
}

interface Start {
  readonly workflowType: string;
  readonly searchAttributes: Record<string, string>;
  readonly memo: Record<string, unknown>;
  readonly args: readonly unknown[];
  readonly [field: string]: unknown;
}

test('the page names the workflows, memo keys, search attributes and the update, and no others', () => {
  expect(keysOf('workflow type').toSorted()).toEqual(
    [...EVERY_OPERATION.map((each) => OPERATIONS[each].workflow), ...Object.values(WORKFLOWS)].toSorted(),
  );
  expect(keysOf('key').toSorted()).toEqual(Object.values(MEMO).toSorted());
  expect(keysOf('attribute').toSorted()).toEqual(Object.values(SEARCH_ATTRIBUTES).toSorted());
  expect(PAGE).toContain(`update \`${RESOLVE_UPDATE}\``);
});

test('the ids and queues of the page are those of the code', () => {
  expect(requestWorkflowId('<connection>', '<request id>')).toBe('snapflow:<connection>:<request id>');
  expect(PAGE).toContain('`snapflow:<connection>:<request id>`');
  expect(PAGE).toContain(`\`${cloneNameLockId('<connection>', '<name in lower case>')}\``);
  expect(PAGE).toContain(`\`${revertLockId('<connection>', '<vm id>')}\``);
  expect(PAGE).toContain(`\`${deletionWorkflowId('<connection>', '<request id>')}\``);
  expect(PAGE).toContain(`task queue \`${DEFAULT_TASK_QUEUE}\``);
  expect(waitQueue(DEFAULT_TASK_QUEUE)).toBe(`${DEFAULT_TASK_QUEUE}-waits`);
});

const STARTS = [
  ['clone', 0, parseLinkedCloneInput],
  ['revert', 1, parseRevertInput],
] as const;

test.each(STARTS)(
  'the start of a %s on the page is the one that the library makes',
  (operation, nth, parse) => {
    const { workflowType, searchAttributes, ...shared } = JSON.parse(block('json', nth)) as Start;
    const { requestId, request } = parse(shared.args[0]);
    const ours = startOptions(
      { operation, request, requestId, reuse: 'REJECT_DUPLICATE' },
      DEFAULT_TASK_QUEUE,
      true,
    );
    const { typedSearchAttributes, staticSummary: _, staticDetails: __, ...rest } = ours;
    expect(workflowType).toBe(OPERATIONS[operation].workflow);
    // The digest is for callers that compare it. The page asks for none.
    const { [MEMO.digest]: ___, ...memo } = rest.memo;
    expect(shared).toEqual({ ...rest, memo });
    expect(searchAttributes).toEqual(
      Object.fromEntries((typedSearchAttributes ?? []).map(({ key, value }) => [key.name, value])),
    );
    expect(shared['workflowId']).toBe(requestWorkflowId(DEFAULT_CONNECTION, requestId));
  },
);

test.each(STARTS)('the memo of a %s on the page has the request of its argument', (_operation, nth) => {
  const { memo, args } = JSON.parse(block('json', nth)) as Start;
  expect(args).toEqual([expect.objectContaining({ request: memo[MEMO.request] })]);
});

test('the page has every answer to a question, and no other', () => {
  const kinds: Record<Resolution['kind'], true> = {
    task: true,
    vm: true,
    done: true,
    repeat: true,
    abandon: true,
  };
  expect(keysOf('`kind`').toSorted()).toEqual(Object.keys(kinds).toSorted());
});

test('docs/contract-vectors.json says what the code computes: else npm run docs:generate', () => {
  const root = join(__dirname, '../../..');
  const { renderVectors } = require(join(root, 'scripts/render-vectors.js')) as {
    renderVectors: (code: object) => string;
  };
  expect(readFileSync(join(root, 'docs/contract-vectors.json'), 'utf8')).toBe(
    renderVectors({ requestWorkflowId, identityOf }),
  );
});
