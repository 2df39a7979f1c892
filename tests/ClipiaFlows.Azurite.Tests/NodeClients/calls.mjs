// Every call of the JavaScript client. Arguments: base URL, live key, test key, webhook secret. Prints "ok" at its end.
// CLIPIA_SDK may name the entry file of an official package, which then takes the place of the stand-in.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

const official = process.env.CLIPIA_SDK;
const { createClient, verifyWebhookSignature } = await import(official ? pathToFileURL(official) : './sdk.mjs');

const [baseUrl, apiKey, testKey, secret] = process.argv.slice(2);
const sent = [];
const spy = (url, init) => (sent.push({ url: String(url), ...init }), fetch(url, init));
const clipia = createClient({ apiKey, baseUrl: `${baseUrl}/`, fetch: spy });
const sandbox = createClient({ apiKey: testKey, baseUrl });
const post = (path, body) => fetch(baseUrl + path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
const scenario = (rule) => post('/_local/scenarios', rule);
const calm = () => fetch(`${baseUrl}/_local/scenarios`, { method: 'DELETE' });
const refuses = (call, status, code) => assert.rejects(call, (error) => (assert.equal(`${error.status} ${error.code}`, `${status} ${code}`), true));
const quick = { pollIntervalMs: 50 };

// submit, status, result
const submitted = await clipia.queue.submit('nano-banana-2', { input: { prompt: 'лиса у огня', num_images: 2 }, idempotencyKey: 'order-42' });
assert.equal(submitted.cost, 8);
assert.equal(submitted.status, 'IN_QUEUE');
assert.equal(submitted.status_url, `${baseUrl}/v1/requests/${submitted.request_id}/status`);
assert.equal(sent[0].body, '{"input":{"prompt":"лиса у огня","num_images":2}}');
assert.equal(new Headers(sent[0].headers).get('idempotency-key'), 'order-42');
assert.equal((await clipia.queue.result(submitted.request_id)).pending, true);
assert.ok(['IN_QUEUE', 'IN_PROGRESS'].includes((await clipia.queue.status(submitted.request_id)).status));

// idempotency
const again = await clipia.queue.submit('nano-banana-2', { input: { num_images: 2, prompt: 'лиса у огня' }, idempotencyKey: 'order-42' });
assert.equal(again.request_id, submitted.request_id);
await refuses(clipia.queue.submit('nano-banana-2', { input: { prompt: 'other' }, idempotencyKey: 'order-42' }), 409, 'idempotency_key_reuse');

// subscribe: images, video, the two failures
const updates = [];
const images = await clipia.subscribe('nano-banana-2', { ...quick, input: { prompt: 'a', num_images: 2 }, onQueueUpdate: (update) => updates.push(update.status) });
assert.equal(images.pending, false);
assert.equal(images.output.images.length, 2);
assert.equal(updates[0], 'IN_QUEUE');
assert.equal(updates.at(-1), 'COMPLETED');
assert.equal((await fetch(images.output.images[0].original_url)).status, 200);
const video = await clipia.subscribe('seedance-2-fast-t2v', { ...quick, input: { prompt: 'a', duration: 5 } });
assert.deepEqual([video.output.video.duration, video.cost], [5, 47]);
await scenario({ effect: 'fail', first: 1 });
const failed = await clipia.subscribe('flux-2-pro', { ...quick, input: { prompt: 'a' } });
assert.deepEqual([failed.status, failed.error.code, failed.cost, failed.output], ['FAILED', 'GENERATION_FAILED', undefined, undefined]);
await scenario({ effect: 'cancel', first: 1 });
assert.equal((await clipia.subscribe('flux-2-pro', { ...quick, input: { prompt: 'a' } })).status, 'CANCELED');

// transient failures while polling, and one too many
await calm();
await scenario({ effect: 'throttle', retry_after: 1, route: 'status', first: 1 });
await scenario({ effect: 'server_error', status: 503, route: 'status', first: 1 });
const started = Date.now();
assert.equal((await clipia.subscribe('flux-2-pro', { ...quick, input: { prompt: 'a' } })).status, 'COMPLETED');
assert.ok(Date.now() - started >= 1000, 'Retry-After is obeyed');
await calm();
await scenario({ effect: 'server_error', route: 'status' });
await refuses(clipia.subscribe('flux-2-pro', { pollIntervalMs: 5, input: { prompt: 'a' } }), 500, 'internal_error');
await calm();
await refuses(clipia.subscribe('sora-2', { pollIntervalMs: 10, timeoutMs: 30, input: { prompt: 'a' } }), 0, 'subscribe_timeout');

// refusals
await refuses(clipia.models.get('weird/slug x'), 404, 'not_found');
assert.ok(sent.at(-1).url.endsWith('/v1/models/weird%2Fslug%20x'));
await refuses(clipia.queue.submit('weird/slug x', { input: {} }), 404, 'not_found');
await refuses(clipia.queue.status('no-such-request'), 404, 'not_found');
await refuses(clipia.queue.submit('flux-2-pro', { input: {} }), 422, 'model_input_invalid');
await refuses(createClient({ apiKey: 'clipia_live_wrong', baseUrl }).account.get(), 401, 'invalid_api_key');
await scenario({ effect: 'throttle', retry_after: 7, first: 1 });
await assert.rejects(clipia.queue.submit('flux-2-pro', { input: { prompt: 'a' } }), { status: 429, retryAfterMs: 7000 });
await scenario({ effect: 'server_error', status: 402, code: 'subscription_required', first: 1 });
await refuses(clipia.queue.submit('flux-2-pro', { input: { prompt: 'a' } }), 402, 'subscription_required');
await scenario({ effect: 'reset_before', first: 1 });
await refuses(clipia.queue.submit('flux-2-pro', { input: { prompt: 'a' } }), 0, 'network_error');
await calm();
const poor = await (await post('/_local/keys', { name: 'poor', environment: 'live', account: 'acc_poor' })).json();
await refuses(createClient({ apiKey: poor.key, baseUrl }).queue.submit('flux-2-pro', { input: { prompt: 'a' } }), 402, 'insufficient_credits');

// catalogue, price, account
const { data } = await clipia.models.list();
assert.ok(data.some((model) => model.slug === 'kling-3') && data.some((model) => model.context_length));
assert.equal((await clipia.models.get('nano-banana-2')).input_schema.prompt.required, true);
assert.deepEqual(await clipia.models.estimate('seedance-2-fast-t2v', { prompt: 'a', resolution: '480p' }), { credits: 28 });
assert.equal(new Headers(sent.at(-1).headers).get('idempotency-key'), null);
const account = await clipia.account.get();
assert.ok(account.balance.credits > 0 && account.usage_30d.requests > 0);

// sandbox with a webhook
const hooks = [];
const receiver = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    hooks.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.end();
    receiver.emit('hook');
  });
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');
const received = once(receiver, 'hook');
const webhookUrl = `http://127.0.0.1:${receiver.address().port}/hook`;
const sample = await sandbox.subscribe('flux-2-pro', { ...quick, input: { prompt: 'a' }, webhookUrl });
assert.equal(sample.status, 'COMPLETED');
await received;
const [{ headers, body }] = hooks;
const hook = JSON.parse(body);
assert.deepEqual([hook.request_id, hook.status], [sample.request_id, 'OK']);
assert.equal(verifyWebhookSignature({ secret, headers, body }), true);
assert.equal(verifyWebhookSignature({ secret, headers, body: body.toString() }), true);
assert.equal(verifyWebhookSignature({ secret: 'whsec_other', headers, body }), false);
assert.equal(verifyWebhookSignature({ secret: '', headers, body }), false);
assert.equal(verifyWebhookSignature({ secret, headers, body: `${body} ` }), false);
assert.equal(verifyWebhookSignature({ secret, headers: {}, body }), false);
const signature = headers['x-clipia-signature'];
const signed = (value) => verifyWebhookSignature({ secret, headers: { 'X-Clipia-Signature': value }, body });
assert.equal(signed(signature.toUpperCase().replace('T=', 't=').replace('V1=', 'v1=')), true);
assert.equal(signed(`v0=x, ${signature.replace(',', ' , ')}`), true);
assert.equal(signed(signature.slice(0, -1)), false);
assert.equal(signed(signature.replace(/t=\d+/, 't=1717243200')), false);
receiver.close();
console.log('ok');
