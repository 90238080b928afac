import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorkflowInfo } from '@temporalio/workflow';
import { seeded } from '../../seeded';
import { drained } from '../virtual-time';
import type { TaskOwnerJob, WorkflowCommand } from './jobs';

/**
 * The SDK's runtime takes it from there when it is loaded, as in a worker's sandbox; what was loaded without it is loaded
 * anew.
 */
export function prepareSandboxGlobals(): void {
  if ('AsyncLocalStorage' in globalThis) return;
  Object.assign(globalThis, { AsyncLocalStorage });
  forgetModules('@temporalio/workflow/');
}

/** Modules whose path has this in it are loaded anew when they are next required. */
export function forgetModules(part: string): void {
  for (const path of Object.keys(require.cache))
    if (path.replaceAll('\\', '/').includes(part)) Reflect.deleteProperty(require.cache, path);
}

/** The SDK's own runtime of workflow code, without its sandbox and its native core. */
interface Activator {
  workflow: unknown;
  now: number;
  random: () => number;
  info: WorkflowInfo;
  mutateWorkflowInfo(change: (info: WorkflowInfo) => WorkflowInfo): void;
  getAndResetSinkCalls(): unknown[];
}

interface Runtime {
  readonly Activator: new (options: object) => Activator;
  readonly setActivator: (activator: Activator | undefined) => void;
  readonly initialize: (job: object) => void;
  readonly activate: (activation: { readonly jobs: unknown[] }) => void;
  readonly tryUnblockConditions: () => number;
  readonly concludeActivation: () => {
    readonly successful: { readonly commands: readonly WorkflowCommand[] };
  };
}

function loadRuntime(): Runtime {
  prepareSandboxGlobals();
  const load = (path: string): object => require(`@temporalio/workflow/lib/${path}`) as object;
  return { ...load('internals'), ...load('global-attributes'), ...load('worker-interface') } as Runtime;
}

let runtime: Runtime | undefined;

/** Runs the code of one run: told what happened, it says what it wants. The same jobs always give the same commands. */
export class WorkflowHost {
  private readonly activator: Activator;
  private readonly runtime: Runtime;

  constructor(info: Partial<WorkflowInfo>, workflow: unknown, seed: number) {
    runtime ??= loadRuntime();
    this.runtime = runtime;
    const unsafe = { isReplaying: false, isReplayingHistoryEvents: false, now: () => 0 };
    this.activator = new runtime.Activator({
      info: { ...info, unsafe },
      now: 0,
      showStackTraceSources: false,
      getTimeOfDay: () => 0n,
      randomnessSeed: [seed & 0xff, (seed >> 8) & 0xff, (seed >> 16) & 0xff],
      registeredActivityNames: new Set(),
      stackTracesEnabled: false,
    });
    this.activator.random = seeded(seed);
    this.activator.workflow = workflow;
  }

  readonly nowMs = (): number => this.activator.now;
  readonly random = (): number => this.activator.random();

  async activate(
    atMs: number,
    jobs: readonly TaskOwnerJob[],
    historyLength: number,
  ): Promise<readonly WorkflowCommand[]> {
    const { activator, runtime: sdk } = this;
    sdk.setActivator(activator);
    activator.mutateWorkflowInfo((info) => ({ ...info, historyLength, historySize: 0 }));
    activator.now = atMs;
    const [first] = jobs;
    if (first?.variant === 'initializeWorkflow') sdk.initialize(first.initializeWorkflow);
    sdk.activate({ jobs: [...jobs] });
    do await drained();
    while (sdk.tryUnblockConditions() > 0);
    const { commands } = sdk.concludeActivation().successful;
    activator.getAndResetSinkCalls();
    return commands;
  }
}
