// The vault. What is in it comes from the hooks, never from a template.

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Whether the vault can be reached through a private endpoint only.')
param isPrivate bool

@description('With a private vault: public IPv4 address that may reach it nevertheless. Empty: none.')
param deployerIpAddress string

@description('Region.')
param location string

@description('Tags.')
param tags object

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate && empty(deployerIpAddress) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: empty(deployerIpAddress)
        ? []
        : [
            {
              value: deployerIpAddress
            }
          ]
    }
  }
}
