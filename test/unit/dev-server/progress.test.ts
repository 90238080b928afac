import { startProgress } from '../../../packages/dev-server/src/progress';

function stream(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, stream: { isTTY, write } as unknown as NodeJS.WriteStream };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('in a log a wait is shown at once and every 15 s with the time that has passed', () => {
  const { written, stream: log } = stream(false);
  const progress = startProgress('Building', log);
  jest.advanceTimersByTime(31_000);
  progress.end();
  jest.advanceTimersByTime(60_000);
  expect(written).toEqual(['Building\n', 'Building (15 s)\n', 'Building (30 s)\n']);
});

test('on a terminal one line is rewritten every second', () => {
  const { written, stream: terminal } = stream(true);
  const progress = startProgress('Building', terminal);
  jest.advanceTimersByTime(2_000);
  progress.end();
  expect(written).toEqual([
    '\r\u001b[KBuilding',
    '\r\u001b[KBuilding (1 s)',
    '\r\u001b[KBuilding (2 s)',
    '\n',
  ]);
});
