import type { Expectation, PlannedCell } from './fault';

/** The windows by where the operation stands in them. */
const BEFORE_POST = ['K1', 'K2', 'K5', 'K6', 'K7', 'K8', 'K9', 'K10'];
const TASK_JUST_ACCEPTED = ['K3', 'K12', 'K13', 'K14', 'K15', 'K17', 'K24'];
const TASK_ENDED = ['K4', 'K16', 'K18', 'K19', 'K23'];
const UNDO = ['K20', 'K21', 'K22'];

/** Nothing was posted, and what happens now meets the post. */
export const isBeforePost = ({ window }: PlannedCell): boolean => BEFORE_POST.includes(window ?? '');
/** The post is held before its effect. */
export const isAtPost = ({ window }: PlannedCell): boolean => window === 'K11';
/** The task was accepted a moment ago and runs. */
export const isTaskRunning = ({ window }: PlannedCell): boolean => TASK_JUST_ACCEPTED.includes(window ?? '');
export const isTaskEnded = ({ window }: PlannedCell): boolean => TASK_ENDED.includes(window ?? '');
export const isUndo = ({ window }: PlannedCell): boolean => UNDO.includes(window ?? '');

/** The clone's deletion, which is held, is the last call. A revert's undo is a task that is waited for. */
export const isDeleted = (cell: PlannedCell): boolean => cell.operation === 'clone' && isUndo(cell);

/** The completion of the start itself is held: it has to time out before anything goes on. */
export const isStartUnknown = ({ window }: PlannedCell): boolean =>
  ['K11', 'K12', 'K13', 'K24'].includes(window ?? '');

/** The run has ended. */
export const isOver = ({ window }: PlannedCell): boolean => window === 'K4';

/** Found by watching: the processes go on while the fault strikes. */
export const isPassing = ({ window }: PlannedCell): boolean => ['K3', 'K15'].includes(window ?? '');

/** Calls to vSphere are still to come. The wait reads what its task made before it tells of the end (K16). */
export const hasCallsToCome = ({ window }: PlannedCell): boolean =>
  !['K4', 'K16', 'K18', 'K19', 'K22', 'K23'].includes(window ?? '');

export const unless = (fits: boolean, why: string): string | undefined => (fits ? undefined : why);

/** Of a login such an answer means that the password is refused: it is not sent again at once, which could lock the account. */
export const mayRefuseLogin = (cell: PlannedCell): Expectation =>
  isBeforePost(cell)
    ? { outcomes: ['succeeded', 'failed'], failureTypes: ['Unauthenticated'], neverHeals: true }
    : { outcomes: [isUndo(cell) ? 'cancelled' : 'succeeded'] };
