#!/bin/sh
# After azd deploy: says where the app is, and how to call it.
set -eu
uri=${SERVICE_APP_URI:?is not set; run this through azd}

cat <<EOF
App:              $uri/api
Webhook base URL: $uri/api/webhooks/clipia
Health:           curl $uri/api/health
Function key:     az functionapp keys list --resource-group $AZURE_RESOURCE_GROUP --name $SERVICE_APP_NAME --query functionKeys.default --output tsv
A first batch:    export CLIPIAFLOWS_URL=$uri CLIPIAFLOWS_KEY=<function key>
                  dotnet run --project src/ClipiaFlows.Cli -- run samples/one-picture.json
EOF
