import type { Warning } from '../contract/result';
import type { CallOptions, Entity } from '../vsphere';
import type { Site } from './site';
import { failWith } from './to-failure';

/** A privilege that an operation needs on an object. `doubt`: its lack is a warning, the need is not certain. */
export interface NeededPrivilege {
  readonly privilege: string;
  readonly entity: Entity;
  /** How people call the object. */
  readonly called: string;
  readonly doubt?: string;
}

/** Asks for all of them in one call. Fails naming *every* missing pair at once; returns the doubtful ones as warnings. */
export async function checkPrivileges(
  { vsphere, name }: Site,
  needed: readonly NeededPrivilege[],
  options: CallOptions,
): Promise<readonly Warning[]> {
  const missing = await missingOf(vsphere.privileges, needed, options);
  const certain = missing.filter(({ doubt }) => doubt === undefined);
  if (certain.length > 0) {
    const pairs = certain.map(({ privilege, called, entity }) => `${privilege} on ${called} (${entity.id})`);
    failWith(
      'PrivilegeMissing',
      `the worker's account of connection "${name}" lacks ${pairs.join(', ')}: grant ${pairs.length === 1 ? 'it' : 'them'}, nothing was changed.`,
      {
        missing: certain.map(({ privilege, entity }) => ({
          privilege,
          object: entity.id,
          type: entity.type,
        })),
      },
    );
  }
  return missing.map(({ privilege, called, entity, doubt }) => ({
    type: 'PrivilegeUnconfirmed',
    message: `the worker's account lacks ${privilege} on ${called} (${entity.id}): ${doubt}`,
  }));
}

async function missingOf(
  privileges: Site['vsphere']['privileges'],
  needed: readonly NeededPrivilege[],
  options: CallOptions,
): Promise<readonly NeededPrivilege[]> {
  const entities = [...new Map(needed.map(({ entity }) => [`${entity.type}:${entity.id}`, entity])).values()];
  const answers = await privileges.check(
    entities,
    [...new Set(needed.map(({ privilege }) => privilege))],
    options,
  );
  const granted = new Map(answers.map(({ entity, granted: of }) => [`${entity.type}:${entity.id}`, of]));
  return needed.filter(
    ({ entity, privilege }) => granted.get(`${entity.type}:${entity.id}`)?.[privilege] !== true,
  );
}
