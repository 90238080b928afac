export { deleteVmOfClone } from './delete-vm-of-clone';
export { holdExclusion } from './exclusion';
export { inspect } from './inspect';
export { linkedCloneVm } from './linked-clone-vm';
export { revertVm } from './revert-vm';
