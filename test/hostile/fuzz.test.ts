import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { parseDuration } from '../../src/cli/options';
import { ConfigInvalid, loadWorkerConfig } from '../../src/worker/config';
import {
  parseLinkedCloneRequest,
  parseLinkedCloneInput,
  parseRevertInput,
  parseRevertRequest,
} from '../../src/request/schemas';
import { RequestInvalid } from '../../src/request/parse';
import { VsphereError } from '../../src/vsphere';
import { CallFailure } from '../../src/vsphere/call-failure';
import { createAppliance } from '../../src/vsphere/snapservice';
import { createVcenter } from '../../src/vsphere/vcenter';
import { readReply, type HostCalls } from '../../src/vsphere/calls';
import { readAssertion } from '../../src/vsphere/auth/assertions';
import { readSoapFault } from '../../src/vsphere/auth/sts';
import { RecentSecrets, redact } from '../../src/vsphere/redaction';
import type { Items, VsphereCall } from '../../src/vsphere/replies';
import { XmlRefused } from '../../src/vsphere/auth/xml';
import { knownSecrets, logLine } from '../../src/worker/logging';
import { acceptInput } from '../../src/workflows/refusals';
import { markdownCode, escapeMarkdown } from '../../src/contract/text';

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  workflowInfo: jest.fn(),
}));

/** The same inputs in every run; another number tries others. A counterexample is printed with its path. */
const seed = Number(process.env['SNAPFLOW_FUZZ_SEED'] ?? 1);
/** What each parser gets where its inputs cost little; the others get what a few seconds allow. */
const CHEAP = 100_000;
/** Gives every parser that many inputs instead, which takes minutes. */
const wanted = process.env['SNAPFLOW_FUZZ_INPUTS'];
jest.setTimeout(wanted === undefined ? 120_000 : 3_600_000);
const inputs = (usual: number): number => (wanted === undefined ? usual : Number(wanted));
/** How many inputs each parser gets. */
const RUNS = {
  replies: inputs(1_600),
  refusals: inputs(4_000),
  requests: inputs(2_000),
  durations: inputs(CHEAP),
  configuration: inputs(1_500),
  assertions: inputs(CHEAP),
  faults: inputs(CHEAP),
  contract: inputs(8_000),
  log: inputs(1_000),
  markdown: inputs(8_000),
} as const;
function check<T>(numRuns: number, given: fc.Arbitrary<T>, holds: (value: T) => void): void {
  let tried = 0;
  fc.assert(
    fc.property(given, (value) => {
      tried += 1;
      holds(value);
    }),
    { seed, numRuns },
  );
  expect(tried).toBeGreaterThanOrEqual(numRuns);
}

