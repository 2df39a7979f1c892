// Says what a deployment would change, with rights to read only: azd's own preview wants to be allowed to write.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const usage = `Usage: node infra/preview.mjs

Prints what azd provision would change. Reads the same environment variables (infra/main.parameters.json names them), changes nothing,
and needs the Azure CLI, signed in with the role of infra/pipeline/preview-role.json.`;

const infra = dirname(fileURLToPath(import.meta.url));

// "\${NAME}" and "\${NAME=default}", as azd resolves them.
function resolve(value) {
    return value.replace(/\$\{(\w+)(?:=([^}]*))?\}/g, (_, name, otherwise) => process.env[name] || otherwise || '');
}

function parameters() {
    const file = JSON.parse(readFileSync(join(infra, 'main.parameters.json'), 'utf8'));
    for (const parameter of Object.values(file.parameters)) {
        const text = resolve(parameter.value);
        parameter.value = /^(\d+|true|false)$/.test(text) ? JSON.parse(text) : text;
    }
    return file;
}

if (process.argv.slice(2).some(argument => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit(0);
}
for (const name of ['AZURE_ENV_NAME', 'AZURE_LOCATION', 'AZURE_SUBSCRIPTION_ID']) {
    if (!process.env[name]) {
        console.error(`${name} is not set. Set it as for azd.`);
        process.exit(1);
    }
}

const folder = mkdtempSync(join(tmpdir(), 'clipiaflows-preview-'));
try {
    const file = join(folder, 'parameters.json');
    writeFileSync(file, JSON.stringify(parameters()));
    execFileSync('az', [
        'deployment', 'sub', 'what-if', '--name', 'preview', '--location', process.env.AZURE_LOCATION,
        '--subscription', process.env.AZURE_SUBSCRIPTION_ID, '--template-file', join(infra, 'main.bicep'),
        '--parameters', `@${file}`, '--validation-level', 'ProviderNoRbac',
    ], { stdio: 'inherit' });
} catch (error) {
    if (error.code === 'ENOENT') {
        console.error('The Azure CLI (az) is not installed.');
    }
    process.exitCode = error.status ?? 1;
} finally {
    rmSync(folder, { recursive: true });
}
