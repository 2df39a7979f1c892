// What was produced, in an account of its own, so that who reads outputs comes nowhere near the app's state.

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param name string

@description('Days after which outputs are deleted; 0 for never.')
param retentionInDays int

@description('Whether the account can be reached through private endpoints only.')
param isPrivate bool

@description('Region.')
param location string

@description('Tags.')
param tags object

var coolAfterDays = 30

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 14
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 14
    }
  }
}

resource outputs 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: 'outputs'
  properties: {
    publicAccess: 'None'
  }
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'old-batches'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                '${outputs.name}/'
              ]
            }
            actions: {
              // Written out twice: of what is put together from variables, the compiler checks no names.
              baseBlob: retentionInDays == 0
                ? {
                    tierToCool: {
                      daysAfterModificationGreaterThan: coolAfterDays
                    }
                  }
                : {
                    tierToCool: {
                      daysAfterModificationGreaterThan: coolAfterDays
                    }
                    delete: {
                      daysAfterModificationGreaterThan: retentionInDays
                    }
                  }
            }
          }
        }
      ]
    }
  }
}

@description('Container for outputs.')
output containerName string = outputs.name
