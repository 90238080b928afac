import type { NativeConnection, Worker } from '@temporalio/worker';

/** A probe has seconds to answer; a server that takes longer for its shortest call is of no use. */
const ANSWER_WITHIN_MS = 1_000;
/** However many probes ask, the server is asked at most this often. */
const ASK_EVERY_MS = 1_000;

/** Whether this process takes and finishes work now. Everything it needs is told to it as it comes up. */
export class Readiness {
  #temporal: { readonly connection: NativeConnection; readonly namespace: string } | undefined;
  #workers: readonly Worker[] = [];
  #lastAnswer: { readonly atMs: number; readonly why: Promise<string | undefined> } | undefined;

  connected(connection: NativeConnection, namespace: string): void {
    this.#temporal = { connection, namespace };
  }

  created(workers: readonly Worker[]): void {
    this.#workers = workers;
  }

  /** Why not, in a few words; undefined when ready. */
  async whyNot(): Promise<string | undefined> {
    if (this.#temporal === undefined) return 'not connected to Temporal yet';
    if (this.#workers.length === 0) return 'starting';
    const other = this.#workers.find((worker) => worker.getState() !== 'RUNNING');
    if (other !== undefined) return `worker ${other.options.taskQueue} is ${other.getState()}`;
    return this.#temporalSilent();
  }

  #temporalSilent(): Promise<string | undefined> {
    const nowMs = performance.now();
    if (this.#lastAnswer === undefined || nowMs - this.#lastAnswer.atMs >= ASK_EVERY_MS)
      this.#lastAnswer = { atMs: nowMs, why: this.#ask() };
    return this.#lastAnswer.why;
  }

  async #ask(): Promise<string | undefined> {
    const { connection, namespace } = this.#temporal!;
    const ask = () => connection.workflowService.describeNamespace({ namespace });
    try {
      await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask);
      return undefined;
    } catch (error) {
      // Somebody answered: an account may poll without being allowed to read the namespace.
      return /permission/i.test((error as Error).message) ? undefined : 'Temporal does not answer';
    }
  }
}
