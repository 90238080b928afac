/** A deviation in a successful result: verification never turns SUCCEEDED into a failure. */
export interface Warning {
  /** What to match on; later releases may have more. */
  readonly type:
    | 'NameDiffers'
    | 'PoweredOn'
    | 'CloneGone'
    | 'DuplicateSuspected'
    | 'PowerNotRestored'
    | 'PrivilegeUnconfirmed'
    | 'UndoSnapshotUnknown'
    | 'VmGone';
  /** One sentence: what deviates, on which object. */
  readonly message: string;
}

/** What `linkedCloneVm` returns. */
export interface LinkedCloneResult {
  /** Id of the new virtual machine, for example `vm-1042`. */
  readonly vmId: string;
  /** Its name; a warning says so where it is not the one asked for. */
  readonly name: string;
  /** Absent only where an operator named the machine because its task is not known. */
  readonly taskId?: string;
  /** What deviates; absent when nothing does. */
  readonly warnings?: readonly Warning[];
}

/** What `revertVm` returns. */
export interface RevertResult {
  /** Absent only where an operator said that the revert had happened. */
  readonly taskId?: string;
  /** The SYSTEM_CREATED snapshot that the service took before the revert; absent when it could not be told. */
  readonly undoSnapshotId?: string;
  /** Of the machine, at the end. */
  readonly powerState: PowerState;
  /** What deviates; absent when nothing does. */
  readonly warnings?: readonly Warning[];
}

/** As vCenter spells it (`vcenter.vm.Power.State`). */
export type PowerState = 'POWERED_ON' | 'POWERED_OFF' | 'SUSPENDED';
