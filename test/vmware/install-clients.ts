import { installBindings, installGovmomi } from './installed-clients';

/** jest's globalSetup, which has no limit of time. What fails here is said by the test that needs it. */
const installClients = async (): Promise<void> => {
  await Promise.allSettled([installGovmomi(), installBindings()]);
};

export default installClients;
