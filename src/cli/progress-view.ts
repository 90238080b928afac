import type { OperationProgress } from '../client';
import { singleLine } from '../contract/text';
import { formatSpan } from './output';
import type { Terminal } from './terminal';

/** Shows progress to a person on stderr. */
export interface ProgressView {
  show(progress: OperationProgress): void;
  /** Leaves nothing half-written; idempotent. */
  close(): void;
}

const SILENT: ProgressView = { show: () => {}, close: () => {} };

/** One line that is rewritten on a terminal; elsewhere, for logs, one plain line for each phase or condition. */
export function progressView(terminal: Terminal, id: string, quiet: boolean): ProgressView {
  if (quiet) return SILENT;
  return terminal.live ? rewrittenLine(terminal, id) : plainLines(terminal, id);
}

/** The clock on the line moves also when nothing else does: a person sees that it is alive. */
const TICK_MS = 1000;

function rewrittenLine(terminal: Terminal, id: string): ProgressView {
  const startedAt = Date.now();
  let last: OperationProgress | undefined;
  const draw = (): void => {
    if (last === undefined) return;
    const line = `${singleLine(id)}  ${formatSpan(Date.now() - startedAt)}  ${progressText(last)}`;
    terminal.line(terminal.colors.dim(line.slice(0, terminal.columns() - 1)));
  };
  const timer = setInterval(draw, TICK_MS).unref();
  return {
    show: (progress) => {
      last = progress;
      draw();
    },
    close: () => {
      clearInterval(timer);
      terminal.line(undefined);
      last = undefined;
    },
  };
}

function plainLines(terminal: Terminal, id: string): ProgressView {
  let shown = '';
  return {
    show: (progress) => {
      const { percent: _, message: __, status: ___, ...coarse } = progress;
      const line = progressText(coarse);
      if (line !== shown) terminal.err(`${singleLine(id)}: ${line}\n`);
      shown = line;
    },
    close: () => {},
  };
}

/** `wait 43 % (overdue) Copying disks task 7`: task ids are long, so they come last; a state that ended says all. */
export function progressText(progress: OperationProgress): string {
  const { state, condition, why, phase, percent, taskId, message } = progress;
  if (state !== 'running') return state;
  const parts = [
    phase ?? 'started',
    ...(percent === undefined ? [] : [`${percent} %`]),
    ...(condition === undefined && why === undefined
      ? []
      : [`(${[condition ?? 'retried', why].filter((word) => word !== undefined).join(': ')})`]),
    ...(message === undefined || message === '' || message === why ? [] : [message]),
    ...(taskId === undefined ? [] : [`task ${taskId}`]),
  ];
  return singleLine(parts.join(' '));
}
