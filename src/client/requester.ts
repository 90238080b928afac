import { hostname, userInfo } from 'node:os';
import { CLEAN_TEXT, showValue } from '../contract/text';
import { SettingInvalid } from './temporal-settings';

type Environment = Readonly<Record<string, string | undefined>>;

/** Temporal refuses an identity of more than 1000 bytes (`limit.maxIDLength`). A character has four at most. */
const MAX_REQUESTER_CHARACTERS = 200;

/** What each CI system says about its job: the job's page, then the person whose change or click it runs. */
const CI_JOBS: readonly ((environment: Environment) => readonly (string | undefined)[])[] = [
  ({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_ACTOR }) =>
    GITHUB_RUN_ID === undefined
      ? []
      : [`${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`, GITHUB_ACTOR],
  ({ CI_JOB_URL, GITLAB_USER_LOGIN }) => [CI_JOB_URL, GITLAB_USER_LOGIN],
  ({ BUILD_URL, BUILD_USER_ID }) => [BUILD_URL, BUILD_USER_ID],
];

/**
 * Who asks, for the record: the given one, else `SNAPFLOW_REQUESTER`, else the CI job that this process runs in, else the
 * account of the operating system. It is recorded and never trusted: nothing is allowed because of it.
 * @throws SettingInvalid for one that is empty, too long or holds a control character
 */
export function requesterOf(
  given: string | undefined = process.env['SNAPFLOW_REQUESTER'],
  environment: Environment = process.env,
): string {
  if (given === undefined) return cut(ciJob(environment) ?? account());
  if (given.trim() !== '' && given.length <= MAX_REQUESTER_CHARACTERS && CLEAN_TEXT.test(given)) return given;
  throw new SettingInvalid(
    `The requester ${showValue(given)} (requester or SNAPFLOW_REQUESTER) cannot be recorded: give 1 to ${MAX_REQUESTER_CHARACTERS} characters without control characters, for example a job's address.`,
  );
}

function ciJob(environment: Environment): string | undefined {
  for (const job of CI_JOBS) {
    const [page, person] = job(environment);
    if (page !== undefined && page !== '')
      return person === undefined || person === '' ? page : `${page} (${person})`;
  }
  return undefined;
}

/** A container's user may have no name. */
function account(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}@${hostname()}`;
  }
}

/** A job's address may hold an account and its password. */
const cut = (text: string): string =>
  text
    .replaceAll(/\/\/[^/\s]*@/g, '//')
    .replaceAll(/[^\P{C}]/gu, ' ')
    .slice(0, MAX_REQUESTER_CHARACTERS);
