#!/bin/sh
# Rotates one secret while batches run, or ends a rotation. docs/operations.md says when to do which.
set -eu

usage() {
    cat <<'EOF'
Usage: rotate-secret.sh NAME            stores a new value; the previous one is still accepted
       rotate-secret.sh --retire NAME   accepts the current value only

NAME: clipia-api-key, clipia-webhook-secret, callback-key or notification-webhook-secret.
Asks for the new API key or webhook secret, or reads it from CLIPIA_API_KEY or CLIPIA_WEBHOOK_SECRET; generates the others.
Needs azd's environment and the Azure CLI, signed in. docs/operations.md says when to rotate and when to retire.
EOF
}

case ${1:-} in
    -h | --help)
        usage
        exit 0
        ;;
esac

# shellcheck source=infra/hooks/secrets.sh
. "$(dirname "$0")/secrets.sh"
needs AZURE_SUBSCRIPTION_ID
needs AZURE_RESOURCE_GROUP
needs SERVICE_APP_NAME

retire=false
if [ "${1:-}" = --retire ]; then
    retire=true
    shift
fi
name=${1:-}

case $name in
    clipia-webhook-secret | callback-key) ;;
    clipia-api-key | notification-webhook-secret)
        [ "$retire" = false ] || fail "Secret $name has no previous one that could be retired."
        ;;
    *)
        usage >&2
        exit 1
        ;;
esac

if [ "$retire" = false ]; then
    case $name in
        callback-key) value=$(random_key) ;;
        notification-webhook-secret) value="whsec_$(random_key)" ;;
        clipia-webhook-secret) value=$(ask "New webhook secret, whsec_..." CLIPIA_WEBHOOK_SECRET) ;;
        clipia-api-key) value=$(ask "New API key" CLIPIA_API_KEY) ;;
    esac
fi

# Only when the new value is known to be good: the one before the current is lost with this.
case $name in
    clipia-webhook-secret | callback-key)
        current=$(read_secret "$name")
        printf %s "$current" | write_secret "$name-previous"
        ;;
esac
[ "$retire" = true ] || printf %s "$value" | write_secret "$name"

# Without this the app takes up new values within a day.
az rest --method post --output none --url "https://management.azure.com/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.Web/sites/$SERVICE_APP_NAME/config/configreferences/appsettings/refresh?api-version=2022-03-01"
echo "Done. The app restarts with the new values within a minute."
