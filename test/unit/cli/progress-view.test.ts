import pc from 'picocolors';
import { progressText, progressView } from '../../../src/cli/progress-view';
import { streams, type Terminal } from '../../../src/cli/terminal';

function recorded(live: boolean): Terminal & { readonly written: string[] } {
  const written: string[] = [];
  return {
    written,
    canAsk: false,
    ask: () => {
      throw new Error('nobody is asked here');
    },
    ...streams(
      () => {
        throw new Error('progress is no data');
      },
      (text) => void written.push(text),
    ),
    live,
    columns: () => 40,
    colors: pc.createColors(false),
  };
}

const wait = { state: 'running', phase: 'wait', taskId: 't-1' } as const;

test('elsewhere than on a terminal there is one plain line for each phase, not for each percent', () => {
  const terminal = recorded(false);
  const view = progressView(terminal, 'build-42', false);
  view.show({ state: 'running', phase: 'prepare' });
  view.show(wait);
  view.show({ ...wait, percent: 10, message: 'Copying' });
  view.show({ ...wait, percent: 90, condition: 'overdue' });
  view.show({ state: 'succeeded' });
  view.close();
  expect(terminal.written).toEqual([
    'build-42: prepare\n',
    'build-42: wait task t-1\n',
    'build-42: wait (overdue) task t-1\n',
    'build-42: succeeded\n',
  ]);
});

test('on a terminal one line is rewritten within its width and wiped at the end', () => {
  const terminal = recorded(true);
  const view = progressView(terminal, 'build-42', false);
  view.show({ ...wait, percent: 43, message: 'x'.repeat(100) });
  view.close();
  const [line = '', wipe] = terminal.written;
  expect(line.startsWith('\r\u001B[2Kbuild-42  0s  wait 43 % xxx')).toBe(true);
  expect(line.replace('\r\u001B[2K', '')).toHaveLength(39);
  expect(wipe).toBe('\r\u001B[2K');
});

test('quiet shows nothing', () => {
  const terminal = recorded(true);
  const view = progressView(terminal, 'build-42', true);
  view.show(wait);
  view.close();
  expect(terminal.written).toEqual([]);
});

test("a server's message is one harmless line", () => {
  expect(progressText({ ...wait, message: 'a\r\n\u001B[2Jb' })).toBe('wait a [2Jb task t-1');
});

test('a hint begins on a line of its own, and the progress comes back below it', () => {
  const terminal = recorded(true);
  const view = progressView(terminal, 'build-42', false);
  view.show(wait);
  const [drawn = ''] = terminal.written;
  terminal.err('No worker has picked it up.\n');
  expect(terminal.written.slice(1)).toEqual([
    '\r\u001B[2K',
    'No worker has picked it up.\n',
    drawn.replace('\r\u001B[2K', ''),
  ]);
  view.close();
  terminal.err('The end.\n');
  expect(terminal.written.slice(-2)).toEqual(['\r\u001B[2K', 'The end.\n']);
});