/** What an attacker tries where a text is expected. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    '.',
    '..',
    '../../x',
    '__proto__',
    'constructor',
    'a\r\nb: c',
    '\u0000',
    '\ud800',
    '\u202e',
    '\u001b[2J',
    '%2e%2e',
    '?a=b#c',
    '-rf',
    '9'.repeat(400),
    'x'.repeat(3_000),
    '[x](y)<b>`',
  ),
);
const anything = fc.oneof(
  nasty,
  fc.anything({ maxDepth: 3, withNullPrototype: false }),
  fc.constantFrom(null, undefined, -1, 1e308, NaN, 2 ** 53, [], {}),
);
/** The valid value with some of its fields replaced, left out, or added to. */
const spoiled = (valid: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> =>
  fc.oneof(
    anything,
    fc
      .dictionary(fc.oneof(fc.constantFrom(...Object.keys(valid)), nasty), anything, { maxKeys: 3 })
      .map((changes) => ({ ...valid, ...changes })),
  );

const NO_ESCAPES = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u;
function thrownBy(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

const WIRE = {
  connection: 'lab',
  host: 'appliance',
  origin: 'https://a',
  secure: true,
  verifyChain: true,
  callDeadlineMs: 1,
  maxReplyBytes: 1,
  maxConnections: 1,
  maxCallsPerSecond: 1,
} as const;

/** Answers each call with the given text, through the parsers of the real client. */
function answering(status: number, text: string): HostCalls {
  const read = async <T>(call: VsphereCall<T>): Promise<T> =>
    readReply(
      call,
      { status, text, bytes: Buffer.from(text) },
      new CallFailure(WIRE, call, false, new RecentSecrets()),
    );
  const calls = {
    read,
    change: read,
    readList: async <T>(call: VsphereCall<Items<T>>) => ({ items: (await read(call)).items }),
    shown: (words: string) => redact(words, []),
  };
  return calls as unknown as HostCalls;
}

const TASK = {
  status: 'FAILED',
  service: 's',
  operation: 'o',
  cancelable: false,
  user: 'u',
  target: { type: 'VirtualMachine', id: 'vm-1' },
  start_time: '2026-01-01T00:00:00Z',
  progress: { total: 1, completed: 1, message: { default_message: 'x' } },
  result: 'vm-2',
  error: { error_type: 'ERROR', messages: [{ default_message: 'x' }] },
};
const SNAPSHOT = {
  name: 'n',
  snapshot_type: 'ONE_TIME',
  created_at: '2026-01-01T00:00:00Z',
  vm: 'vm-1',
  pg: 'p',
};
const VM = { vm: 'vm-1', name: 'web', power_state: 'POWERED_ON' };

const READS: readonly (readonly [string, fc.Arbitrary<unknown>, (calls: HostCalls) => Promise<unknown>])[] = [
  ['a task', spoiled(TASK), (calls) => createAppliance(calls).getTask('t')],
  [
    'tasks',
    fc.record({ items: fc.array(fc.record({ task: nasty, info: spoiled(TASK) }), { maxLength: 3 }) }),
    (calls) => createAppliance(calls).listTasks({ tasks: ['t'] }),
  ],
  [
    'snapshots',
    fc.record({ items: fc.array(fc.record({ snapshot: nasty, info: spoiled(SNAPSHOT) }), { maxLength: 3 }) }),
    (calls) => createAppliance(calls).listSnapshots('c', 'v'),
  ],
  ['machines', fc.array(spoiled(VM), { maxLength: 3 }), (calls) => createVcenter(calls).listVms({})],
  ['a start', nasty, (calls) => createAppliance(calls).startRevert('c', 'v', { snapshot: 's' })],
];

/** Every text that is an id goes into paths and commands. */
function expectCleanIds(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (/^(?:\w+Id|id)$/.test(key) && typeof each === 'string') {
      expect(each).toMatch(NO_ESCAPES);
      expect(['.', '..', '']).not.toContain(each);
      expect(each.length).toBeLessThanOrEqual(500);
    } else if (/^(?:message|failureText|failureType)$/.test(key)) {
      expect(String(each)).toMatch(NO_ESCAPES);
      expect(String(each).length).toBeLessThanOrEqual(501);
    } else expectCleanIds(each);
  }
}

test.each(READS)(
  `replies (${RUNS.replies} inputs): %s is read clean, or refused with a typed error`,
  async (_what, given, read) => {
    await fc.assert(
      fc.asyncProperty(given, fc.constantFrom(200, 201, 202), async (body, status) => {
        const text = JSON.stringify(body) ?? '';
        const error = await read(answering(status, text)).then(
          (value) => expectCleanIds(typeof value === 'string' ? { id: value } : value),
          (thrown: unknown) => thrown,
        );
        if (error === undefined) return;
        expect(error).toBeInstanceOf(VsphereError);
        expect((error as Error).message).toMatch(NO_ESCAPES);
        expect((error as Error).message.length).toBeLessThan(1_200);
      }),
      { seed, numRuns: RUNS.replies },
    );
  },
);

test(`refusals (${RUNS.refusals} inputs): any body with any status is a typed error with a clean sentence`, async () => {
  const body = fc.oneof(
    spoiled({ error_type: 'ERROR', messages: [{ default_message: 'x' }] }).map(
      (value) => JSON.stringify(value) ?? '',
    ),
    spoiled({ _typeName: 'NoPermission', object: { type: 'x', value: 'y' }, privilegeId: 'p' }).map(
      (value) => JSON.stringify(value) ?? '',
    ),
    nasty,
  );
  await fc.assert(
    fc.asyncProperty(body, fc.integer({ min: 300, max: 599 }), async (text, status) => {
      const error = await createAppliance(answering(status, text))
        .getTask('t')
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(VsphereError);
      expect((error as VsphereError).message).toMatch(NO_ESCAPES);
      expect((error as VsphereError).message.length).toBeLessThan(1_200);
    }),
    { seed, numRuns: RUNS.refusals },
  );
});

const CLONE = {
  vm: 'web-01',
  snapshot: 'latest',
  name: 'ci-1',
  connection: 'lab',
  deadlineMs: 1,
  powerOn: true,
};
const REQUESTS: readonly (readonly [string, fc.Arbitrary<unknown>, (value: unknown) => unknown])[] = [
  ['a clone', spoiled(CLONE), parseLinkedCloneRequest],
  ['a revert', spoiled({ vm: 'v', snapshot: 's', restorePower: true }), parseRevertRequest],
  [
    'the input of a clone',
    spoiled({ requestId: 'r', request: CLONE, again: { afterRunId: 'x' } }),
    parseLinkedCloneInput,
  ],
  [
    'the input of a revert',
    spoiled({ requestId: 'r', request: { vm: 'v', snapshot: 's' } }),
    parseRevertInput,
  ],
];

test.each(REQUESTS)(
  `requests (${RUNS.requests} inputs): %s is taken, or refused by field`,
  (_what, given, read) => {
    check(RUNS.requests, given, (value) => {
      const error = thrownBy(() => read(value));
      if (error === undefined) return;
      expect(error).toBeInstanceOf(RequestInvalid);
      expect((error as RequestInvalid).problems.length).toBeGreaterThan(0);
      expect((error as Error).message).toMatch(NO_ESCAPES);
      expect((error as Error).message.length).toBeLessThan(8_000);
    });
  },
);

test('requests: 100,000 levels are refused by field, not by a full stack', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as unknown;
  for (const field of ['vm', 'folder', 'unknown'])
    expect(thrownBy(() => parseLinkedCloneRequest({ ...CLONE, [field]: deep }))).toBeInstanceOf(
      RequestInvalid,
    );
});

