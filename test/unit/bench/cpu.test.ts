import { spawn } from 'node:child_process';
import { cpuBetween, cpuMs, cpuOfAll } from '../../../bench/cpu';
import { eventually } from '../../environment/eventually';

const BUSY = ['-e', 'for (;;);'];

test('a program has its own CPU time, and what else this process has started is the server', async () => {
  const worker = spawn(process.execPath, BUSY);
  const server = spawn(process.execPath, BUSY);
  try {
    const programs = [{ role: 'worker', pid: worker.pid ?? 0 }];
    const before = cpuMs(programs);
    const used = await eventually('both have worked', () => {
      const now = cpuBetween(before, cpuMs(programs), 2);
      return now.worker >= 50 && now.Temporal >= 50 && now;
    });
    expect(used.simulator).toBe(0);
    expect(cpuOfAll(used)).toBeCloseTo(used.worker + used.Temporal + used.caller, 6);
  } finally {
    worker.kill('SIGKILL');
    server.kill('SIGKILL');
  }
});
