import type { Check } from '../../contract/check';

/** The oldest release of the Temporal server that the tests run against; an older one may do. */
const TRIED = { major: 1, minor: 29 } as const;

/** That the server answers, and of which release it is. An empty release is one that it keeps to itself. */
export const releaseCheck = (subject: string, release: string): Check => {
  const about = { check: 'temporal', subject } as const;
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(release) ?? [];
  if (major === undefined || minor === undefined)
    return { ...about, state: 'ok', message: 'the server answers, and does not tell its release' };
  const isTried =
    Number(major) > TRIED.major || (Number(major) === TRIED.major && Number(minor) >= TRIED.minor);
  if (isTried)
    return { ...about, state: 'ok', message: `the server answers, release ${release.slice(0, 40)}` };
  return {
    ...about,
    state: 'warning',
    message: `the server is of release ${release.slice(0, 40)}, and nothing before ${TRIED.major}.${TRIED.minor} was ever tried`,
    remedy:
      'upgrade the Temporal server, or try clones, cancels and snapflow resolve against the simulator first',
  };
};