test(`durations (${RUNS.durations} inputs): milliseconds within the bound, or a sentence`, () => {
  const written = fc.oneof(
    nasty,
    fc
      .array(fc.tuple(fc.oneof(fc.nat(), fc.float()), fc.constantFrom('ms', 's', 'm', 'h', 'd', '', 'y')), {
        maxLength: 4,
      })
      .map((parts) => parts.map(([number, unit]) => `${number}${unit}`).join('')),
  );
  check(RUNS.durations, written, (text) => {
    const parsed = parseDuration(text);
    if (typeof parsed === 'string') expect(parsed).toMatch(/^Give .*\.$/);
    else expect(Number.isSafeInteger(parsed) && parsed >= 1 && parsed <= 30 * 24 * 3_600_000).toBe(true);
  });
});

/** Ten names that each stand ten times for the one before: 10^10 leaves. */
const tenfold = (entry: (level: number, before: string) => string, leaf: string): string =>
  Array.from({ length: 10 }, (_, level) => entry(level, level === 0 ? leaf : `*n${level - 1}`)).join('\n');
const tenTimes = (word: string): string => Array.from({ length: 10 }, () => word).join(', ');
const LISTS = tenfold((level, before) => `n${level}: &n${level} [${tenTimes(before)}]`, 'x');
const MAPS = tenfold(
  (level, before) =>
    `n${level}: &n${level} {${Array.from({ length: 10 }, (_, key) => `k${key}: ${before}`).join(', ')}}`,
  'x',
);
const BOMBS: readonly (readonly [string, string])[] = [
  ['lists in the place of the connections', `${LISTS}\nconnections: *n9`],
  ['lists among the names of clones', `${LISTS}\nconnections: { lab: { allow: { clones: *n9 } } }`],
  ['maps in the place of the connections', `${MAPS}\nconnections: *n9`],
  ['maps in the place of a password', `${MAPS}\nconnections: { lab: { password: *n9 } }`],
];

