// Stands in for a clone of an earlier build, under its wire name: it prepares, and returns what it is given.
import { proxyActivities } from '@temporalio/workflow';

const { prepareLinkedClone } = proxyActivities<{ prepareLinkedClone(): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

export async function linkedCloneVm(result: object): Promise<object> {
  await prepareLinkedClone();
  return result;
}
