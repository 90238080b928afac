/** Real servers and real seconds: one test may wait for a quarantine and a heartbeat time-out. */
jest.setTimeout(60_000);
