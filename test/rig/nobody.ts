/**
 * An address at which nobody listens, for as long as a test runs: connections are refused at once. A port that was free a
 * moment ago may be another suite's a moment later; this one is privileged and handed out to nobody.
 */
export const NOBODY = '127.0.0.1:1';
