# After azd deploy: says where the app is, and how to call it.
$ErrorActionPreference = 'Stop'

if ($args -contains '--help' -or $args -contains '-h') {
    Write-Output @'
Usage: postdeploy.ps1

Prints the addresses of the deployed app and how to call it. Runs after azd deploy and changes nothing.
Needs SERVICE_APP_URI, SERVICE_APP_NAME and AZURE_RESOURCE_GROUP, which azd sets.
'@
    exit 0
}

foreach ($name in 'SERVICE_APP_URI', 'SERVICE_APP_NAME', 'AZURE_RESOURCE_GROUP') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "$name is not set. Run this through azd." }
}

# One word for the shell that a hint is pasted into.
function Format-Word([string] $Value) {
    return "'" + $Value.Replace("'", "''") + "'"
}

$uri = $env:SERVICE_APP_URI

Write-Output @"
App:              $uri/api
Webhook base URL: $uri/api/webhooks/clipia
Health:           curl $(Format-Word "$uri/api/health")
Function key:     az functionapp keys list --resource-group $(Format-Word $env:AZURE_RESOURCE_GROUP) --name $(Format-Word $env:SERVICE_APP_NAME) --query functionKeys.default --output tsv
A first batch:    `$env:CLIPIAFLOWS_URL = $(Format-Word $uri); `$env:CLIPIAFLOWS_KEY = 'the function key'
                  dotnet run --project src/ClipiaFlows.Cli -- run samples/one-picture.json
"@
