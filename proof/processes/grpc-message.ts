import { gunzipSync } from 'node:zlib';

const FRAME_BYTES = 5;

/** The message within the body of a unary call, unpacked; empty when the body holds none. */
export function grpcMessage(body: Buffer): Buffer {
  if (body.length < FRAME_BYTES) return Buffer.alloc(0);
  const isPacked = body[0] === 1;
  const message = body.subarray(FRAME_BYTES, FRAME_BYTES + body.readUInt32BE(1));
  return isPacked ? gunzipSync(message) : message;
}

/** The body of a unary answer that holds the message, not packed. */
export function grpcBody(message: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32BE(message.length, 1);
  return Buffer.concat([frame, message]);
}
