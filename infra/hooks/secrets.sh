# Reads and writes the app's secrets. Sourced by the scripts beside it; needs the Azure CLI, signed in.
# A value never stands in an argument, where other users of the machine could read it.

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Stops with a hint when a variable of azd's environment is missing. The hint is printed, never run.
needs() {
    eval "given=\${$1:-}"
    [ -n "$given" ] || fail "$1 is not set. Run this through azd, or load its environment first:" \
        'eval "$(azd env get-values | sed "s/^/export /")"'
}

case ${1:-} in
    -h | --help)
        echo "secrets.sh holds functions for the scripts beside it. Run postprovision.sh or rotate-secret.sh instead."
        exit 0
        ;;
esac

needs AZURE_KEY_VAULT_NAME
vault=$AZURE_KEY_VAULT_NAME

# Whether the vault holds a secret. A fresh role assignment may take minutes, so other answers are waited out.
has_secret() {
    tries=0
    while :; do
        if answer=$(az keyvault secret show --vault-name "$vault" --name "$1" --query id --output tsv 2>&1); then
            return 0
        fi
        case $answer in
            *SecretNotFound*) return 1 ;;
        esac
        tries=$((tries + 1))
        [ "$tries" -lt "${SECRET_TRIES:-20}" ] || fail "Key Vault $vault does not answer for secret $1: $answer"
        sleep "${SECRET_PAUSE:-15}"
    done
}

# The value of a secret on standard output, without a line break.
read_secret() {
    value=$(az keyvault secret show --vault-name "$vault" --name "$1" --query value --output tsv) || fail "Secret $1 cannot be read."
    printf %s "$value"
}

# Stores what comes on standard input.
write_secret() {
    az keyvault secret set --vault-name "$vault" --name "$1" --file /dev/stdin --encoding utf-8 --output none ||
        fail "Secret $1 could not be stored in Key Vault $vault."
}

# Stops when copying has put something around a value. $1: what it is; $2: the value, which is not repeated.
refuse_flaw() {
    others=$(printf %s "$2" | LC_ALL=C tr -d '!-~' | od -An -c)
    [ -z "$others" ] || fail "$1 contains a space, a line break or a character outside ASCII; enter the value alone."
    case $2 in
        [\"\'\`]* | *[\"\'\`]) fail "$1 has quotation marks around it; enter the value alone." ;;
    esac
}

# Asks for a value without showing it. $1: what to ask; $2: environment variable that may hold the answer already.
ask() {
    eval "answer=\${$2:-}"
    if [ -z "$answer" ]; then
        [ -t 0 ] || fail "$1 is needed, and nobody can be asked: set the environment variable $2."
        printf '%s (not shown): ' "$1" >&2
        trap 'stty echo' EXIT INT TERM
        stty -echo
        IFS= read -r answer || answer=
        stty echo
        trap - EXIT INT TERM
        printf '\n' >&2
    fi
    [ -n "$answer" ] || fail "$1 must not be empty."
    refuse_flaw "$1" "$answer"
    printf %s "$answer"
}

# 32 random bytes as text.
random_key() {
    head -c 32 /dev/urandom | base64 | tr -d '\n'
}
