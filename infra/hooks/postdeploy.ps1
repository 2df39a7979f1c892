# After azd deploy: says where the app is, and how to call it.
$ErrorActionPreference = 'Stop'
if (-not $env:SERVICE_APP_URI) { throw 'SERVICE_APP_URI is not set; run this through azd.' }
$uri = $env:SERVICE_APP_URI

Write-Output @"
App:              $uri/api
Webhook base URL: $uri/api/webhooks/clipia
Health:           curl $uri/api/health
Function key:     az functionapp keys list --resource-group $env:AZURE_RESOURCE_GROUP --name $env:SERVICE_APP_NAME --query functionKeys.default --output tsv
A first batch:    `$env:CLIPIAFLOWS_URL = '$uri'; `$env:CLIPIAFLOWS_KEY = '<function key>'
                  dotnet run --project src/ClipiaFlows.Cli -- run samples/one-picture.json
"@
