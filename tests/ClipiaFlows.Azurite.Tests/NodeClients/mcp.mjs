// An MCP client that shares no code with the emulator's server. Arguments: folder of node_modules, base URL, live key. Prints "ok" at its end.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const [packages, base, key] = process.argv.slice(2);
const require = createRequire(path.join(packages, 'any.js'));
const { Client } = require('@modelcontextprotocol/sdk/client/index.js');
const { StreamableHTTPClientTransport } = require('@modelcontextprotocol/sdk/client/streamableHttp.js');

async function connect(headers) {
  const client = new Client({ name: 'independent', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', base), { requestInit: { headers } }));
  return client;
}

for (const headers of [{ Authorization: `Bearer ${key}` }, { Authorization: `Key ${key}` }, { 'X-Api-Key': key }]) {
  const client = await connect(headers);
  assert.equal(client.getServerVersion().name, 'clipia-emulator');
  await client.close();
}
await assert.rejects(connect({ Authorization: 'Bearer clipia_live_wrong' }));

const client = await connect({ Authorization: `Bearer ${key}` });
const call = async (name, args = {}) => {
  const result = await client.callTool({ name, arguments: args });
  if (!result.isError)
    assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
  return result;
};

const { tools } = await client.listTools();
assert.deepEqual(tools.map((tool) => tool.name).sort(), [
  'generate_image', 'generate_video', 'get_balance', 'get_generation',
  'get_model', 'list_models', 'search_templates', 'wait_generation',
]);
assert.deepEqual(tools.filter((tool) => !tool.annotations.readOnlyHint).map((tool) => tool.name), ['generate_image', 'generate_video']);

const image = await call('generate_image', { prompt: 'a fox', aspect_ratio: '16:9' });
assert.equal(image.structuredContent.status, 'COMPLETED');
assert.equal(image.structuredContent.cost_credits, 4);
assert.equal(image.content[1].type, 'image');
const picture = await fetch(image.structuredContent.output.images[0].original_url);
assert.equal(picture.headers.get('content-type'), 'image/png');

const video = await call('generate_video', { prompt: 'waves', resolution: '480p' });
assert.equal(video.structuredContent.cost_credits, 28);
const ended = await call('wait_generation', { request_id: video.structuredContent.request_id, wait_seconds: 20 });
assert.equal(ended.structuredContent.status, 'COMPLETED');
assert.equal(ended.structuredContent.output.video.duration, 5);
const seen = await call('get_generation', { request_id: video.structuredContent.request_id });
assert.deepEqual(seen.structuredContent, ended.structuredContent);

assert.equal((await call('list_models', { type: 'image' })).structuredContent.models.length, 4);
assert.equal((await call('get_model', { model: 'sora-2' })).structuredContent.pricing.credits, 17);
assert.equal((await call('get_balance')).structuredContent.usage_30d.credits_spent, 32);
assert.ok((await call('search_templates', { query: 'афиша', limit: 2 })).structuredContent.templates[0].prompt);

const refused = await call('generate_image', { prompt: 'a', model: 'no-such-model' });
assert.equal(refused.isError, true);
assert.equal(JSON.parse(refused.content[0].text).error.code, 'not_found');
await assert.rejects(client.callTool({ name: 'no_such_tool', arguments: {} }));

await client.close();
console.log('ok');
