import type { Control } from '../environment/control';
import { openEnvironment } from '../environment/open-environment';
import { SHORT, startSimulator, type ProcessEnvironment, type SimulatedSite } from '../environment/processes';

/** On `lab` everything is overdue at once. */
const OVERDUE_AFTER_MS = 2_000;

/** A Temporal server with its UI, and two simulated sites behind one worker. */
export interface UiEnvironment extends ProcessEnvironment {
  readonly uiUrl: string;
  /** The simulator of the connection `branch`; `control` is that of `default` and `lab`. */
  readonly branch: Control;
}

export async function openUiEnvironment(): Promise<UiEnvironment> {
  let branch: Control | undefined;
  const env = await openEnvironment({
    as: 'processes',
    name: 'ui',
    temporal: { own: { uiPort: 0 } },
    operation: SHORT,
    connections: async (settings, _site, opened) => {
      const other = await opened.keep(startSimulator(), ({ program }) => program.stop(0));
      branch = other.control;
      return {
        default: settings,
        lab: { ...settings, operation: { ...SHORT, waitBudgetMs: OVERDUE_AFTER_MS } },
        branch: { ...settings, ...accountOf(other.site) },
      };
    },
  });
  const { server } = env;
  if (server?.uiUrl === undefined || branch === undefined) throw new Error('it was opened with both');
  return Object.assign(env, { uiUrl: server.uiUrl, branch });
}

const accountOf = ({ vcenterUrl, applianceUrl, username, password }: SimulatedSite) => ({
  vcenterUrl,
  applianceUrl,
  username,
  password,
});
