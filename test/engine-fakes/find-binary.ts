import { buildTemporal } from '../../packages/dev-server/src/install-temporal';
import { findTemporalBinary } from '../../packages/dev-server/src/find-temporal';

// A program: prints what it found as JSON, or the message and exit code 1.
findTemporalBinary({ sources: [{ name: 'build', announcement: 'Building', fetch: buildTemporal }] }).then(
  (found) => process.stdout.write(JSON.stringify(found)),
  (error: Error) => {
    process.stderr.write(error.message);
    process.exitCode = 1;
  },
);
