# After azd provision: fills the Key Vault. What is there already stays, so running it again changes nothing.
if ($args -contains '--help' -or $args -contains '-h') {
    Write-Output @'
Usage: postprovision.ps1

Fills the Key Vault of the current azd environment. Runs after azd provision; running it again changes nothing.
Asks for the Clipia API key and webhook secret, or reads them from CLIPIA_API_KEY and CLIPIA_WEBHOOK_SECRET.
Needs AZURE_KEY_VAULT_NAME, which azd sets, and the Azure CLI, signed in.
'@
    exit 0
}

. "$PSScriptRoot/secrets.ps1"

if (-not (Test-Secret 'clipia-api-key')) {
    Write-Secret 'clipia-api-key' (Get-Answer 'Clipia API key, clipia_live_... or clipia_test_...' 'CLIPIA_API_KEY')
}

if (-not (Test-Secret 'clipia-webhook-secret')) {
    Write-Secret 'clipia-webhook-secret' (Get-Answer 'Clipia webhook secret, whsec_...' 'CLIPIA_WEBHOOK_SECRET')
}

if (-not (Test-Secret 'callback-key')) {
    Write-Secret 'callback-key' (New-RandomKey)
}

# Signs what the app tells the webhooks of others (Standard Webhooks).
if (-not (Test-Secret 'notification-webhook-secret')) {
    Write-Secret 'notification-webhook-secret' "whsec_$(New-RandomKey)"
}

# A setting must never hold the text of a reference to nothing: until the first rotation, previous and current are the same.
foreach ($name in 'clipia-webhook-secret', 'callback-key') {
    if (-not (Test-Secret "$name-previous")) {
        Write-Secret "$name-previous" (Read-Secret $name)
    }
}

Write-Output "Key Vault $vault holds every secret that the app needs."
