import { VsphereError } from '../../../src/vsphere';

/** The `VsphereError` that the call ends with; anything else fails the test. */
export async function rejection(call: Promise<unknown>): Promise<VsphereError> {
  const end = await call.then(
    () => 'nothing',
    (error: unknown) => error,
  );
  if (end instanceof VsphereError) return end;
  throw new Error(`expected a VsphereError, got ${String(end)}`);
}
