import { each, type Check } from '../check';

/** The planned fault really fired. Otherwise the round shows nothing, and is void. */
export const faultFired: Check = {
  id: 'J14',
  demands: 'the planned fault fired',
  judge: ({ evidence: { plan, fired } }) =>
    each('planned faults', plan.fault === 'none' ? [] : [plan.fault], (fault) => [
      !fired.some((one) => one.fault === fault) &&
        `the fault ${fault} of plan ${plan.id} never fired${fired[0] === undefined ? '' : `, ${fired[0].fault} did`}`,
    ]),
};
