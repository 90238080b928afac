import type { VerifiedClone, VerifyLinkedCloneInput } from '../contract/activities';
import type { Warning } from '../contract/result';
import { VsphereError, type CallOptions, type PowerState } from '../vsphere';
import { ownRunId, reading } from './in-activity';
import { vmsNamed } from './look';
import { onceVisible } from './once-visible';
import type { Site } from './site';

/**
 * Reads the new machine by id, once the inventory shows it: what acts on it next must not take it for gone. A task that
 * SUCCEEDED has succeeded (E13): an automation or a person may have renamed, started or deleted the machine in between, so
 * whatever deviates is a warning. Another machine of the name is the trace of
 * a call that something between here and the service repeated: nobody can prevent that, so it is said.
 */
export const verifyLinkedClone = (site: Site, input: VerifyLinkedCloneInput): Promise<VerifiedClone> =>
  reading('after-effect', async (options) => {
    if (input.vmId === input.sourceVmId) {
      return {
        runId: ownRunId(),
        name: input.name,
        warnings: [warning('CloneGone', `the task names the source ${input.vmId} as its result`)],
      };
    }
    try {
      const { vcenter } = site.vsphere;
      const vm = await onceVisible(() => vcenter.getVm(input.vmId, options), site.settings.quarantineMs);
      const verified = deviations(input, vm);
      return { ...verified, warnings: [...verified.warnings, ...(await duplicates(site, input, options))] };
    } catch (error) {
      if (!(error instanceof VsphereError) || error.kind !== 'not-found') throw error;
      return {
        runId: ownRunId(),
        name: input.name,
        warnings: [warning('CloneGone', `clone ${input.vmId} was made and is not there any more`)],
      };
    }
  });

function deviations(
  { vmId, name }: VerifyLinkedCloneInput,
  vm: { readonly name: string; readonly powerState: PowerState },
): VerifiedClone {
  const warnings: Warning[] = [];
  if (vm.name !== name)
    warnings.push(warning('NameDiffers', `clone ${vmId} is named ${vm.name}, not ${name}`));
  if (vm.powerState !== 'POWERED_OFF')
    warnings.push(warning('PoweredOn', `clone ${vmId} is ${vm.powerState} already`));
  return { runId: ownRunId(), name: vm.name, warnings };
}

const duplicates = async (
  site: Site,
  input: VerifyLinkedCloneInput,
  options: CallOptions,
): Promise<readonly Warning[]> =>
  (await vmsNamed(site, input, options))
    .filter(({ vmId }) => vmId !== input.vmId)
    .map(({ vmId }) =>
      warning(
        'DuplicateSuspected',
        `besides clone ${input.vmId}, ${vmId} in the same folder is named ${input.name}: look whether it was wanted`,
      ),
    );

const warning = (type: Warning['type'], message: string): Warning => ({ type, message });
