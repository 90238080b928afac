/** With the two numbers it stays below the 200 characters that a header of ours may have. */
const LONGEST_WORKFLOW_ID = 160;
const LONGEST_ACTIVITY_ID = 24;

/** `<workflow>/<activity>/<attempt>`, so that vCenter's logs name the run; printable ASCII and bounded, as a header must be. */
export const callerIdOf = (workflowId: string, activityId: string, attempt: number): string =>
  `${printable(workflowId, LONGEST_WORKFLOW_ID)}/${printable(activityId, LONGEST_ACTIVITY_ID)}/${attempt}`;

/** A workflow started from outside the contract may have any id. */
const printable = (text: string, longest: number): string =>
  text.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, longest);
