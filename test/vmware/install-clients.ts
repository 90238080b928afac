import { installBindings, installGovmomi } from './installed-clients';

/** jest's globalSetup, which has no limit of time. What fails here is said by the test that needs it. */
async function installClients(): Promise<void> {
  await Promise.allSettled([installGovmomi(), installBindings()]);
}

export default installClients;
