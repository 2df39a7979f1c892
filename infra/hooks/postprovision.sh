#!/bin/sh
# After azd provision: fills the Key Vault. What is there already stays, so running it again changes nothing.
set -eu

case ${1:-} in
    -h | --help)
        cat <<'EOF'
Usage: postprovision.sh

Fills the Key Vault of the current azd environment. Runs after azd provision; running it again changes nothing.
Asks for the Clipia API key and webhook secret, or reads them from CLIPIA_API_KEY and CLIPIA_WEBHOOK_SECRET.
Needs AZURE_KEY_VAULT_NAME, which azd sets, and the Azure CLI, signed in.
EOF
        exit 0
        ;;
esac

# shellcheck source=infra/hooks/secrets.sh
. "$(dirname "$0")/secrets.sh"

if ! has_secret clipia-api-key; then
    key=$(ask "Clipia API key, clipia_live_... or clipia_test_..." CLIPIA_API_KEY)
    printf %s "$key" | write_secret clipia-api-key
fi

if ! has_secret clipia-webhook-secret; then
    secret=$(ask "Clipia webhook secret, whsec_..." CLIPIA_WEBHOOK_SECRET)
    printf %s "$secret" | write_secret clipia-webhook-secret
fi

if ! has_secret callback-key; then
    random_key | write_secret callback-key
fi

# Signs what the app tells the webhooks of others (Standard Webhooks).
if ! has_secret notification-webhook-secret; then
    printf 'whsec_%s' "$(random_key)" | write_secret notification-webhook-secret
fi

# A setting must never hold the text of a reference to nothing: until the first rotation, previous and current are the same.
for name in clipia-webhook-secret callback-key; do
    if ! has_secret "$name-previous"; then
        current=$(read_secret "$name")
        printf %s "$current" | write_secret "$name-previous"
    fi
done

echo "Key Vault $vault holds every secret that the app needs."
