#!/bin/sh
# After azd deploy: says where the app is, and how to call it.
set -eu

case ${1:-} in
    -h | --help)
        cat <<'EOF'
Usage: postdeploy.sh

Prints the addresses of the deployed app and how to call it. Runs after azd deploy and changes nothing.
Needs SERVICE_APP_URI, SERVICE_APP_NAME and AZURE_RESOURCE_GROUP, which azd sets.
EOF
        exit 0
        ;;
esac

for name in SERVICE_APP_URI SERVICE_APP_NAME AZURE_RESOURCE_GROUP; do
    eval "given=\${$name:-}"
    [ -n "$given" ] || {
        printf '%s is not set. Run this through azd.\n' "$name" >&2
        exit 1
    }
done

# One word for the shell that a hint is pasted into.
quoted() {
    printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"
}

uri=$SERVICE_APP_URI
cat <<EOF
App:              $uri/api
Webhook base URL: $uri/api/webhooks/clipia
Health:           curl $(quoted "$uri/api/health")
Function key:     az functionapp keys list --resource-group $(quoted "$AZURE_RESOURCE_GROUP") --name $(quoted "$SERVICE_APP_NAME") --query functionKeys.default --output tsv
A first batch:    export CLIPIAFLOWS_URL=$(quoted "$uri") CLIPIAFLOWS_KEY='the function key'
                  dotnet run --project src/ClipiaFlows.Cli -- run samples/one-picture.json
EOF
