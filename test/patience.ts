/** Real servers, real seconds and machines that others share: a test that hangs is still ended. */
jest.setTimeout(60_000);