/** The memory that the process takes at most while it acts, beyond what it had: the kernel's high-water mark. */
function grownMiB(act: () => void): number {
  const kiB = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  writeFileSync('/proc/self/clear_refs', '5');
  const before = kiB('VmRSS');
  act();
  return (kiB('VmHWM') - before) / 1024;
}

/** Refused as it should be, within a second and 64 MiB. */
function expectHarmless<T extends Error>(act: () => unknown, refusal: new (...args: never[]) => T): T {
  const since = performance.now();
  let error: unknown;
  const grown = grownMiB(() => void (error = thrownBy(act)));
  expect(error).toBeInstanceOf(refusal);
  expect(performance.now() - since).toBeLessThan(1_000);
  expect(grown).toBeLessThan(64);
  return error as T;
}

describe('a bomb of 10^10 leaves', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-fuzz-'));
  const file = join(folder, 'worker.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(BOMBS)('of %s is refused within a second and 64 MiB', (_where, text) => {
    writeFileSync(file, text);
    const refused = expectHarmless(() => loadWorkerConfig({ SNAPFLOW_CONFIG: file }), ConfigInvalid);
    // The file as a whole: what is read of it would be refused key by key.
    expect(refused.problems).toHaveLength(1);
  });

  test('of entities in an assertion is refused within a second and 64 MiB', () => {
    const entities = tenfold(
      (level, before) => `<!ENTITY n${level} "${before.replace('*', '&').repeat(10)}">`,
      'x',
    ).replaceAll(/&n\d/g, '$&;');
    const assertion = `<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">&n9;</saml2:Assertion>`;
    expectHarmless(
      () => readAssertion(Buffer.from(`<!DOCTYPE x [${entities}]><a>${assertion}</a>`)),
      XmlRefused,
    );
  });

  test('the measure is awake: 96 MiB that are really taken are beyond its bound', () => {
    expect(grownMiB(() => void Buffer.alloc(96 * 1024 * 1024, 1))).toBeGreaterThan(64);
  });
});

