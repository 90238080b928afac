/** What visibility is asked for the runs of one workflow id, running and closed; whoever asks adds what else it wants. */
export const runsOf = (workflowId: string): string =>
  `WorkflowId = '${workflowId.replaceAll(/['\\]/g, '\\$&')}'`;
