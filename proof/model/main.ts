import { runModel } from './run-model';

/** `node --import tsx proof/model/main.ts`: exit 1 on a violation. */
const { violations } = runModel({ report: (line) => process.stdout.write(`${line}\n`) });
for (const violation of violations) process.stderr.write(`${violation}\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
