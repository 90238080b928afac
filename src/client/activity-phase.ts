import type { Phase } from '../contract/progress';

/** The phase that an activity belongs to, by its wire name; for activities that sent no heartbeat yet. */
export const activityPhase = (activityType: string): Phase | undefined => {
  switch (activityType) {
    case 'prepareLinkedClone':
    case 'prepareRevert':
      return 'prepare';
    case 'awaitExclusion':
      return 'exclusion';
    case 'startLinkedClone':
    case 'startRevert':
    case 'lookForEffect':
      return 'start';
    case 'awaitTask':
      return 'wait';
    case 'setPower':
      return 'finish';
    default:
      if (activityType.startsWith('verify')) return 'verify';
      return /^(?:delete|undo)/.test(activityType) ? 'compensate' : undefined;
  }
};
