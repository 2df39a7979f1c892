# Rotates one secret while batches run, or with -Retire ends a rotation. docs/operations.md says when to do which.
param(
    [ValidateSet('clipia-api-key', 'clipia-webhook-secret', 'callback-key', 'notification-webhook-secret', '--help', '-h')]
    [string] $Name = '--help',
    [switch] $Retire
)

if ($Name -in '--help', '-h') {
    Write-Output @'
Usage: rotate-secret.ps1 NAME            stores a new value; the previous one is still accepted
       rotate-secret.ps1 -Retire NAME    accepts the current value only

NAME: clipia-api-key, clipia-webhook-secret, callback-key or notification-webhook-secret.
Asks for the new API key or webhook secret, or reads it from CLIPIA_API_KEY or CLIPIA_WEBHOOK_SECRET; generates the others.
Needs azd's environment and the Azure CLI, signed in. docs/operations.md says when to rotate and when to retire.
'@
    exit 0
}

. "$PSScriptRoot/secrets.ps1"

$hasPrevious = $Name -notin 'clipia-api-key', 'notification-webhook-secret'
if ($Retire -and -not $hasPrevious) { throw "Secret $Name has no previous one that could be retired." }

if (-not $Retire) {
    $value = switch ($Name) {
        'callback-key' { New-RandomKey }
        'notification-webhook-secret' { "whsec_$(New-RandomKey)" }
        'clipia-webhook-secret' { Get-Answer 'New webhook secret, whsec_...' 'CLIPIA_WEBHOOK_SECRET' }
        'clipia-api-key' { Get-Answer 'New API key' 'CLIPIA_API_KEY' }
    }
}

# Only when the new value is known to be good: the one before the current is lost with this.
if ($hasPrevious) { Write-Secret "$Name-previous" (Read-Secret $Name) }
if (-not $Retire) { Write-Secret $Name $value }

# Without this the app takes up new values within a day.
az rest --method post --output none --url "https://management.azure.com/subscriptions/$env:AZURE_SUBSCRIPTION_ID/resourceGroups/$env:AZURE_RESOURCE_GROUP/providers/Microsoft.Web/sites/$env:SERVICE_APP_NAME/config/configreferences/appsettings/refresh?api-version=2022-03-01"
if ($LASTEXITCODE -ne 0) { throw 'The app could not be told; it takes up the new values within a day.' }
Write-Output 'Done. The app restarts with the new values within a minute.'
