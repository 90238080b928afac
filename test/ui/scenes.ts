import type { CloneHandle, OperationStatus } from '../../src/client';
import { eventually } from '../environment/eventually';
import type { UiEnvironment } from './ui-environment';

/** A step on a machine that others use, and a blockage's 30 s. */
const WITHIN_MS = 60_000;

/** An operation that has come to where its scene wants it. */
export interface Scene {
  readonly clone: CloneHandle;
  readonly status: OperationStatus;
}

/** The states that an operator meets. Each scene has machines and names of its own, so that they can play at once. */
const SCENES = {
  /** Waits for its task, whose percent moves. */
  running: async (env: UiEnvironment): Promise<Scene> => {
    const clone = await env.snapflow.clone(
      { vm: 'web-01', snapshot: 'nightly-0412', name: 'ci-42' },
      { requestId: 'build-42' },
    );
    return until(clone, ({ percent }) => percent !== undefined && percent > 0);
  },

  overdue: async (env: UiEnvironment): Promise<Scene> => {
    const clone = await start(env, 43, { vm: 'web-03', connection: 'lab' });
    return until(clone, ({ condition }) => condition === 'overdue');
  },

  /** The start's answer is lost and so is its task's record; the machine is there, and nothing proves whose it is. */
  'needs-decision': async (env: UiEnvironment): Promise<Scene> => {
    const { control } = env;
    await control.fault({
      operation: 'linkedClone',
      vm: 'web-02',
      position: 'after',
      action: 'reset',
      count: 1,
    });
    const clone = await start(env, 44, { vm: 'web-02' });
    const task = await eventually('the start has its task', () => taskOn(env, 'vm-1002'), WITHIN_MS);
    await control.task(task, { hide: true });
    await control.task(task, { status: 'SUCCEEDED' });
    return until(clone, ({ state }) => state === 'needs-decision');
  },

  /** The appliance answers nothing any more while its task runs. */
  blocked: async (env: UiEnvironment): Promise<Scene> => {
    const clone = await start(env, 45, { vm: 'app-01', connection: 'branch' });
    await until(clone, ({ taskId }) => taskId !== undefined);
    for (const operation of ['tasks.get', 'tasks.list'])
      await env.branch.fault({ operation, position: 'before', action: { status: 503 } });
    return until(clone, ({ condition }) => condition === 'blocked');
  },

  queued: async (env: UiEnvironment): Promise<Scene> => {
    const holder = await start(env, 460, { vm: 'web-04' });
    await until(holder, ({ taskId }) => taskId !== undefined);
    const clone = await start(env, 46, { vm: 'web-04', name: 'ci-460' });
    return until(clone, ({ condition }) => condition === 'queued');
  },

  /** Cancelled while its task runs. */
  compensating: async (env: UiEnvironment): Promise<Scene> => {
    const clone = await start(env, 47, { vm: 'app-02' });
    await until(clone, ({ taskId }) => taskId !== undefined);
    await clone.cancel();
    return until(clone, ({ condition }) => condition === 'compensating');
  },

  /** Its undo is refused for lack of a privilege. */
  'not undone': async (env: UiEnvironment): Promise<Scene> => {
    const { control } = env;
    const clone = await start(env, 50, { vm: 'web-05' });
    const { status } = await until(clone, ({ taskId }) => taskId !== undefined);
    await control.fault({ operation: 'vm.delete', position: 'before', action: { status: 403 } });
    await clone.cancel();
    await control.task(status.taskId!, { status: 'SUCCEEDED' });
    return until(clone, ({ condition }) => condition === 'blocked');
  },

  succeeded: async (env: UiEnvironment): Promise<Scene> => {
    const clone = await start(env, 48, { vm: 'app-03' });
    const { status } = await until(clone, ({ taskId }) => taskId !== undefined);
    await env.control.task(status.taskId!, { status: 'SUCCEEDED' });
    return until(clone, ({ state }) => state === 'succeeded');
  },

  failed: async (env: UiEnvironment): Promise<Scene> => {
    const clone = await start(env, 49, { vm: 'app-03' });
    const { status } = await until(clone, ({ taskId }) => taskId !== undefined);
    await env.control.task(status.taskId!, { status: 'FAILED' });
    return until(clone, ({ state }) => state === 'failed');
  },
} as const satisfies Record<string, (env: UiEnvironment) => Promise<Scene>>;

/** For the pictures. */
export const { running: playRunning, 'needs-decision': playUndecided } = SCENES;

export type SceneName = keyof typeof SCENES;

/** Brings all to their states: the undecided first, since every clone that begins meanwhile could be its effect. */
export async function playAll(env: UiEnvironment): Promise<Readonly<Record<SceneName, Scene>>> {
  const { 'needs-decision': undecided, ...others } = SCENES;
  const asked = await undecided(env);
  const playing = Object.entries(others).map(async ([name, play]) => [name, await play(env)] as const);
  return { 'needs-decision': asked, ...Object.fromEntries(await Promise.all(playing)) } as Awaited<
    ReturnType<typeof playAll>
  >;
}

function start(
  { snapflow }: UiEnvironment,
  number: number,
  request: { readonly vm: string; readonly name?: string; readonly connection?: string },
): Promise<CloneHandle> {
  const requestId = `build-${number}`;
  return snapflow.clone({ snapshot: 'latest', name: `ci-${number}`, ...request }, { requestId });
}

const until = (clone: CloneHandle, isThere: (status: OperationStatus) => boolean): Promise<Scene> =>
  eventually(
    `${clone.id} comes to its state`,
    async () => {
      const status = await clone.describe();
      return isThere(status) && { clone, status };
    },
    WITHIN_MS,
  );

/** Of the simulator's own record: the service has forgotten it, or its answer was lost. */
async function taskOn({ control }: UiEnvironment, vmId: string): Promise<string | undefined> {
  const { tasks } = await control.state();
  return tasks.find(({ vm }) => vm === vmId)?.task;
}
