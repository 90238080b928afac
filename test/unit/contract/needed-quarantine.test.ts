import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../src/contract/operations';
import {
  EFFECT_TIMES,
  neededLateCallMs,
  neededQuarantineMs,
  postWindowMs,
} from '../../../src/contract/service';
import { hostSettings } from '../../../src/vsphere/settings';
import { DEFAULT_LIMITS } from '../../../src/worker/config-types';
import { configurationChecks, startupWarnings } from '../../../src/worker/configuration-checks';

const ROOT = join(__dirname, '../../..');
const { renderSafetyWait } = require(join(ROOT, 'scripts/render-safety-wait.js')) as {
  renderSafetyWait: (service: object, settings: object) => string;
};

function connection(quarantineMs: number, change: { startToCloseMs?: number; callDeadlineMs?: number } = {}) {
  const { startToCloseMs = DEFAULT_SETTINGS.startToCloseMs, ...vsphere } = change;
  const urls = { vcenterUrl: 'https://vcenter', applianceUrl: 'https://appliance' };
  return {
    vsphere: { name: 'lab', ...urls, username: 'u', password: 'p', ...vsphere },
    operation: { ...DEFAULT_SETTINGS, startToCloseMs, quarantineMs },
    limits: DEFAULT_LIMITS,
    allow: {},
  };
}

function withLateCalls(lateCallMs: number) {
  const config = connection(DEFAULT_SETTINGS.quarantineMs);
  return { ...config, operation: { ...config.operation, lateCallMs } };
}

/** What `doctor` and the warning at a worker's start say of a quarantine. */
const saidOf = (config: ReturnType<typeof connection>) => ({
  doctor: configurationChecks(config, [config])
    .filter(({ check }) => check === 'quarantine')
    .some(({ state }) => state === 'warning')
    ? 'warning'
    : 'ok',
  warned: startupWarnings({ connections: [config], temporal: { address: 'a:1', namespace: 'n' } }).length,
});

/** The same numbers after `change`, as a developer would make it. */
function withTimes(change: Partial<typeof EFFECT_TIMES>, body: () => void): void {
  const before = { ...EFFECT_TIMES };
  Object.assign(EFFECT_TIMES, change);
  try {
    body();
  } finally {
    Object.assign(EFFECT_TIMES, before);
  }
}

const { startToCloseMs, quarantineMs } = DEFAULT_SETTINGS;

test('the default quarantine is as long as the argument needs', () => {
  expect(neededQuarantineMs({ startToCloseMs })).toBe(29_500);
  expect(quarantineMs).toBeGreaterThanOrEqual(neededQuarantineMs({ startToCloseMs }));
});

test.each([
  ['a longer start-to-close', { startToCloseMs: 30_000 }, 34_000],
  ["a longer deadline of the connection's calls", { callDeadlineMs: 20_000 }, 39_500],
])('%s needs a longer quarantine, and both checks ask for that one', (_, change, neededMs) => {
  expect(saidOf(connection(neededMs - 1, change))).toEqual({ doctor: 'warning', warned: 1 });
  expect(saidOf(connection(neededMs, change))).toEqual({ doctor: 'ok', warned: 0 });
});

test('the default wait for a late call outlasts the kernel of a dead worker, and both checks ask for that', () => {
  expect(neededLateCallMs()).toBe(102_000);
  expect(DEFAULT_SETTINGS.lateCallMs).toBeGreaterThanOrEqual(neededLateCallMs());
  expect(saidOf(withLateCalls(101_999))).toEqual({ doctor: 'warning', warned: 1 });
  expect(saidOf(withLateCalls(102_000))).toEqual({ doctor: 'ok', warned: 0 });
  withTimes({ orphanedWithinMs: 130_000 }, () => {
    expect(saidOf(withLateCalls(129_999))).toEqual({ doctor: 'warning', warned: 1 });
    expect(page()).toContain('130 s');
  });
});

test.each([
  ['the share of the post window', { postWindowShare: 0.5 }, 32_500],
  ['the deadline of calls', { callDeadlineMs: 11_000 }, 30_500],
  ['the time until a task is listed', { visibleWithinMs: 16_000 }, 30_500],
])(
  'where the constant changes that is %s, what acts, both checks and the page follow',
  (_, change, neededMs) => {
    withTimes(change, () => {
      const { postWindowShare, callDeadlineMs } = EFFECT_TIMES;
      expect(postWindowMs({ startToCloseMs })).toBe(startToCloseMs * postWindowShare);
      expect(hostSettings(connection(1).vsphere, 'appliance').callDeadlineMs).toBe(callDeadlineMs);
      expect(saidOf(connection(neededMs - 1))).toEqual({ doctor: 'warning', warned: 1 });
      expect(saidOf(connection(neededMs))).toEqual({ doctor: 'ok', warned: 0 });
      expect(page()).toContain(`${neededMs / 1_000} s`);
    });
  },
);

const page = () => renderSafetyWait({ EFFECT_TIMES, neededQuarantineMs, neededLateCallMs }, DEFAULT_SETTINGS);

test('docs/operations.md says what the constants say: else npm run docs:generate', () => {
  expect(readFileSync(join(ROOT, 'docs/operations.md'), 'utf8')).toContain(page());
});
