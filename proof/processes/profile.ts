import { DEFAULT_SETTINGS, type OperationSettings } from '../../src/contract/operations';
import type { Plan } from '../judge/evidence/plan';

/** The proportions of production, so short that a round takes seconds. */
const TEST: OperationSettings = {
  ...DEFAULT_SETTINGS,
  startToCloseMs: 3_000,
  quarantineMs: 3_000,
  lateCallMs: 4_000,
  heartbeatTimeoutMs: 1_000,
  // A machine that is busy with other rounds makes starts unknown that would not be elsewhere.
  maxUnknowns: 10,
};

export const settingsOf = (profile: Plan['profile']): OperationSettings =>
  profile === 'test' ? TEST : DEFAULT_SETTINGS;

/** How long a simulated task takes: long enough that its wait heartbeats and is polled. */
export const TASK_MS = 2_000;

/** Workflow task time-out of the server; the sticky time-out of five seconds is the worker's own. */
export const WORKFLOW_TASK_TIMEOUT: Record<Plan['profile'], string> = { test: '2s', production: '10s' };
