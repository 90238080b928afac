import { GRPC, grpcError } from './grpc-error';
import { TemporalUnavailable } from './temporal-unavailable';

/**
 * Whether the server offers a call to nobody (Temporal Cloud has no operator service) or not to this account. Other
 * calls may well work.
 */
export const isRefusedHere = (error: unknown): boolean => {
  const cause = error instanceof TemporalUnavailable ? error.cause : error;
  const code = grpcError(cause)?.code;
  return code === GRPC.PERMISSION_DENIED || code === GRPC.UNIMPLEMENTED;
};