test(`configuration (${RUNS.configuration} inputs): any file is a configuration, or refused with one sentence for each problem and no password`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-fuzz-'));
  const SECRET = 'Canary-of-the-configuration';
  const file = join(folder, 'worker.yaml');
  const lab = {
    vcenterUrl: 'https://v',
    applianceUrl: 'https://a',
    username: 'u',
    password: SECRET,
    thumbprint: 'a'.repeat(64),
    operation: { quarantineMs: 1 },
    allow: { clones: ['ci-*'] },
  };
  const content = fc.oneof(
    nasty,
    spoiled(lab).map((connection) => JSON.stringify({ connections: { lab: connection } })),
    fc.dictionary(nasty, spoiled(lab), { maxKeys: 2 }).map((connections) => JSON.stringify({ connections })),
    fc.json().map((text) => stringify({ connections: JSON.parse(text) as unknown })),
    nasty.map((text) => `connections:\n  lab:\n    password: "${SECRET}"\n    ${text}`),
    fc.constantFrom(...BOMBS.map(([, text]) => text)),
  );
  try {
    check(RUNS.configuration, content, (text) => {
      writeFileSync(file, text);
      const error = thrownBy(() => loadWorkerConfig({ SNAPFLOW_CONFIG: file }));
      if (error === undefined) return;
      expect(error).toBeInstanceOf(ConfigInvalid);
      expect((error as ConfigInvalid).problems.length).toBeGreaterThan(0);
      expect((error as Error).message).not.toContain(SECRET);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const pieces = fc.constantFrom(
  '<',
  '>',
  '/>',
  '</',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
  '<!DOCTYPE x [<!ENTITY a "b">]>',
  '&a;',
  '&#x110000;',
  '&#0;',
  '<a>',
  '</a>',
  '<s:Body>',
  '</s:Body>',
  '<s:Fault>',
  '<faultcode>ns:FailedAuthentication</faultcode>',
  '<faultstring>x</faultstring>',
  '<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">',
  '</saml2:Assertion>',
  '<RequestedSecurityToken>',
  '</RequestedSecurityToken>',
  '<saml2:Conditions NotBefore="2026-01-01T00:00:00Z" NotOnOrAfter="2026-01-01T00:30:00Z"/>',
  ' a="b"',
  ' a=b',
);
const xml = fc.oneof(
  fc.array(fc.oneof(pieces, pieces, nasty), { maxLength: 30 }).map((parts) => parts.join('')),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

test(`assertions (${RUNS.assertions} inputs): cut out whole, or refused`, () => {
  check(RUNS.assertions, xml, (text) => {
    const bytes = Buffer.from(text, 'utf8');
    const error = thrownBy(() => {
      const assertion = readAssertion(bytes);
      expect(bytes.includes(assertion.bytes)).toBe(true);
      expect(assertion.notOnOrAfterMs).toBeGreaterThan(assertion.notBeforeMs);
    });
    if (error !== undefined) expect(error).toBeInstanceOf(XmlRefused);
  });
});

test(`SOAP faults (${RUNS.faults} inputs): a code and a text, or none`, () => {
  check(RUNS.faults, xml, (text) => {
    const fault = readSoapFault(Buffer.from(`<s:E><s:Body>${text}</s:Body></s:E>`, 'utf8'));
    if (fault !== undefined) expect([typeof fault.code, typeof fault.text]).toEqual(['string', 'string']);
  });
});

test.each([
  ['blanks', `<a${' '.repeat(4e6)}`],
  ['attributes', `<a${' b="c"'.repeat(600_000)}`],
  ['comments', '<!--'.repeat(1e6)],
  ['ends', '</a>'.repeat(1e6)],
  ['depth', '<a>'.repeat(1e6)],
  ['names', `<${'a'.repeat(4e6)}`],
  ['sections in a text', `<a>${'<![CDATA['.repeat(4e5)}</a>`],
])('XML of 4 MB %s is refused within seconds', (_what, text) => {
  const since = performance.now();
  expect(thrownBy(() => readAssertion(Buffer.from(text)))).toBeInstanceOf(XmlRefused);
  expect(performance.now() - since).toBeLessThan(5_000);
});

/** All that is read of it. */
const INFO = { workflowId: 'snapflow:default:r' } as ReturnType<typeof workflowInfo>;

test(`contract (${RUNS.contract} inputs): what is no input of an operation ends it as WorkflowInvalid, before anything`, () => {
  jest.mocked(workflowInfo).mockReturnValue(INFO);
  check(RUNS.contract, spoiled({ requestId: 'r', request: CLONE }), (value) => {
    const error = thrownBy(() =>
      acceptInput(value as Parameters<typeof acceptInput>[0], ['vm', 'snapshot'] as never),
    );
    if (error === undefined) return;
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: 'WorkflowInvalid', nonRetryable: true });
  });
});

test(`log (${RUNS.log} inputs): any entry is one line of JSON without the secret`, () => {
  const secrets = knownSecrets();
  secrets.add('Canary-of-the-log');
  const meta = fc.dictionary(nasty, fc.oneof(anything, fc.constant('x Canary-of-the-log y')));
  check(RUNS.log, fc.tuple(nasty, meta), ([message, fields]) => {
    const line = logLine({ level: 'INFO', message, timestampNanos: 0n, meta: fields }, secrets);
    expect(line).not.toContain('\n');
    expect(line).not.toContain('Canary-of-the-log');
    expect(JSON.parse(line)).toMatchObject({ level: 'INFO' });
  });
});

test(`Markdown (${RUNS.markdown} inputs): what is put in is text: every special character of it is escaped`, () => {
  check(RUNS.markdown, nasty, (text) => {
    const shown = escapeMarkdown(text);
    expect(shown).toMatch(NO_ESCAPES);
    const left = shown.replaceAll(/\\[-\\`*_[\]<>&#|~]/g, '\u0000');
    expect(left).not.toMatch(/[\\`*[\]<&#|~]|--|^[->]/);
    expect(left).not.toMatch(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u);
    expect(markdownCode(text)).toMatch(NO_ESCAPES);
  });
});
