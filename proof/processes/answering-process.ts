import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { endWithUs } from 'snapflow-dev-server';

interface Question {
  readonly resolve: (answer: string) => void;
  readonly reject: (because: Error) => void;
}

/** A program of Node that answers each line with one line, in order; it ends with the harness. */
export class AnsweringProcess {
  private readonly open: Question[] = [];
  private readonly input: Writable;
  private readonly ended: Promise<void>;
  private hasEnded = false;

  constructor(args: readonly string[]) {
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const detach = endWithUs(() => child.kill('SIGKILL'));
    this.input = child.stdin;
    // A question to one that has just died: its end rejects it.
    this.input.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => this.open.shift()?.resolve(line));
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        detach();
        this.hasEnded = true;
        for (const { reject } of this.open.splice(0))
          reject(new Error(`the process ended with ${signal ?? code} and left this unanswered`));
        resolve();
      });
    });
  }

  ask(line: string): Promise<string> {
    if (this.hasEnded) return Promise.reject(new Error('the process that was to answer has ended'));
    return new Promise((resolve, reject) => {
      this.open.push({ resolve, reject });
      this.input.write(`${line}\n`);
    });
  }

  /** Ends when all that was asked is answered. */
  async stop(): Promise<void> {
    this.input.end();
    await this.ended;
  }
}
