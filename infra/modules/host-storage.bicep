// The app's own account: durable state, tables, the papers of batches, notifications, the deployed package.

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param name string

@description('Days after which the papers of a batch are deleted.')
param retentionInDays int

@description('Whether the account can be reached through private endpoints only.')
param isPrivate bool

@description('Region.')
param location string

@description('Tags.')
param tags object

var deploymentContainer = 'deployments'
var inputContainer = 'inputs'
var batchContainers = [
  'manifests'
  'plans'
  'deliveries'
  'requests'
  'receipts'
]

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
      days: 7
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

// The platform does not create the container that it deploys from; the app creates those that it works with.
resource deployments 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: deploymentContainer
  properties: {
    publicAccess: 'None'
  }
}

// Large manifests are put here by their authors before they are started by name.
resource inputs 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: inputContainer
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
          name: 'delete-old-batches'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: map(batchContainers, container => '${container}/')
            }
            actions: {
              baseBlob: {
                delete: {
                  // The app deletes a batch as a whole; this is for what it has lost sight of.
                  daysAfterModificationGreaterThan: retentionInDays + 30
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [
    blobs
  ]
}

@description('Container that the package is deployed to.')
output deploymentContainerName string = deployments.name

@description('Container for large manifests.')
output inputContainerName string = inputs.name
