import { runAllWorkers } from '../../../src/worker/run-worker';

const SHORT = { endsWithinMs: 200, lookEveryMs: 20 };

/** A worker as far as it is watched: it ends when it is told to, or when its end is called. */
class FakeWorker {
  state: 'RUNNING' | 'STOPPED' | 'FAILED' = 'RUNNING';
  isToldToEnd = false;
  end: (error?: Error) => void = () => undefined;
  private readonly ended = new Promise<void>((resolve, reject) => {
    this.end = (error) => (error === undefined ? resolve() : reject(error));
  });

  run = () => this.ended;
  getState = () => this.state;
  shutdown = () => {
    this.isToldToEnd = true;
    this.state = 'STOPPED';
    this.end();
  };
}

test('workers that drain end it without an error', async () => {
  const workers = [new FakeWorker(), new FakeWorker()];
  const together = runAllWorkers(workers, SHORT);
  for (const worker of workers) worker.shutdown();
  await expect(together).resolves.toBeUndefined();
});

test('a worker that fails takes the others along, with its reason', async () => {
  const [failing, other] = [new FakeWorker(), new FakeWorker()];
  const together = runAllWorkers([failing, other], SHORT);
  failing.state = 'FAILED';
  failing.end(new Error('permission denied'));
  await expect(together).rejects.toThrow('permission denied');
  expect(other.isToldToEnd).toBe(true);
});

test('a worker that failed and never ends is not waited for', async () => {
  const [failing, other] = [new FakeWorker(), new FakeWorker()];
  const together = runAllWorkers([failing, other], SHORT);
  failing.state = 'FAILED';
  await expect(together).rejects.toThrow('does not end');
  expect(other.isToldToEnd).toBe(true);
});
