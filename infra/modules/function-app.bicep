// The plan and the app. What the app is told stands in app-settings.bicep.

@description('Name of the app.')
param name string

@description('Name of the plan.')
param planName string

@description('The app\'s identity.')
param identityName string

@description('The app\'s own storage account.')
param hostStorageName string

@description('Container that the package is deployed to.')
param deploymentContainerName string

@description('Network that the app joins; empty for none.')
param networkName string

@description('Memory of one instance in MB.')
param instanceMemoryMB int

@description('Most instances.')
param maximumInstanceCount int

@description('Instances that always wait for durable work.')
param alwaysReadyInstances int

@description('Region.')
param location string

@description('Tags; azd finds the app by one of them.')
param tags object

// A manifest of 64 MB takes about ten times that while it is read.
var httpRequestsPerInstance = 16

var alwaysReady = [
  {
    name: 'durable'
    instanceCount: alwaysReadyInstances
  }
]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(networkName)
      ? null
      : resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'app')
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      ftpsState: 'Disabled'
    }
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0 ? [] : alwaysReady
        triggers: {
          http: {
            perInstanceConcurrency: httpRequestsPerInstance
          }
        }
      }
    }
  }

  // Packages are pushed by who deploys, as that principal; there is no password to do it with.
  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource noDeploymentPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

@description('Address of the app.')
output uri string = 'https://${app.properties.defaultHostName}'
