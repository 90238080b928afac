const MACHINE = /^vm-\d+$/;

/** Whether a candidate is a machine's id as vCenter gives them; ids of tasks look otherwise. */
export const isMachine = (candidate: string): boolean => MACHINE.test(candidate);
