import { SharedReads } from '../../../src/activities/shared-reads';

let nowMs = 0;
let reads = 0;
beforeEach(() => {
  nowMs = 0;
  reads = 0;
});

const shared = () => new SharedReads(() => nowMs);
/** Answers with its number. */
const counted = async (): Promise<number> => (reads += 1);

test('requests that are alike and come together are answered by one read', async () => {
  const of = shared();
  const all = Array.from({ length: 50 }, () => of.read('a', {}, counted));
  expect(new Set(await Promise.all(all))).toEqual(new Set([1]));
  nowMs = 1_999;
  expect(await of.read('a', {}, counted)).toBe(1);
});

test('one that comes two seconds after the read began reads anew, however long the read took', async () => {
  const of = shared();
  let answer: (value: number) => void = () => undefined;
  const slow = of.read('a', {}, () => new Promise<number>((resolve) => (answer = resolve)));
  nowMs = 2_000;
  expect(await of.read('a', {}, counted)).toBe(1);
  answer(7);
  expect(await slow).toBe(7);
});

test('one that is not alike reads for itself', async () => {
  const of = shared();
  expect([await of.read('a', {}, counted), await of.read('b', {}, counted)]).toEqual([1, 2]);
});

test('a failure is not shared: each that met it reads for itself, and the next one too', async () => {
  const of = shared();
  const failing = () => Promise.reject(new Error('vCenter is away'));
  const first = of.read('a', {}, failing);
  const second = of.read('a', {}, counted);
  await expect(first).rejects.toThrow('vCenter is away');
  expect(await second).toBe(1);
  expect(await of.read('a', {}, counted)).toBe(2);
});

test('a request that is given up leaves at once, and the read of the others goes on', async () => {
  const of = shared();
  let answer: (value: number) => void = () => undefined;
  const first = of.read('a', {}, () => new Promise<number>((resolve) => (answer = resolve)));
  const leaving = new AbortController();
  const second = of.read('a', { signal: leaving.signal }, counted);
  leaving.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  answer(7);
  expect(await first).toBe(7);
  expect(reads).toBe(0);
});

test('a request whose reader is given up reads for itself', async () => {
  const of = shared();
  const leaving = new AbortController();
  const untilGivenUp = ({ signal }: { signal?: AbortSignal }) =>
    new Promise<number>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const first = of.read('a', { signal: leaving.signal }, untilGivenUp);
  const second = of.read('a', {}, counted);
  leaving.abort(new Error('given up'));
  await expect(first).rejects.toThrow('given up');
  expect(await second).toBe(1);
});
