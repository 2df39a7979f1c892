# Reads and writes the app's secrets. Dot-sourced by the scripts beside it; needs the Azure CLI, signed in.
# A value never stands in an argument, where other users of the machine could read it.
if ($args -contains '--help' -or $args -contains '-h') {
    Write-Output 'secrets.ps1 holds functions for the scripts beside it. Run postprovision.ps1 or rotate-secret.ps1 instead.'
    exit 0
}

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

if (-not $env:AZURE_KEY_VAULT_NAME) { throw 'AZURE_KEY_VAULT_NAME is not set. Run this through azd.' }
$vault = $env:AZURE_KEY_VAULT_NAME

# Whether the vault holds a secret. A fresh role assignment may take minutes, so other answers are waited out.
function Test-Secret([string] $Name) {
    for ($try = 1; ; $try++) {
        $answer = az keyvault secret show --vault-name $vault --name $Name --query id --output tsv 2>&1 | Out-String
        if ($LASTEXITCODE -eq 0) { return $true }
        if ($answer -match 'SecretNotFound') { return $false }
        if ($try -ge 20) { throw "Key Vault $vault does not answer for secret ${Name}: $answer" }
        Start-Sleep -Seconds 15
    }
}

function Read-Secret([string] $Name) {
    $value = az keyvault secret show --vault-name $vault --name $Name --query value --output tsv
    if ($LASTEXITCODE -ne 0) { throw "Secret $Name cannot be read." }
    return $value
}

function Write-Secret([string] $Name, [string] $Value) {
    $file = New-TemporaryFile
    try {
        [IO.File]::WriteAllText($file, $Value)
        az keyvault secret set --vault-name $vault --name $Name --file $file --encoding utf-8 --output none
        if ($LASTEXITCODE -ne 0) { throw "Secret $Name could not be stored in Key Vault $vault." }
    }
    finally {
        Remove-Item $file -Force
    }
}

# Asks for a value without showing it, unless an environment variable holds it already.
function Get-Answer([string] $Question, [string] $Variable) {
    $answer = [Environment]::GetEnvironmentVariable($Variable)
    if (-not $answer) {
        if ([Console]::IsInputRedirected) { throw "$Question is needed, and nobody can be asked: set the environment variable $Variable." }
        $answer = Read-Host -Prompt "$Question (not shown)" -AsSecureString | ConvertFrom-SecureString -AsPlainText
    }
    if (-not $answer) { throw "$Question must not be empty." }
    # What copying puts around a value. It is not repeated.
    if ($answer -cnotmatch '\A[!-~]+\z') { throw "$Question contains a space, a line break or a character outside ASCII; enter the value alone." }
    if ($answer -match '\A["''`]|["''`]\z') { throw "$Question has quotation marks around it; enter the value alone." }
    return $answer
}

# 32 random bytes as text.
function New-RandomKey {
    return [Convert]::ToBase64String([Security.Cryptography.RandomNumberGenerator]::GetBytes(32))
}
