// What the official JavaScript client does on the wire, written from the description of its behaviour (the package is in
// no registry that this build may use): headers, bodies, polling and the rules of its webhook check. No dependency.
import { createHmac, timingSafeEqual } from 'node:crypto';

const TERMINAL = new Set(['COMPLETED', 'FAILED', 'CANCELED']);
const TRANSIENT = new Set([429, 500, 502, 503, 504]);
const TOLERATED_FAILURES = 4;

export class ClipiaApiError extends Error {
  constructor(status, { code = 'unknown_error', type = 'api_error', message = `HTTP ${status}` } = {}, retryAfterMs) {
    super(message);
    Object.assign(this, { status, code, type, retryAfterMs });
  }
}

export function createClient({ apiKey, baseUrl = 'https://api.clipia.ai', fetch = globalThis.fetch }) {
  if (!apiKey)
    throw new TypeError('apiKey is required');
  const root = baseUrl.replace(/\/+$/, '');
  const { protocol, hostname } = new URL(root);
  if (protocol !== 'https:' && !['localhost', '127.0.0.1'].includes(hostname))
    throw new Error('baseUrl must be https, or http on localhost or 127.0.0.1');

  async function send(method, path, { body, headers, signal } = {}) {
    let response;
    try {
      response = await fetch(root + path, {
        method,
        signal,
        headers: {
          Authorization: `Bearer ${apiKey}`,
          Accept: 'application/json',
          'User-Agent': 'clipia-sdk-js/1.1.0',
          ...(body && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        body: body && JSON.stringify(body),
      });
    } catch (failure) {
      if (failure.name === 'AbortError')
        throw failure;
      throw new ClipiaApiError(0, { code: 'network_error', type: 'connection_error', message: failure.message });
    }
    const answer = await response.json().catch(() => undefined);
    if (response.ok)
      return { status: response.status, answer };
    throw new ClipiaApiError(response.status, answer?.error, waitOf(response.headers.get('retry-after')));
  }

  const model = (slug) => `/v1/models/${encodeURIComponent(slug)}`;
  const request = (id) => `/v1/requests/${encodeURIComponent(id)}`;

  const queue = {
    async submit(slug, { input, webhookUrl, idempotencyKey = crypto.randomUUID(), signal }) {
      if (!input)
        throw new TypeError('input is required');
      const body = webhookUrl ? { input, webhook_url: webhookUrl } : { input };
      return (await send('POST', model(slug), { body, signal, headers: { 'Idempotency-Key': idempotencyKey } })).answer;
    },
    status: async (id, signal) => (await send('GET', `${request(id)}/status`, { signal })).answer,
    async result(id, signal) {
      const { status, answer } = await send('GET', request(id), { signal });
      return { ...answer, pending: status === 202 };
    },
  };

  async function subscribe(slug, { onQueueUpdate, pollIntervalMs = 1000, timeoutMs = 600_000, ...submit }) {
    const { request_id: id, status, queue_position } = await queue.submit(slug, submit);
    onQueueUpdate?.({ request_id: id, status, queue_position: queue_position ?? null });
    const deadline = Date.now() + timeoutMs;
    let failures = 0;
    while (Date.now() < deadline) {
      let wait = pollIntervalMs;
      try {
        const update = await queue.status(id, submit.signal);
        failures = 0;
        onQueueUpdate?.(update);
        if (TERMINAL.has(update.status))
          return queue.result(id, submit.signal);
      } catch (failure) {
        const passing = failure.code === 'network_error' || TRANSIENT.has(failure.status);
        if (!passing || ++failures > TOLERATED_FAILURES)
          throw failure;
        wait = failure.retryAfterMs ?? Math.min(pollIntervalMs * 2 ** failures, 30_000);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    throw new ClipiaApiError(0, { code: 'subscribe_timeout', type: 'timeout_error', message: `No end after ${timeoutMs} ms` });
  }

  return {
    queue,
    subscribe,
    models: {
      list: async () => (await send('GET', '/v1/models')).answer,
      get: async (slug) => (await send('GET', model(slug))).answer,
      estimate: async (slug, input) => (await send('POST', `${model(slug)}/estimate`, { body: { input } })).answer,
    },
    account: { get: async () => (await send('GET', '/v1/account')).answer },
  };
}

/** The last t and the last v1 count, hex in any case, both ends of the tolerance included. */
export function verifyWebhookSignature({ secret, headers, body, toleranceSeconds = 300 }) {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === 'x-clipia-signature');
  if (!secret || !name)
    return false;
  const parts = Object.fromEntries(String(headers[name]).split(',').map((part) => part.split(/=(.*)/s).map((text) => text?.trim())));
  if (!/^\d+$/.test(parts.t ?? '') || !/^([0-9a-f]{2})+$/i.test(parts.v1 ?? ''))
    return false;
  if (Math.abs(Math.floor(Date.now() / 1000) - Number(parts.t)) > toleranceSeconds)
    return false;
  const expected = createHmac('sha256', secret).update(`${parts.t}.`).update(body).digest();
  const given = Buffer.from(parts.v1, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function waitOf(retryAfter) {
  if (retryAfter === null)
    return undefined;
  const seconds = Number(retryAfter);
  return Number.isFinite(seconds) ? seconds * 1000 : Math.max(0, Date.parse(retryAfter) - Date.now());
}
