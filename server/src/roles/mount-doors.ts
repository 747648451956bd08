// Puts webhooks and function URLs on the public port: /hook/<uuid> and /fn/<uuid>.
import { addressEndpoints } from '../api/address-endpoints.ts';
import type { ApiEndpoint } from '../api/millrace-api.ts';
import { scheduleEndpoints } from '../api/schedule-endpoints.ts';
import { testMessageEndpoints } from '../api/test-message-endpoints.ts';
import { systemClock } from '../clock/clock.ts';
import { createWebhookAcceptor } from '../doors/accept-webhooks.ts';
import { openAddressDirectory } from '../doors/address-directory.ts';
import { functionUrlDoor } from '../doors/function-url-door.ts';
import { startReceiptSweeper } from '../doors/receipt-sweeper.ts';
import { createTestSender } from '../doors/send-test-message.ts';
import { webhookDoor } from '../doors/webhook-door.ts';
import { TRIGGER_CHANNEL } from '../triggers/trigger-store.ts';
import type { Platform } from './platform.ts';

/** Addresses kept ready in memory. */
const CAPACITY = 20_000;

type Parts = Pick<
  Platform,
  | 'config'
  | 'log'
  | 'endings'
  | 'database'
  | 'hearing'
  | 'http'
  | 'keys'
  | 'functions'
  | 'invoke'
  | 'queue'
  | 'payloadLimitOf'
  | 'requireRoom'
>;

/** @returns what belongs into Millrace's own API */
export async function mountDoors(parts: Parts): Promise<ApiEndpoint[]> {
  const { config, log, endings, database, hearing, http, keys, functions, invoke, queue } = parts;
  const { requestBytes: bodyLimitBytes, webhookMemoryHours: memoryHours } = config.limits;
  const addresses = openAddressDirectory({ sql: database, keys, capacity: CAPACITY });
  hearing.on(
    TRIGGER_CHANNEL,
    (triggerId) => addresses.forget(triggerId),
    () => addresses.forgetAll(),
  );
  const webhooks = createWebhookAcceptor({ database, queue, memoryHours });
  endings.push(() => webhooks.drain());
  const sweeper = startReceiptSweeper({ sql: database, log });
  endings.push(() => sweeper.stop());
  const { payloadLimitOf } = parts;
  const door = { addresses, functions, clock: systemClock, log, bodyLimitBytes, payloadLimitOf };
  await http.register(webhookDoor({ ...door, webhooks }), { prefix: '/hook' });
  await http.register(functionUrlDoor({ ...door, invoke, requireRoom: parts.requireRoom }), {
    prefix: '/fn',
  });
  return [
    ...addressEndpoints({ sql: database, publicUrl: config.publicUrl }),
    ...scheduleEndpoints({ sql: database, clock: systemClock }),
    ...testMessageEndpoints(createTestSender({ ...door, webhooks, sql: database })),
  ];
}
