/** A line on stderr that shows a long wait. */
export interface Progress {
  end(): void;
}
export type StartProgress = (text: string) => Progress;

/** Often enough to be believed on a terminal, rare enough for a log of a build that takes minutes. */
const TERMINAL_INTERVAL_MS = 1_000;
const LOG_INTERVAL_MS = 15_000;

/** Writes `text` at once, then again with the elapsed time: rewritten in place on a terminal, as further lines elsewhere. */
export function startProgress(text: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  const startedAt = performance.now();
  const show = (): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const line = seconds === 0 ? text : `${text} (${seconds} s)`;
    stream.write(stream.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  };
  show();
  const timer = setInterval(show, stream.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS);
  timer.unref();
  return {
    end: () => {
      clearInterval(timer);
      if (stream.isTTY) stream.write('\n');
    },
  };
}
