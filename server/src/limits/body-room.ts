// Holds room in memory for the bodies of requests, from before they are read until they are answered: a body
// is there as bytes, as text and as what is made of it at the same time. Small ones take none. A request
// waits for its room once its caller is admitted, in turns over accounts as uploads do; one account never has
// more than half. Composed by roles/.
import type { IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import type { FastifyInstance, RequestPayload } from 'fastify';
import { ownerOf } from '../http/request-owner.ts';
import { createMemoryGiver } from '../memory/give-back-memory.ts';
import type { UploadGate } from './upload-gate.ts';

/** Smaller bodies take no room: a thousand of them are as much as ten large ones. */
export const SMALL_BODY_BYTES = 64 * 1024;
/** As bytes, as text, as what a function gets, and as the frame that holds it. */
const COPIES = 4;

/** @param mostBytes the largest body that is read whole, but for uploads, which have room of their own */
export function holdRoomForBodies(
  http: FastifyInstance,
  gate: Pick<UploadGate, 'during'>,
  mostBytes: number,
): void {
  const letGo = createMemoryGiver();
  http.addHook('preParsing', (request, reply, payload, done) => {
    const take = (bytes: number, go: () => void): Promise<void> =>
      gate.during({ accountId: ownerOf(request), bytes: COPIES * bytes, body: request.raw }, () => {
        // A client that has hung up while it waited won't close again.
        const answered = reply.raw.destroyed
          ? Promise.resolve()
          : new Promise<void>((resolve) => reply.raw.once('close', resolve));
        go();
        return answered.then(() => letGo(COPIES * bytes));
      });
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    const bytes = Math.min(Number(length ?? 0), mostBytes);
    if (encoding !== undefined)
      done(
        null,
        takingRoomLate(payload, (go) => take(mostBytes, go)),
      );
    else if (bytes <= SMALL_BODY_BYTES) done(null, payload);
    else take(bytes, () => done(null, payload)).catch(done);
  });
}

/** A body that doesn't say how large it is takes the most, once it shows that it isn't a small one. */
function takingRoomLate(payload: RequestPayload, take: (go: () => void) => Promise<void>): RequestPayload {
  let receivedBytes = 0;
  let hasRoom = false;
  const counter: Transform & { receivedEncodedLength?: number } = new Transform({
    transform(chunk: Buffer, _encoding: string, done: TransformCallback) {
      receivedBytes += chunk.length;
      counter.receivedEncodedLength = receivedBytes;
      const pass = (): void => {
        hasRoom = true;
        done(null, chunk);
      };
      if (hasRoom || receivedBytes <= SMALL_BODY_BYTES) done(null, chunk);
      else take(pass).catch(done);
    },
  });
  payload.on('error', (error: Error) => counter.destroy(error));
  return (payload as IncomingMessage).pipe(counter);
}
