import { isGrpcServiceError } from '@temporalio/client';

/** Status codes of gRPC that mean something here. The numbers are fixed by its specification. */
export const GRPC = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** The gRPC error that the SDK threw or wrapped, or undefined. */
export const grpcError = (error: unknown): { code: number; details: string } | undefined => {
  if (isGrpcServiceError(error)) return error;
  return error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : undefined;
};
